package programs

import (
	"strings"

	"golang.org/x/sys/unix"
)

// chmod(1), bin/chmod/chmod.c.
func init() { Register(chmod, "chmod") }

func chmod(p *Process) int {
	const usage = "usage: chmod [-fhv] [-R [-H | -L | -P]] mode file ...\n"
	args := p.Args
	// A mode such as -w looks like an option: getopt gives it back.
	modeFirst := len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && strings.IndexByte("XgorstuwxX", args[0][1]) >= 0
	var opts []Option
	ok := true
	if !modeFirst {
		opts, args, ok = p.options("HLPRfhv")
	}
	if !ok || len(args) < 2 {
		return p.Usage(1, usage)
	}
	t := newTree(p, opts)
	mask := umask()
	change, ok := parseMode(args[0], mask)
	if !ok {
		return p.Errx(1, "invalid file mode: %s", args[0])
	}
	t.linksToo = false
	return t.run(args[1:], func(name string, st *unix.Stat_t, follow bool) error {
		had, want := st.Mode, change(st.Mode)
		if want&07777 == had&07777 {
			return nil
		}
		if err := unix.Chmod(name, want&07777); err != nil {
			return err
		}
		if t.verbose > 0 {
			p.Printf("%s", name)
			if t.verbose > 1 {
				p.Printf(": 0%o [%s] -> 0%o [%s]", had, modeText(had), want, modeText(want))
			}
			p.Printf("\n")
		}
		return nil
	})
}
