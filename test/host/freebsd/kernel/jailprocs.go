package kernel

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

func init() {
	Handle("jail.attach", jailAttach)
	Handle("jail.bind", jailBind)
	Handle("jail.detach", jailDetach)
	Handle("jail.remove", jailRemove)
}

// jailInit is the first process of a jail's name space: it reaps what the jail's processes leave behind.
type jailInit struct {
	cmd   *exec.Cmd
	ns    string
	ended chan struct{}
}

// jailAttach is jail_attach(2), for a process that is about to start another in the jail: it gets the jail's name
// space (as a process's descriptor) and its root folder. jail.detach says when the started one has ended.
func jailAttach(k *Kernel, c *Call, id int) (None, error) {
	j := k.jailSeenBy(c.Jail, strconv.Itoa(id))
	if j == nil || j.dying {
		return None{}, syscall.EINVAL
	}
	if err := k.startInit(j); err != nil {
		return None{}, err
	}
	pidfd, err := unix.PidfdOpen(j.init.cmd.Process.Pid, 0)
	if err != nil {
		return None{}, err
	}
	root, err := unix.FcntlInt(j.root.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		unix.Close(pidfd)
		return None{}, err
	}
	c.Out = append(c.Out, os.NewFile(uintptr(pidfd), "jail"), os.NewFile(uintptr(root), "root"))
	j.using++
	used := true
	release := func() {
		if used {
			used = false
			j.using--
			k.endIfEmpty(j)
		}
	}
	c.conn.attached = append(c.conn.attached, release)
	c.OnClose(release)
	return None{}, nil
}

// jailBind has a process that the caller started in a jail end with the caller.
func jailBind(k *Kernel, c *Call, pid int) (None, error) {
	if k.parentOf(pid) != c.PID {
		return None{}, syscall.EPERM
	}
	c.OnClose(func() {
		if len(c.conn.attached) > 0 {
			unix.Kill(pid, unix.SIGKILL)
		}
	})
	return None{}, nil
}

// jailDetach tells that the process of the oldest attach has ended.
func jailDetach(k *Kernel, c *Call, _ None) (None, error) {
	if len(c.conn.attached) > 0 {
		c.conn.attached[0]()
		c.conn.attached = c.conn.attached[1:]
	}
	return None{}, nil
}

func (k *Kernel) startInit(j *Jail) error {
	if j.init != nil {
		return nil
	}
	reaped, told, err := os.Pipe()
	if err != nil {
		return err
	}
	null, err := os.OpenFile("/dev/null", os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer null.Close()
	cmd := &exec.Cmd{
		Path: SelfPath, Args: []string{"standin", "jail-init"}, Stdin: null, Stdout: null, Stderr: null, ExtraFiles: []*os.File{told},
		SysProcAttr: &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID, Setsid: true},
	}
	err = cmd.Start()
	told.Close()
	if err != nil {
		reaped.Close()
		return err
	}
	ns, err := k.processNS(strconv.Itoa(cmd.Process.Pid))
	if err != nil {
		cmd.Process.Kill()
		return err
	}
	in := &jailInit{cmd: cmd, ns: ns, ended: make(chan struct{})}
	j.init = in
	k.jails.byNS[ns] = j
	go k.watchReaped(j, reaped)
	go k.watchInit(j, in)
	return nil
}

// watchReaped looks, as each orphan of a jail ends, whether it was the jail's last process.
func (k *Kernel) watchReaped(j *Jail, reaped *os.File) {
	defer reaped.Close()
	buf := make([]byte, 512)
	for {
		if n, err := reaped.Read(buf); n == 0 || err != nil {
			return
		}
		k.mu.Lock()
		k.endIfEmpty(j)
		k.mu.Unlock()
	}
}

// watchInit sees a jail's first process end, and with it all others.
func (k *Kernel) watchInit(j *Jail, in *jailInit) {
	in.cmd.Wait()
	k.mu.Lock()
	delete(k.jails.byNS, in.ns)
	if j.init == in {
		j.init = nil
	}
	k.mu.Unlock()
	close(in.ended)
}

// endIfEmpty removes a jail that doesn't persist when its last process has gone.
func (k *Kernel) endIfEmpty(j *Jail) {
	if j.persist || j.dying || j.using > 0 {
		return
	}
	if j.init != nil {
		for _, p := range k.processes() {
			if p.jail == j && p.PID != j.init.cmd.Process.Pid {
				return
			}
		}
	}
	k.endJail(j)
}

// endJail kills what runs in a jail and takes it away. It may let go of the mutex.
func (k *Kernel) endJail(j *Jail) {
	if j.dying {
		return
	}
	j.dying = true
	for _, child := range append([]*Jail{}, k.jails.all...) {
		if child.Parent == j {
			k.endJail(child)
		}
	}
	if in := j.init; in != nil {
		in.cmd.Process.Kill()
		k.Unlocked(func() { <-in.ended })
	}
	for _, f := range onJailRemove {
		f(k, j)
	}
	k.deleteJail(j)
	j.root.Close()
}

// jailRemove is jail_remove(2).
func jailRemove(k *Kernel, c *Call, id int) (None, error) {
	j := k.jailSeenBy(c.Jail, strconv.Itoa(id))
	if j == nil {
		return None{}, syscall.EINVAL
	}
	k.endJail(j)
	return None{}, nil
}

// String names a jail in messages.
func (j *Jail) String() string { return fmt.Sprintf("%d (%s)", j.ID, j.fullName()) }
