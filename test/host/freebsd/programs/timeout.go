package programs

import (
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"standin/kernel"
)

// timeout(1), bin/timeout/timeout.c. As there, without --foreground it waits for every descendant of the command
// (procctl(2)'s reaper) and kills them all when the time is up.
func init() { Register(timeout, "timeout") }

const timeoutUsage = "Usage: timeout [--signal sig | -s sig] [--preserve-status] [--kill-after time | -k time] " +
	"[--foreground] <duration> <command> <arg ...>\n"

type timing struct {
	p                    *Process
	foreground, preserve bool
	signal               syscall.Signal
	after, kill          time.Duration
	child                int
	status               syscall.WaitStatus
	ended, timedOut      bool
}

func timeout(p *Process) int {
	t := &timing{p: p, signal: syscall.SIGTERM, kill: -1}
	opts, args, ok := p.longOptions("k:s:hf", []longOption{
		{"preserve-status", 'p', false}, {"foreground", 'f', false}, {"kill-after", 'k', true},
		{"signal", 's', true}, {"help", 'h', false},
	})
	if !ok {
		return p.Usage(64, timeoutUsage)
	}
	for _, o := range opts {
		switch o.Letter {
		case 'p':
			t.preserve = true
		case 'f':
			t.foreground = true
		case 'k':
			if t.kill, ok = duration(o.Value); !ok {
				return p.Errx(125, "invalid duration")
			}
		case 's':
			if t.signal, ok = signalNumber(o.Value); !ok {
				return p.Errx(125, "invalid signal")
			}
		default:
			return p.Usage(64, timeoutUsage)
		}
	}
	if len(args) < 2 {
		return p.Usage(64, timeoutUsage)
	}
	if t.after, ok = duration(args[0]); !ok {
		return p.Errx(125, "invalid duration")
	}
	return t.run(args[1:])
}

func (t *timing) run(argv []string) int {
	file, err := lookPath(argv[0], searchPath(os.Environ()))
	if err != nil {
		t.p.Warnx("exec(%s): %s", argv[0], errorText(err))
		return notFoundStatus(err)
	}
	if !t.foreground {
		unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
		t.p.Call("reaper.acquire", nil, nil)
	}
	signals := make(chan os.Signal, 64)
	signal.Notify(signals, syscall.SIGCHLD, syscall.SIGTERM, syscall.SIGALRM)
	cmd := &exec.Cmd{Path: file, Args: argv, Stdin: t.p.Stdin, Stdout: os.Stdout, Stderr: t.p.Stderr}
	if err := cmd.Start(); err != nil {
		t.p.Warnx("exec(%s): %s", argv[0], errorText(err))
		return notFoundStatus(err)
	}
	t.child = cmd.Process.Pid
	t.wait(signals)
	return t.result()
}

// wait waits until all is over: the child alone with --foreground, else all that came of it.
func (t *timing) wait(signals <-chan os.Signal) {
	var alarm <-chan time.Time
	if t.after > 0 {
		alarm = time.After(t.after)
	}
	for {
		var look <-chan time.Time
		if alone := t.reap(); t.ended && (t.foreground || alone) {
			if t.foreground || len(t.jailed()) == 0 {
				return
			}
			look = time.After(100 * time.Millisecond)
		}
		select {
		case <-look:
		case s := <-signals:
			if s != syscall.SIGCHLD {
				t.send(s.(syscall.Signal))
			}
		case <-alarm:
			t.timedOut = true
			t.send(t.signal)
			if t.kill < 0 {
				t.finish(signals)
				return
			}
			alarm = time.After(t.kill)
			t.signal, t.kill = syscall.SIGKILL, -1
		}
	}
}

// finish waits for the child itself after the last signal.
func (t *timing) finish(signals <-chan os.Signal) {
	for t.reap(); !t.ended; t.reap() {
		if s := <-signals; s != syscall.SIGCHLD {
			t.send(s.(syscall.Signal))
		}
	}
}

// reap takes what has ended; it says whether no descendant is left.
func (t *timing) reap() (alone bool) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		switch {
		case err == syscall.EINTR:
			continue
		case err != nil:
			return true
		case pid == 0:
			return false
		case pid == t.child:
			t.status, t.ended = status, true
		}
	}
}

func (t *timing) send(s syscall.Signal) {
	if t.foreground {
		syscall.Kill(t.child, s)
		return
	}
	for _, pid := range append(descendants(), t.jailed()...) {
		syscall.Kill(pid, s)
	}
}

// jailed are the processes in jails that the command has made: they are its descendants, too.
func (t *timing) jailed() (pids []int) {
	var jails []int
	if t.p.Call("reaper.jails", nil, &jails) != nil || len(jails) == 0 {
		return nil
	}
	var all []kernel.ProcessInfo
	t.p.Call("ps.list", nil, &all)
	for _, one := range all {
		for _, id := range jails {
			if one.JID == id {
				pids = append(pids, one.PID)
			}
		}
	}
	return pids
}

func (t *timing) result() int {
	status := t.status.ExitStatus()
	if t.status.Signaled() {
		status = 128 + int(t.status.Signal())
	}
	if t.timedOut && !t.preserve {
		return 124
	}
	return status
}

// duration is a number of seconds with a unit behind it, if any.
func duration(text string) (time.Duration, bool) {
	unit := time.Second
	if text != "" {
		units := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}
		if u, ok := units[text[len(text)-1]]; ok {
			unit, text = u, text[:len(text)-1]
		}
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || seconds < 0 || seconds >= 100000000 {
		return 0, false
	}
	return time.Duration(seconds * float64(unit)), true
}

// signalNumber reads a signal's name or FreeBSD's number of it.
func signalNumber(text string) (syscall.Signal, bool) {
	text = strings.TrimPrefix(strings.ToUpper(text), "SIG")
	for i, name := range signalNames {
		if name == text || strconv.Itoa(i+1) == text {
			return unix.SignalNum("SIG" + name), unix.SignalNum("SIG"+name) != 0
		}
	}
	return 0, false
}

// signalNames are FreeBSD's signals from 1 (signal(3)).
var signalNames = [...]string{
	"HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "EMT", "FPE", "KILL", "BUS", "SEGV", "SYS", "PIPE", "ALRM", "TERM", "URG",
	"STOP", "TSTP", "CONT", "CHLD", "TTIN", "TTOU", "IO", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "INFO", "USR1", "USR2",
}
