package kernel

import (
	"os"
	"path"
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
}

// Mount flags of sys/mount.h.
const (
	MntReadOnly    = 0x1
	MntSynchronous = 0x2
	MntNoExec      = 0x4
	MntNoSuid      = 0x8
	MntUnion       = 0x20
	MntAsync       = 0x40
	MntLocal       = 0x1000
	MntUpdate      = 0x10000
	MntForce       = 0x80000
	MntSoftDep     = 0x200000
	MntNoSymFollow = 0x400000
	MntACLs        = 0x8000000
	MntNoATime     = 0x10000000

	mntFromLower = MntLocal | MntSoftDep | MntACLs // what nullfs takes over from the file system below
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

// MountRequest is nmount(2). The first descriptor is the folder to mount on, the second nullfs's lower folder.
type MountRequest struct {
	Type    string
	From    string
	Options map[string]string
	Flags   uint64
}

func mountFS(k *Kernel, c *Call, req MountRequest) (None, error) {
	if len(c.In) == 0 {
		return None{}, syscall.EINVAL
	}
	if !c.Jail.mayMount(req.Type) {
		return None{}, syscall.EPERM
	}
	on, err := hostPath(c.In[0])
	if err != nil {
		return None{}, err
	}
	if req.Flags&MntUpdate != 0 {
		return None{}, k.updateMount(on, req.Flags)
	}
	if c.Jail == nil {
		k.autoload(req.Type)
	}
	m := &Mount{Type: req.Type, From: req.Type, On: on, Flags: req.Flags}
	switch req.Type {
	case "nullfs":
		err = k.mountNullfs(m, c.In)
	case "devfs":
		err = k.mountDevfs(m, c.In[0], req.Options["ruleset"])
	case "tmpfs", "fdescfs", "procfs", "linprocfs", "linsysfs":
		err = k.mountMemory(m, c.In[0], req.Options)
	case "ufs":
		err = k.mountUFS(m, c.In[0], req.From)
	case "zfs":
		err = syscall.EINVAL
	default:
		err = syscall.ENODEV
	}
	if err != nil {
		return None{}, err
	}
	k.disks.add(m)
	return None{}, nil
}

func linuxFlags(flags uint64) (out uintptr) {
	for _, pair := range [][2]uint64{
		{MntReadOnly, unix.MS_RDONLY}, {MntNoExec, unix.MS_NOEXEC}, {MntNoSuid, unix.MS_NOSUID},
		{MntNoATime, unix.MS_NOATIME}, {MntSynchronous, unix.MS_SYNCHRONOUS},
	} {
		if flags&pair[0] != 0 {
			out |= uintptr(pair[1])
		}
	}
	return out
}

// mountNullfs follows sys/fs/nullfs/null_vfsops.c: a folder over which the same lower folder lies already is refused.
func (k *Kernel) mountNullfs(m *Mount, in []*os.File) error {
	if len(in) < 2 {
		return syscall.EINVAL
	}
	lower, err := hostPath(in[1])
	if err != nil {
		return err
	}
	if k.disks.lowest(m.On) == k.disks.lowest(lower) && k.disks.containing(m.On).Type == "nullfs" {
		return syscall.EDEADLK
	}
	if err := unix.Mount(FDPath(in[1]), FDPath(in[0]), "", unix.MS_BIND, ""); err != nil {
		return err
	}
	below := k.disks.containing(lower)
	m.From = lower
	m.Flags |= below.Flags & (mntFromLower | MntReadOnly)
	if flags := linuxFlags(m.Flags); flags != 0 {
		if err := unix.Mount("", m.On, "", unix.MS_REMOUNT|unix.MS_BIND|flags, ""); err != nil {
			unix.Unmount(m.On, 0)
			return err
		}
	}
	return nil
}

// lowest follows a path through nullfs mounts down to where its file really lies.
func (d *disks) lowest(file string) string {
	for i := 0; i < 16; i++ {
		m := d.containing(file)
		if m == nil || m.Type != "nullfs" {
			break
		}
		file = path.Join(m.From, strings.TrimPrefix(file, m.On))
	}
	return file
}

func (k *Kernel) mountDevfs(m *Mount, dir *os.File, ruleset string) error {
	number := 0
	for _, r := range ruleset {
		if r < '0' || r > '9' {
			return syscall.EINVAL
		}
		number = number*10 + int(r-'0')
	}
	if err := unix.Mount("devfs", FDPath(dir), "tmpfs", linuxFlags(m.Flags), "mode=555,size=256k"); err != nil {
		return err
	}
	fresh, err := os.Open(m.On)
	if err == nil {
		err = k.populateDevfs(fresh, number)
		fresh.Close()
	}
	if err != nil {
		unix.Unmount(m.On, unix.MNT_DETACH)
	}
	return err
}

// mountMemory mounts what lives in memory. procfs, linprocfs, linsysfs and fdescfs are there but empty: nothing of Linux's shows.
func (k *Kernel) mountMemory(m *Mount, dir *os.File, options map[string]string) error {
	data := "mode=555,size=64k"
	m.Flags |= MntLocal
	switch m.Type {
	case "tmpfs":
		var st unix.Stat_t
		if err := unix.Fstatat(int(dir.Fd()), "", &st, unix.AT_EMPTY_PATH); err != nil {
			return err
		}
		data = tmpfsOptions(st, options)
	case "fdescfs":
		m.Flags &^= MntLocal
	}
	return unix.Mount(m.Type, FDPath(dir), "tmpfs", linuxFlags(m.Flags), data)
}

// tmpfsOptions are Linux's: by default the new root is as the folder below it, as on FreeBSD.
func tmpfsOptions(st unix.Stat_t, options map[string]string) string {
	data := ""
	add := func(linux, value, otherwise string) {
		if value == "" {
			value = otherwise
		}
		if value != "" {
			data += "," + linux + "=" + value
		}
	}
	add("mode", options["mode"], octal(st.Mode&07777))
	add("uid", options["uid"], decimal(st.Uid))
	add("gid", options["gid"], decimal(st.Gid))
	for _, limit := range [][2]string{{"size", options["size"]}, {"nr_inodes", options["inodes"]}} {
		if limit[1] != "0" {
			add(limit[0], limit[1], "")
		}
	}
	return data[1:]
}

// updateMount is mount -u: only flags change.
func (k *Kernel) updateMount(on string, flags uint64) error {
	m := k.disks.containing(on)
	if m == nil || m.On != on {
		return syscall.EINVAL
	}
	how := uintptr(unix.MS_REMOUNT)
	if m.Type == "nullfs" {
		how |= unix.MS_BIND
	}
	if err := unix.Mount("", on, "", how|linuxFlags(flags), ""); err != nil {
		return err
	}
	const settable = MntReadOnly | MntNoExec | MntNoSuid | MntNoATime | MntSynchronous | MntAsync | MntUnion | MntNoSymFollow
	m.Flags = m.Flags&^settable | flags&settable
	return nil
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
