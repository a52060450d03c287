package programs

import (
	"path"
	"strconv"

	"golang.org/x/sys/unix"
)

// du(1), usr.bin/du/du.c.
func init() { Register(du, "du") }

const duUsage = "usage: du [-Aclnx] [-H | -L | -P] [-g | -h | -k | -m] [-a | -s | -d depth] [-B blocksize] [-I mask] [-t threshold] [file ...]\n"

type using struct {
	p *Process

	all, apparent, countLinks, human, noDump, oneDev, followTop, followAll bool

	depth  int
	unit   int64
	ignore []string
	seen   map[[2]uint64]bool
	status int
}

func du(p *Process) int {
	u := &using{p: p, depth: 1 << 30, unit: environmentBlockSize(), seen: map[[2]uint64]bool{}}
	opts, files, ok := p.longOptions("AB:HI:LPasd:cghklmnrt:x", []longOption{{"si", 'h', false}})
	if !ok {
		return p.Usage(64, duUsage)
	}
	total := false
	for _, o := range opts {
		switch o.Letter {
		case 'A':
			u.apparent = true
		case 'H':
			u.followTop = true
		case 'L':
			u.followAll, u.followTop = true, true
		case 'P':
			u.followAll, u.followTop = false, false
		case 'I':
			u.ignore = append(u.ignore, o.Value)
		case 'a':
			u.all = true
		case 's':
			u.depth = 0
		case 'd':
			n, err := strconv.Atoi(o.Value)
			if err != nil || n < 0 {
				return p.Errx(1, "invalid argument to option d: %s", o.Value)
			}
			u.depth = n
		case 'c':
			total = true
		case 'h':
			u.human = true
		case 'k':
			u.human, u.unit = false, 1<<10
		case 'm':
			u.human, u.unit = false, 1<<20
		case 'g':
			u.human, u.unit = false, 1<<30
		case 'l':
			u.countLinks = true
		case 'n':
			u.noDump = true
		case 'x':
			u.oneDev = true
		}
	}
	if len(files) == 0 {
		files = []string{"."}
	}
	var sum int64
	for _, name := range files {
		sum += u.entry(name, 0, mountOf(name))
	}
	if total {
		u.print(sum, "total")
	}
	return u.status
}

func (u *using) print(halfK int64, name string) {
	if u.human {
		text := humanSize(halfK * 512)
		for len(text) < 4 {
			text = " " + text
		}
		u.p.Printf("%s\t%s\n", text, name)
		return
	}
	u.p.Printf("%d\t%s\n", (halfK*512+u.unit-1)/u.unit, name)
}

func (u *using) warn(err error, name string) {
	u.p.Stdout.Flush()
	u.p.Warn(err, "%s", name)
	u.status = 1
}

func (u *using) entry(name string, depth int, mount uint64) int64 {
	for _, mask := range u.ignore {
		if ok, _ := path.Match(mask, path.Base(name)); ok {
			return 0
		}
	}
	look := lstat
	if u.followAll || (depth == 0 && u.followTop) {
		look = stat
	}
	st, err := look(name)
	if err != nil {
		u.warn(err, name)
		return 0
	}
	if u.noDump && fileFlags(name, false)&ufNodump != 0 {
		return 0
	}
	sum := u.blocks(name, &st)
	if !isDir(&st) {
		if st.Nlink > 1 && !u.countLinks {
			key := [2]uint64{uint64(st.Dev), st.Ino}
			if u.seen[key] {
				return 0
			}
			u.seen[key] = true
		}
		if u.all && depth <= u.depth || depth == 0 {
			u.print(sum, name)
		}
		return sum
	}
	if !u.oneDev || mountOf(name) == mount {
		list, err := namesAsMade(name)
		if err != nil {
			u.warn(err, name)
		}
		for _, entry := range list {
			sum += u.entry(join(name, entry), depth+1, mount)
		}
	}
	if depth <= u.depth {
		u.print(sum, name)
	}
	return sum
}

func (u *using) blocks(name string, st *unix.Stat_t) int64 {
	if u.apparent {
		return (st.Size + 511) / 512
	}
	return shownBlocks(name, st)
}
