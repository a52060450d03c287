package programs

import (
	"os"
	"os/exec"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"standin/bsd"
)

// commandLine splits a command into words, or gives it to the shell if it has anything of the shell's in it.
func commandLine(a action) (argv []string, background bool) {
	text := a.text
	if i := strings.IndexAny(text, "!\"$&'()*;<>?[\\]`{|}~"); i >= 0 {
		if text[i:] != "&" {
			return []string{"/bin/sh", "-c", text}, false
		}
		text, background = text[:i], true
	}
	return strings.Fields(text), background
}

// jailCommand is one command of a jail's configuration about to run.
type jailCommand struct {
	r              *jailer
	j              *jailConfig
	argv           []string
	inside         bool
	stdout, stderr *os.File
}

func (x *jailCommand) openLog() bool {
	path, given := x.j.text("exec.consolelog")
	if !given || path == "" {
		return true
	}
	if !x.r.checkPath(x.j, "exec.consolelog", path, true, "") {
		return false
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		x.r.warn(x.j, "open %s: %s", path, bsd.Strerror(err))
		return false
	}
	x.stdout, x.stderr = f, f
	return true
}

// start starts the command, and says what jail(8)'s child would say if it can't.
func (x *jailCommand) start() (cmd *exec.Cmd, message string) {
	clean := x.inside && x.j.on("exec.clean")
	name := "exec.system_user"
	if x.inside {
		name = "exec.jail_user"
	}
	user, asUser := x.j.text(name)
	outside := x.inside && x.j.on("exec.system_jail_user")
	var who *person
	if (clean || asUser) && (outside || !x.inside) {
		if who, message = findUser(user); message != "" {
			return nil, message
		}
	}
	run := func() (*exec.Cmd, error) {
		if (clean || asUser) && who == nil {
			var text string
			if who, text = findUser(user); text != "" {
				return nil, said(text)
			}
		}
		return x.spawn(who, clean, asUser)
	}
	var err error
	if x.inside {
		cmd, err = x.r.p.inJail(x.j.jid, run)
	} else {
		cmd, err = run()
	}
	if text, ok := err.(said); ok {
		return nil, string(text)
	}
	if err != nil {
		return nil, "jail_attach: " + bsd.Strerror(err)
	}
	return cmd, ""
}

func findUser(name string) (*person, string) {
	label := "getpwnam"
	if name != "" {
		label += " " + name
	}
	u, err := findPerson(name)
	if err != nil {
		return nil, label + ": " + bsd.Strerror(err)
	}
	if u.name == "" {
		return nil, name + ": no such user"
	}
	return &u, ""
}

func (x *jailCommand) spawn(who *person, clean, asUser bool) (*exec.Cmd, error) {
	env := os.Environ()
	cmd := &exec.Cmd{Args: x.argv, Stdin: x.r.p.Stdin, Stdout: x.stdout, Stderr: x.stderr, SysProcAttr: &syscall.SysProcAttr{}}
	if x.inside {
		cmd.Dir = "/"
	}
	if clean {
		env = nil
		if term := os.Getenv("TERM"); term != "" {
			env = []string{"TERM=" + term}
		}
		env = append(env, classEnvironment(*who)...)
		env = append(env, "USER="+who.name, "HOME="+who.home, "SHELL="+or(who.shell, "/bin/sh"))
		cmd.Dir = who.home
		if err := unix.Access(cmd.Dir, unix.F_OK); err != nil {
			return nil, said("chdir " + cmd.Dir + ": " + bsd.Strerror(err))
		}
	}
	if asUser {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: who.uid, Gid: who.gid, Groups: groupsOf(*who)}
	}
	cmd.Env = env
	path, err := lookPath(x.argv[0], searchPath(env))
	if err == nil {
		cmd.Path = path
		err = startCommand(cmd)
	}
	if err != nil {
		return nil, said("exec " + x.argv[0] + ": " + bsd.Strerror(err))
	}
	return cmd, nil
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// isMounted says whether a file system of a type is mounted on a folder.
func (p *Process) isMounted(path, kind string) bool {
	found := false
	for _, fs := range p.mounts() {
		if fs.On == resolved(path) {
			found = fs.Type == kind
		}
	}
	return found
}
