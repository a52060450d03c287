package pf

import (
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
