package programs

import (
	"bufio"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// cp(1), bin/cp/cp.c.
func init() { Register(cp, "cp") }

const cpUsage = `usage: cp [-R [-H | -L | -P]] [-f | -i | -n] [-alpsvx] source_file target_file
       cp [-R [-H | -L | -P]] [-f | -i | -n] [-alpsvx] source_file ... target_directory
`

type copying struct {
	p *Process

	recursive, force, ask, keepOld, preserve, verbose, hard, symbolic, oneDev bool
	followTop, followAll                                                      bool

	mask    uint32
	answers *bufio.Reader
	status  int
}

func cp(p *Process) int {
	c := &copying{p: p, mask: umask()}
	opts, args, ok := p.options("HLPRafilnprsvx")
	if !ok {
		return p.Usage(64, cpUsage)
	}
	oldRecursive := c.take(opts)
	switch {
	case len(args) < 2:
		return p.Usage(64, cpUsage)
	case c.recursive && oldRecursive:
		return p.Errx(1, "the -R and -r options may not be specified together")
	case c.hard && c.symbolic:
		return p.Errx(1, "the -l and -s options may not be specified together")
	}
	if oldRecursive {
		c.recursive = true
	} else if !c.recursive {
		c.followTop, c.followAll = true, true
	}
	target := args[len(args)-1]
	slash := len(target) > 1 && strings.HasSuffix(target, "/")
	target = trimSlashes(target)
	into, newDir, status := c.target(args[:len(args)-1], target, slash)
	if status != 0 {
		return status
	}
	for _, source := range args[:len(args)-1] {
		source = trimSlashes(source)
		to := target
		if into {
			to = join(target, lastName(source))
		}
		c.entry(source, to, mountOf(source), true, newDir)
	}
	return c.status
}

func (c *copying) take(opts []Option) (oldRecursive bool) {
	for _, o := range opts {
		switch o.Letter {
		case 'H':
			c.followTop, c.followAll = true, false
		case 'L':
			c.followTop, c.followAll = true, true
		case 'P':
			c.followTop, c.followAll = false, false
		case 'R':
			c.recursive = true
		case 'a':
			c.preserve, c.recursive, c.followTop, c.followAll = true, true, false, false
		case 'f':
			c.force, c.ask, c.keepOld = true, false, false
		case 'i':
			c.force, c.ask, c.keepOld = false, true, false
		case 'l':
			c.hard = true
		case 'n':
			c.force, c.ask, c.keepOld = false, false, true
		case 'p':
			c.preserve = true
		case 'r':
			oldRecursive, c.followTop, c.followAll = true, true, true
		case 's':
			c.symbolic = true
		case 'v':
			c.verbose = true
		case 'x':
			c.oneDev = true
		}
	}
	return oldRecursive
}

// target says whether the sources go into an existing folder.
func (c *copying) target(sources []string, target string, slash bool) (into, newDir bool, status int) {
	st, err := stat(target)
	if err != nil && err != unix.ENOENT {
		return false, false, c.p.Err(1, err, "%s", target)
	}
	if err == nil && isDir(&st) {
		return true, false, 0
	}
	if len(sources) > 1 {
		return false, false, c.p.Errx(1, "%s is not a directory", target)
	}
	if err != nil {
		look := lstat
		if c.recursive && c.followTop {
			look = stat
		}
		if from, lookErr := look(trimSlashes(sources[0])); lookErr == nil && isDir(&from) && c.recursive {
			return false, true, 0
		}
	}
	if slash {
		if err != nil {
			return false, false, c.p.Errx(1, "directory %s does not exist", target)
		}
		return false, false, c.p.Errx(1, "%s is not a directory", target)
	}
	return false, false, 0
}

func trimSlashes(name string) string {
	for len(name) > 1 && strings.HasSuffix(name, "/") {
		name = name[:len(name)-1]
	}
	return name
}

// lastName is what a source is called in the target folder; "dir/." and "." stand for their contents.
func lastName(source string) string {
	return source[strings.LastIndexByte(source, '/')+1:]
}

func (c *copying) warn(err error, name string) {
	c.p.Stdout.Flush()
	c.p.Warn(err, "%s", name)
	c.status = 1
}

func (c *copying) warnx(format string, args ...any) {
	c.p.Stdout.Flush()
	c.p.Warnx(format, args...)
	c.status = 1
}

func (c *copying) look(name string, top bool) (st unix.Stat_t, err error) {
	if c.followAll || (top && c.followTop) {
		if st, err = stat(name); err == nil {
			return st, nil
		}
	}
	return lstat(name)
}

func (c *copying) entry(from, to string, mount uint64, top, newDir bool) {
	st, err := c.look(from, top)
	if err != nil {
		c.warn(err, from)
		return
	}
	there, err := stat(to)
	exists := err == nil
	if exists {
		if there.Dev == st.Dev && there.Ino == st.Ino {
			c.warnx("%s and %s are identical (not copied).", to, from)
			return
		}
		if !isDir(&st) && isDir(&there) {
			c.warnx("cannot overwrite directory %s with non-directory %s", to, from)
			return
		}
	}
	ok := false
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFLNK:
		if c.followAll || (top && c.followTop) {
			ok = c.file(from, to, &st, exists)
		} else {
			ok = c.link(from, to, &st)
		}
	case unix.S_IFDIR:
		c.dir(from, to, &st, exists, &there, mount)
		return
	case unix.S_IFSOCK:
		c.warnx("%s is a socket (not copied).", from)
	case unix.S_IFBLK, unix.S_IFCHR, unix.S_IFIFO:
		if c.recursive {
			ok = c.node(from, to, &st, exists)
		} else {
			ok = c.file(from, to, &st, exists)
		}
	default:
		ok = c.file(from, to, &st, exists)
	}
	if c.verbose && ok {
		c.p.Printf("%s -> %s\n", from, to)
	}
}

func (c *copying) dir(from, to string, st *unix.Stat_t, exists bool, there *unix.Stat_t, mount uint64) {
	if !c.recursive {
		c.warnx("%s is a directory (not copied).", from)
		return
	}
	if !exists {
		if err := unix.Mkdir(to, st.Mode&07777|0700); err != nil {
			c.warn(err, to)
			c.p.Exit(1)
		}
		*there, _ = stat(to)
	} else if !isDir(there) {
		c.warn(unix.ENOTDIR, to)
		c.p.Exit(1)
	}
	if c.verbose {
		c.p.Printf("%s -> %s\n", from, to)
	}
	if !c.oneDev || mountOf(from) == mount {
		list, err := namesAsMade(from)
		if err != nil {
			c.warn(err, from)
		}
		for _, name := range list {
			below := join(from, name)
			if st, err := lstat(below); err == nil && st.Dev == there.Dev && st.Ino == there.Ino {
				continue // the target lies below the source
			}
			c.entry(below, join(to, name), mount, false, false)
		}
	}
	switch mode := st.Mode & 07777; {
	case c.preserve:
		c.attributes(from, to, st)
	case !exists && (mode&07000 != 0 || (mode|0700)&^c.mask != mode&^c.mask):
		unix.Chmod(to, mode&^c.mask)
	}
}

func (c *copying) node(from, to string, st *unix.Stat_t, exists bool) bool {
	if exists {
		if c.keepOld {
			return false
		}
		if err := unix.Unlink(to); err != nil {
			c.warn(err, to)
			return false
		}
	}
	if err := unix.Mknod(to, st.Mode, int(st.Rdev)); err != nil {
		c.warn(err, to)
		return false
	}
	if c.preserve {
		c.attributes(from, to, st)
	}
	return true
}

func (c *copying) link(from, to string, st *unix.Stat_t) bool {
	if _, err := lstat(to); err == nil {
		if c.keepOld {
			return false
		}
		if err := unix.Unlink(to); err != nil {
			c.warn(err, to)
			return false
		}
	}
	text, err := os.Readlink(from)
	if err != nil {
		c.warnx("readlink: %s: %s", from, errorText(err))
		return false
	}
	if err := unix.Symlink(text, to); err != nil {
		c.warn(err, to)
		return false
	}
	if c.preserve {
		c.attributes(from, to, st)
	}
	return true
}
