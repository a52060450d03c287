package pf

import (
	"fmt"
	"strings"
)

// token is what yylex() of parse.y returns. kind: 's' a string, 'q' a quoted one, 'n' a number, '\n', 0 the end, or
// the sign itself in text with kind '.'.
type token struct {
	kind byte
	text string
	line int
}

type lexer struct {
	file   string
	text   string
	pos    int
	line   int
	macros map[string]string
	depth  int
	failed func(line int, format string, args ...any)
}

func inString(c byte) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		return true
	case c <= ' ' || c >= 0x7f:
		return c >= 0x80
	}
	return strings.IndexByte("(){}<>!=/#,", c) < 0
}

func (l *lexer) peek(n int) byte {
	if l.pos+n < len(l.text) {
		return l.text[l.pos+n]
	}
	return 0
}

// next reads a token; macros are put in the place of their names and read again.
func (l *lexer) next() token {
	for {
		l.blank()
		t := token{line: l.line}
		if l.pos >= len(l.text) {
			return t
		}
		c := l.text[l.pos]
		switch {
		case c == '\n':
			l.pos++
			l.line++
			t.kind, t.text = '\n', "\n"
			return t
		case c == '$':
			if l.macro() {
				continue
			}
			t.kind, t.text = '.', "$"
			return t
		case c == '"' || c == '\'':
			return l.quoted(c, t)
		}
		if sign := l.sign(); sign != "" {
			l.pos += len(sign)
			t.kind, t.text = '.', sign
			return t
		}
		start := l.pos
		for l.pos < len(l.text) && inString(l.text[l.pos]) {
			l.pos++
		}
		if l.pos == start {
			l.pos++
		}
		t.kind, t.text = 's', l.text[start:l.pos]
		if strings.Trim(t.text, "0123456789") == "" {
			t.kind = 'n'
		}
		return t
	}
}

// blank skips blanks, comments and joined lines.
func (l *lexer) blank() {
	for l.pos < len(l.text) {
		switch c := l.text[l.pos]; {
		case c == ' ' || c == '\t' || c == '\r':
			l.pos++
		case c == '\\' && l.peek(1) == '\n':
			l.pos += 2
			l.line++
		case c == '#':
			for l.pos < len(l.text) && l.text[l.pos] != '\n' {
				l.pos++
			}
		default:
			return
		}
	}
}

func (l *lexer) macro() bool {
	end := l.pos + 1
	for end < len(l.text) && (l.text[end] == '_' || isAlnum(l.text[end])) {
		end++
	}
	name := l.text[l.pos+1 : end]
	value, ok := l.macros[name]
	if !ok || l.depth > 100 {
		l.failed(l.line, "macro '%s' not defined", name)
		l.pos = end
		return false
	}
	l.depth++
	l.text = l.text[:l.pos] + " " + value + " " + l.text[end:]
	return true
}

func isAlnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func (l *lexer) quoted(end byte, t token) token {
	var b strings.Builder
	for l.pos++; l.pos < len(l.text); l.pos++ {
		c := l.text[l.pos]
		switch {
		case c == end:
			l.pos++
			t.kind, t.text = 'q', b.String()
			return t
		case c == '\n':
			l.line++
			continue
		case c == '\\' && (l.peek(1) == end || l.peek(1) == ' ' || l.peek(1) == '\t'):
			l.pos++
			c = l.text[l.pos]
		case c == '\\' && l.peek(1) == '\n':
			l.pos++
			l.line++
			continue
		}
		b.WriteByte(c)
	}
	return t
}

func (l *lexer) sign() string {
	two := ""
	if l.pos+2 <= len(l.text) {
		two = l.text[l.pos : l.pos+2]
	}
	switch two {
	case "<>", "><", "<=", ">=", "!=", "->":
		return two
	}
	if c := l.text[l.pos]; strings.IndexByte("(){}<>!=/,", c) >= 0 {
		return string(c)
	}
	return ""
}

// failure ends the parsing of one statement.
type failure struct{ text string }

func fail(format string, args ...any) { panic(failure{fmt.Sprintf(format, args...)}) }
