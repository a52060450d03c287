package programs

import (
	"golang.org/x/sys/unix"
)

// changingTree is what chmod, chown and chflags share: the options -R -H -L -P -f -h -v -x, and the walk.
type changingTree struct {
	p *Process

	recursive, followTop, followAll, quiet, noFollow, oneDev bool
	verbose                                                  int
	linksToo                                                 bool // links in the tree are changed themselves

	status int
}

type change func(name string, st *unix.Stat_t, follow bool) error

func newTree(p *Process, opts []Option) *changingTree {
	t := &changingTree{p: p, linksToo: true}
	for _, o := range opts {
		switch o.Letter {
		case 'H':
			t.followTop, t.followAll = true, false
		case 'L':
			t.followTop, t.followAll = true, true
		case 'P':
			t.followTop, t.followAll = false, false
		case 'R':
			t.recursive = true
		case 'f':
			t.quiet = true
		case 'h':
			t.noFollow = true
		case 'v':
			t.verbose++
		case 'x':
			t.oneDev = true
		}
	}
	return t
}

func (t *changingTree) run(files []string, do change) int {
	for _, name := range files {
		t.entry(name, mountOf(name), true, do)
	}
	return t.status
}

func (t *changingTree) warn(err error, name string, always bool) {
	if t.quiet && !always {
		return
	}
	t.p.Stdout.Flush()
	t.p.Warn(err, "%s", name)
	t.status = 1
}

func (t *changingTree) entry(name string, mount uint64, top bool, do change) {
	follow := !t.noFollow
	if t.recursive {
		follow = t.followAll || (top && t.followTop)
	}
	look := lstat
	if follow {
		look = stat
	}
	st, err := look(name)
	if err != nil {
		t.warn(err, name, true)
		return
	}
	if t.recursive && isDir(&st) && (!t.oneDev || mountOf(name) == mount) {
		list, err := namesAsMade(name)
		if err != nil {
			t.warn(err, name, true)
		}
		for _, entry := range list {
			t.entry(join(name, entry), mount, false, do)
		}
	}
	if isLink(&st) && !t.linksToo {
		return
	}
	if err := do(name, &st, follow); err != nil {
		t.warn(err, name, false)
	}
}
