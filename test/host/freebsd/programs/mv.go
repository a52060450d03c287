package programs

import (
	"bufio"
	"strings"

	"golang.org/x/sys/unix"
)

// mv(1), bin/mv/mv.c.
func init() { Register(mv, "mv") }

const mvUsage = "usage: mv [-f | -i | -n] [-hv] source target\n       mv [-f | -i | -n] [-v] source ... directory\n"

type moving struct {
	p                                      *Process
	force, ask, keepOld, noFollow, verbose bool
	answers                                *bufio.Reader
}

func mv(p *Process) int {
	m := &moving{p: p}
	opts, args, ok := p.options("fhinv")
	if !ok {
		return p.Usage(64, mvUsage)
	}
	for _, o := range opts {
		switch o.Letter {
		case 'f':
			m.force, m.ask, m.keepOld = true, false, false
		case 'h':
			m.noFollow = true
		case 'i':
			m.force, m.ask, m.keepOld = false, true, false
		case 'n':
			m.force, m.ask, m.keepOld = false, false, true
		case 'v':
			m.verbose = true
		}
	}
	if len(args) < 2 {
		return p.Usage(64, mvUsage)
	}
	target := args[len(args)-1]
	st, err := stat(target)
	if lst, lerr := lstat(target); err != nil || !isDir(&st) || (m.noFollow && lerr == nil && isLink(&lst)) {
		if len(args) > 2 {
			return p.Usage(64, mvUsage)
		}
		return m.one(args[0], target)
	}
	status := 0
	for _, source := range args[:len(args)-1] {
		source = trimSlashes(source)
		status |= m.one(source, join(target, lastName(source)))
	}
	return status
}

func (m *moving) one(from, to string) int {
	there, err := lstat(to)
	if !m.force && err == nil {
		if _, err := lstat(from); err != nil {
			m.p.Warn(err, "%s", from)
			return 1
		}
		if m.keepOld {
			if m.verbose {
				m.p.Printf("%s not overwritten\n", to)
			}
			return 0
		}
		if m.ask && !m.agreed("overwrite "+to+"? (y/n [n]) ") {
			m.p.Errorf("not overwritten\n")
			return 0
		}
	}
	err = unix.Rename(from, to)
	if err == unix.EXDEV {
		return m.across(from, to)
	}
	if err == unix.EEXIST {
		err = unix.ENOTEMPTY // Linux may say either
	}
	_ = there
	if err != nil {
		m.p.Warnx("rename %s to %s: %s", from, to, errorText(err))
		return 1
	}
	if m.verbose {
		m.p.Printf("%s -> %s\n", from, to)
	}
	return 0
}

func (m *moving) agreed(question string) bool {
	if m.answers == nil {
		m.answers = bufio.NewReader(m.p.Stdin)
	}
	m.p.Stdout.Flush()
	m.p.Errorf("%s", question)
	answer, _ := m.answers.ReadString('\n')
	return strings.HasPrefix(answer, "y") || strings.HasPrefix(answer, "Y")
}

// across moves between file systems: a copy with everything that can be kept, then a removal.
func (m *moving) across(from, to string) int {
	st, err := lstat(from)
	if err != nil {
		m.p.Warn(err, "%s", from)
		return 1
	}
	if isMountPoint(from) {
		m.p.Warnx("cannot rename a mount point")
		return 1
	}
	if there, err := lstat(to); err == nil {
		remove := unix.Unlink
		if isDir(&there) {
			remove = unix.Rmdir
		}
		if err := remove(to); err != nil {
			m.p.Warn(err, "%s", to)
			return 1
		}
	}
	c := &copying{p: m.p, recursive: true, preserve: true, mask: umask(), verbose: m.verbose && !isDir(&st)}
	c.entry(from, to, mountOf(from), true, true)
	if c.status != 0 {
		return c.status
	}
	r := &removing{p: m.p, force: true}
	r.tree(from, mountOf(from), true)
	return r.status
}

// isMountPoint tells if a file system is mounted at a folder.
func isMountPoint(name string) bool {
	st, err := lstat(name)
	return err == nil && isDir(&st) && mountOf(name) != mountOf(join(name, ".."))
}
