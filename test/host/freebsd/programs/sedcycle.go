package programs

import (
	"fmt"
	"os"
	"strings"
	"unicode/utf8"
)

// cycle runs the script once; it says whether to run it again on what D left.
func (s *editing) cycle() (again bool) {
	s.substituted = false
	for at := 0; at < len(s.commands); {
		c := s.commands[at]
		at++
		if !s.applies(c) {
			if c.name == '{' {
				at = c.target
			}
			continue
		}
		switch c.name {
		case 'b':
			at = c.target
		case 't':
			if s.substituted {
				s.substituted, at = false, c.target
			}
		case 'c':
			if c.second == nil || !c.inRange || c.negated {
				s.put(c.text)
			}
			s.flushAfter()
			return false
		case 'd':
			s.flushAfter()
			return false
		case 'D':
			s.flushAfter()
			end := strings.IndexByte(s.line, '\n')
			if end < 0 {
				return false
			}
			s.line = s.line[end+1:]
			return true
		case 'n', 'N':
			if !s.more(c.name) {
				return false
			}
		case 'q':
			s.endCycle()
			s.quit = true
			return false
		default:
			s.execute(c)
		}
	}
	s.endCycle()
	return false
}

func (s *editing) endCycle() {
	if !s.quiet {
		s.putSpace()
	}
	s.flushAfter()
}

// more is n and N. Without another line n prints and ends, N does so too, as POSIX has it.
func (s *editing) more(name byte) bool {
	if s.isLast() {
		s.quit = len(s.inputs) == 0 || !s.separate
		s.endCycle()
		return false
	}
	if name == 'n' {
		if !s.quiet {
			s.putSpace()
		}
		s.flushAfter()
		return s.read(false)
	}
	s.flushAfter()
	return s.read(true)
}

func (s *editing) execute(c *sedCommand) {
	switch c.name {
	case '=':
		s.put(fmt.Sprintf("%d\n", s.number))
	case 'a':
		s.after = append(s.after, c.text)
	case 'i':
		s.put(c.text)
	case 'r':
		s.after = append(s.after, "r\x00"+c.file)
	case 'g':
		s.line = s.hold
	case 'G':
		s.line += "\n" + s.hold
	case 'h':
		s.hold = s.line
	case 'H':
		s.hold += "\n" + s.line
	case 'x':
		s.line, s.hold = s.hold, s.line
	case 'l':
		s.put(unambiguous(s.line))
	case 'p':
		s.putSpace()
	case 'P':
		first, _, _ := strings.Cut(s.line, "\n")
		s.put(first + "\n")
	case 's':
		s.substitution(c)
	case 'w':
		s.writeTo(c.file)
	case 'y':
		s.line = strings.Map(func(r rune) rune {
			if to, ok := c.table[r]; ok {
				return to
			}
			return r
		}, s.line)
	}
}

func (s *editing) writeTo(name string) {
	f := s.files[name]
	if f == nil {
		var err error
		switch name {
		case "/dev/stdout":
			s.put(s.line + "\n")
			return
		case "/dev/stderr":
			f = s.p.Stderr
		default:
			if f, err = os.Create(name); err != nil {
				s.p.Exit(s.p.Err(1, err, "%s", name))
			}
		}
		s.files[name] = f
	}
	f.WriteString(s.line + "\n")
}

func (s *editing) substitution(c *sedCommand) {
	re := c.re
	if re == nil {
		if re = s.last; re == nil {
			s.p.Exit(s.p.Errx(1, "first RE may not be empty"))
		}
	}
	s.last = re
	var out strings.Builder
	copied, count := 0, 0
	for _, match := range re.all(s.line) {
		if count++; count < c.occurrence {
			continue
		}
		out.WriteString(s.line[copied:match[0]])
		for _, part := range c.replacement {
			switch {
			case part.group < 0:
				out.WriteString(part.text)
			case 2*part.group+1 < len(match) && match[2*part.group] >= 0:
				out.WriteString(s.line[match[2*part.group]:match[2*part.group+1]])
			}
		}
		copied = match[1]
		if !c.global {
			break
		}
	}
	if count < c.occurrence || count == 0 {
		return
	}
	out.WriteString(s.line[copied:])
	s.line, s.substituted = out.String(), true
	if c.print {
		s.putSpace()
	}
	if c.file != "" {
		s.writeTo(c.file)
	}
}

// all are the matches one after another; an empty one right behind another doesn't count.
func (r *regex) all(text string) [][]int {
	if r.re != nil {
		return r.re.FindAllStringSubmatchIndex(text, -1)
	}
	var list [][]int
	last := -1
	for at := 0; at <= len(text); {
		match := r.back.find(text, at)
		if match == nil {
			break
		}
		if match[1] > match[0] || match[0] != last {
			list = append(list, match)
		}
		last = match[1]
		if at = match[1]; match[1] == match[0] {
			_, size := utf8.DecodeRuneInString(text[at:])
			at += size
			if size == 0 {
				break
			}
		}
	}
	return list
}

// unambiguous is l: escapes for what doesn't print, and lines of 60 characters.
func unambiguous(text string) string {
	var out strings.Builder
	column := 0
	put := func(part string) {
		if column+len(part) > 59 {
			out.WriteString("\\\n")
			column = 0
		}
		out.WriteString(part)
		column += len(part)
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\n':
			out.WriteString("\\n\n"[:0] + "$\n")
			column = 0
		case c == '\\':
			put(`\\`)
		case strings.IndexByte("\a\b\f\r\t\v", c) >= 0:
			put("\\" + string(rune("abfrtv"[strings.IndexByte("\a\b\f\r\t\v", c)])))
		case c < 32 || c >= 127:
			put(fmt.Sprintf("\\%03o", c))
		default:
			put(string(rune(c)))
		}
	}
	return out.String() + "$\n"
}
