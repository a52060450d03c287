package programs

import (
	"errors"
	"syscall"

	"standin/kernel"
	"standin/pf"
)

// turn is pfctl_enable and pfctl_disable.
func (r *pfctlRun) turn(on bool) int {
	p := r.p
	if r.dry {
		return 0
	}
	err := p.Call("pf.enable", on, nil)
	switch {
	case errors.Is(err, syscall.EEXIST):
		return p.Errx(1, "pf already enabled")
	case errors.Is(err, syscall.ENOENT):
		return p.Errx(1, "pf not enabled")
	case err != nil:
		return p.Err(1, err, "DIOCSTART")
	}
	if !r.quiet {
		p.Errorf("pf %s\n", choose(on, "enabled", "disabled"))
	}
	return 0
}

// flush is -F.
func (r *pfctlRun) flush() {
	all := r.clear == "all"
	said := func(format string, args ...any) {
		if !r.quiet {
			r.p.Errorf(format, args...)
		}
	}
	wants := func(what string) bool { return all || r.clear == what }
	if wants("rules") {
		r.flushOne("rules")
		said("rules cleared\n")
	}
	if wants("nat") {
		r.flushOne("nat")
		said("nat cleared\n")
	}
	if wants("Tables") {
		if n, err := r.flushOne("tables"); err != nil {
			r.p.Warnx("Anchor or Ruleset does not exist.")
		} else {
			said("%d tables deleted.\n", n)
		}
	}
	if r.anchor != "" {
		return
	}
	for _, s := range [][2]string{
		{"states", "0 states cleared"}, {"Sources", "source tracking entries cleared"}, {"info", "pf: statistics cleared"},
	} {
		if wants(s[0]) {
			said("%s\n", s[1])
		}
	}
	if all || r.clear == "Reset" {
		said("pf: interface flags reset\n")
	}
}

func (r *pfctlRun) flushOne(what string) (n int, err error) {
	err = r.p.Call("pf.flush", kernel.PFFlush{Path: r.anchor, What: what}, &n)
	return n, err
}

// tableCommand is pfctl_table of pfctl_table.c.
func (r *pfctlRun) tableCommand(words []string) int {
	p := r.p
	var entries []pf.Entry
	for _, word := range words {
		e, ok := pf.ParseEntry(word)
		if !ok {
			p.Errorf("no IP address found for %s\n", word)
			return 1
		}
		entries = append(entries, e)
	}
	var reply kernel.PFTableReply
	req := kernel.PFTable{Path: r.anchor, Name: r.table, Command: r.tell, Entries: entries}
	if err := p.Call("pf.table", req, &reply); err != nil {
		if errors.Is(err, syscall.ESRCH) {
			return p.Errx(255, "Table does not exist.")
		}
		return p.Err(1, err, "table")
	}
	said := func(format string, args ...any) {
		if !r.quiet {
			p.Errorf(format, args...)
		}
	}
	if reply.Created {
		said("1 table created.\n")
	}
	switch r.tell {
	case "show":
		for _, e := range reply.Table.Prefixes {
			p.Printf("   %s\n", e.Text())
		}
	case "add":
		said("%d/%d addresses added.\n", reply.Changed, len(entries))
	case "delete":
		said("%d/%d addresses deleted.\n", reply.Changed, len(entries))
	case "flush":
		said("%d addresses deleted.\n", reply.Changed)
	case "kill":
		said("1 table deleted.\n")
	case "replace":
		if reply.Changed == 0 {
			said("no changes.\n")
		} else {
			said("%d addresses changed.\n", reply.Changed)
		}
	case "test":
		said("%d/%d addresses match.\n", reply.Matched, len(entries))
		if reply.Matched < len(entries) {
			return 2
		}
	}
	return 0
}
