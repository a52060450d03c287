package programs

import (
	"strings"

	"golang.org/x/sys/unix"
)

// chown(8) and chgrp(1), usr.sbin/chown/chown.c.
func init() { Register(chown, "chown", "chgrp") }

func chown(p *Process) int {
	opts, args, ok := p.options("HLPRfhvx")
	if !ok || len(args) < 2 {
		if p.Name == "chgrp" {
			return p.Usage(1, "usage: chgrp [-fhvx] [-R [-H | -L | -P]] group file ...\n")
		}
		return p.Usage(1, "usage: chown [-fhvx] [-R [-H | -L | -P]] owner[:group] file ...\n"+
			"       chown [-fhvx] [-R [-H | -L | -P]] :group file ...\n")
	}
	t := newTree(p, opts)
	owner, group := args[0], ""
	if p.Name == "chgrp" {
		owner, group = "", args[0]
	} else if at := strings.IndexAny(owner, ":."); at >= 0 {
		if owner[at] == ':' {
			owner, group = owner[:at], owner[at+1:]
		} else if _, known := users.find(owner); !known {
			owner, group = owner[:at], owner[at+1:]
		}
	}
	uid, gid := -1, -1
	if owner != "" {
		id, ok := users.number(owner)
		if !ok {
			return p.Errx(1, "%s: illegal user name", owner)
		}
		uid = int(id)
	}
	if group != "" {
		id, ok := groups.number(group)
		if !ok {
			return p.Errx(1, "%s: illegal group name", group)
		}
		gid = int(id)
	}
	return t.run(args[1:], func(name string, st *unix.Stat_t, follow bool) error {
		if (uid < 0 || uint32(uid) == st.Uid) && (gid < 0 || uint32(gid) == st.Gid) {
			return nil
		}
		set := unix.Lchown
		if follow {
			set = unix.Chown
		}
		if err := set(name, uid, gid); err != nil {
			return err
		}
		if t.verbose > 0 {
			p.Printf("%s\n", name)
		}
		return nil
	})
}
