package programs

import (
	"strconv"
	"strings"
)

// What follows a command's letter; usr.bin/sed/compile.c.
func (c *sedCompiler) arguments(command *sedCommand) {
	addresses := 2
	switch command.name {
	case '}', ':':
		addresses = 0
	case '=', 'a', 'i', 'q', 'r':
		addresses = 1
		if command.name != 'q' {
			addresses = 2
		}
	}
	if addresses == 0 && command.first != nil {
		c.fail("%c: command expects no addresses", command.name)
	}
	if addresses == 1 && command.second != nil {
		c.fail("command %c expects up to 1 address(es), found 2", command.name)
	}
	switch command.name {
	case '{':
		c.open = append(c.open, len(c.commands))
		c.commands = append(c.commands, command)
	case '}':
		c.close(command)
	case 'a', 'c', 'i':
		c.textArgument(command)
	case 'b', 't':
		c.blanks()
		command.text, c.text = c.word()
		c.commands = append(c.commands, command)
		c.end(command)
	case ':':
		c.blanks()
		label := strings.TrimRight(c.text, " \t")
		c.text = ""
		if label == "" {
			c.fail("empty label")
		}
		if _, twice := c.labels[label]; twice {
			c.fail("duplicate label '%s'", label)
		}
		c.labels[label] = len(c.commands)
	case 'r', 'w':
		c.blanks()
		if c.text == "" {
			c.fail("filename expected")
		}
		command.file, c.text = c.text, ""
		c.commands = append(c.commands, command)
	case 's':
		c.substitute(command)
	case 'y':
		c.transliterate(command)
	case '=', 'd', 'D', 'g', 'G', 'h', 'H', 'l', 'n', 'N', 'p', 'P', 'q', 'x':
		c.commands = append(c.commands, command)
		c.end(command)
	default:
		c.fail("invalid command code %c", command.name)
	}
}

// word is a label: up to a blank or a semicolon.
func (c *sedCompiler) word() (word, rest string) {
	end := strings.IndexAny(c.text, " \t;}")
	if end < 0 {
		return c.text, ""
	}
	return c.text[:end], c.text[end:]
}

func (c *sedCompiler) end(command *sedCommand) {
	c.blanks()
	if c.text == "" || c.text[0] == ';' || c.text[0] == '}' || c.text[0] == '#' {
		return
	}
	c.fail("extra characters at the end of %c command", command.name)
}

func (c *sedCompiler) close(command *sedCommand) {
	if len(c.open) == 0 {
		c.fail("unexpected }")
		return
	}
	c.commands[c.open[len(c.open)-1]].target = len(c.commands)
	c.open = c.open[:len(c.open)-1]
	c.end(command)
}

// textArgument is the text of a, c and i: a backslash, a line break, and lines that end with a backslash but for the last.
func (c *sedCompiler) textArgument(command *sedCommand) {
	c.blanks()
	if !strings.HasPrefix(c.text, "\\") {
		c.fail("command %c expects \\ followed by text", command.name)
		return
	}
	c.text = c.text[1:]
	c.blanks()
	if c.text != "" {
		c.fail("extra characters after \\ at the end of %c command", command.name)
		return
	}
	for c.at+1 < len(c.lines) {
		c.at++
		line := strings.TrimLeft(c.lines[c.at].text, " \t")
		more := false
		var out strings.Builder
		for i := 0; i < len(line); i++ {
			if line[i] != '\\' {
				out.WriteByte(line[i])
				continue
			}
			if i++; i == len(line) {
				more = true
			} else {
				out.WriteByte(line[i])
			}
		}
		command.text += out.String() + "\n"
		if !more {
			break
		}
	}
	c.text = ""
	c.commands = append(c.commands, command)
}

func (c *sedCompiler) substitute(command *sedCommand) {
	if c.text == "" || c.text[0] == '\\' || c.text[0] == '\n' {
		c.fail("substitute pattern can not be delimited by newline or backslash")
		return
	}
	delimiter := c.text[:1]
	c.text = c.text[1:]
	pattern, ok := c.delimited(delimiter)
	if !ok {
		c.fail("unterminated substitute pattern")
		return
	}
	if !c.replacement(command, delimiter) {
		return
	}
	ignoreCase := c.substituteFlags(command)
	if c.failure != "" {
		return
	}
	if command.re = c.regex(pattern, ignoreCase); command.re != nil {
		for _, part := range command.replacement {
			if part.group > command.re.groups {
				c.fail("\\%d not defined in the RE", part.group)
			}
		}
	}
	c.commands = append(c.commands, command)
	if command.file == "" {
		c.end(command)
	}
}

func (c *sedCompiler) replacement(command *sedCommand, delimiter string) bool {
	var text strings.Builder
	put := func(group int) {
		command.replacement = append(command.replacement, sedPart{text: text.String(), group: -1}, sedPart{group: group})
		text.Reset()
	}
	for {
		if c.text == "" {
			c.fail("unterminated substitute in regular expression")
			return false
		}
		ch := c.text[0]
		c.text = c.text[1:]
		switch {
		case string(rune(ch)) == delimiter:
			command.replacement = append(command.replacement, sedPart{text: text.String(), group: -1})
			return true
		case ch == '&':
			put(0)
		case ch == '\\' && c.text == "":
			if c.at+1 >= len(c.lines) {
				c.fail("unterminated substitute in regular expression")
				return false
			}
			c.at++
			c.text = c.lines[c.at].text
			text.WriteByte('\n')
		case ch == '\\':
			next := c.text[0]
			c.text = c.text[1:]
			switch {
			case next >= '0' && next <= '9':
				put(int(next - '0'))
			case next == 'n' && delimiter != "n":
				text.WriteByte('\n')
			case next == 't':
				text.WriteByte('\t')
			default:
				text.WriteByte(next)
			}
		default:
			text.WriteByte(ch)
		}
	}
}

func (c *sedCompiler) substituteFlags(command *sedCommand) (ignoreCase bool) {
	command.occurrence = 1
	for c.text != "" {
		ch := c.text[0]
		switch {
		case ch == 'g':
			command.global = true
		case ch == 'p':
			command.print = true
		case ch == 'i' || ch == 'I':
			ignoreCase = true
		case ch >= '1' && ch <= '9':
			digits := digitRun(c.text)
			command.occurrence, _ = strconv.Atoi(digits)
			c.text = c.text[len(digits):]
			continue
		case ch == 'w':
			c.text = strings.TrimLeft(c.text[1:], " \t")
			if c.text == "" {
				c.fail("no wfile specified")
			}
			command.file, c.text = c.text, ""
			return ignoreCase
		case ch == ' ' || ch == '\t' || ch == ';' || ch == '}' || ch == '#':
			return ignoreCase
		default:
			c.fail("bad flag in substitute command: '%c'", ch)
			return ignoreCase
		}
		c.text = c.text[1:]
	}
	return ignoreCase
}

func (c *sedCompiler) transliterate(command *sedCommand) {
	if c.text == "" {
		c.fail("transform pattern can not be delimited by newline or backslash")
		return
	}
	delimiter := c.text[:1]
	c.text = c.text[1:]
	from, ok := c.delimited(delimiter)
	to, ok2 := "", false
	if ok {
		to, ok2 = c.delimited(delimiter)
	}
	if !ok || !ok2 {
		c.fail("unterminated transform source string")
		return
	}
	from, to = strings.ReplaceAll(from, `\\`, `\`), strings.ReplaceAll(to, `\\`, `\`)
	a, b := []rune(from), []rune(to)
	if len(a) != len(b) {
		c.fail("transform strings are not the same length")
		return
	}
	command.table = map[rune]rune{}
	for i := range a {
		command.table[a[i]] = b[i]
	}
	c.commands = append(c.commands, command)
	c.end(command)
}
