package programs

import (
	"strings"

	"golang.org/x/sys/unix"
)

// shutdown(8), reboot(8), halt(8), poweroff(8): after sbin/shutdown and sbin/reboot. They tell init(8), which is the
// machine's first process.

func init() {
	Register(shutdown, "shutdown", "poweroff")
	Register(reboot, "reboot", "halt", "fastboot", "fasthalt")
}

func shutdown(p *Process) int {
	const usage = "usage: shutdown [-] [-c | -h | -p | -r | -k] [-o [-n]] time [warning-message ...]\n       poweroff\n"
	signal := unix.SIGTERM
	if p.Name == "poweroff" {
		return p.tellInit(unix.SIGUSR2)
	}
	found, rest, ok := p.options("-chknopr")
	if !ok || len(rest) == 0 {
		return p.Usage(1, usage)
	}
	for _, o := range found {
		switch o.Letter {
		case 'r':
			signal = unix.SIGINT
		case 'p', 'c':
			signal = unix.SIGUSR2
		case 'h':
			signal = unix.SIGUSR1
		case 'k':
			return 0
		}
	}
	if rest[0] != "now" && strings.Trim(rest[0], "+0") != "" {
		return p.Errx(1, "the stand-in host only shuts down now")
	}
	p.Printf("Shutdown NOW!\n")
	if signal == unix.SIGTERM {
		return p.Errx(1, "the stand-in host has no single user mode")
	}
	return p.tellInit(signal)
}

// reboot goes at once, without rc.shutdown.
func reboot(p *Process) int {
	found, _, ok := p.options("cdk:lNnpqr")
	if !ok {
		return p.Usage(1, "usage: "+p.Name+" [-cdlNnpqr] [-k kernel]\n")
	}
	signal := unix.SIGTERM
	if strings.HasSuffix(p.Name, "halt") {
		signal = unix.SIGUSR2
	}
	for _, o := range found {
		if o.Letter == 'p' {
			signal = unix.SIGUSR2
		}
	}
	return p.tellInit(signal)
}

func (p *Process) tellInit(signal unix.Signal) int {
	if p.conn == nil || p.jailed() {
		return p.Errx(1, "Operation not permitted")
	}
	p.Stdout.Flush()
	if err := unix.Kill(1, signal); err != nil {
		return p.Err(1, err, "kill")
	}
	return 0
}
