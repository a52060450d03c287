package pf

import (
	"os"
	"strings"
)

func (p *Parser) dispatch() {
	if p.tok.kind != 's' {
		if p.accept("{") || p.tok.kind != 0 {
			syntax()
		}
		return
	}
	switch p.tok.text {
	case "set":
		p.in(sectionOptions)
		p.advance()
		p.option()
	case "scrub":
		p.rule("scrub", false)
	case "no":
		p.advance()
		switch kind := p.word(); kind {
		case "scrub", "nat", "rdr", "binat":
			p.ruleAfter(kind, true)
		default:
			syntax()
		}
	case "nat", "rdr", "binat", "pass", "block", "match":
		p.rule(p.tok.text, false)
	case "anchor", "nat-anchor", "rdr-anchor", "binat-anchor":
		p.anchor(p.advance().text)
	case "load":
		p.load()
	case "antispoof":
		p.antispoof()
	case "table":
		p.table()
	case "include":
		p.advance()
		p.include(p.word())
	case "altq", "queue":
		fail("syntax error")
	default:
		p.macro()
	}
}

func (p *Parser) include(file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		fail("failed to include file %s", file)
	}
	p.statements(file, string(data))
}

// macro is NAME = value.
func (p *Parser) macro() {
	name := p.advance().text
	if !p.accept("=") {
		syntax()
	}
	var words []string
	for p.tok.kind != '\n' && p.tok.kind != 0 {
		if p.tok.kind == '.' {
			syntax()
		}
		words = append(words, p.advance().text)
	}
	if len(words) == 0 {
		syntax()
	}
	value := strings.Join(words, " ")
	p.Out("%s = \"%s\"\n", name, value)
	p.Macros[name] = value
}

// load is "load anchor NAME from FILE".
func (p *Parser) load() {
	p.advance()
	p.expect("anchor")
	name := p.word()
	p.expect("from")
	file := p.word()
	if p.path != "" {
		name = p.path + "/" + name
	}
	p.result.Loads = append(p.result.Loads, [2]string{strings.Trim(name, "/"), file})
}

// option is "set …". Few of them change what happens here.
func (p *Parser) option() {
	switch name := p.word(); name {
	case "skip":
		p.expect("on")
		p.result.HasSkip = true
		p.result.Skip = nil
		p.list(func() { p.result.Skip = append(p.result.Skip, p.word()) })
		p.Out("set skip on { %s }\n", strings.Join(p.result.Skip, " "))
	case "block-policy":
		policy := p.word()
		if policy != "drop" && policy != "return" {
			syntax()
		}
		p.blockPolicy = policy
		p.Out("set block-policy %s\n", policy)
	case "timeout", "limit":
		p.list(func() {
			what, value := p.word(), ""
			if p.tok.kind == 'n' {
				value = p.advance().text
			} else {
				syntax()
			}
			p.Out("set %s %s %s\n", name, what, value)
		})
	case "loginterface", "optimization", "debug", "state-policy", "hostid", "fingerprints", "ruleset-optimization",
		"require-order", "reassemble", "state-defaults", "keepcounters":
		var words []string
		for p.tok.kind != '\n' && p.tok.kind != 0 {
			words = append(words, p.advance().text)
		}
		if len(words) == 0 && name != "keepcounters" {
			syntax()
		}
		p.Out("set %s\n", strings.Join(append([]string{name}, words...), " "))
	default:
		syntax()
	}
}

// table is "table <NAME> options { addresses }".
func (p *Parser) table() {
	p.advance()
	p.expect("<")
	t := Table{Name: p.word()}
	p.expect(">")
	if len(t.Name) >= 32 {
		fail("table name too long, max 31 chars")
	}
	for p.tok.kind != '\n' && p.tok.kind != 0 {
		switch {
		case p.is("const"), p.is("persist"), p.is("counters"):
			t.Options = append(t.Options, p.advance().text)
		case p.is("{"):
			t.Defined = true
			if p.emptyList() {
				break
			}
			p.list(func() { t.Prefixes = append(t.Prefixes, p.entries()...) })
		case p.accept("file"):
			t.Defined = true
			file := p.word()
			entries, err := ReadEntries(file)
			if err != nil {
				fail("cannot open %s", file)
			}
			t.Prefixes = append(t.Prefixes, entries...)
		default:
			syntax()
		}
	}
	p.Out("%s\n", t.Text())
	p.into.Tables = append(p.into.Tables, t)
}

// emptyList takes "{ }".
func (p *Parser) emptyList() bool {
	pos, tok, line := p.lex.pos, p.tok, p.lex.line
	p.advance()
	p.newlines()
	if p.accept("}") {
		return true
	}
	p.lex.pos, p.tok, p.lex.line = pos, tok, line
	return false
}
