package programs

import (
	"bytes"
	"os"
	"path"

	"golang.org/x/sys/unix"
)

// install(1), usr.bin/xinstall/xinstall.c.
func init() { Register(install, "install") }

const installUsage = `usage: install [-bCcpSsUv] [-f flags] [-g group] [-m mode] [-o owner]
               [-M log] [-D dest] [-h hash] [-T tags]
               [-B suffix] [-l linkflags] [-N dbdir]
               file1 file2
       install [-bCcpSsUv] [-f flags] [-g group] [-m mode] [-o owner]
               [-M log] [-D dest] [-h hash] [-T tags]
               [-B suffix] [-l linkflags] [-N dbdir]
               file1 ... fileN directory
       install -dU [-vU] [-g group] [-m mode] [-N dbdir] [-o owner]
               [-M log] [-D dest] [-h hash] [-T tags]
               directory ...
`

type installing struct {
	p *Process

	backup, compare, dirs, keepTimes, verbose bool

	suffix, flags, link, dest string
	uid, gid                  int
	mode                      modeChange
	status                    int
}

func install(p *Process) int {
	n := &installing{p: p, suffix: ".old", uid: -1, gid: -1}
	opts, args, ok := p.options("B:bCcD:df:g:h:l:M:m:N:o:pSsT:Uv")
	if !ok {
		return p.Usage(64, installUsage)
	}
	for _, o := range opts {
		if status := n.take(o); status != 0 {
			return status
		}
	}
	if len(args) == 0 {
		return p.Usage(64, installUsage)
	}
	if n.dirs {
		for _, dir := range args {
			n.dir(dir)
		}
		return n.status
	}
	if len(args) < 2 {
		return p.Usage(64, installUsage)
	}
	target := args[len(args)-1]
	st, err := stat(target)
	switch {
	case err == nil && isDir(&st):
		for _, source := range args[:len(args)-1] {
			n.file(source, join(target, path.Base(source)))
		}
	case len(args) > 2:
		if err == nil {
			err = unix.ENOTDIR
		}
		if n.link != "" {
			return p.Usage(64, installUsage)
		}
		return p.Usage(64, installUsage)
	default:
		n.file(args[0], target)
	}
	return n.status
}

func (n *installing) take(o Option) int {
	switch o.Letter {
	case 'B':
		n.suffix, n.backup = o.Value, true
	case 'b':
		n.backup = true
	case 'C':
		n.compare = true
	case 'D':
		n.dest = o.Value
	case 'd':
		n.dirs = true
	case 'f':
		if _, _, bad := parseFlags(o.Value); bad != "" {
			return n.p.Errx(64, "%s: invalid flag", o.Value)
		}
		n.flags = o.Value
	case 'g', 'o':
		list, kind := groups, "group"
		if o.Letter == 'o' {
			list, kind = users, "user"
		}
		id, ok := list.number(o.Value)
		if !ok {
			return n.p.Errx(1, "unknown %s %s", kind, o.Value)
		}
		if o.Letter == 'o' {
			n.uid = int(id)
		} else {
			n.gid = int(id)
		}
	case 'l':
		n.link = o.Value
	case 'm':
		change, ok := parseMode(o.Value, 0)
		if !ok {
			return n.p.Errx(64, "invalid file mode: %s", o.Value)
		}
		n.mode = change
	case 'p':
		n.keepTimes = true
	case 'v':
		n.verbose = true
	}
	return 0
}

func (n *installing) fail(err error, format string, args ...any) {
	n.p.Stdout.Flush()
	n.p.Warn(err, format, args...)
	n.status = 71
	n.p.Exit(71)
}

func (n *installing) bits(base uint32) uint32 {
	if n.mode == nil {
		return base
	}
	return n.mode(0) & 07777
}

func (n *installing) dir(name string) {
	for end := 1; end <= len(name); end++ {
		if end < len(name) && name[end] != '/' {
			continue
		}
		part := name[:end]
		st, err := stat(part)
		if err == unix.ENOENT {
			if err := unix.Mkdir(part, 0755); err != nil && err != unix.EEXIST {
				n.fail(err, "mkdir %s", part)
			}
			if n.verbose {
				n.p.Printf("install: mkdir %s\n", part)
			}
		} else if err == nil && !isDir(&st) {
			n.p.Exit(n.p.Errx(1, "%s exists but is not a directory", part))
		}
	}
	if (n.uid >= 0 || n.gid >= 0) && unix.Chown(name, n.uid, n.gid) != nil {
		n.p.Warn(unix.EPERM, "chown %d:%d %s", n.uid, n.gid, name)
	}
	if err := unix.Chmod(name, n.bits(0755)); err != nil {
		n.p.Warn(err, "chmod %o %s", n.bits(0755), name)
	}
}

func (n *installing) file(from, to string) {
	data, err := os.ReadFile(from)
	if err != nil {
		if st, statErr := stat(from); statErr == nil && isDir(&st) {
			n.p.Exit(n.p.Errx(64, "%s: %s", from, errorText(unix.EISDIR)))
		}
		n.fail(err, "%s", from)
	}
	if n.link != "" {
		n.makeLink(from, to)
		return
	}
	old, oldErr := os.ReadFile(to)
	same := n.compare && oldErr == nil && bytes.Equal(old, data)
	if !same {
		if oldErr == nil && n.backup {
			os.Rename(to, to+n.suffix)
		}
		if flags := fileFlags(to, true); oldErr == nil && flags&(sfImmutable|sfAppend|ufImmutable|ufAppend) != 0 {
			setFileFlags(to, flags&^(sfImmutable|sfAppend|ufImmutable|ufAppend))
		}
		if n.verbose {
			n.p.Printf("install: %s -> %s\n", from, to)
		}
		n.write(to, data)
	}
	n.finish(from, to)
}

func (n *installing) makeLink(from, to string) {
	os.Remove(to)
	make := os.Symlink
	if n.link[0] == 'h' {
		make = os.Link
	}
	if err := make(from, to); err != nil {
		n.fail(err, "symlink %s -> %s", from, to)
	}
}

// write makes the file beside and renames it, as -S does; without -S nobody can tell.
func (n *installing) write(to string, data []byte) {
	temp, err := makeTemp(path.Dir(to)+"/INS@XXXXXX", false)
	if err == nil {
		err = os.WriteFile(temp, data, 0600)
	}
	if err == nil {
		err = os.Rename(temp, to)
	}
	if err != nil {
		os.Remove(temp)
		n.fail(err, "%s", to)
	}
}

func (n *installing) finish(from, to string) {
	if n.uid >= 0 || n.gid >= 0 {
		if err := unix.Chown(to, n.uid, n.gid); err != nil {
			n.fail(err, "%s: chown/chgrp", to)
		}
	}
	if err := unix.Chmod(to, n.bits(0755)); err != nil {
		n.fail(err, "%s: chmod", to)
	}
	if n.keepTimes {
		if st, err := stat(from); err == nil {
			unix.UtimesNanoAt(unix.AT_FDCWD, to, []unix.Timespec{st.Atim, st.Mtim}, 0)
		}
	}
	if n.flags != "" {
		set, clear, _ := parseFlags(n.flags)
		if err := setFileFlags(to, (fileFlags(to, true)|set)&^clear); err != nil && err != unix.EOPNOTSUPP {
			n.p.Warn(err, "%s: chflags", to)
		}
	}
}
