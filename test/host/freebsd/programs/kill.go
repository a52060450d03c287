package programs

import (
	"fmt"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"standin/kernel"
)

// kill(1), pgrep(1), pkill(1), killall(1): after bin/kill, bin/pkill, usr.bin/killall.

func init() {
	Register(kill, "kill")
	Register(pkill, "pkill", "pgrep")
	Register(killall, "killall")
}

func kill(p *Process) int {
	const usage = "usage: kill [-s signal_name] pid ...\n       kill -l [exit_status]\n       kill -signal_name pid ...\n       kill -signal_number pid ...\n"
	args, signal := p.Args, syscall.SIGTERM
	if len(args) > 0 && args[0] == "-l" {
		p.Printf("%s\n%s\n", strings.Join(signalNames[:16], " "), strings.Join(signalNames[16:], " "))
		return 0
	}
	if len(args) > 1 && strings.HasPrefix(args[0], "-") && args[0] != "--" {
		name := args[0][1:]
		args = args[1:]
		if name == "s" {
			name, args = args[0], args[1:]
		}
		var ok bool
		if signal, ok = signalNumber(name); !ok && name != "0" {
			return p.Errx(1, "unknown signal %s; valid signals:", strings.ToUpper(name))
		}
		if name == "0" {
			signal = 0
		}
	}
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return p.Usage(2, usage)
	}
	status := 0
	for _, text := range args {
		pid, err := strconv.Atoi(text)
		if err != nil {
			return p.Errx(2, "illegal process id: %s", text)
		}
		if err := unix.Kill(pid, signal); err != nil {
			p.Warn(err, "%s", text)
			status = 1
		}
	}
	return status
}

func killall(p *Process) int {
	signal, args := syscall.SIGTERM, p.Args
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		if s, ok := signalNumber(args[0][1:]); ok {
			signal = s
		}
		args = args[1:]
	}
	if len(args) == 0 {
		return p.Usage(1, "usage: killall [-delmsqvz] [-help] [-I] [-j jail]\n               [-u user] [-t tty] [-c cmd] [-SIGNAL] [cmd]...\nAt least one option or argument to specify processes must be given.\n")
	}
	var list []kernel.ProcessInfo
	p.Call("ps.list", nil, &list)
	hit := false
	for _, one := range list {
		if hasWord(args, one.Command) && one.PID > 1 {
			hit = unix.Kill(one.PID, signal) == nil || hit
		}
	}
	if !hit {
		fmt.Fprintf(p.Stderr, "No matching processes were found\n")
		return 1
	}
	return 0
}
