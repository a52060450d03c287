package programs

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"

	"standin/bsd"
)

// jexec(8), after usr.sbin/jexec/jexec.c: runs a command in a jail.

func init() { Register(jexec, "jexec") }

const jexecUsage = "usage: jexec [-l] [-d working-directory] [-u username | -U username] jail\n           [command ...]\n"

func jexec(p *Process) int {
	options, operands := p.Getopt("d:lnu:U:")
	var dir, user string
	var login, inside bool
	for _, o := range options {
		switch o.Letter {
		case 'd':
			dir = o.Value
		case 'l':
			login = true
		case 'n':
		case 'u', 'U':
			user, inside = o.Value, o.Letter == 'U'
		default:
			return p.Usage(1, jexecUsage)
		}
	}
	if len(operands) < 1 {
		return p.Usage(1, jexecUsage)
	}
	id, message := p.jailGetID(operands[0])
	if id == 0 {
		return p.Errx(1, "%s", message)
	}
	x := &execution{p: p, argv: operands[1:], dir: dir, user: user, login: login, stdin: p.Stdin, stdout: os.Stdout, stderr: p.Stderr}
	if user != "" && !inside {
		if message := x.findUser(); message != "" {
			return p.Errx(1, "%s", message)
		}
	}
	cmd, err := p.inJail(id, func() (*exec.Cmd, error) {
		if user != "" && inside || login && user == "" {
			if message := x.findUser(); message != "" {
				return nil, said(message)
			}
		}
		return x.start()
	})
	if text, ok := err.(said); ok {
		return p.Errx(1, "%s", string(text))
	}
	if err != nil {
		return p.Errx(1, "jail_attach(%d): %s", id, bsd.Strerror(err))
	}
	p.Call("jail.bind", cmd.Process.Pid, nil) // on FreeBSD it would be this very process
	code := p.follow(cmd)
	p.detached()
	return code
}

// said is an error in the words that are to be shown.
type said string

func (s said) Error() string { return string(s) }

// execution is a command to be run in a jail, by jexec.
type execution struct {
	p                     *Process
	argv                  []string
	dir, user             string
	login                 bool
	who                   *person
	stdin, stdout, stderr *os.File
}

func (x *execution) findUser() string {
	u, err := findPerson(x.user)
	if err != nil {
		return "getpwnam: " + bsd.Strerror(err)
	}
	if u.name == "" {
		return x.user + ": no such user"
	}
	x.who = &u
	return ""
}

// start starts the command on a thread that is in the jail.
func (x *execution) start() (*exec.Cmd, error) {
	env := os.Environ()
	if x.login {
		env = nil
		if term := os.Getenv("TERM"); term != "" {
			env = []string{"TERM=" + term}
		}
	}
	cmd := &exec.Cmd{Stdin: x.stdin, Stdout: x.stdout, Stderr: x.stderr, Dir: "/", SysProcAttr: &syscall.SysProcAttr{}}
	if x.who != nil {
		u := *x.who
		own := classEnvironment(u)
		shell := u.shell
		if shell == "" {
			shell = "/bin/sh"
		}
		if x.login {
			own = append([]string{"SHELL=" + shell, "HOME=" + u.home, "USER=" + u.name}, own...)
			env = append(own, env...)
			cmd.Dir = u.home
		}
		if x.user != "" {
			cmd.SysProcAttr.Credential = &syscall.Credential{Uid: u.uid, Gid: u.gid, Groups: groupsOf(u)}
		}
	}
	if x.dir != "" {
		cmd.Dir = x.dir
	}
	if err := unix.Chdir(cmd.Dir); err != nil {
		return nil, said("chdir " + cmd.Dir + ": " + bsd.Strerror(err))
	}
	cmd.Args, cmd.Env = x.argv, env
	if len(cmd.Args) == 0 {
		cmd.Args = []string{"/bin/sh", "-i"}
		if x.login && x.who != nil && x.who.shell != "" {
			cmd.Args = []string{x.who.shell, "-i"}
		}
	}
	path, err := lookPath(cmd.Args[0], searchPath(env))
	if err == nil {
		cmd.Path = path
		err = startCommand(cmd)
	}
	if err != nil {
		return nil, said("execvp: " + cmd.Args[0] + ": " + bsd.Strerror(err))
	}
	return cmd, nil
}

// startCommand starts a command; a file without a first line of its own is read by sh, as execvp(3) does.
func startCommand(cmd *exec.Cmd) error {
	err := cmd.Start()
	if bsd.Errno(err) != unix.ENOEXEC {
		return err
	}
	again := &exec.Cmd{
		Path: "/bin/sh", Args: append([]string{"sh", cmd.Path}, cmd.Args[1:]...), Env: cmd.Env, Dir: cmd.Dir,
		Stdin: cmd.Stdin, Stdout: cmd.Stdout, Stderr: cmd.Stderr, SysProcAttr: cmd.SysProcAttr, ExtraFiles: cmd.ExtraFiles,
	}
	err = again.Start()
	*cmd = *again
	return err
}

// follow waits for a command, hands signals on to it, and returns its status as the shell counts it.
func (p *Process) follow(cmd *exec.Cmd) int {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	go func() {
		for s := range signals {
			cmd.Process.Signal(s)
		}
	}()
	cmd.Wait()
	return status(cmd.ProcessState)
}
