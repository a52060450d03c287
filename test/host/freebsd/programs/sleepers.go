package programs

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// Daemons of the base that only have to be there: they go into the background, write their pid and wait for the end.

func init() {
	Register(sleeper, "syslogd", "cron", "sshd", "inetd", "powerd", "rpcbind", "nscd", "ntpd", "devd", "sendmail", "moused", "mountd", "nfsd")
}

// inBackground tells a daemon that it is the one in the background.
const inBackground = "STANDIN_IN_BACKGROUND"

func sleeper(p *Process) int {
	if os.Getenv(inBackground) == "" {
		return p.toBackground()
	}
	os.Unsetenv(inBackground)
	ready := os.NewFile(3, "ready")
	file := "/var/run/" + map[bool]string{true: "syslog", false: p.Name}[p.Name == "syslogd"] + ".pid"
	os.WriteFile(file, []byte(fmt.Sprintf("%d", os.Getpid())), 0o644)
	if p.Name == "syslogd" {
		bindLog("/var/run/log")
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	ready.Write([]byte{1})
	ready.Close()
	if p.conn != nil {
		p.conn.Close()
		p.conn = nil
	}
	<-ended
	os.Remove(file)
	return 0
}

// toBackground starts the program again as a daemon (daemon(3)), and waits until that is up.
func (p *Process) toBackground() int {
	null, err := os.OpenFile("/dev/null", os.O_RDWR, 0)
	if err != nil {
		return p.Err(1, err, "/dev/null")
	}
	ready, written, err := os.Pipe()
	if err != nil {
		return p.Err(1, err, "pipe")
	}
	cmd := &exec.Cmd{
		Path: p.Path, Args: append([]string{p.Path}, p.Args...), Env: append(os.Environ(), inBackground+"=1"), Dir: "/",
		Stdin: null, Stdout: null, Stderr: null, ExtraFiles: []*os.File{written}, SysProcAttr: &syscall.SysProcAttr{Setsid: true},
	}
	if err := cmd.Start(); err != nil {
		return p.Err(1, err, "%s", p.Path)
	}
	written.Close()
	if n, _ := ready.Read(make([]byte, 1)); n == 0 {
		return 1
	}
	return 0
}

func bindLog(path string) {
	os.Remove(path)
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err == nil && os.MkdirAll(filepath.Dir(path), 0o755) == nil && unix.Bind(fd, &unix.SockaddrUnix{Name: path}) == nil {
		os.Chmod(path, 0o666)
		go func() {
			buf := make([]byte, 8192)
			for {
				n, err := unix.Read(fd, buf)
				if err != nil && err != unix.EINTR {
					return
				}
				logMessage(buf[:n])
			}
		}()
	}
}

// logMessage writes what programs send to syslogd.
func logMessage(text []byte) {
	f, err := os.OpenFile("/var/log/messages", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err == nil {
		f.Write(append(text, '\n'))
		f.Close()
	}
}
