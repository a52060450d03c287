package programs

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"standin/kernel"
)

// Scripts of /etc/rc.d that run a daemon, after run_rc_command of /etc/rc.subr.

// daemonService is such a script.
type daemonService struct {
	name, program, flags, pidFile, detail string
	reload                                bool
	before                                func(p *Process) // what comes before the start
}

func init() {
	for _, d := range []daemonService{
		{name: "syslogd", program: "/usr/sbin/syslogd", flags: "syslogd_flags", pidFile: "/var/run/syslog.pid", detail: "System log daemon", reload: true},
		{name: "cron", program: "/usr/sbin/cron", flags: "cron_flags", pidFile: "/var/run/cron.pid", detail: "Daemon to execute scheduled commands"},
		{name: "sshd", program: "/usr/sbin/sshd", flags: "sshd_flags", pidFile: "/var/run/sshd.pid", detail: "Secure Shell Daemon", reload: true, before: hostKeys},
		{name: "inetd", program: "/usr/sbin/inetd", flags: "inetd_flags", pidFile: "/var/run/inetd.pid", detail: "Internet \"super-server\"", reload: true},
		{name: "powerd", program: "/usr/sbin/powerd", flags: "powerd_flags", pidFile: "/var/run/powerd.pid", detail: "Modify the power profile based on AC line state"},
		{name: "rpcbind", program: "/usr/sbin/rpcbind", flags: "rpcbind_flags", pidFile: "/var/run/rpcbind.pid", detail: "Universal addresses to RPC program number mapper"},
		{name: "nscd", program: "/usr/sbin/nscd", flags: "nscd_flags", pidFile: "/var/run/nscd.pid", detail: "Name-service caching daemon"},
	} {
		d := d
		actions := []string{"status", "poll"}
		if d.reload {
			actions = append(actions, "reload")
		}
		RegisterService(&Service{
			Name: d.name, RCVar: d.name + "_enable", Detail: d.name + " : " + d.detail, Actions: actions, NoVar: []string{"status", "stop", "poll"},
			Run: func(p *Process, rc RCConf, action string, _ []string) int { return d.run(p, rc, action) },
		})
	}
}

func (d *daemonService) run(p *Process, rc RCConf, action string) int {
	pid := p.runningPID(d.pidFile, d.name)
	switch action {
	case "status":
		if pid == 0 {
			p.Printf("%s is not running.\n", d.name)
			return 1
		}
		p.Printf("%s is running as pid %d.\n", d.name, pid)
	case "start":
		return d.start(p, rc, pid)
	case "stop":
		return d.stop(p, pid)
	case "restart":
		d.stop(p, pid)
		return d.start(p, rc, 0)
	case "reload":
		if pid == 0 {
			p.Stdout.Flush()
			p.Errorf("%s not running? (check %s).\n", d.name, d.pidFile)
			return 1
		}
		unix.Kill(pid, unix.SIGHUP)
	}
	return 0
}

func (d *daemonService) start(p *Process, rc RCConf, pid int) int {
	if pid != 0 {
		p.Printf("%s already running?  (pid=%d).\n", d.name, pid)
		return 1
	}
	if d.before != nil {
		d.before(p)
	}
	program := or(rc[d.name+"_program"], d.program)
	if _, err := os.Stat(program); err != nil {
		p.Stdout.Flush()
		p.Errorf("/etc/rc.d/%s: WARNING: run_rc_command: cannot run %s\n", d.name, program)
		return 1
	}
	p.Printf("Starting %s.\n", d.name)
	flags := strings.Fields(rc[d.flags])
	if d.name == "cron" {
		flags = append([]string{"-s"}, flags...)
	}
	if d.name == "sshd" && !builtIn(program) {
		flags = append([]string{"-E", "/var/log/auth.log"}, flags...) // OpenSSH itself, on the host
	}
	cmd := p.child(program, flags...)
	cmd.Args[0] = program
	cmd.Env, cmd.Dir = []string{"HOME=/", "PATH=" + servicePath}, "/"
	return p.Wait(cmd)
}

func (d *daemonService) stop(p *Process, pid int) int {
	if pid == 0 {
		p.Printf("%s not running? (check %s).\n", d.name, d.pidFile)
		return 1
	}
	p.Printf("Stopping %s.\n", d.name)
	unix.Kill(pid, unix.SIGTERM)
	p.Printf("Waiting for PIDS: %d.\n", pid)
	for deadline := time.Now().Add(30 * time.Second); unix.Kill(pid, 0) == nil && time.Now().Before(deadline); {
		time.Sleep(2 * time.Millisecond)
	}
	return 0
}

// runningPID is check_pidfile: the process that a file names, if it is that program.
func (p *Process) runningPID(file, name string) int {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	var list []kernel.ProcessInfo
	p.Call("ps.list", nil, &list)
	for _, one := range list {
		if one.PID == pid && strings.HasPrefix(one.Command, name) {
			return pid
		}
	}
	return 0
}

// hostKeys is sshd_keygen_alg of rc.d/sshd: keys are made where there are none.
func hostKeys(p *Process) {
	const file = "/etc/ssh/ssh_host_ed25519_key"
	if _, err := os.Stat(file); err == nil {
		return
	}
	p.Printf("Generating ED25519 host key.\n")
	name := "root"
	if out, err := exec.Command("/bin/hostname").Output(); err == nil {
		name += "@" + strings.TrimSpace(string(out))
	}
	private, public, err := NewSSHKey(name)
	if err == nil {
		err = writeSynced(file, private, 0o600)
	}
	if err == nil {
		err = writeSynced(file+".pub", []byte(public+"\n"), 0o644)
	}
	if err != nil {
		p.Warn(err, "%s", file)
	}
}

// writeSynced writes a file so that it outlives a power loss.
func writeSynced(file string, data []byte, mode os.FileMode) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}
