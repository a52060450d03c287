package programs

import "strings"

// jailString is one value, before its variables stand for theirs.
type jailString []piece

// jailParam is one parameter of a jail; a variable's name is without its dollar sign.
type jailParam struct {
	name     string
	values   []jailString
	variable bool
	append   bool
	fixed    bool // it cannot be given again
	texts    []string
	resolved int // 0 not yet, 1 being resolved, 2 done
}

// jailBlock is what the file says of one jail; "*" and names with it are for others.
type jailBlock struct {
	name   string
	params []*jailParam
}

// jailParser reads a file as yacc's parser of jail.conf does, with its way of going on after an error: it skips to
// the next semicolon and is silent until three tokens were right.
type jailParser struct {
	file   string
	lex    *lexer
	token  token
	good   int
	failed bool
	warn   func(format string, args ...any)
	blocks []*jailBlock
}

func parseJailConf(file, text string, warn func(string, ...any)) ([]*jailBlock, bool) {
	p := &jailParser{file: file, lex: newLexer(text), good: 3, warn: warn}
	p.token = p.lex.next()
	for p.token.kind != tokenEnd {
		p.statement()
	}
	return p.blocks, !p.failed
}

func (p *jailParser) shift() token {
	t := p.token
	p.token = p.lex.next()
	p.good++
	return t
}

func (p *jailParser) mark(c string) bool { return p.token.kind == tokenMark && p.token.raw == c }

// wrong complains of the current token and skips behind the next semicolon.
func (p *jailParser) wrong() {
	p.failed = true
	if p.good >= 3 {
		if p.token.kind == tokenEnd {
			p.warn("%s: unexpected EOF", p.file)
		} else {
			p.warn("%s line %d: %s: syntax error", p.file, p.token.line, p.token.raw)
		}
	}
	for p.token.kind != tokenEnd && !p.mark(";") {
		p.token = p.lex.next()
	}
	p.good = 0
	if p.mark(";") {
		p.shift()
	}
}

// statement is a jail, or a parameter for all jails below it.
func (p *jailParser) statement() {
	if p.mark(";") {
		p.shift()
		return
	}
	if p.token.kind != tokenText && p.token.kind != tokenVar {
		p.wrong()
		return
	}
	param := p.name()
	if p.mark("{") && !param.variable {
		p.shift()
		p.jail(param.name)
		return
	}
	if p.rest(param) {
		last := len(p.blocks) - 1
		if last < 0 || p.blocks[last].name != "*" {
			p.blocks = append(p.blocks, &jailBlock{name: "*"})
			last++
		}
		p.blocks[last].params = append(p.blocks[last].params, param)
	}
}

// name reads a name: words and strings that follow each other are one.
func (p *jailParser) name() *jailParam {
	param := &jailParam{variable: p.token.kind == tokenVar}
	for {
		for _, part := range p.shift().pieces {
			param.name += part.text
		}
		if param.variable || p.token.kind != tokenText {
			return param
		}
	}
}

func (p *jailParser) jail(name string) {
	block := &jailBlock{name: name}
	p.blocks = append(p.blocks, block)
	for {
		switch {
		case p.mark("}"):
			p.shift()
			return
		case p.mark(";"):
			p.shift()
		case p.token.kind == tokenText || p.token.kind == tokenVar:
			if param := p.name(); p.rest(param) {
				block.params = append(block.params, param)
			}
		default:
			p.wrong()
			if p.token.kind == tokenEnd {
				return
			}
		}
	}
}

// rest reads what follows a parameter's name, to the semicolon.
func (p *jailParser) rest(param *jailParam) bool {
	if p.token.kind == tokenAppend || p.mark("=") {
		param.append = p.shift().kind == tokenAppend
		if !p.value(param) {
			p.wrong()
			return false
		}
	}
	if !p.mark(";") {
		p.wrong()
		return false
	}
	p.shift()
	return true
}

func (p *jailParser) value(param *jailParam) bool {
	for {
		var one jailString
		for p.token.kind == tokenText || p.token.kind == tokenVar {
			one = append(one, p.shift().pieces...)
		}
		if one == nil {
			return false
		}
		param.values = append(param.values, one)
		if !p.mark(",") {
			return true
		}
		p.shift()
	}
}

// wildJail says whether a block is for other jails than one of its name.
func wildJail(name string) bool {
	return name == "*" || strings.HasSuffix(name, ".*") || strings.HasPrefix(name, "*.")
}

// wildMatch says whether a block with stars is for a jail.
func wildMatch(name, wild string) bool {
	if wild == "*" {
		return true
	}
	have, want := strings.Split(name, "."), strings.Split(wild, ".")
	for i, w := range want {
		if i >= len(have) || w != "*" && w != have[i] {
			return false
		}
		if w == "*" && i == len(want)-1 {
			return true
		}
	}
	return len(have) == len(want)
}
