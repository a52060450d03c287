package programs

import (
	"os"
	"sort"
	"time"

	"golang.org/x/sys/unix"
)

// ls(1), bin/ls.
func init() { Register(ls, "ls") }

const lsUsage = "usage: ls [-ABCFGHILPRSTUWZabcdfghiklmnopqrstuwxy1,] [--color=when] [-D format] [file ...]\n"

type listing struct {
	p *Process

	all, almost, selfDirs, recursive, unsorted, reverse     bool
	long, numeric, flags, inode, blocks, human, fullTime    bool
	noGroup, bySize, kinds, slash, followTop, followAll     bool
	printable, commas, columns, across, escape, whiteoutsNo bool

	sortBy    byte // 0 name, 't' time, 'S' size
	timeOf    byte // 'm', 'a', 'c', 'B'
	format    string
	blockSize int64
	printed   bool
	status    int
}

type listed struct {
	name, path string
	st         unix.Stat_t
	size       int64
	blocks     int64
	flags      string
	time       time.Time
	link       string
}

func ls(p *Process) int {
	l := &listing{p: p, timeOf: 'm'}
	p.dropColour()
	opts, args, ok := p.longOptions("1ABCD:FGHILPRSTUWXZabcdfghiklmnopqrstuwxy,", nil)
	if !ok {
		return p.Usage(1, lsUsage)
	}
	l.take(opts)
	var files, dirs []*listed
	if len(args) == 0 {
		args = []string{"."}
	}
	for _, arg := range args {
		f, err := l.look(arg, arg, true)
		if err != nil {
			p.Warn(err, "%s", arg)
			l.status = 1
			continue
		}
		if isDir(&f.st) && !l.selfDirs {
			dirs = append(dirs, f)
		} else {
			files = append(files, f)
		}
	}
	l.sort(files)
	l.sort(dirs)
	if len(files) > 0 {
		l.print(files, false)
		l.printed = true
	}
	for _, d := range dirs {
		l.dir(d, len(args) > 1)
	}
	return l.status
}

func (l *listing) look(name, path string, top bool) (*listed, error) {
	f := &listed{name: name, path: path}
	var err error
	// Without -l and the like, a link on the command line is what it names.
	follow := l.followAll || (top && (l.followTop || !(l.long || l.kinds || l.selfDirs || l.flags || l.numeric)))
	if follow {
		f.st, err = stat(path)
	}
	if !follow || err != nil {
		f.st, err = lstat(path)
	}
	if err != nil {
		return nil, err
	}
	f.size = f.st.Size
	if l.long || l.blocks || l.sortBy == 'S' {
		f.size, f.blocks = shownSize(path, &f.st), shownBlocks(path, &f.st)
	}
	if l.long && l.flags {
		if f.flags = flagsText(fileFlags(path, follow)); f.flags == "" {
			f.flags = "-"
		}
	}
	f.time = l.when(f)
	if isLink(&f.st) {
		f.link, _ = os.Readlink(path)
	}
	return f, nil
}

func (l *listing) when(f *listed) time.Time {
	ts := f.st.Mtim
	switch l.timeOf {
	case 'a':
		ts = f.st.Atim
	case 'c':
		ts = f.st.Ctim
	case 'B':
		return birth(f.path)
	}
	return time.Unix(ts.Sec, ts.Nsec).UTC()
}

// birth is when a file was made.
func birth(path string) time.Time {
	var st unix.Statx_t
	if unix.Statx(unix.AT_FDCWD, path, unix.AT_SYMLINK_NOFOLLOW, unix.STATX_BTIME, &st) != nil {
		return time.Unix(0, 0).UTC()
	}
	return time.Unix(st.Btime.Sec, int64(st.Btime.Nsec)).UTC()
}

func (l *listing) sort(list []*listed) {
	if l.unsorted {
		return
	}
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if l.reverse {
			a, b = b, a
		}
		switch {
		case l.sortBy == 't' && !a.time.Equal(b.time):
			return a.time.After(b.time)
		case l.sortBy == 'S' && a.size != b.size:
			return a.size > b.size
		}
		return a.name < b.name
	})
}

func (l *listing) dir(d *listed, titled bool) {
	if l.printed {
		l.p.Printf("\n")
	}
	if titled || (l.recursive && l.printed) {
		l.p.Printf("%s:\n", d.path)
	}
	l.printed = true
	list, err := names(d.path)
	if err != nil {
		l.p.Stdout.Flush()
		l.p.Warn(err, "%s", d.path)
		l.status = 1
		return
	}
	if l.all {
		list = append([]string{".", ".."}, list...)
	}
	var entries []*listed
	for _, name := range list {
		if name[0] == '.' && !l.all && !l.almost {
			continue
		}
		f, err := l.look(name, join(d.path, name), false)
		if err != nil {
			l.p.Warn(err, "%s", join(d.path, name))
			l.status = 1
			continue
		}
		entries = append(entries, f)
	}
	l.sort(entries)
	l.print(entries, true)
	if l.recursive {
		for _, f := range entries {
			if isDir(&f.st) && f.name != "." && f.name != ".." {
				l.dir(f, true)
			}
		}
	}
}
