package programs

import (
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// lockf(1) of FreeBSD 13, usr.bin/lockf/lockf.c: only the form with a file and a command. The lock is flock(2)'s, on
// the file; the command doesn't inherit the descriptor.
func init() { Register(lockf, "lockf") }

const lockfUsage = "usage: lockf [-kns] [-t seconds] file command [arguments]\n"

type lockFile struct {
	name       string
	keep, make bool
	fd         int
}

func lockf(p *Process) int {
	l := &lockFile{make: true, fd: -1}
	opts, args, ok := p.options("sknt:")
	if !ok {
		return p.Usage(64, lockfUsage)
	}
	silent, wait := false, -1
	for _, o := range opts {
		switch o.Letter {
		case 's':
			silent = true
		case 'k':
			l.keep = true
		case 'n':
			l.make = false
		case 't':
			seconds, err := strconv.Atoi(o.Value)
			if err != nil {
				return p.Errx(64, "invalid timeout \"%s\"", o.Value)
			}
			wait = seconds
		}
	}
	if len(args) < 2 {
		return p.Usage(64, lockfUsage)
	}
	l.name = args[0]
	locked, err := l.acquire(wait)
	switch {
	case err == unix.ENOENT && !l.make:
		return p.Err(69, err, "%s", l.name)
	case err != nil:
		return p.Err(73, err, "cannot open %s", l.name)
	case !locked && silent:
		return 75
	case !locked:
		return p.Errx(75, "%s: already locked", l.name)
	}
	return l.run(p, args[1:])
}

// acquire takes the lock, within wait seconds if that isn't negative.
func (l *lockFile) acquire(wait int) (bool, error) {
	locked, err := l.try(unix.LOCK_NB)
	if locked || err != nil || wait == 0 {
		return locked, err
	}
	type outcome struct {
		locked bool
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		for {
			// Without -k the holder removes the file: what has been waited for may be gone by then.
			if locked, err := l.try(0); locked || err != nil {
				done <- outcome{locked, err}
				return
			}
		}
	}()
	var end <-chan time.Time
	if wait > 0 {
		end = time.After(time.Duration(wait) * time.Second)
	}
	select {
	case o := <-done:
		return o.locked, o.err
	case <-end:
		return false, nil
	}
}

// try opens and locks; it fails if the file was removed meanwhile.
func (l *lockFile) try(how int) (bool, error) {
	flags := unix.O_RDONLY | unix.O_CLOEXEC
	if l.make {
		flags |= unix.O_CREAT
	}
	fd, err := unix.Open(l.name, flags, 0666)
	if err != nil {
		return false, err
	}
	for {
		if err = unix.Flock(fd, unix.LOCK_EX|how); err != unix.EINTR {
			break
		}
	}
	var ours unix.Stat_t
	there, statErr := stat(l.name)
	if err == nil && unix.Fstat(fd, &ours) == nil && statErr == nil && ours.Ino == there.Ino && ours.Dev == there.Dev {
		l.fd = fd
		return true, nil
	}
	unix.Close(fd)
	return false, nil
}

func (l *lockFile) release() {
	if l.keep {
		unix.Flock(l.fd, unix.LOCK_UN)
	} else {
		unix.Unlink(l.name)
	}
}

func (l *lockFile) run(p *Process, argv []string) int {
	file, err := lookPath(argv[0], searchPath(os.Environ()))
	if err != nil {
		l.release()
		return p.Err(1, err, "%s", argv[0])
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT)
	cmd := &exec.Cmd{Path: file, Args: argv, Stdin: p.Stdin, Stdout: os.Stdout, Stderr: p.Stderr}
	if err := cmd.Start(); err != nil {
		l.release()
		return p.Err(1, err, "%s", argv[0])
	}
	go func() {
		for s := range signals {
			if s == syscall.SIGTERM {
				cmd.Process.Signal(s)
				l.release()
				signal.Reset(syscall.SIGTERM)
				unix.Kill(os.Getpid(), unix.SIGTERM)
			}
		}
	}()
	cmd.Wait()
	l.release()
	if state := cmd.ProcessState; state != nil && state.Exited() {
		return state.ExitCode()
	}
	return 70
}
