package programs

import (
	"fmt"
	"strconv"
	"strings"
)

// usr.bin/sed/compile.c: a script into commands.

// sedAddress is a line's number, the last line, an expression, or (second only) a number of lines.
type sedAddress struct {
	kind byte // 'n' line, '$' last, '/' expression, '+' lines after the first
	line int
	re   *regex // nil: the last one used
}

type sedCommand struct {
	first, second *sedAddress
	negated       bool
	name          byte
	text          string
	target        int // where a branch, or a { that isn't taken, goes

	re          *regex
	replacement []sedPart
	occurrence  int
	global      bool
	print       bool
	file        string
	table       map[rune]rune

	inRange bool
	endLine int
}

// sedPart is text, or a group's number (0 is &).
type sedPart struct {
	text  string
	group int
}

type sedLine struct {
	text, source string
	number       int
}

type sedCompiler struct {
	p        *Process
	extended bool
	quiet    bool

	lines    []sedLine
	at       int    // the line
	text     string // what is left of it
	commands []*sedCommand
	open     []int
	labels   map[string]int
	failure  string
	started  bool
}

// add adds a script; its name stands in messages.
func (c *sedCompiler) add(source, script string) {
	if !c.started && strings.HasPrefix(script, "#n\n") || script == "#n" && !c.started {
		c.quiet = true
	}
	c.started = true
	for i, line := range strings.Split(script, "\n") {
		c.lines = append(c.lines, sedLine{line, source, i + 1})
	}
}

func (c *sedCompiler) fail(format string, args ...any) {
	if c.failure != "" {
		return
	}
	at := c.at
	if at >= len(c.lines) {
		at = len(c.lines) - 1
	}
	c.failure = fmt.Sprintf("%d: %s: %s", c.lines[at].number, c.lines[at].source, fmt.Sprintf(format, args...))
}

func (c *sedCompiler) compile() ([]*sedCommand, string) {
	c.labels = map[string]int{}
	for ; c.at < len(c.lines) && c.failure == ""; c.at++ {
		c.text = c.lines[c.at].text
		for c.failure == "" {
			c.text = strings.TrimLeft(c.text, " \t;")
			if c.text == "" || c.text[0] == '#' {
				break
			}
			c.command()
		}
	}
	if len(c.open) > 0 {
		c.at = len(c.lines) - 1
		c.fail("unexpected EOF (pending }'s)")
	}
	c.branches()
	return c.commands, c.failure
}

func (c *sedCompiler) branches() {
	for _, command := range c.commands {
		if command.name != 'b' && command.name != 't' {
			continue
		}
		command.target = len(c.commands)
		if command.text != "" {
			target, ok := c.labels[command.text]
			if !ok && c.failure == "" {
				c.failure = fmt.Sprintf("%d: %s: undefined label '%s'", c.lines[len(c.lines)-1].number, c.lines[len(c.lines)-1].source, command.text)
			}
			command.target = target
		}
	}
}

func (c *sedCompiler) blanks() { c.text = strings.TrimLeft(c.text, " \t") }

func (c *sedCompiler) command() {
	command := &sedCommand{}
	if command.first = c.address(false); command.first != nil {
		c.blanks()
		if strings.HasPrefix(c.text, ",") {
			c.text = c.text[1:]
			c.blanks()
			if command.second = c.address(true); command.second == nil && c.failure == "" {
				c.fail("expected context address")
			}
		}
	}
	c.blanks()
	for strings.HasPrefix(c.text, "!") {
		command.negated = true
		c.text = c.text[1:]
		c.blanks()
	}
	if c.failure != "" {
		return
	}
	if c.text == "" {
		c.fail("command expected")
		return
	}
	command.name, c.text = c.text[0], c.text[1:]
	c.arguments(command)
}

func (c *sedCompiler) address(second bool) *sedAddress {
	switch {
	case c.text == "":
		return nil
	case c.text[0] == '$':
		c.text = c.text[1:]
		return &sedAddress{kind: '$'}
	case c.text[0] == '/' || c.text[0] == '\\':
		delimiter := "/"
		c.text = c.text[1:]
		if c.lines[c.at].text[len(c.lines[c.at].text)-len(c.text)-1] == '\\' {
			if c.text == "" {
				c.fail("\\ can not be used as a string delimiter")
				return nil
			}
			delimiter, c.text = c.text[:1], c.text[1:]
		}
		pattern, ok := c.delimited(delimiter)
		if !ok {
			c.fail("unterminated regular expression")
			return nil
		}
		ignoreCase := strings.HasPrefix(c.text, "I")
		if ignoreCase {
			c.text = c.text[1:]
		}
		return &sedAddress{kind: '/', re: c.regex(pattern, ignoreCase)}
	case c.text[0] >= '0' && c.text[0] <= '9', c.text[0] == '+' && second:
		kind := byte('n')
		if c.text[0] == '+' {
			kind, c.text = '+', c.text[1:]
		}
		digits := digitRun(c.text)
		c.text = c.text[len(digits):]
		line, _ := strconv.Atoi(digits)
		return &sedAddress{kind: kind, line: line}
	}
	return nil
}

// regex compiles an expression; an empty one is the last one used.
func (c *sedCompiler) regex(pattern string, ignoreCase bool) *regex {
	if pattern == "" {
		return nil
	}
	re, err := compileRegex(pattern, regexFlags{extended: c.extended, ignoreCase: ignoreCase})
	if err != nil {
		c.fail("RE error: %s", err)
		return nil
	}
	return re
}

// delimited reads an expression up to its delimiter, over line breaks that a backslash hides.
func (c *sedCompiler) delimited(delimiter string) (string, bool) {
	var out strings.Builder
	inBracket := false
	for {
		if c.text == "" {
			return "", false
		}
		ch := c.text[:1]
		c.text = c.text[1:]
		switch {
		case ch == "[" && !inBracket && ch != delimiter:
			size := bracketSize(c.text)
			if size < 0 {
				c.fail("unbalanced brackets ([])")
				return "", true
			}
			out.WriteString(ch + bracketEscapes(c.text[:size]))
			c.text = c.text[size:]
			continue
		case ch == delimiter:
			return out.String(), true
		case ch == "\\":
			if c.text == "" {
				return "", false
			}
			next := c.text[:1]
			c.text = c.text[1:]
			switch {
			case next == delimiter:
				out.WriteString(delimiter)
			case next == "n":
				out.WriteString("\n")
			case next == "t":
				out.WriteString("\t")
			default:
				out.WriteString("\\" + next)
			}
			continue
		}
		out.WriteString(ch)
	}
}

// bracketSize is the length of a bracket expression after its [.
func bracketSize(text string) int {
	i := 0
	if strings.HasPrefix(text, "^") {
		i++
	}
	if strings.HasPrefix(text[i:], "]") {
		i++
	}
	for i < len(text) {
		switch {
		case text[i] == ']':
			return i + 1
		case text[i] == '[' && i+1 < len(text) && strings.IndexByte(":.=", text[i+1]) >= 0:
			end := strings.Index(text[i+2:], text[i+1:i+2]+"]")
			if end < 0 {
				return -1
			}
			i += 2 + end + 2
		default:
			i++
		}
	}
	return -1
}

// bracketEscapes puts \n and \t in a bracket expression as the characters they stand for.
func bracketEscapes(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\\n", "\n"), "\\t", "\t")
}
