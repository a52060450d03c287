package pf

import "strings"

// expand is expand_rule of parse.y: one rule for each combination of what lists hold, in pfctl's order.
func (p *Parser) expand(d *draft) {
	added := 0
	for _, ifp := range orOne(d.interfaces, ifItem{}) {
		for _, proto := range orOne(d.protos, "") {
			for _, icmp := range orOne(d.icmps, "") {
				for _, from := range orOne(d.from, hostItem{}) {
					for _, fromPort := range orOne(d.fromPorts, portItem{}) {
						for _, to := range orOne(d.to, hostItem{}) {
							for _, toPort := range orOne(d.toPorts, portItem{}) {
								for _, user := range orOne(d.users, "") {
									r := d.Rule
									r.Interface, r.NotInterface, r.Proto, r.ICMP, r.User = ifp.name, ifp.not, proto, icmp, user
									r.From = End{from.Addr, from.not, fromPort.op, fromPort.port}
									r.To = End{to.Addr, to.not, toPort.op, toPort.port}
									if p.finish(d, &r) {
										p.add(r)
										added++
									}
								}
							}
						}
					}
				}
			}
		}
	}
	if added == 0 {
		fail("rule expands to no valid combination")
	}
}

func orOne[T any](list []T, one T) []T {
	if len(list) == 0 {
		return []T{one}
	}
	return list
}

func (p *Parser) add(r Rule) { p.into.Add(r) }

// Print is what pfctl -v shows of the rules of a file, kind by kind.
func (p *Parser) Print(result *Result, nat, filter bool) {
	p.printSet(result, "", &result.Main, nat, filter, "")
}

func (p *Parser) printSet(result *Result, path string, s *Ruleset, nat, filter bool, indent string) {
	lists := [][]Rule{s.Scrub, s.NAT, s.RDR, s.Binat, s.Filter}
	for i, rules := range lists {
		translation := i > 0 && i < 4
		if translation && !nat || !translation && !filter {
			continue
		}
		for j := range rules {
			inner := strings.TrimPrefix(path+"/"+rules[j].Anchor, "/")
			set := result.Inside[inner]
			if !rules[j].IsAnchor || set == nil {
				p.Out("%s%s\n", indent, rules[j].Text(p.Env))
				continue
			}
			p.Out("%s%s {\n", indent, rules[j].Text(p.Env))
			p.printSet(result, inner, set, nat, filter, indent+"  ")
			p.Out("%s}\n", indent)
		}
	}
}

// family is an address's, or 0.
func (a Addr) family() int {
	if a.Kind != "prefix" {
		return 0
	}
	if a.Prefix.Addr().Is4() {
		return 4
	}
	return 6
}

// agree settles the rule's family; false if the addresses are of two.
func (r *Rule) agree(a Addr) bool {
	f := a.family()
	if f != 0 && r.AF == 0 {
		r.AF = f
	}
	return f == 0 || r.AF == f
}

// finish checks one combination and gives it what follows from it. false: the combination makes no rule.
func (p *Parser) finish(d *draft, r *Rule) bool {
	if !r.agree(r.From.Addr) || !r.agree(r.To.Addr) {
		return false
	}
	p.consistent(d, r)
	if d.hasPool && !p.finishPool(d, r) {
		return false
	}
	if r.Action == "pass" || r.Action == "match" {
		p.finishState(d, r)
	}
	return true
}

// consistent is rule_consistent, nat_consistent and rdr_consistent.
func (p *Parser) consistent(d *draft, r *Rule) {
	ports := r.Proto == "tcp" || r.Proto == "udp" || r.Proto == "sctp"
	if r.Action == "rdr" {
		switch {
		case !ports && r.From.Op != "":
			fail("src port only applies to tcp/udp")
		case !ports && r.To.Op != "":
			fail("dst port only applies to tcp/udp")
		case !ports && d.hasPoolPort:
			fail("rpool port only applies to tcp/udp")
		case r.To.Op != "" && r.To.Op != "=" && r.To.Op != ":":
			fail("invalid port operator for rdr destination port")
		}
		return
	}
	if !ports && (r.From.Op != "" || r.To.Op != "") {
		fail("port only applies to tcp/udp")
	}
	if strings.HasPrefix(r.ICMP, "icmp-type") && r.Proto != "icmp" || strings.HasPrefix(r.ICMP, "icmp6-type") && r.Proto != "ipv6-icmp" {
		fail("icmp-type/code only applies to icmp")
	}
	if r.Action == "block" && r.Block == "return-rst" && r.Proto != "tcp" {
		fail("return-rst can only be applied to TCP rules")
	}
}

// finishPool is the end of natrule and binatrule.
func (p *Parser) finishPool(d *draft, r *Rule) bool {
	if r.AF == 0 {
		r.AF = d.pool[0].family()
	}
	for _, h := range d.pool {
		if h.family() == 0 || h.family() == r.AF {
			r.Pool = append(r.Pool, h.Addr)
		}
	}
	if len(r.Pool) == 0 {
		return false
	}
	r.PoolPort = d.poolPort
	if r.Action != "binat" && r.PoolType == "" && (len(r.Pool) > 1 || r.Pool[0].Kind == "table" || r.Pool[0].several()) {
		r.PoolType = "round-robin"
	}
	if d.PoolStar {
		r.PoolPort[1] = d.poolPort[0] + r.To.Port[1] - r.To.Port[0]
		if r.To.Op != ":" {
			r.PoolPort[1] = 0
		}
	}
	if r.Action == "binat" && len(r.Pool) != 1 {
		fail("a binat rule must have one redirection address")
	}
	return true
}

// several is DYNIF_MULTIADDR: what stands for an interface may be more than one address.
func (a Addr) several() bool {
	if a.Kind != "dynamic" {
		return false
	}
	name, modifiers, _ := strings.Cut(a.Name, ":")
	digit := name[len(name)-1] >= '0' && name[len(name)-1] <= '9'
	return !strings.Contains(modifiers, "0") || !digit
}

// finishState is what pass rules do of themselves: keep state, and for TCP begin it with a SYN.
func (p *Parser) finishState(d *draft, r *Rule) {
	if r.IsAnchor {
		return
	}
	if !d.stateGiven && r.Action == "pass" {
		r.State = "keep"
	}
	tcp := r.Proto == "" || r.Proto == "tcp"
	stateful := r.State != "" && r.State != "no"
	switch {
	case !tcp:
		r.Flags = ""
	case !d.flagsGiven && stateful && !inWords(r.Rest, "fragment"):
		r.Flags = "S/SA"
	case d.flagsGiven && r.Flags == "any" && !stateful:
		r.Flags = ""
	}
}

func inWords(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}
