package pf

import (
	"sort"
	"strings"
)

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
			if word != "" && p.tok.text != "/" && p.tok.text != ">" && !strings.HasSuffix(word, "/") && !strings.HasSuffix(word, "<") {
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
