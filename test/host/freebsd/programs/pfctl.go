package programs

import (
	"errors"
	"strings"
	"syscall"

	"standin/kernel"
	"standin/pf"
)

// pfctl follows pfctl(8) and sbin/pfctl/pfctl.c.
func init() { Register(pfctl, "pfctl") }

const pfctlUsage = `usage: pfctl [-AdeghMmNnOPqRrvz] [-a anchor] [-D macro=value] [-F modifier]
	[-f file] [-i interface] [-K host | network]
	[-k host | network | gateway | label | id] [-o level] [-p device]
	[-s modifier] [-t table -T command [address ...]] [-x level]
`

type pfctlRun struct {
	p                              *Process
	anchor                         string
	recurse, dry, quiet, numeric   bool
	natOnly, rulesOnly             bool
	enable, disable, reset         bool
	verbose                        int
	file, show, clear, table, tell string
	kill, device                   string
	macros                         map[string]string
	titled                         bool
}

func pfctl(p *Process) int {
	r := &pfctlRun{p: p, macros: map[string]string{}, device: "/dev/pf"}
	rest, status := r.options()
	if status >= 0 {
		return status
	}
	if !r.dry {
		if status := r.open(); status != 0 {
			return status
		}
	}
	return r.run(rest)
}

// options reads the command line. status is -1 while all is well.
func (r *pfctlRun) options() (rest []string, status int) {
	p := r.p
	found, rest, ok := p.options("a:AdD:eF:f:ghi:k:K:mMnNOo:Pp:qrRs:S:t:T:vx:z")
	if !ok || len(found) == 0 {
		return nil, p.Usage(1, pfctlUsage)
	}
	for _, o := range found {
		switch o.Letter {
		case 'a':
			r.setAnchor(o.Value)
		case 'D':
			name, value, ok := strings.Cut(o.Value, "=")
			if !ok {
				return nil, p.Usage(1, pfctlUsage)
			}
			r.macros[name] = value
		case 'd':
			r.disable = true
		case 'e':
			r.enable = true
		case 'F':
			if r.clear, ok = lookupOption(o.Value, "nat queue rules Sources states info Tables osfp Reset all"); !ok {
				p.Warnx("Unknown flush modifier '%s'", o.Value)
				return nil, p.Usage(1, pfctlUsage)
			}
		case 'f':
			r.file = o.Value
		case 'k', 'K':
			r.kill = o.Value
		case 'N':
			r.natOnly = true
		case 'n':
			r.dry = true
		case 'P':
			r.numeric = true
		case 'p':
			r.device = o.Value
		case 'q':
			r.quiet = true
		case 'R':
			r.rulesOnly = true
		case 's':
			if r.show, ok = lookupOption(o.Value, "nat queue rules Anchors Sources states info Interfaces labels timeouts memory Tables osfp Running all"); !ok {
				p.Warnx("Unknown show modifier '%s'", o.Value)
				return nil, p.Usage(1, pfctlUsage)
			}
		case 'T':
			if r.tell, ok = lookupOption(o.Value, "kill flush add delete load replace show test zero expire"); !ok {
				p.Warnx("Unknown table command '%s'", o.Value)
				return nil, p.Usage(1, pfctlUsage)
			}
		case 't':
			r.table = o.Value
		case 'v':
			r.verbose++
		case 'z':
			r.reset = true
		case 'h':
			return nil, p.Usage(1, pfctlUsage)
		}
	}
	if len(rest) > 0 && r.tell == "" || r.table != "" && r.tell == "" || r.tell != "" && r.table == "" && r.tell != "load" {
		return nil, p.Usage(1, pfctlUsage)
	}
	return rest, -1
}

// lookupOption is pfctl_lookup_option: the first word that begins as asked.
func lookupOption(text, words string) (string, bool) {
	for _, word := range strings.Fields(words) {
		if strings.HasPrefix(word, text) && text != "" {
			return word, true
		}
	}
	return "", false
}

// setAnchor takes "*" and "jails/*" as the anchor before it, and what is below.
func (r *pfctlRun) setAnchor(name string) {
	r.anchor = name
	if strings.HasSuffix(name, "*") {
		r.anchor = strings.TrimSuffix(strings.TrimSuffix(name, "*"), "/")
		r.recurse = true
	}
}

// open is pfctl_open: without pf's module there is no device.
func (r *pfctlRun) open() int {
	p := r.p
	var status kernel.PFStatus
	f, err := openPath(r.device)
	if err == nil {
		f.Close()
		err = p.Call("pf.status", nil, &status)
	}
	if err != nil {
		return p.Err(1, err, "%s", r.device)
	}
	if r.verbose > 0 {
		p.Errorf("No ALTQ support in kernel\nALTQ related functions disabled\n")
	}
	return 0
}

// run does what was asked for, in main's order.
func (r *pfctlRun) run(addresses []string) int {
	p := r.p
	if r.disable {
		if status := r.turn(false); status != 0 {
			return status
		}
	}
	if r.show != "" {
		r.showWhat()
	}
	if r.clear != "" && !r.dry {
		r.flush()
	}
	if r.kill != "" && !r.dry && !r.quiet {
		p.Errorf("killed 0 states from 1 sources and 0 destinations\n")
	}
	status := 0
	if r.tell != "" {
		if status = r.tableCommand(addresses); status != 0 && r.tell != "test" {
			return status
		}
	}
	if r.file != "" {
		if status := r.loadFile(); status != 0 {
			return status
		}
	}
	if r.enable {
		return r.turn(true)
	}
	return status
}

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
		p.Errorf("pf %s\n", map[bool]string{true: "enabled", false: "disabled"}[on])
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
