package programs

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"standin/kernel"
)

// umount follows umount(8) and sbin/umount/umount.c.
func init() { Register(umount, "umount") }

const umountUsage = `usage: umount [-dfNnv] special ... | node ... | fsid ...
       umount -a | -A [-F fstab] [-fnv] [-h host] [-t type]
`

type unmounting struct {
	p              *Process
	force, verbose bool
	types          string
}

func umount(p *Process) int {
	u := &unmounting{p: p}
	table, all, every := "", false, false
	found, rest, ok := p.options("AaF:fh:Nnt:vd")
	for _, o := range found {
		switch o.Letter {
		case 'A':
			every = true
		case 'a':
			all = true
		case 'F':
			table = o.Value
		case 'f':
			u.force = true
		case 't':
			u.types = o.Value
		case 'v':
			u.verbose = true
		}
	}
	if !ok || ((all || every) && len(rest) > 0) || (!all && !every && len(rest) == 0) {
		return p.Usage(1, umountUsage)
	}
	status := 0
	switch {
	case every:
		list := p.mounts()
		for i := len(list) - 1; i >= 0; i-- {
			if list[i].On != "/" && typeListed(u.types, list[i].Type) {
				status |= u.unmount(list[i])
			}
		}
	case all:
		entries := p.readFstab(table)
		for i := len(entries) - 1; i >= 0; i-- {
			status |= u.entry(entries[i])
		}
	default:
		for _, name := range rest {
			status |= u.named(name)
		}
	}
	return status
}

// entry is one turn of umountall: what isn't mounted is passed over.
func (u *unmounting) entry(e fstabEntry) int {
	if e.file == "/" || e.kind == "swap" || e.has("xx") || !typeListed(u.types, e.kind) {
		return 0
	}
	for _, fs := range u.p.mounts() {
		if fs.On == resolved(e.file) {
			return u.named(e.file)
		}
	}
	return 0
}

// named is checkname of umount.c: by the kernel's list first, then by what lies at the path.
func (u *unmounting) named(name string) int {
	p := u.p
	if trimmed := strings.TrimRight(name, "/"); trimmed != "" && p.mountedAt(name) == nil {
		name = trimmed
	}
	fs := p.mountedAt(name)
	if fs == nil {
		full, err := filepath.EvalSymlinks(name)
		if err != nil {
			return p.Err(1, err, "%s: statfs", name)
		}
		st, err := os.Stat(full)
		if err != nil {
			return p.Err(1, err, "%s: stat", name)
		}
		if full, err = filepath.Abs(full); err == nil {
			fs = p.mountedAt(full)
		}
		if fs == nil || fs.On != full {
			if st.IsDir() {
				return p.Errx(1, "%s: not a file system root directory", name)
			}
			return p.Errx(1, "%s: unknown file system", name)
		}
	}
	if !typeListed(u.types, fs.Type) {
		return 1
	}
	return u.unmount(*fs)
}

func (u *unmounting) unmount(fs kernel.FileSystem) int {
	p := u.p
	err := p.Call("mount.unmount", kernel.UnmountRequest{ID: fs.ID, Force: u.force}, nil)
	if err != nil {
		if err == syscall.EBUSY && u.force && fs.On == "/" {
			err = syscall.EINVAL
		}
		return p.Err(1, err, "unmount of %s failed", fs.On)
	}
	if u.verbose {
		p.Printf("%s: unmount from %s\n", fs.From, fs.On)
	}
	return 0
}
