package programs

import (
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"standin/bsd"
)

// su(1) and login(1), as root uses them: another user's shell, without a question.

func init() { Register(su, "su", "login") }

func su(p *Process) int {
	found, rest, ok := p.options("-lfmc:h:p")
	if p.Name == "login" {
		found, rest, ok = p.options("fh:p")
	}
	if !ok {
		return p.Usage(1, "usage: su [-] [-flms] [-c class] [login [args]]\n")
	}
	full, same := p.Name == "login", false
	for _, o := range found {
		full = full || o.Letter == 'l'
		same = same || o.Letter == 'm'
	}
	if len(rest) > 0 && rest[0] == "-" {
		full, rest = true, rest[1:]
	}
	name := "root"
	if len(rest) > 0 {
		name, rest = rest[0], rest[1:]
	}
	u, err := findPerson(name)
	if err != nil || u.name == "" {
		return p.Errx(1, "unknown login: %s", name)
	}
	env := os.Environ()
	if full {
		env = append([]string{"TERM=" + os.Getenv("TERM"), "SHELL=" + or(u.shell, "/bin/sh"), "HOME=" + u.home, "USER=" + u.name, "LOGNAME=" + u.name},
			classEnvironment(u)...)
		if unix.Chdir(u.home) != nil {
			unix.Chdir("/")
		}
	} else if !same {
		env = append(without(without(without(env, "HOME"), "SHELL"), "USER"), "HOME="+u.home, "SHELL="+or(u.shell, "/bin/sh"), "USER="+u.name)
	}
	list := groupsOf(u)
	ids := make([]int, len(list))
	for i, id := range list {
		ids[i] = int(id)
	}
	unix.Setgroups(ids)
	if err := unix.Setgid(int(u.gid)); err != nil {
		return p.Err(1, err, "setgid")
	}
	if err := unix.Setuid(int(u.uid)); err != nil {
		return p.Err(1, err, "setuid")
	}
	shell := or(u.shell, "/bin/sh")
	base := shell[strings.LastIndexByte(shell, '/')+1:]
	p.Stdout.Flush()
	err = unix.Exec(shell, append([]string{base}, rest...), env)
	return p.Errx(1, "%s: %s", shell, bsd.Strerror(err))
}
