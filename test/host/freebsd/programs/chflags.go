package programs

import (
	"strconv"

	"golang.org/x/sys/unix"
)

// chflags(1), bin/chflags/chflags.c.
func init() { Register(chflags, "chflags") }

func chflags(p *Process) int {
	const usage = "usage: chflags [-fhvx] [-R [-H | -L | -P]] flags file ...\n"
	opts, args, ok := p.options("HLPRfhvx")
	if !ok || len(args) < 2 {
		return p.Usage(1, usage)
	}
	t := newTree(p, opts)
	if t.recursive && t.noFollow && (t.followTop || t.followAll) {
		return p.Errx(1, "the -R and -h options may not be specified together")
	}
	set, clear, absolute := uint32(0), uint32(0), false
	if c := args[0][0]; c >= '0' && c <= '7' {
		value, err := strconv.ParseUint(args[0], 8, 32)
		if err != nil {
			return p.Errx(1, "invalid flags: %s", args[0])
		}
		set, absolute = uint32(value), true
	} else {
		var bad string
		if set, clear, bad = parseFlags(args[0]); bad != "" {
			return p.Errx(1, "invalid flag: %s", bad)
		}
	}
	return t.run(args[1:], func(name string, st *unix.Stat_t, follow bool) error {
		had := fileFlags(name, follow)
		want := (had | set) &^ clear
		if absolute {
			want = set
		}
		if want == had {
			return nil
		}
		if err := setFileFlags(name, want); err != nil {
			return err
		}
		if t.verbose > 0 {
			p.Printf("%s", name)
			if t.verbose > 1 {
				p.Printf(": 0%o -> 0%o", had, want)
			}
			p.Printf("\n")
		}
		return nil
	})
}
