package programs

import (
	"os"
	"sort"
	"strconv"
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

// dropColour takes --color, which changes nothing where there is no terminal.
func (p *Process) dropColour() {
	var kept []string
	for _, arg := range p.Args {
		if arg != "--color" && arg != "--color=auto" && arg != "--color=never" && arg != "--color=always" {
			kept = append(kept, arg)
		}
	}
	p.Args = kept
}

func (l *listing) take(opts []Option) {
	l.almost = os.Getuid() == 0
	l.blockSize = environmentBlockSize()
	if isTerminal(os.Stdout) {
		l.columns, l.printable = true, true
	}
	for _, o := range opts {
		l.takeShape(o)
		switch o.Letter {
		case 'A':
			l.almost = true
		case 'I':
			l.almost = false
		case 'a':
			l.all = true
		case 'd':
			l.selfDirs, l.recursive = true, false
		case 'R':
			l.recursive = true
		case 'f':
			l.unsorted, l.all = true, true
		case 'r':
			l.reverse = true
		case 'S':
			l.sortBy = 'S'
		case 't':
			l.sortBy = 't'
		case 'U':
			l.timeOf = 'B'
		case 'c':
			l.timeOf = 'c'
		case 'u':
			l.timeOf = 'a'
		case 'H':
			l.followTop = true
		case 'L':
			l.followAll, l.followTop = true, true
		case 'P':
			l.followAll, l.followTop = false, false
		}
	}
}

func (l *listing) takeShape(o Option) {
	switch o.Letter {
	case '1':
		l.columns, l.long, l.commas, l.across = false, false, false, false
	case 'C':
		l.columns, l.across, l.long, l.commas = true, false, false, false
	case 'x':
		l.columns, l.across, l.long, l.commas = true, true, false, false
	case 'm':
		l.commas, l.columns, l.long = true, false, false
	case 'l':
		l.long, l.columns, l.commas = true, false, false
	case 'n':
		l.numeric, l.long, l.columns = true, true, false
	case 'g':
		l.noGroup = false
	case 'o':
		l.flags = true
	case 'F':
		l.kinds, l.slash = true, false
	case 'p':
		l.slash, l.kinds = true, false
	case 'i':
		l.inode = true
	case 's':
		l.blocks = true
	case 'k':
		l.human, l.blockSize = false, 1024
	case 'h':
		l.human = true
	case 'T':
		l.fullTime = true
	case 'D':
		l.format = o.Value
	case 'q':
		l.printable = true
	case 'w':
		l.printable = false
	}
}

// environmentBlockSize is getbsize(3): the unit in which blocks are counted.
func environmentBlockSize() int64 {
	text := os.Getenv("BLOCKSIZE")
	if text == "" {
		return 512
	}
	unit := int64(1)
	switch text[len(text)-1] {
	case 'K', 'k':
		unit = 1 << 10
	case 'M', 'm':
		unit = 1 << 20
	case 'G', 'g':
		unit = 1 << 30
	}
	digits := text
	if unit > 1 {
		digits = text[:len(text)-1]
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if digits == "" {
		n, err = 1, nil
	}
	if err != nil || n*unit < 512 {
		return 512
	}
	return n * unit
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
