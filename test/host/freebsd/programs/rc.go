package programs

import (
	"os"
	"os/exec"
	"syscall"
)

// rc(8): /etc/rc, as init runs it at boot and a jail's exec.start runs it.

func init() { Register(rc, "rc") }

func rc(p *Process) int {
	startSSHD(p)
	return 0
}

func startSSHD(p *Process) {
	const key = "/etc/ssh/ssh_host_ed25519_key"
	if _, err := os.Stat(key); err != nil {
		private, public, err := NewSSHKey("root@fbsd")
		if err != nil {
			p.Warn(err, "host key")
			return
		}
		os.WriteFile(key, private, 0o600)
		os.WriteFile(key+".pub", []byte(public+"\n"), 0o644)
	}
	cmd := exec.Command("/usr/sbin/sshd", "-E", "/var/log/auth.log")
	cmd.Dir = "/"
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Run(); err != nil {
		p.Warn(err, "sshd")
	}
}
