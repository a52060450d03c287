package programs

import (
	"bufio"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// ln(1) and link(1), bin/ln/ln.c.
func init() { Register(ln, "ln", "link") }

const lnUsage = `usage: ln [-s [-F] | -L | -P] [-f | -i] [-hnv] source_file [target_file]
       ln [-s [-F] | -L | -P] [-f | -i] [-hnv] source_file ... target_dir
       link source_file target_file
`

type linking struct {
	force, replaceDir, noFollow, ask, symbolic, physical, verbose, warnMissing bool
}

func ln(p *Process) int {
	if p.Name == "link" {
		return link(p)
	}
	opts, args, ok := p.options("FLPfhinsvw")
	if !ok || len(args) == 0 {
		return p.Usage(1, lnUsage)
	}
	l := &linking{}
	for _, o := range opts {
		switch o.Letter {
		case 'F':
			l.replaceDir = true
		case 'L':
			l.physical = false
		case 'P':
			l.physical = true
		case 'f':
			l.force, l.ask, l.warnMissing = true, false, false
		case 'h', 'n':
			l.noFollow = true
		case 'i':
			l.ask, l.force = true, false
		case 's':
			l.symbolic = true
		case 'v':
			l.verbose = true
		case 'w':
			l.warnMissing = true
		}
	}
	switch {
	case len(args) == 1:
		return l.one(p, args[0], ".", true)
	case len(args) == 2:
		return l.one(p, args[0], args[1], false)
	}
	dir := args[len(args)-1]
	st, err := stat(dir)
	if lst, lerr := lstat(dir); l.noFollow && lerr == nil && isLink(&lst) {
		return p.Err(1, unix.ENOTDIR, "%s", dir)
	}
	if err != nil {
		return p.Err(1, err, "%s", dir)
	}
	if !isDir(&st) {
		return p.Usage(1, lnUsage)
	}
	status := 0
	for _, source := range args[:len(args)-1] {
		status |= l.one(p, source, dir, true)
	}
	return status
}

func link(p *Process) int {
	_, args, ok := p.options("")
	if !ok || len(args) != 2 {
		return p.Usage(1, lnUsage)
	}
	if _, err := lstat(args[1]); err == nil {
		return p.Err(1, unix.EEXIST, "%s", args[1])
	}
	return (&linking{}).one(p, args[0], args[1], false)
}

func (l *linking) one(p *Process, source, target string, inDir bool) int {
	if !l.symbolic {
		look := stat
		if l.physical {
			look = lstat
		}
		st, err := look(source)
		if err == nil && isDir(&st) {
			err = unix.EISDIR
		}
		if err != nil {
			p.Warn(err, "%s", source)
			return 1
		}
	}
	if !inDir {
		here, lerr := lstat(target)
		there, serr := stat(target)
		inDir = (lerr == nil && isDir(&here)) || (!l.noFollow && serr == nil && isDir(&there))
	}
	if inDir && !(l.replaceDir && target != ".") {
		target = join(target, path.Base(strings.TrimRight(source, "/")))
		if target[:2] == "./" {
			target = target[2:]
		}
	}
	if st, err := lstat(target); err == nil {
		if status, done := l.replace(p, source, target, &st); done {
			return status
		}
	}
	if err := l.make(source, target); err != nil {
		p.Warn(err, "%s", target)
		return 1
	}
	if l.verbose {
		kind := "="
		if l.symbolic {
			kind = "-"
		}
		p.Printf("%s %s> %s\n", target, kind, source)
	}
	return 0
}

func (l *linking) make(source, target string) error {
	if l.symbolic {
		return unix.Symlink(source, target)
	}
	flags := unix.AT_SYMLINK_FOLLOW
	if l.physical {
		flags = 0
	}
	return unix.Linkat(unix.AT_FDCWD, source, unix.AT_FDCWD, target, flags)
}

// replace clears the way where something has the target's name, if it may.
func (l *linking) replace(p *Process, source, target string, there *unix.Stat_t) (status int, done bool) {
	if !l.symbolic {
		if st, err := stat(source); err == nil && st.Dev == there.Dev && st.Ino == there.Ino {
			p.Warnx("%s and %s are the same directory entry", source, target)
			return 1, true
		}
	}
	remove := unix.Unlink
	if l.replaceDir && isDir(there) {
		remove = unix.Rmdir
	}
	switch {
	case l.force:
	case l.ask:
		p.Stdout.Flush()
		p.Errorf("replace %s? ", target)
		answer, _ := bufio.NewReader(p.Stdin).ReadString('\n')
		if !strings.HasPrefix(answer, "y") && !strings.HasPrefix(answer, "Y") {
			p.Errorf("not replaced\n")
			return 1, true
		}
	default:
		return 0, false
	}
	if err := remove(target); err != nil {
		p.Warn(err, "%s", target)
		return 1, true
	}
	return 0, false
}
