package programs

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"standin/kernel"
	"standin/pf"
)

// showWhat is -s.
func (r *pfctlRun) showWhat() {
	p := r.p
	all := r.show == "all"
	switch r.show {
	case "nat":
		r.showNAT(r.anchor, 0)
	case "rules":
		r.showRules(r.anchor, 0)
	case "Anchors":
		r.showAnchors()
	case "info":
		r.showInfo()
	case "Interfaces":
		var list []kernel.Interface
		p.Call("if.list", nil, &list)
		p.Printf("all\n")
		for _, ifp := range list {
			p.Printf("%s\n", ifp.Name)
		}
	case "timeouts", "memory":
		r.showLimits(r.show)
	case "Tables":
		r.showTables()
	case "Running":
		r.showRunning()
	}
	if all {
		r.titled = true
		for _, part := range []struct {
			title string
			show  func()
		}{
			{"TRANSLATION RULES:", func() { r.showNAT(r.anchor, 0) }}, {"FILTER RULES:", func() { r.showRules(r.anchor, 0) }},
			{"INFO:", r.showInfo}, {"TIMEOUTS:", func() { r.showLimits("timeouts") }}, {"LIMITS:", func() { r.showLimits("memory") }},
			{"TABLES:", r.showTables},
		} {
			if part.title != "TRANSLATION RULES:" {
				p.Printf("\n")
			}
			p.Printf("%s\n", part.title)
			part.show()
		}
	}
}

// ruleset is DIOCGETRULES.
func (r *pfctlRun) ruleset(path string) (set pf.Ruleset, ok bool) {
	if err := r.p.Call("pf.rules", kernel.PFAnchor{Path: path}, &set); err != nil {
		r.p.Stdout.Flush()
		r.p.Warn(err, "DIOCGETRULES")
		return set, false
	}
	return set, true
}

// showNAT is pfctl_show_nat. Below a wildcard it asks for an anchor of just that name, which there is none of, and
// then has lost its own: so it was recorded.
func (r *pfctlRun) showNAT(path string, depth int) bool {
	set, ok := r.ruleset(path)
	if !ok {
		return false
	}
	for _, rules := range [][]pf.Rule{set.NAT, set.RDR, set.Binat} {
		for i := range rules {
			rule := &rules[i]
			open := r.printRule(rule, depth)
			if !open {
				continue
			}
			inner := strings.TrimPrefix(path+"/"+rule.Anchor, "/")
			ok := r.showNAT(inner, depth+1)
			r.p.Printf("%s}\n", strings.Repeat("  ", depth))
			if !ok {
				r.ruleset(inner)
				return false
			}
		}
	}
	return true
}

// showRules is pfctl_show_rules.
func (r *pfctlRun) showRules(path string, depth int) bool {
	path = strings.TrimSuffix(path, "/*")
	set, ok := r.ruleset(path)
	if !ok {
		return false
	}
	for _, rules := range [][]pf.Rule{set.Scrub, set.Filter} {
		for i := range rules {
			rule := &rules[i]
			if r.printRule(rule, depth) {
				r.showRules(strings.TrimPrefix(path+"/"+rule.Anchor, "/"), depth+1)
				r.p.Printf("%s}\n", strings.Repeat("  ", depth))
			}
		}
	}
	return true
}

// printRule prints a rule; of an anchor's that is to be opened, up to its brace.
func (r *pfctlRun) printRule(rule *pf.Rule, depth int) (open bool) {
	last := rule.Anchor[strings.LastIndexByte(rule.Anchor, '/')+1:]
	open = rule.IsAnchor && (r.recurse || strings.HasPrefix(last, "_"))
	env := pf.Environment(r.environment())
	if r.numeric {
		env = nil
	}
	r.p.Printf("%s%s", strings.Repeat("  ", depth), rule.Text(env))
	if open {
		r.p.Printf(" {")
	}
	r.p.Printf("\n")
	if r.verbose > 0 {
		r.p.Printf("  [ Evaluations: %-8d  Packets: %-8d  Bytes: %-10d  States: %-6d]\n", 0, 0, 0, 0)
		r.p.Printf("  [ Inserted: uid %d pid %d State Creations: %-6d]\n", 0, rule.PID, 0)
	}
	return open
}

// showAnchors is pfctl_show_anchors: one level, or with -v all.
func (r *pfctlRun) showAnchors() {
	var list []string
	err := r.p.Call("pf.anchors", kernel.PFAnchor{Path: r.anchor}, &list)
	if errors.Is(err, syscall.EINVAL) {
		r.p.Errorf("Anchor '%s' not found.\n", r.anchor)
		return
	}
	for _, path := range list {
		below := strings.TrimPrefix(path, r.anchor+"/")
		if r.anchor == "" {
			below = path
		}
		if r.verbose == 0 && strings.Contains(below, "/") {
			continue
		}
		if r.verbose < 2 && strings.Contains("/"+path, "/_") {
			continue
		}
		r.p.Printf("  %s\n", path)
	}
}

func (r *pfctlRun) showTables() {
	var list []pf.Table
	r.p.Call("pf.tables", kernel.PFAnchor{Path: r.anchor}, &list)
	for _, t := range list {
		if r.verbose > 0 {
			flags := ""
			for _, o := range [][2]string{{"const", "c"}, {"persist", "p"}} {
				if inList(t.Options, o[0]) {
					flags += o[1]
				} else {
					flags += "-"
				}
			}
			r.p.Printf("%sa-r--\t", flags)
		}
		r.p.Printf("%s\n", t.Name)
	}
}

func (r *pfctlRun) showRunning() {
	var s kernel.PFStatus
	r.p.Call("pf.status", nil, &s)
	r.p.Printf("%s\n", choose(s.Enabled, "Enabled", "Disabled"))
}

// showInfo is print_status of pfctl_parser.c.
func (r *pfctlRun) showInfo() {
	var s kernel.PFStatus
	r.p.Call("pf.status", nil, &s)
	line := "Status: Disabled"
	if s.Enabled {
		line = fmt.Sprintf("Status: Enabled for %d days %02d:%02d:%02d", s.Seconds/86400, s.Seconds/3600%24, s.Seconds/60%60, s.Seconds%60)
	}
	r.p.Printf("%-44s%15s\n\nState Table                          Total             Rate\n", line, "Debug: Urgent")
	r.p.Printf("  %-25s %14d %14s\n", "current entries", 0, "")
	for _, name := range []string{"searches", "inserts", "removals"} {
		r.p.Printf("  %-25s %14d %14.1f/s\n", name, 0, 0.0)
	}
	r.p.Printf("Counters\n")
	for _, name := range strings.Fields("match bad-offset fragment short normalize memory bad-timestamp congestion ip-option proto-cksum " +
		"state-mismatch state-insert state-limit src-limit synproxy map-failed") {
		r.p.Printf("  %-25s %14d %14.1f/s\n", name, 0, 0.0)
	}
}

func (r *pfctlRun) showLimits(which string) {
	if which == "memory" {
		for _, l := range [][2]any{{"states", 100000}, {"src-nodes", 10000}, {"frags", 5000}, {"table-entries", 200000}} {
			r.p.Printf("%-13s hard limit %8d\n", l[0], l[1])
		}
		return
	}
	for _, t := range [][2]any{
		{"tcp.first", 120}, {"tcp.opening", 30}, {"tcp.established", 86400}, {"tcp.closing", 900}, {"tcp.finwait", 45}, {"tcp.closed", 90},
		{"tcp.tsdiff", 30}, {"udp.first", 60}, {"udp.single", 30}, {"udp.multiple", 60}, {"icmp.first", 20}, {"icmp.error", 10},
		{"other.first", 60}, {"other.single", 30}, {"other.multiple", 60}, {"frag", 30}, {"interval", 10},
	} {
		r.p.Printf("%-20s %10ds\n", t[0], t[1])
	}
}
