package kernel

import (
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// FileSystem is struct statfs of sys/mount.h: a mount and its figures, in blocks of BlockSize.
type FileSystem struct {
	ID               int
	Type, From, On   string
	Flags            uint64
	BlockSize        int64
	Blocks, Free     int64
	Avail            int64 // below zero when the reserve is in use
	Files, FilesFree int64
}

func octal(v uint32) string   { return strconv.FormatUint(uint64(v), 8) }
func decimal(v uint32) string { return strconv.FormatUint(uint64(v), 10) }

// listFS is getfsstat(2): what the caller may see.
func listFS(k *Kernel, c *Call, _ None) ([]FileSystem, error) {
	var list []FileSystem
	for _, m := range k.disks.mounts {
		if on, ok := k.seenAs(c.Jail, m); ok {
			list = append(list, k.statfs(m, on))
		}
	}
	return list, nil
}

// fsOf is fstatfs(2) of the descriptor that came along.
func fsOf(k *Kernel, c *Call, _ None) (FileSystem, error) {
	if len(c.In) == 0 {
		return FileSystem{}, syscall.EBADF
	}
	file, err := hostPath(c.In[0])
	if err != nil {
		return FileSystem{}, err
	}
	m := k.disks.containing(file)
	if m == nil {
		return FileSystem{}, syscall.ENOENT
	}
	on, ok := k.seenAs(c.Jail, m)
	if !ok {
		// prison_enforce_statfs: the path of a file system outside of what the jail sees isn't told.
		on = m.On
		if c.Jail != nil {
			on = "/"
			if c.Jail.enforceStatfs() < 2 || m != k.disks.containing(c.Jail.Path) {
				on = "[restricted]"
			}
		}
	}
	return k.statfs(m, on), nil
}

// seenAs follows prison_canseemount and prison_enforce_statfs of sys/kern/kern_jail.c: where a caller sees a mount.
func (k *Kernel) seenAs(j *Jail, m *Mount) (on string, ok bool) {
	if j == nil || j.enforceStatfs() == 0 {
		return m.On, true
	}
	if k.disks.containing(j.Path) == m {
		return "/", true
	}
	if j.enforceStatfs() == 2 || !within(m.On, j.Path) {
		return "", false
	}
	if j.Path == "/" {
		return m.On, true
	}
	if on = strings.TrimPrefix(m.On, j.Path); on == "" {
		on = "/"
	}
	return on, true
}

func (k *Kernel) statfs(m *Mount, on string) FileSystem {
	fs := FileSystem{ID: m.ID, Type: m.Type, From: m.From, On: on, Flags: m.Flags, BlockSize: 512}
	switch m.Type {
	case "devfs", "fdescfs":
		fs.BlockSize, fs.Blocks = 512, 2
		if m.Type == "fdescfs" {
			fs.Files, fs.FilesFree = 7, 58000
		}
		return fs
	case "procfs", "linprocfs", "linsysfs":
		fs.BlockSize, fs.Blocks = 4096, 1
		return fs
	}
	var st unix.Statfs_t
	if unix.Statfs(m.On, &st) != nil {
		return fs
	}
	fs.BlockSize = st.Frsize
	if fs.BlockSize == 0 {
		fs.BlockSize = st.Bsize
	}
	fs.Blocks, fs.Free, fs.Avail = int64(st.Blocks), int64(st.Bfree), int64(st.Bavail)
	fs.Files, fs.FilesFree = int64(st.Files), int64(st.Ffree)
	if lower := k.disks.containing(k.disks.lowest(m.On)); lower != nil && lower.ufs != nil {
		lower.ufs.figures(&fs)
	}
	return fs
}
