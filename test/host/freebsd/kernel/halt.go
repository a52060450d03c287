package kernel

import (
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func init() { Handle("machine.halt", machineHalt) }

// machineHalt is the end of reboot(2): what still runs is killed, then file systems are unmounted, the last first,
// and disks taken away, so that nothing is lost and each is clean when it comes back.
func machineHalt(k *Kernel, c *Call, _ None) (None, error) {
	if c.PID != 1 {
		return None{}, syscall.EPERM
	}
	for try := 0; try < 50 && k.killOthers(); try++ {
		k.Unlocked(func() { time.Sleep(4 * time.Millisecond) })
	}
	for i := len(k.disks.mounts) - 1; i >= 0; i-- {
		m := k.disks.mounts[i]
		if m.On == "/" || m.On == "/dev" {
			continue
		}
		if unix.Unmount(m.On, 0) != nil {
			unix.Unmount(m.On, unix.MNT_DETACH)
		}
	}
	k.disks.mounts = k.disks.mounts[:1]
	for _, p := range k.pools.all {
		p.sync()
		p.detach(k)
	}
	for len(k.disks.ciphers) > 0 {
		k.disks.dropCipher(k.disks.ciphers[0])
	}
	for _, unit := range k.disks.units {
		unit.device.Sync()
	}
	return None{}, nil
}

// killOthers kills what isn't part of the machine itself, and says whether there was anything.
func (k *Kernel) killOthers() (some bool) {
	own := map[int]bool{1: true, os.Getpid(): true}
	for _, c := range k.disks.ciphers {
		own[c.served.worker.Process.Pid] = true
	}
	for _, p := range k.processes() {
		if !own[p.PID] && p.State != "Z" {
			some = unix.Kill(p.PID, unix.SIGKILL) == nil || some
		}
	}
	return some
}
