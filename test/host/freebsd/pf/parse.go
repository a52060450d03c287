package pf

import (
	"fmt"
	"os"
	"strings"
)

// Result is what a file says.
type Result struct {
	Main    Ruleset
	Inside  map[string]*Ruleset // of anchors that the file itself fills, by path
	Loads   [][2]string         // load anchor: path and file
	Skip    []string            // set skip on
	HasSkip bool
	Errors  int
}

// Parser reads pf.conf(5).
type Parser struct {
	Env Environment
	// Out takes what pfctl -v prints, Err what it complains of.
	Out, Err func(format string, args ...any)
	Macros   map[string]string

	result      *Result
	into        *Ruleset
	path        string // of the anchor that is being filled
	lex         *lexer
	tok         token
	file        string
	section     int
	blockPolicy string
	unnamed     int
}

// Sections of a file, which must come in this order.
const (
	sectionOptions = iota + 1
	sectionScrub
	sectionQueue
	sectionNAT
	sectionFilter
)

// Parse reads a text. file is its name for messages.
func (p *Parser) Parse(file, text string) *Result {
	p.result = &Result{Inside: map[string]*Ruleset{}}
	p.into = &p.result.Main
	p.blockPolicy = "drop"
	if p.Macros == nil {
		p.Macros = map[string]string{}
	}
	p.statements(file, text)
	return p.result
}

func (p *Parser) statements(file, text string) {
	oldLex, oldTok, oldFile := p.lex, p.tok, p.file
	p.file = file
	p.lex = &lexer{file: file, text: text, line: 1, macros: p.Macros}
	p.lex.failed = func(line int, format string, args ...any) { p.complain(line, format, args...) }
	p.advance()
	for p.tok.kind != 0 {
		p.statement()
	}
	p.lex, p.tok, p.file = oldLex, oldTok, oldFile
}

func (p *Parser) complain(line int, format string, args ...any) {
	p.result.Errors++
	p.Err("%s:%d: %s\n", p.file, line, fmt.Sprintf(format, args...))
}

func (p *Parser) advance() token {
	t := p.tok
	p.tok = p.lex.next()
	return t
}

// statement reads one line; what is wrong with it is said, and the rest of the line passed over.
func (p *Parser) statement() {
	defer func() {
		if f := recover(); f != nil {
			failed, ok := f.(failure)
			if !ok {
				panic(f)
			}
			p.complain(p.tok.line, "%s", failed.text)
			for p.tok.kind != '\n' && p.tok.kind != 0 {
				p.advance()
			}
		}
	}()
	if p.tok.kind == '\n' {
		p.advance()
		return
	}
	p.dispatch()
	if p.tok.kind != '\n' && p.tok.kind != 0 {
		syntax()
	}
}

func syntax() { fail("syntax error") }

// is says whether the next token is a certain word or sign.
func (p *Parser) is(text string) bool {
	return p.tok.text == text && (p.tok.kind == 's' || p.tok.kind == '.')
}

func (p *Parser) accept(text string) bool {
	if p.is(text) {
		p.advance()
		return true
	}
	return false
}

func (p *Parser) expect(text string) {
	if !p.accept(text) {
		syntax()
	}
}

// word is a string or a number.
func (p *Parser) word() string {
	if p.tok.kind != 's' && p.tok.kind != 'q' && p.tok.kind != 'n' {
		syntax()
	}
	return p.advance().text
}

func (p *Parser) newlines() {
	for p.tok.kind == '\n' {
		p.advance()
	}
}

// list reads one item, or several in braces, with commas or without.
func (p *Parser) list(item func()) {
	if !p.accept("{") {
		item()
		return
	}
	p.newlines()
	for {
		item()
		p.newlines()
		p.accept(",")
		p.newlines()
		if p.accept("}") {
			return
		}
	}
}

func (p *Parser) in(section int) {
	if section < p.section {
		fail("Rules must be in order: options, normalization, queueing, translation, filtering")
	}
	p.section = section
}

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
