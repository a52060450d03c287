package programs

import (
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"standin/bsd"
	"standin/kernel"
)

// hostname(1), domainname(1), setfib(1), chroot(8): after bin/hostname, bin/domainname, usr.sbin/setfib, usr.sbin/chroot.

func init() {
	Register(hostname, "hostname")
	Register(func(*Process) int { return 0 }, "domainname")
	Register(setfib, "setfib")
	Register(chroot, "chroot")
}

func unixTime(seconds int64) time.Time { return time.Unix(seconds, 0).UTC() }

// sysctlText reads one variable of the kernel's.
func (p *Process) sysctlText(name string) string {
	var oids []kernel.OID
	if p.Call("sysctl.get", kernel.SysctlRequest{Name: name}, &oids) != nil || len(oids) != 1 {
		return ""
	}
	return oids[0].Value
}

func hostname(p *Process) int {
	const usage = "usage: hostname [-f] [-s | -d] [name-of-host]\n"
	found, rest, ok := p.options("fsd")
	if !ok || len(rest) > 1 {
		return p.Usage(1, usage)
	}
	if len(rest) == 1 {
		if err := p.Call("sysctl.set", kernel.SysctlRequest{Name: "kern.hostname", Value: rest[0]}, nil); err != nil {
			return p.Err(1, err, "sethostname")
		}
		return 0
	}
	name := p.sysctlText("kern.hostname")
	for _, o := range found {
		short, domain, _ := strings.Cut(name, ".")
		switch o.Letter {
		case 's':
			name = short
		case 'd':
			name = domain
		}
	}
	p.Printf("%s\n", name)
	return 0
}

func setfib(p *Process) int {
	const usage = "usage: setfib [-F] value utility [argument ...]\n"
	args := p.Args
	fib := ""
	if len(args) > 0 && strings.HasPrefix(args[0], "-") {
		fib, args = strings.TrimPrefix(args[0], "-"), args[1:]
		if fib == "F" && len(args) > 0 {
			fib, args = args[0], args[1:]
		}
	} else if len(args) > 0 {
		fib, args = args[0], args[1:]
	}
	if fib == "" || len(args) == 0 {
		return p.Usage(1, usage)
	}
	if strings.Trim(fib, "0123456789") != "" {
		return p.Errx(1, "%s: invalid FIB (max 0)", fib)
	}
	if strings.Trim(fib, "0") != "" {
		return p.Errx(1, "%s: invalid FIB (max 0)", fib)
	}
	code, err := p.become(args, os.Environ())
	if err != nil {
		return p.Err(1, err, "%s", args[0])
	}
	return code
}

func chroot(p *Process) int {
	const usage = "usage: chroot [-g group] [-G group,group,...] [-u user] [-n] newroot [command]\n"
	found, rest, ok := p.options("G:g:u:n")
	if !ok || len(rest) == 0 {
		return p.Usage(1, usage)
	}
	var user, group string
	for _, o := range found {
		switch o.Letter {
		case 'u':
			user = o.Value
		case 'g':
			group = o.Value
		}
	}
	if err := unix.Chdir(rest[0]); err != nil {
		return p.Err(1, err, "%s", rest[0])
	}
	if err := unix.Chroot("."); err != nil {
		return p.Err(1, err, "%s", rest[0])
	}
	if group != "" {
		id, found := groups.number(group)
		if !found {
			return p.Errx(1, "no such group `%s'", group)
		}
		unix.Setgroups([]int{int(id)})
		unix.Setgid(int(id))
	}
	if user != "" {
		id, found := users.number(user)
		if !found {
			return p.Errx(1, "no such user `%s'", user)
		}
		unix.Setuid(int(id))
	}
	argv := rest[1:]
	if len(argv) == 0 {
		argv = []string{or(os.Getenv("SHELL"), "/bin/sh"), "-i"}
	}
	code, err := p.become(argv, os.Environ())
	if err != nil {
		return p.Errx(notFoundStatus(err), "%s: %s", argv[0], bsd.Strerror(err))
	}
	return code
}
