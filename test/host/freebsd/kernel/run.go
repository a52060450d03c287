package kernel

import (
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func init() {
	Handle("machine.run", machineRun)
	Handle("machine.freeze", machineFreeze)
	Handle("machine.cut", machineCut)
	Handle("fs.sync", fsSync)
}

// ExitPowerLoss is the kernel's exit status when the machine lost power.
const ExitPowerLoss = 77

// RunRequest runs a program as the host's root, for the outside. Its three streams come as descriptors.
type RunRequest struct {
	Path string
	Argv []string
	Env  []string
	Dir  string
}

// outside says whether a caller is the machine's front; what it may do nobody in the machine may.
func (c *Call) outside() error {
	if c.PID != 0 {
		return syscall.EPERM
	}
	return nil
}

func machineRun(k *Kernel, c *Call, req RunRequest) (int, error) {
	if err := c.outside(); err != nil {
		return 0, err
	}
	cmd := &exec.Cmd{Path: req.Path, Args: req.Argv, Env: req.Env, Dir: req.Dir, SysProcAttr: &syscall.SysProcAttr{Setsid: true}}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.In[0], c.In[1], c.In[2]
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	for _, f := range c.In {
		f.Close()
	}
	k.Unlocked(func() { cmd.Wait() })
	if w := cmd.ProcessState.Sys().(syscall.WaitStatus); w.Signaled() {
		return 128 + int(w.Signal()), nil
	}
	return cmd.ProcessState.ExitCode(), nil
}

// The ioctls of linux/fs.h and fs/ext4/ext4.h.
const (
	fiFreeze       = 0xc0045877
	fiThaw         = 0xc0045878
	ext4Shutdown   = 0x8004587d
	noLogFlush     = 2
	rootFileSystem = "/"
)

func onRoot(request uint, value int) error {
	f, err := os.Open(rootFileSystem)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.IoctlSetPointerInt(int(f.Fd()), request, value)
}

// machineFreeze makes the disk's image a consistent one, until the caller hangs up.
func machineFreeze(k *Kernel, c *Call, _ None) (None, error) {
	if err := c.outside(); err != nil {
		return None{}, err
	}
	c.OnClose(func() { onRoot(fiThaw, 0) })
	return None{}, onRoot(fiFreeze, 0)
}

// machineCut cuts the power: what was not synced is gone.
func machineCut(k *Kernel, c *Call, _ None) (None, error) {
	if err := c.outside(); err != nil {
		return None{}, err
	}
	return None{}, k.powerLoss()
}

func (k *Kernel) powerLoss() error {
	// The network goes first: nothing that a dying program still says may reach anybody. The front asks again when it has cut.
	asked := atomic.LoadInt64(&k.log.asked)
	k.tellFront("cut")
	k.Unlocked(func() {
		for i := 0; i < 500 && atomic.LoadInt64(&k.log.asked) == asked; i++ {
			time.Sleep(10 * time.Millisecond)
		}
	})
	if err := onRoot(ext4Shutdown, noLogFlush); err != nil {
		return err
	}
	os.Exit(ExitPowerLoss)
	return nil
}

// fsSync is sync(2) for the machine's own disks: what lies on an image before what the image lies on.
func fsSync(k *Kernel, _ *Call, _ None) (None, error) {
	var folders []string
	for _, m := range k.disks.mounts {
		if m.Type == "ufs" {
			folders = append([]string{m.On}, folders...)
		}
	}
	k.Unlocked(func() {
		for _, folder := range folders {
			if f, err := os.Open(folder); err == nil {
				unix.Syncfs(int(f.Fd()))
				f.Close()
			}
		}
	})
	return None{}, nil
}
