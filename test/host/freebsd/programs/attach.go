package programs

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// inJail runs f on a thread of its own that is in a jail: its root is the jail's, and what it starts runs among the
// jail's processes. f starts a command; the thread stays until that has ended.
func (p *Process) inJail(id int, f func() (*exec.Cmd, error)) (*exec.Cmd, error) {
	files, err := p.CallFiles("jail.attach", id, nil)
	if err != nil {
		return nil, err
	}
	type started struct {
		cmd *exec.Cmd
		err error
	}
	result := make(chan started)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with this function
		leave, err := enter(files)
		var cmd *exec.Cmd
		if err == nil {
			cmd, err = f()
		}
		if err != nil {
			p.Call("jail.detach", nil, nil)
		}
		result <- started{cmd, err}
		if err == nil {
			waitid(cmd.Process.Pid)
		}
		leave()
	}()
	s := <-result
	return s.cmd, s.err
}

// enter takes the calling thread into a jail: files are its first process and its root. leave takes it back to its
// own root, for it may live on (the process's first one does) and would hold the jail's file system.
func enter(files []*os.File) (leave func(), err error) {
	leave = func() {}
	if len(files) != 2 {
		return leave, syscall.EINVAL
	}
	root, err := unix.Open("/", unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return leave, err
	}
	if err := unix.Unshare(unix.CLONE_FS); err != nil {
		return leave, err
	}
	leave = func() {
		unix.Fchdir(root)
		unix.Chroot(".")
		unix.Close(root)
	}
	if err := unix.Setns(int(files[0].Fd()), unix.CLONE_NEWPID); err != nil {
		return leave, err
	}
	if err := unix.Fchdir(int(files[1].Fd())); err != nil {
		return leave, err
	}
	if err := unix.Chroot("."); err != nil {
		return leave, err
	}
	for _, f := range files {
		f.Close()
	}
	return leave, unix.Chdir("/")
}

// waitid waits for a child to end and leaves it to be waited for.
func waitid(pid int) {
	for unix.Waitid(unix.P_PID, pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
}

// detached tells the kernel that a command started by inJail has ended.
func (p *Process) detached() { p.Call("jail.detach", nil, nil) }
