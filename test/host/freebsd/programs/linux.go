package programs

import (
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Borrowed are the Linux programs that lie in the tree, under names of FreeBSD's that nothing else uses: they
// run in a jail and in a chroot too.
var Borrowed = map[string]string{
	"busybox": "/usr/libexec/flua",
	"bsdtar":  "/usr/libexec/make_index",
	"awk":     "/usr/libexec/locate.code",
}

// BorrowedEnvironment is the environment for a Linux program of the tree: it finds one locale there, and only of letters.
func BorrowedEnvironment() (env []string) {
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "LC_") && !strings.HasPrefix(pair, "LANG=") {
			env = append(env, pair)
		}
	}
	return append(env, "LOCPATH=/usr/share/locale", "LC_CTYPE=C.UTF-8")
}

// Borrow becomes a Linux program of the tree: p.Borrow("busybox", "sort", "-n"). argv[0] is what it sees as its
// own name. It returns only when it can't run, or when the kernel wants to know of the end.
func (p *Process) Borrow(tool string, argv ...string) int {
	p.Stdout.Flush()
	path := Borrowed[tool]
	if !p.after {
		err := unix.Exec(path, argv, BorrowedEnvironment())
		return p.Err(126, err, "%s", path)
	}
	return p.Wait(&exec.Cmd{Path: path, Args: argv, Stdin: p.Stdin, Stdout: os.Stdout, Stderr: p.Stderr, Env: BorrowedEnvironment()})
}

// Wait runs a child to its end and returns its status as a shell counts it (128 and the signal).
func (p *Process) Wait(cmd *exec.Cmd) int {
	p.Stdout.Flush()
	if err := cmd.Start(); err != nil {
		return p.Err(126, err, "%s", cmd.Path)
	}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	go func() {
		for s := range signals {
			cmd.Process.Signal(s)
		}
	}()
	cmd.Wait()
	signal.Stop(signals)
	return status(cmd.ProcessState)
}

func status(state *os.ProcessState) int {
	if state == nil {
		return 126
	}
	if w, ok := state.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		return 128 + int(w.Signal())
	}
	return state.ExitCode()
}
