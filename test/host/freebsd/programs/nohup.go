package programs

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// nohup(1), usr.bin/nohup/nohup.c; nice(1) beside it.
func init() { Register(nohup, "nohup"); Register(nice, "nice") }

func nohup(p *Process) int {
	_, args, ok := p.options("")
	if !ok || len(args) == 0 {
		return p.Usage(127, "usage: nohup [--] utility [arguments]\n")
	}
	if isTerminal(os.Stdout) {
		name := "nohup.out"
		fd, err := unix.Open(name, unix.O_RDWR|unix.O_CREAT|unix.O_APPEND, 0600)
		if err != nil {
			return p.Err(127, err, "can't open a nohup.out file")
		}
		p.Errorf("sending output to %s\n", name)
		unix.Dup2(fd, 1)
	}
	if isTerminal(os.Stderr) {
		unix.Dup2(1, 2)
	}
	signal.Ignore(syscall.SIGHUP)
	status, err := p.become(args, os.Environ())
	if err != nil {
		p.Warn(err, "%s", args[0])
		return notFoundStatus(err)
	}
	return status
}

func nice(p *Process) int {
	opts, args, ok := p.options("n:")
	if !ok {
		return p.Usage(1, "usage: nice [-n increment] [utility [argument ...]]\n")
	}
	_ = opts
	if len(args) == 0 {
		p.Printf("0\n")
		return 0
	}
	status, err := p.become(args, os.Environ())
	if err != nil {
		p.Warn(err, "%s", args[0])
		return notFoundStatus(err)
	}
	return status
}
