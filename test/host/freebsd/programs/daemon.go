package programs

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// daemon(8), usr.sbin/daemon/daemon.c.
func init() { Register(daemon, "daemon") }

const daemonUsage = `usage: daemon [-cfHrS] [-p child_pidfile] [-P supervisor_pidfile]
              [-u user] [-o output_file] [-t title]
              [-l syslog_facility] [-s syslog_priority]
              [-T syslog_tag] [-m output_mask] [-R restart_delay_secs]
command arguments ...
`

// The argument by which it knows itself again as the one that stays and looks after the command.
const supervising = "\x01supervisor"

type daemonic struct {
	p *Process

	root, null, restart         bool
	pidFile, ownPidFile, output string
	user                        string
	delay                       time.Duration
	supervised                  bool
	argv                        []string
}

func daemon(p *Process) int {
	d := &daemonic{p: p, delay: time.Second}
	again := len(p.Args) > 0 && p.Args[0] == supervising
	all := p.Args
	if again {
		p.Args = p.Args[1:]
	}
	opts, argv, ok := p.options("cfHSp:P:ru:o:s:l:t:m:R:T:")
	if !ok || len(argv) == 0 {
		return p.Usage(1, daemonUsage)
	}
	d.argv = argv
	for _, o := range opts {
		if !d.take(o) {
			return p.Errx(6, "invalid restart delay")
		}
	}
	if again {
		return d.supervise()
	}
	if d.supervised {
		return d.start(p.Path, append([]string{p.Path, supervising}, all...), true)
	}
	file, err := lookPath(argv[0], searchPath(os.Environ()))
	if err != nil {
		p.Warn(err, "%s", argv[0])
		return 0 // it is the child that fails, and nobody waits for it
	}
	return d.start(file, argv, false)
}

func (d *daemonic) take(o Option) bool {
	switch o.Letter {
	case 'c':
		d.root = true
	case 'f':
		d.null = true
	case 'p':
		d.pidFile, d.supervised = o.Value, true
	case 'P':
		d.ownPidFile, d.supervised = o.Value, true
	case 'r':
		d.restart, d.supervised = true, true
	case 'R':
		seconds, err := strconv.Atoi(o.Value)
		if err != nil || seconds < 1 {
			return false
		}
		d.restart, d.supervised, d.delay = true, true, time.Duration(seconds)*time.Second
	case 'o':
		d.output, d.supervised = o.Value, true
	case 'u':
		d.user = o.Value
	case 'S', 's', 'l', 'T', 'm':
		d.supervised = true
	}
	return true
}

// command is a process of its own session, with the descriptors that the options say.
func (d *daemonic) command(file string, argv []string, credentials bool) *exec.Cmd {
	cmd := &exec.Cmd{Path: file, Args: argv, SysProcAttr: &syscall.SysProcAttr{Setsid: true}}
	if d.root {
		cmd.Dir = "/"
	}
	if !d.null {
		cmd.Stdin, cmd.Stdout, cmd.Stderr = d.p.Stdin, os.Stdout, d.p.Stderr
	}
	if credentials && d.user != "" {
		if a, ok := users.find(d.user); ok {
			gid, _ := groups.number(a.fields[3])
			cmd.SysProcAttr.Credential = &syscall.Credential{Uid: a.id, Gid: gid}
		}
	}
	return cmd
}

func (d *daemonic) start(file string, argv []string, supervisor bool) int {
	if d.user != "" {
		if _, ok := users.find(d.user); !ok {
			return d.p.Errx(1, "unknown user: %s", d.user)
		}
	}
	cmd := d.command(file, argv, !supervisor)
	d.p.Stdout.Flush()
	if err := cmd.Start(); err != nil {
		return d.p.Err(1, err, "%s", argv[0])
	}
	return 0
}

// supervise runs the command, again and again with -r, and ends with it when told to.
func (d *daemonic) supervise() int {
	if d.ownPidFile != "" {
		os.WriteFile(d.ownPidFile, []byte(fmt.Sprintf("%d\n", os.Getpid())), 0600)
		defer os.Remove(d.ownPidFile)
	}
	ended := make(chan os.Signal, 4)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	for {
		file, err := lookPath(d.argv[0], searchPath(os.Environ()))
		if err != nil {
			return d.p.Err(1, err, "%s", d.argv[0])
		}
		cmd := d.command(file, d.argv, true)
		if d.output != "" {
			f, err := os.OpenFile(d.output, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0600)
			if err != nil {
				return d.p.Err(7, err, "open")
			}
			cmd.Stdout, cmd.Stderr = f, f
		}
		if err := cmd.Start(); err != nil {
			return d.p.Err(1, err, "%s", d.argv[0])
		}
		if d.pidFile != "" {
			os.WriteFile(d.pidFile, []byte(fmt.Sprintf("%d", cmd.Process.Pid)), 0600)
		}
		if d.waitFor(cmd, ended) || !d.restart {
			os.Remove(d.pidFile)
			return 0
		}
		time.Sleep(d.delay)
	}
}

// waitFor waits for the command's end; it says whether that was asked for.
func (d *daemonic) waitFor(cmd *exec.Cmd, ended <-chan os.Signal) (asked bool) {
	done := make(chan bool)
	go func() {
		cmd.Wait()
		close(done)
	}()
	for {
		select {
		case <-done:
			return asked
		case s := <-ended:
			asked = asked || s == syscall.SIGTERM
			cmd.Process.Signal(s)
		}
	}
}
