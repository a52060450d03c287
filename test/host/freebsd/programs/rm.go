package programs

import (
	"bufio"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// rm(1) and unlink(1), bin/rm/rm.c.
func init() { Register(rm, "rm", "unlink") }

const rmUsage = "usage: rm [-f | -i] [-dIPRrvWx] file ...\n       unlink [--] file\n"

type removing struct {
	p                                            *Process
	force, ask, dirs, recursive, verbose, oneDev bool

	answers *bufio.Reader
	status  int
}

func rm(p *Process) int {
	r := &removing{p: p}
	if p.Name == "unlink" {
		return r.unlink()
	}
	opts, args, ok := p.options("dfiIPRrvWx")
	if !ok {
		return p.Usage(64, rmUsage)
	}
	for _, o := range opts {
		switch o.Letter {
		case 'd':
			r.dirs = true
		case 'f':
			r.force, r.ask = true, false
		case 'i':
			r.force, r.ask = false, true
		case 'R', 'r':
			r.recursive = true
		case 'v':
			r.verbose = true
		case 'x':
			r.oneDev = true
		}
	}
	if len(args) == 0 {
		if r.force {
			return 0
		}
		return p.Usage(64, rmUsage)
	}
	for _, arg := range r.allowed(args) {
		mount := mountOf(arg)
		if r.recursive {
			r.tree(arg, mount, true)
		} else {
			r.file(arg)
		}
	}
	return r.status
}

func (r *removing) unlink() int {
	_, args, ok := r.p.options("")
	if !ok || len(args) != 1 {
		return r.p.Usage(64, rmUsage)
	}
	st, err := lstat(args[0])
	if err == nil && isDir(&st) {
		return r.p.Errx(1, "%s: is a directory", args[0])
	}
	if err = unix.Unlink(args[0]); err != nil {
		return r.p.Err(1, err, "%s", args[0])
	}
	return 0
}

// allowed leaves out what rm never removes.
func (r *removing) allowed(args []string) (left []string) {
	for _, arg := range args {
		base := path.Base(strings.TrimRight(arg, "/"))
		switch {
		case strings.Trim(arg, "/") == "" && arg != "":
			r.p.Warnx("\"/\" may not be removed")
			r.status = 1
		case base == "." && arg != "" || base == "..":
			r.p.Warnx("\".\" and \"..\" may not be removed")
			r.status = 1
		default:
			left = append(left, arg)
		}
	}
	return left
}

func (r *removing) warn(err error, name string) {
	if r.force && err == unix.ENOENT {
		return
	}
	r.p.Stdout.Flush()
	r.p.Warn(err, "%s", name)
	r.status = 1
}

func (r *removing) file(name string) {
	st, err := lstat(name)
	if err != nil {
		r.warn(err, name)
		return
	}
	if isDir(&st) && !r.dirs {
		r.p.Warnx("%s: is a directory", name)
		r.status = 1
		return
	}
	if r.ask && !r.agreed(name) {
		return
	}
	r.remove(name, &st)
}

func (r *removing) agreed(name string) bool {
	if r.answers == nil {
		r.answers = bufio.NewReader(r.p.Stdin)
	}
	r.p.Stdout.Flush()
	r.p.Errorf("remove %s? ", name)
	answer, _ := r.answers.ReadString('\n')
	return strings.HasPrefix(answer, "y") || strings.HasPrefix(answer, "Y")
}

func (r *removing) tree(name string, mount uint64, top bool) {
	st, err := lstat(name)
	if err != nil {
		r.warn(err, name)
		return
	}
	if isDir(&st) {
		if r.ask && !r.agreed(name) {
			return
		}
		r.clearUserFlags(name)
		if top || !r.oneDev || mountOf(name) == mount {
			list, err := namesAsMade(name)
			if err != nil {
				r.warn(err, name)
			}
			for _, entry := range list {
				r.tree(join(name, entry), mount, false)
			}
		}
	}
	if r.ask && !isDir(&st) && !r.agreed(name) {
		return
	}
	r.remove(name, &st)
}

func (r *removing) remove(name string, st *unix.Stat_t) {
	var err error
	if isDir(st) {
		err = removeDir(name)
	} else {
		if err = unix.Unlink(name); err == unix.EPERM && r.clearUserFlags(name) {
			err = unix.Unlink(name)
		}
	}
	if err != nil {
		r.warn(err, name)
	} else if r.verbose {
		r.p.Printf("%s\n", name)
	}
}

// clearUserFlags takes away the flags that root may take away without being told to.
func (r *removing) clearUserFlags(name string) bool {
	flags := fileFlags(name, false)
	if flags&(ufAppend|ufImmutable) == 0 || flags&(sfAppend|sfImmutable) != 0 {
		return false
	}
	return setFileFlags(name, flags&^(ufAppend|ufImmutable)) == nil
}

// removeDir is rmdir(2). devfs(5) has folders that can't be removed.
func removeDir(name string) error {
	if onDevfs(name) && !isMountPoint(name) {
		return unix.EOPNOTSUPP
	}
	return unix.Rmdir(name)
}

// mountOf tells file systems apart, one mounted twice too.
func mountOf(name string) uint64 {
	var st unix.Statx_t
	if unix.Statx(unix.AT_FDCWD, name, unix.AT_SYMLINK_NOFOLLOW, unix.STATX_MNT_ID, &st) != nil {
		return 0
	}
	return st.Mnt_id
}
