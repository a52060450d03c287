package programs

import (
	"strconv"
	"strings"
	"syscall"
)

// kill(1), bin/kill/kill.c. Numbers of signals are FreeBSD's.
func init() { Register(kill, "kill") }

func kill(p *Process) int {
	const usage = "usage: kill [-s signal_name] pid ...\n       kill -l [exit_status]\n       kill -signal_name pid ...\n       kill -signal_number pid ...\n"
	args, signal := p.Args, syscall.SIGTERM
	if len(args) == 0 {
		return p.Usage(2, usage)
	}
	ok := true
	switch first := args[0]; {
	case first == "-l":
		return p.listSignals(args[1:])
	case first == "-s":
		if len(args) < 2 {
			p.Warnx("option requires an argument -- s")
			return p.Usage(2, usage)
		}
		if signal, ok = anySignal(args[1]); !ok {
			return p.unknownSignal(args[1])
		}
		args = args[2:]
	case first == "--":
		args = args[1:]
	case len(first) > 1 && first[0] == '-':
		if signal, ok = anySignal(first[1:]); !ok {
			return p.unknownSignal(first[1:])
		}
		args = args[1:]
	}
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return p.Usage(2, usage)
	}
	status := 0
	for _, arg := range args {
		pid, err := strconv.Atoi(arg)
		if err != nil {
			p.Errorf("kill: illegal process id: %s\n", arg)
			return 2
		}
		if err := syscall.Kill(pid, signal); err != nil {
			p.Warn(err, "%s", arg)
			status = 1
		}
	}
	return status
}

func anySignal(text string) (syscall.Signal, bool) {
	if text == "0" {
		return 0, true
	}
	return signalNumber(text)
}

func (p *Process) unknownSignal(text string) int {
	p.Warnx("unknown signal %s; valid signals:", text)
	p.printSignals(func(format string, args ...any) { p.Errorf(format, args...) })
	return 2
}

func (p *Process) printSignals(print func(string, ...any)) {
	half := (len(signalNames) + 1) / 2
	print("%s\n%s\n", strings.Join(signalNames[:half], " "), strings.Join(signalNames[half:], " "))
}

func (p *Process) listSignals(args []string) int {
	if len(args) == 0 {
		p.printSignals(p.Printf)
		return 0
	}
	n := atoi(args[0]) & 127
	if n < 1 || n > len(signalNames) {
		return p.unknownSignal(args[0])
	}
	p.Printf("%s\n", signalNames[n-1])
	return 0
}
