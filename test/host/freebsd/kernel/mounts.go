package kernel

import (
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// disks is the state of mounts, memory disks and what lies on them.
type disks struct {
	mounts  []*Mount // in the order in which they were mounted
	nextID  int
	units   []*memoryDisk
	ciphers []*cipherDisk
	inPool  func(disk string) bool // whether a pool of ZFS has it
}

// Mount flags of sys/mount.h.
const (
	MntReadOnly    = 0x1
	MntSynchronous = 0x2
	MntNoExec      = 0x4
	MntNoSuid      = 0x8
	MntNFS4ACLs    = 0x10
	MntUnion       = 0x20
	MntAsync       = 0x40
	MntLocal       = 0x1000
	MntUpdate      = 0x10000
	MntForce       = 0x80000
	MntSoftDep     = 0x200000
	MntNoSymFollow = 0x400000
	MntNoATime     = 0x10000000

	mntFromLower = MntLocal | MntSoftDep | MntNFS4ACLs // what nullfs takes over from the file system below
)

// Mount is one line of the kernel's list of mounts (struct mount of sys/mount.h).
type Mount struct {
	ID    int
	Type  string
	From  string
	On    string // as the host sees it
	Flags uint64
	disk  string // the device below a ufs: "md0", "md0.eli"
	ufs   *ufs
}

func init() {
	OnBoot(func(k *Kernel) {
		k.disks.add(&Mount{Type: "ufs", From: "/dev/gpt/rootfs", On: "/", Flags: MntLocal | MntSoftDep})
		k.disks.add(&Mount{Type: "devfs", From: "devfs", On: "/dev"})
	})
	Handle("mount.mount", mountFS)
	Handle("mount.unmount", unmountFS)
	Handle("mount.list", listFS)
	Handle("mount.of", fsOf)
}

func (d *disks) add(m *Mount) {
	d.nextID++
	m.ID = d.nextID
	d.mounts = append(d.mounts, m)
}

func (d *disks) remove(m *Mount) {
	for i, other := range d.mounts {
		if other == m {
			d.mounts = append(d.mounts[:i:i], d.mounts[i+1:]...)
			return
		}
	}
}

// containing is the mount that a path of the host lies on; of two on one folder the later one.
func (d *disks) containing(file string) *Mount {
	var best *Mount
	for _, m := range d.mounts {
		if within(file, m.On) && (best == nil || len(m.On) >= len(best.On)) {
			best = m
		}
	}
	return best
}

// within says whether a path is a folder or below it.
func within(file, dir string) bool {
	return dir == "/" || file == dir || strings.HasPrefix(file, dir+"/")
}

// onDisk are the file systems on a device.
func (d *disks) onDisk(disk string) (on []*Mount) {
	for _, m := range d.mounts {
		if m.disk == disk {
			on = append(on, m)
		}
	}
	return on
}

// hostPath is where an open file lies, as the host sees it.
func hostPath(f *os.File) (string, error) {
	name, err := os.Readlink(FDPath(f))
	return strings.TrimSuffix(name, " (deleted)"), err
}

// UnmountRequest is unmount(2), by the number of the mount.
type UnmountRequest struct {
	ID    int
	Force bool
}

func unmountFS(k *Kernel, c *Call, req UnmountRequest) (None, error) {
	var m *Mount
	for _, other := range k.disks.mounts {
		if other.ID == req.ID {
			m = other
		}
	}
	if m == nil {
		return None{}, syscall.EINVAL
	}
	if c.Jail != nil && (!within(m.On, c.Jail.Path) || !c.Jail.mayMount(m.Type)) {
		return None{}, syscall.EPERM
	}
	if m.On == "/" || (!req.Force && k.rootOfJail(m)) {
		return None{}, syscall.EBUSY
	}
	flags := 0
	if req.Force {
		flags = unix.MNT_DETACH
	}
	if err := unix.Unmount(m.On, flags); err != nil {
		return None{}, err
	}
	k.disks.remove(m)
	if m.ufs != nil {
		m.ufs.close()
		if m.Flags&MntReadOnly == 0 {
			k.disks.written(m.disk)
		}
	}
	return None{}, nil
}

// rootOfJail says whether a jail's root lies on a file system: the jail holds it, with and without processes.
func (k *Kernel) rootOfJail(m *Mount) bool {
	for _, j := range k.jails.all {
		if k.disks.containing(j.Path) == m {
			return true
		}
	}
	return false
}
