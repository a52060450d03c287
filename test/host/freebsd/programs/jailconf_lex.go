package programs

import (
	"strings"
)

// The lexer of jail.conf(5), after the grammar that the manual page gives and what a FreeBSD 13.2 was seen to take.

type tokenKind int

const (
	tokenEnd    tokenKind = iota
	tokenText             // a word or a quoted string, with variables in it
	tokenVar              // a variable as a whole token: $x, ${x}
	tokenAppend           // +=
	tokenMark             // one of = { } , ;
	tokenBad              // any other character
)

// piece is a part of a string: letters, or a variable's name.
type piece struct {
	text     string
	variable bool
}

type token struct {
	kind   tokenKind
	raw    string // as it stands in the file
	pieces []piece
	line   int
	space  bool // white space stands before it
}

type lexer struct {
	text string
	at   int
	line int
}

func newLexer(text string) *lexer { return &lexer{text: text, line: 1} }

// skip passes over white space and comments and says whether there was any.
func (l *lexer) skip() (skipped bool) {
	for l.at < len(l.text) {
		rest := l.text[l.at:]
		switch {
		case strings.IndexByte(" \t\v\f\r", rest[0]) >= 0:
			l.at++
		case rest[0] == '\n':
			l.at++
			l.line++
		case rest[0] == '#' || strings.HasPrefix(rest, "//"):
			if end := strings.IndexByte(rest, '\n'); end >= 0 {
				l.at += end
			} else {
				l.at = len(l.text)
			}
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				l.at = len(l.text)
				break
			}
			l.line += strings.Count(rest[:end+4], "\n")
			l.at += end + 4
		default:
			return skipped
		}
		skipped = true
	}
	return skipped
}

func (l *lexer) next() token {
	space := l.skip()
	t := token{line: l.line, space: space}
	if l.at >= len(l.text) || l.text[l.at] >= 0x80 {
		return t // a byte that is no ASCII ends the file for FreeBSD's lexer
	}
	start := l.at
	switch c := l.text[l.at]; {
	case strings.HasPrefix(l.text[l.at:], "+="):
		t.kind, l.at = tokenAppend, l.at+2
	case strings.IndexByte("={},;", c) >= 0:
		t.kind, l.at = tokenMark, l.at+1
	case c == '"' || c == '\'':
		return l.quoted(t, c)
	case c == '$':
		name, length := variableAt(l.text[l.at:])
		if length == 0 {
			t.kind, l.at = tokenBad, l.at+1
			break
		}
		t.kind, t.pieces, l.at = tokenVar, []piece{{name, true}}, l.at+length
	case bareWord(c) || c == '\\':
		t.kind = tokenText
		var word strings.Builder
		for l.at < len(l.text) && (bareWord(l.text[l.at]) || l.text[l.at] == '\\') && !l.comment() {
			if l.text[l.at] == '\\' {
				word.WriteString(l.escape())
			} else {
				word.WriteByte(l.text[l.at])
				l.at++
			}
		}
		t.pieces = []piece{{text: word.String()}}
	default:
		t.kind, l.at = tokenBad, l.at+1
	}
	t.raw = l.text[start:l.at]
	return t
}

func (l *lexer) comment() bool {
	return strings.HasPrefix(l.text[l.at:], "//") || strings.HasPrefix(l.text[l.at:], "/*")
}

func bareWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("_!%&()-.:<>?@[]^`|~/*", c) >= 0
}

// variableAt reads $x or ${x}.
func variableAt(text string) (name string, length int) {
	if strings.HasPrefix(text, "${") {
		end := strings.IndexAny(text[2:], "{}\n")
		if end < 0 || text[2+end] != '}' {
			return "", 0
		}
		return text[2 : 2+end], end + 3
	}
	i := 1
	for i < len(text) && (text[i] == '_' || text[i] >= 'a' && text[i] <= 'z' || text[i] >= 'A' && text[i] <= 'Z' || i > 1 && text[i] >= '0' && text[i] <= '9') {
		i++
	}
	if i == 1 {
		return "", 0
	}
	return text[1:i], i
}

// quoted reads a string in quotes; variables stand for their values in double ones.
func (l *lexer) quoted(t token, quote byte) token {
	start := l.at
	t.kind = tokenText
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			t.pieces = append(t.pieces, piece{text: text.String()})
			text.Reset()
		}
	}
	for l.at++; ; {
		if l.at >= len(l.text) {
			return token{line: l.line, space: t.space}
		}
		c := l.text[l.at]
		if c == quote {
			l.at++
			break
		}
		if c == '$' && quote == '"' {
			if name, length := variableAt(l.text[l.at:]); length > 0 {
				flush()
				t.pieces = append(t.pieces, piece{name, true})
				l.at += length
				continue
			}
		}
		if c == '\\' {
			text.WriteString(l.escape())
			continue
		}
		if c == '\n' {
			l.line++
		}
		text.WriteByte(c)
		l.at++
	}
	flush()
	if len(t.pieces) == 0 {
		t.pieces = []piece{{}}
	}
	t.raw = l.text[start:l.at]
	return t
}

// escape reads a backslash and what follows as C does; before any other character the backslash means nothing.
func (l *lexer) escape() string {
	l.at++
	if l.at >= len(l.text) {
		return ""
	}
	c := l.text[l.at]
	l.at++
	switch c {
	case 'a':
		return "\a"
	case 'b':
		return "\b"
	case 'f':
		return "\f"
	case 'n':
		return "\n"
	case 'r':
		return "\r"
	case 't':
		return "\t"
	case 'v':
		return "\v"
	case '\n':
		l.line++
		return ""
	case 'x':
		return l.digits(16, 2, "x")
	}
	if c >= '0' && c <= '7' {
		l.at--
		return l.digits(8, 3, "")
	}
	return string(c)
}

func (l *lexer) digits(base, most int, otherwise string) string {
	value, n := 0, 0
	for n < most && l.at < len(l.text) {
		d := strings.IndexByte("0123456789abcdef", l.text[l.at]|0x20)
		if l.text[l.at] <= '9' {
			d = int(l.text[l.at]) - '0'
		}
		if d < 0 || d >= base {
			break
		}
		value, n, l.at = value*base+d, n+1, l.at+1
	}
	if n == 0 {
		return otherwise
	}
	return string([]byte{byte(value)})
}
