package pf

import "fmt"

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
