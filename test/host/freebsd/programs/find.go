package programs

import (
	"os"
	"path"
	"sort"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// find(1), usr.bin/find.
func init() { Register(find, "find") }

const findUsage = `usage: find [-H | -L | -P] [-EXdsx] [-f path] path ... [expression]
       find [-H | -L | -P] [-EXdsx] -f path [path ...] [expression]
`

type finding struct {
	p *Process

	followTop, followAll, extended, depthFirst, sorted, oneDev bool
	minDepth, maxDepth                                         int

	now    time.Time
	prune  bool
	atEnd  []func()
	roots  []string
	output bool // an action that makes -print needless
	status int
}

// found is one file that find looks at.
type found struct {
	path, name string
	depth      int
	st         unix.Stat_t
	follow     bool
}

type test func(*found) bool

func find(p *Process) int {
	f := &finding{p: p, maxDepth: 1 << 30, now: time.Now()}
	opts, args, ok := p.options("EHLPXdf:sx")
	if !ok {
		return p.Usage(1, findUsage)
	}
	for _, o := range opts {
		switch o.Letter {
		case 'E':
			f.extended = true
		case 'H':
			f.followTop, f.followAll = true, false
		case 'L':
			f.followTop, f.followAll = true, true
		case 'P':
			f.followTop, f.followAll = false, false
		case 'd':
			f.depthFirst = true
		case 'f':
			f.roots = append(f.roots, o.Value)
		case 's':
			f.sorted = true
		case 'x':
			f.oneDev = true
		}
	}
	for len(args) > 0 && !strings.HasPrefix(args[0], "-") && args[0] != "!" && args[0] != "(" {
		f.roots, args = append(f.roots, args[0]), args[1:]
	}
	if len(f.roots) == 0 {
		return p.Usage(1, findUsage)
	}
	expression, err := f.parse(args)
	if err != "" {
		return p.Errx(1, "%s", err)
	}
	for _, root := range f.roots {
		f.walk(root, path.Base(root), 0, mountOf(root), expression)
	}
	for _, finish := range f.atEnd {
		finish()
	}
	return f.status
}

func (f *finding) warn(err error, name string) {
	f.p.Stdout.Flush()
	f.p.Warn(err, "%s", name)
	f.status = 1
}

func (f *finding) walk(at, name string, depth int, mount uint64, expression test) {
	one := &found{path: at, name: name, depth: depth}
	var err error
	if one.follow = f.followAll || (depth == 0 && f.followTop); one.follow {
		one.st, err = stat(at)
	}
	if !one.follow || err != nil {
		one.st, err = lstat(at)
	}
	if err != nil {
		f.warn(err, at)
		return
	}
	f.prune = false
	try := func() {
		if depth >= f.minDepth && depth <= f.maxDepth {
			expression(one)
		}
	}
	if !f.depthFirst {
		try()
	}
	if isDir(&one.st) && !(f.prune && !f.depthFirst) && depth < f.maxDepth && (!f.oneDev || mountOf(at) == mount) {
		list, err := namesAsMade(at)
		if err != nil {
			f.warn(err, at)
		}
		if f.sorted {
			sort.Strings(list)
		}
		for _, entry := range list {
			f.walk(join(at, entry), entry, depth+1, mount, expression)
		}
	}
	if f.depthFirst {
		try()
	}
}

func (f *finding) quit() {
	for _, finish := range f.atEnd {
		finish()
	}
	f.p.Exit(f.status)
}

func (f *finding) delete(one *found) bool {
	if one.path == "." || one.path == ".." {
		return true
	}
	if strings.Contains(one.path, "/") && (path.Base(one.path) == "." || path.Base(one.path) == "..") {
		f.p.Warnx("-delete: %s: relative path potentially not safe", one.path)
		f.p.Exit(1)
	}
	if flags := fileFlags(one.path, false); flags&(ufAppend|ufImmutable) != 0 && flags&(sfAppend|sfImmutable) == 0 {
		setFileFlags(one.path, flags&^(ufAppend|ufImmutable))
	}
	remove := unix.Unlink
	if isDir(&one.st) {
		remove = unix.Rmdir
	}
	if err := remove(one.path); err != nil {
		f.p.Stdout.Flush()
		f.p.Warnx("-delete: unlink(%s): %s", one.path, errorText(err))
		f.status = 1
	}
	return true
}

func emptyFile(one *found) bool {
	if isFile(&one.st) {
		return one.st.Size == 0
	}
	if !isDir(&one.st) {
		return false
	}
	f, err := os.Open(one.path)
	if err != nil {
		return false
	}
	defer f.Close()
	list, _ := f.Readdirnames(1)
	return len(list) == 0
}
