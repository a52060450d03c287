package programs

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

// time(1), usr.bin/time/time.c. FreeBSD's sh has no such word of its own.
func init() { Register(timeMain, "time") }

func timeMain(p *Process) int {
	opts, args, ok := p.options("ahlo:p")
	if !ok {
		return p.Usage(1, "usage: time [-al] [-h | -p] [-o file] utility [argument ...]\n")
	}
	if len(args) == 0 {
		return 0
	}
	out, portable, add := p.Stderr, false, false
	for _, o := range opts {
		portable = portable || o.Letter == 'p'
		add = add || o.Letter == 'a'
	}
	for _, o := range opts {
		if o.Letter != 'o' {
			continue
		}
		flags := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
		if add {
			flags = os.O_WRONLY | os.O_CREATE | os.O_APPEND
		}
		f, err := os.OpenFile(o.Value, flags, 0666)
		if err != nil {
			return p.Err(1, err, "%s", o.Value)
		}
		out = f
	}
	signal.Ignore(syscall.SIGINT, syscall.SIGQUIT)
	begun := time.Now()
	cmd := &exec.Cmd{Args: args, Stdin: p.Stdin, Stdout: os.Stdout, Stderr: p.Stderr}
	file, err := lookPath(args[0], searchPath(os.Environ()))
	if err == nil {
		cmd.Path = file
		err = cmd.Start()
	}
	if err != nil {
		p.Warn(err, "%s", args[0])
		return notFoundStatus(err)
	}
	cmd.Wait()
	real, state := time.Since(begun).Seconds(), cmd.ProcessState
	format := "%9.2f real %12.2f user %12.2f sys\n"
	if portable {
		format = "real %.2f\nuser %.2f\nsys %.2f\n"
	}
	was := p.Stderr
	p.Stderr = out
	p.Errorf(format, real, state.UserTime().Seconds(), state.SystemTime().Seconds())
	p.Stderr = was
	if w, ok := state.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		p.Warnx("command terminated abnormally")
		return int(w.Signal()) + 128
	}
	return state.ExitCode()
}
