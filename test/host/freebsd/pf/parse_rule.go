package pf

import (
	"sort"
	"strconv"
	"strings"
)

// draft is a rule before its lists are expanded.
type draft struct {
	Rule
	interfaces    []ifItem
	protos        []string
	from, to      []hostItem
	fromPorts     []portItem
	toPorts       []portItem
	pool          []hostItem
	hasPool       bool
	poolPort      [2]int
	hasPoolPort   bool
	stateGiven    bool
	flagsGiven    bool
	icmps         []string
	users         []string
	portAfterHost bool
}

type ifItem struct {
	name string
	not  bool
}

func (p *Parser) rule(kind string, no bool) {
	p.advance()
	p.ruleAfter(kind, no)
}

// ruleAfter reads a rule whose first word has been read.
func (p *Parser) ruleAfter(kind string, no bool) {
	d := &draft{Rule: Rule{Action: kind, No: no}}
	switch kind {
	case "scrub":
		p.in(sectionScrub)
	case "nat", "rdr", "binat":
		p.in(sectionNAT)
		d.NATPass = p.accept("pass")
	default:
		p.in(sectionFilter)
	}
	if kind == "block" {
		p.blockSpec(d)
	}
	if kind == "pass" || kind == "block" || kind == "match" || kind == "scrub" {
		p.direction(d)
	}
	p.logQuick(d, kind == "pass" || kind == "block" || kind == "match" || kind == "scrub")
	p.onInterface(d)
	if kind == "pass" || kind == "block" || kind == "match" {
		p.route(d)
	}
	p.familyAndEnds(d)
	switch kind {
	case "scrub":
		p.scrubOptions(d)
	case "nat", "rdr", "binat":
		p.translation(d)
	default:
		p.filterOptions(d)
	}
	if p.tok.kind != '\n' && p.tok.kind != 0 && !p.is("}") {
		syntax()
	}
	p.expand(d)
}

func (p *Parser) blockSpec(d *draft) {
	d.Block = p.blockPolicy
	switch {
	case p.is("drop"), p.is("return"):
		d.Block = p.advance().text
	case p.is("return-rst"), p.is("return-icmp"), p.is("return-icmp6"):
		d.Block = p.advance().text
		if p.accept("(") {
			var words []string
			for !p.is(")") {
				words = append(words, p.word())
				if p.accept(",") {
					words[len(words)-1] += ","
				}
			}
			p.advance()
			d.Block += "(" + strings.Join(words, " ") + ")"
		}
	}
}

func (p *Parser) direction(d *draft) {
	if p.is("in") || p.is("out") {
		d.Direction = p.advance().text
	}
}

func (p *Parser) logQuick(d *draft, quick bool) {
	for {
		switch {
		case p.accept("log"):
			d.Log = "log"
			if p.accept("(") {
				var words []string
				for !p.is(")") {
					words = append(words, p.word())
					p.accept(",")
				}
				p.advance()
				d.Log += " (" + strings.Join(words, ", ") + ")"
			}
		case quick && p.accept("quick"):
			d.Quick = true
		default:
			return
		}
	}
}

func (p *Parser) onInterface(d *draft) {
	if !p.accept("on") {
		return
	}
	p.list(func() {
		item := ifItem{not: p.accept("!")}
		if item.name = p.word(); item.name == "any" {
			item.name = ""
		}
		if len(item.name) > 15 {
			fail("syntax error")
		}
		d.interfaces = append(d.interfaces, item)
	})
}

func (p *Parser) route(d *draft) {
	switch {
	case p.is("route-to"), p.is("reply-to"), p.is("dup-to"):
		text := p.advance().text + " "
		p.expect("(")
		text += "(" + p.word()
		if !p.is(")") {
			text += " " + p.word()
		}
		p.expect(")")
		d.Route = text + ")"
	case p.accept("fastroute"):
		d.Route = "fastroute"
	}
}

func (p *Parser) familyAndEnds(d *draft) {
	switch {
	case p.accept("inet"):
		d.AF = 4
	case p.accept("inet6"):
		d.AF = 6
	}
	if p.accept("proto") {
		p.list(func() { d.protos = append(d.protos, p.protocol()) })
	}
	if p.accept("all") {
		return
	}
	if p.accept("from") {
		p.end(&d.from, &d.fromPorts, d)
	}
	if p.accept("to") {
		p.end(&d.to, &d.toPorts, d)
	}
}

func (p *Parser) protocol() string {
	name := p.word()
	for _, known := range [][2]string{
		{"1", "icmp"}, {"2", "igmp"}, {"4", "ipencap"}, {"6", "tcp"}, {"17", "udp"}, {"41", "ipv6"}, {"47", "gre"}, {"50", "esp"},
		{"51", "ah"}, {"58", "ipv6-icmp"}, {"89", "ospf"}, {"112", "carp"}, {"132", "sctp"}, {"240", "pfsync"},
	} {
		if name == known[0] || name == known[1] || name == "icmp6" && known[1] == "ipv6-icmp" {
			return known[1]
		}
	}
	if n, err := strconv.Atoi(name); err == nil && n > 0 && n < 256 {
		return name
	}
	fail("unknown protocol %s", name)
	return ""
}

// translation is what follows the ends of a nat, rdr or binat rule.
func (p *Parser) translation(d *draft) {
	p.tags(d)
	if p.accept("->") {
		d.hasPool = true
		p.list(func() { d.pool = append(d.pool, p.host()...) })
		if p.accept("port") {
			d.poolPort = p.starPorts()
			d.hasPoolPort = true
			d.PoolStar = d.poolPort[1] < 0
		}
		p.poolType(d)
	}
	switch {
	case d.No && d.hasPool:
		fail("'no' translation rule does not need '->'")
	case !d.No && !d.hasPool:
		fail("translation rule requires '-> address'")
	}
}

func (p *Parser) tags(d *draft) {
	for {
		switch {
		case p.accept("tag"):
			d.Rest = append(d.Rest, "tag "+p.word())
		case p.is("tagged"):
			p.advance()
			d.Rest = append(d.Rest, "tagged "+p.word())
		case p.accept("rtable"):
			d.Rest = append(d.Rest, "rtable "+p.word())
		default:
			return
		}
	}
}

func (p *Parser) poolType(d *draft) {
	for {
		switch {
		case p.is("bitmask"), p.is("random"), p.is("round-robin"):
			d.PoolType = p.advance().text
		case p.accept("source-hash"):
			d.PoolType = "source-hash"
			if p.tok.kind == 's' && strings.HasPrefix(p.tok.text, "0x") {
				d.PoolType += " " + p.advance().text
			}
		case p.accept("sticky-address"):
			d.Sticky = true
		case p.accept("static-port"):
			d.StaticPort = true
			if d.Action != "nat" {
				fail("the 'static-port' option is only valid with nat rules")
			}
		default:
			return
		}
	}
}

// scrubOptions are printed in scrub's own order.
func (p *Parser) scrubOptions(d *draft) {
	fragment := "fragment reassemble"
	for p.tok.kind == 's' {
		switch word := p.advance().text; word {
		case "no-df", "random-id":
			d.Scrub = append(d.Scrub, word)
		case "min-ttl", "max-mss", "set-tos":
			d.Scrub = append(d.Scrub, word+" "+p.word())
		case "reassemble":
			p.expect("tcp")
			d.Scrub = append(d.Scrub, "reassemble tcp")
		case "fragment":
			switch {
			case p.accept("reassemble"):
			case p.accept("no"):
				p.expect("reassemble")
				fragment = ""
			default:
				syntax()
			}
		default:
			syntax()
		}
	}
	sort.SliceStable(d.Scrub, func(i, j int) bool { return scrubOrder(d.Scrub[i]) < scrubOrder(d.Scrub[j]) })
	if fragment != "" {
		d.Scrub = append(d.Scrub, fragment)
	}
}

func scrubOrder(option string) int {
	for i, name := range []string{"no-df", "random-id", "min-ttl", "set-tos", "max-mss", "reassemble"} {
		if strings.HasPrefix(option, name) {
			return i
		}
	}
	return 9
}

// filterOptions are those of pass, block, match and anchors.
func (p *Parser) filterOptions(d *draft) {
	for p.tok.kind == 's' {
		switch word := p.advance().text; word {
		case "flags":
			d.Flags, d.flagsGiven = p.flags(), true
		case "keep", "modulate", "synproxy", "no":
			p.expect("state")
			d.State, d.stateGiven = word, true
			if p.is("(") {
				d.StateOptions = p.parentheses()
			}
		case "icmp-type", "icmp6-type":
			p.list(func() {
				text := word + " " + p.word()
				if p.accept("code") {
					text += " code " + p.word()
				}
				d.icmps = append(d.icmps, text)
			})
		case "user", "group":
			p.list(func() { d.users = append(d.users, word+" = "+p.word()) })
		case "fragment", "allow-opts":
			d.Rest = append(d.Rest, word)
		case "label":
			d.Rest = append(d.Rest, `label "`+p.word()+`"`)
		case "tag", "tagged", "rtable", "probability", "tos", "queue", "divert-to", "prio", "ridentifier", "dnpipe", "dnqueue":
			value := ""
			if p.is("(") {
				value = "(" + p.parentheses() + ")"
			} else {
				value = p.word()
			}
			d.Rest = append(d.Rest, word+" "+value)
		default:
			syntax()
		}
	}
	if p.accept("!") {
		p.expect("tagged")
		d.Rest = append(d.Rest, "! tagged "+p.word())
		p.filterOptions(d)
	}
}

func (p *Parser) parentheses() string {
	p.expect("(")
	var words []string
	for !p.is(")") {
		word := ""
		for !p.is(",") && !p.is(")") {
			if word != "" && p.tok.text != "/" && !strings.HasSuffix(word, "/") {
				word += " "
			}
			if p.tok.kind == 0 || p.tok.kind == '\n' {
				syntax()
			}
			word += p.advance().text
		}
		words = append(words, word)
		p.accept(",")
	}
	p.advance()
	return strings.Join(words, ", ")
}

func (p *Parser) flags() string {
	if p.accept("any") {
		return "any"
	}
	first := ""
	if !p.is("/") {
		first = p.word()
	}
	p.expect("/")
	return first + "/" + p.word()
}
