package pf

import (
	"net/netip"
	"strconv"
	"strings"
)

// anchor reads a rule that calls an anchor, and what it holds if that stands there too.
func (p *Parser) anchor(word string) {
	d := &draft{Rule: Rule{IsAnchor: true, Action: strings.TrimSuffix(word, "-anchor")}}
	if word == "anchor" {
		p.in(sectionFilter)
		d.Action = "pass"
	} else {
		p.in(sectionNAT)
	}
	if p.tok.kind == 'q' || p.tok.kind == 's' && !anchorWord(p.tok.text) {
		d.Anchor = p.word()
	} else if word != "anchor" {
		syntax()
	}
	if word == "anchor" {
		p.direction(d)
		p.logQuick(d, true)
	}
	p.onInterface(d)
	p.familyAndEnds(d)
	if word == "anchor" {
		p.filterOptions(d)
	} else {
		p.tags(d)
	}
	if word == "anchor" && p.is("{") {
		p.inline(d)
		return
	}
	if d.Anchor == "" {
		fail("anchor rule without name")
	}
	p.expand(d)
}

// anchorWord are those that may follow an anchor without a name.
func anchorWord(word string) bool {
	switch word {
	case "in", "out", "log", "quick", "on", "inet", "inet6", "proto", "from", "to", "all":
		return true
	}
	return false
}

// inline is anchor "x" { … }.
func (p *Parser) inline(d *draft) {
	p.advance()
	if d.Anchor == "" {
		p.unnamed++
		d.Anchor = "_" + strconv.Itoa(p.unnamed)
	}
	p.expand(d)
	into, path := p.into, p.path
	p.path = strings.TrimPrefix(p.path+"/"+d.Anchor, "/")
	p.into = &Ruleset{}
	p.result.Inside[p.path] = p.into
	for !p.is("}") {
		if p.tok.kind == 0 {
			syntax()
		}
		if p.tok.kind == '\n' {
			p.advance()
			continue
		}
		p.dispatch()
		if p.tok.kind != '\n' && !p.is("}") {
			syntax()
		}
	}
	p.advance()
	p.into, p.path = into, path
}

// antispoof becomes two block rules for each address of an interface.
func (p *Parser) antispoof() {
	p.in(sectionFilter)
	p.advance()
	d := &draft{}
	p.logQuick(d, true)
	p.expect("for")
	var names []string
	p.list(func() { names = append(names, p.word()) })
	switch {
	case p.accept("inet"):
		d.AF = 4
	case p.accept("inet6"):
		d.AF = 6
	}
	if p.accept("label") {
		d.Rest = append(d.Rest, `label "`+p.word()+`"`)
	}
	for _, name := range names {
		p.antispoofFor(d, name)
	}
}

func (p *Parser) antispoofFor(d *draft, name string) {
	base := d.Rule
	base.Action, base.Block, base.Direction = "block", p.blockPolicy, "in"
	var own []netip.Prefix
	for _, prefix := range p.Env.Addresses(name) {
		if f := (Addr{Kind: "prefix", Prefix: prefix}).family(); d.AF == 0 || d.AF == f {
			own = append(own, prefix)
		}
	}
	for _, network := range []bool{true, false} {
		for _, prefix := range own {
			r := base
			if network {
				r.Interface, r.NotInterface = name, true
				prefix = prefix.Masked()
			} else {
				prefix = netip.PrefixFrom(prefix.Addr(), prefix.Addr().BitLen())
			}
			r.From.Addr = Addr{Kind: "prefix", Prefix: prefix}
			r.AF = r.From.Addr.family()
			if network || !strings.HasPrefix(name, "lo") {
				p.add(r)
			}
		}
	}
}
