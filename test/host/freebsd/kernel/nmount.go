package kernel

import (
	"os"
	"path"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

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
