package programs

import (
	"strings"

	"standin/kernel"
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
