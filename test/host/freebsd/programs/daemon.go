package programs

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// daemon(8), after usr.sbin/daemon: runs a command in the background, and looks after it if it is told to.

func init() { Register(daemon, "daemon") }

const daemonUsage = `usage: daemon [-cfHrS] [-p child_pidfile] [-P supervisor_pidfile]
              [-u user] [-o output_file] [-t title]
              [-l syslog_facility] [-s syslog_priority]
              [-T syslog_tag] [-m output_mask] [-R restart_delay_secs]
command arguments ...
`

type daemonRun struct {
	p                            *Process
	chdir, null, restart         bool
	pidFile, supervisorFile, out string
	user                         string
	delay                        time.Duration
}

func daemon(p *Process) int {
	d := &daemonRun{p: p, delay: time.Second}
	found, rest, ok := p.options("cfHl:m:o:p:P:rR:s:St:T:u:")
	if !ok || len(rest) == 0 {
		return p.Usage(1, daemonUsage)
	}
	for _, o := range found {
		switch o.Letter {
		case 'c':
			d.chdir = true
		case 'f':
			d.null = true
		case 'o':
			d.out = o.Value
		case 'p':
			d.pidFile = o.Value
		case 'P':
			d.supervisorFile = o.Value
		case 'u':
			d.user = o.Value
		case 'R':
			seconds, err := strconv.Atoi(o.Value)
			if err != nil || seconds < 1 {
				return p.Errx(6, "invalid restart delay")
			}
			d.restart, d.delay = true, time.Duration(seconds)*time.Second
		case 'r':
			d.restart = true
		}
	}
	if os.Getenv(inBackground) != "" {
		os.Unsetenv(inBackground)
		return d.supervise(rest)
	}
	if d.user != "" {
		if _, found := users.find(d.user); !found {
			return p.Errx(1, "unknown user: %s", d.user)
		}
	}
	return d.detach(rest)
}

// detach starts what goes on in the background: the command, or ourselves as its supervisor.
func (d *daemonRun) detach(argv []string) int {
	cmd, message := d.command(argv)
	if message != "" {
		return d.p.Errx(1, "%s", message)
	}
	if d.restart || d.pidFile != "" || d.supervisorFile != "" || d.out != "" {
		again := &exec.Cmd{Path: d.p.Path, Args: append([]string{d.p.Path}, d.p.Args...), Env: append(os.Environ(), inBackground+"=1")}
		again.Dir, again.Stdin, again.Stdout, again.Stderr = cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr
		cmd = again
	}
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setsid = true
	if err := cmd.Start(); err != nil {
		return d.p.Err(1, err, "%s", argv[0])
	}
	return 0
}

func (d *daemonRun) command(argv []string) (*exec.Cmd, string) {
	path, err := lookPath(argv[0], searchPath(os.Environ()))
	if err != nil {
		return nil, argv[0] + ": No such file or directory"
	}
	cmd := &exec.Cmd{Path: path, Args: argv, Stdin: d.p.Stdin, Stdout: os.Stdout, Stderr: d.p.Stderr, SysProcAttr: &syscall.SysProcAttr{}}
	null, err := os.OpenFile("/dev/null", os.O_RDWR, 0)
	if err == nil {
		cmd.Stdin = null
		if d.null {
			cmd.Stdout, cmd.Stderr = null, null
		}
	}
	if d.chdir {
		cmd.Dir = "/"
	}
	if d.user != "" {
		if u, err := findPerson(d.user); err == nil {
			cmd.SysProcAttr.Credential = &syscall.Credential{Uid: u.uid, Gid: u.gid, Groups: groupsOf(u)}
		}
	}
	return cmd, ""
}

// supervise runs the command, writes the pid files, and restarts it if that is wanted.
func (d *daemonRun) supervise(argv []string) int {
	writePID(d.supervisorFile, os.Getpid())
	defer removeFile(d.supervisorFile)
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	for {
		cmd, message := d.command(argv)
		if message != "" {
			return d.p.Errx(1, "%s", message)
		}
		if d.out != "" {
			if f, err := os.OpenFile(d.out, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
				cmd.Stdout, cmd.Stderr = f, f
			}
		}
		if err := cmd.Start(); err != nil {
			return d.p.Err(1, err, "%s", argv[0])
		}
		writePID(d.pidFile, cmd.Process.Pid)
		done := make(chan struct{})
		go func() {
			cmd.Wait()
			close(done)
		}()
		select {
		case <-ended:
			unix.Kill(cmd.Process.Pid, unix.SIGTERM)
			<-done
			removeFile(d.pidFile)
			return 0
		case <-done:
		}
		if !d.restart {
			removeFile(d.pidFile)
			return 0
		}
		time.Sleep(d.delay)
	}
}

func writePID(file string, pid int) {
	if file != "" {
		os.WriteFile(file, []byte(fmt.Sprintf("%d", pid)), 0o600)
	}
}

func removeFile(file string) {
	if strings.TrimSpace(file) != "" {
		os.Remove(file)
	}
}
