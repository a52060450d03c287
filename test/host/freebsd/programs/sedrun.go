package programs

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// usr.bin/sed/process.c.

// editing is one run of sed.
type editing struct {
	p *Process

	quiet, inPlace, separate, flushes bool
	suffix                            string
	commands                          []*sedCommand
	inputs                            []string

	name        string
	in          *bufio.Reader
	inFile      *os.File
	out         *bufio.Writer
	outFile     *os.File
	atEnd       bool
	line        string
	hasNewline  bool
	number      int
	hold        string
	after       []string
	substituted bool
	last        *regex
	files       map[string]*os.File
	status      int
	quit        bool
}

func (s *editing) run() {
	s.out = s.p.Stdout
	for s.read(false) && !s.quit {
		again := true
		for again {
			again = s.cycle()
		}
	}
	s.finish()
	for _, f := range s.files {
		f.Close()
	}
}

// open goes on to the next file that can be read.
func (s *editing) open() bool {
	for len(s.inputs) > 0 {
		name := s.inputs[0]
		s.inputs = s.inputs[1:]
		f := s.p.Stdin
		var err error
		if name != "" && (name != "-" || s.inPlace) {
			f, err = os.Open(name)
		}
		var st unix.Stat_t
		if err == nil && s.inPlace {
			if st, err = lstat(name); err == nil && !isFile(&st) {
				s.p.Exit(s.p.Errx(1, "%s: %s %s", name, "in-place editing only", "works for regular files"))
			}
		}
		if err != nil {
			s.p.Stdout.Flush()
			s.p.Warn(err, "%s", name)
			s.status = 1
			continue
		}
		s.name, s.inFile, s.in = name, f, bufio.NewReader(f)
		if s.separate {
			s.number = 0
		}
		if s.inPlace {
			s.beside(name, &st)
		}
		return true
	}
	return false
}

// beside begins the file that will take the place of the one that is edited.
func (s *editing) beside(name string, st *unix.Stat_t) {
	temp := path.Dir(name) + "/.!" + fmt.Sprint(os.Getpid()) + "!" + path.Base(name)
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, os.FileMode(st.Mode&0777))
	if err != nil {
		s.p.Exit(s.p.Err(1, err, "%s", name))
	}
	unix.Fchown(int(f.Fd()), int(st.Uid), int(st.Gid))
	unix.Fchmod(int(f.Fd()), st.Mode&07777)
	s.outFile, s.out = f, bufio.NewWriter(f)
}

// finish ends a file: with -i, the new one takes the old one's name.
func (s *editing) finish() {
	if s.outFile == nil {
		return
	}
	s.out.Flush()
	s.outFile.Close()
	if s.suffix != "" {
		backup := s.name + s.suffix
		if strings.Contains(s.suffix, "*") {
			backup = path.Join(path.Dir(s.name), strings.ReplaceAll(s.suffix, "*", path.Base(s.name)))
		}
		os.Remove(backup)
		os.Link(s.name, backup)
	}
	if err := os.Rename(s.outFile.Name(), s.name); err != nil {
		os.Remove(s.outFile.Name())
		s.p.Exit(s.p.Err(1, err, "rename()"))
	}
	s.outFile, s.out = nil, s.p.Stdout
}

// next reads a line of the current file.
func (s *editing) nextLine() (string, bool) {
	for {
		if s.in == nil {
			if !s.open() {
				return "", false
			}
		}
		line, err := s.in.ReadString('\n')
		if line != "" {
			return line, true
		}
		if err != nil && err != io.EOF {
			s.p.Stdout.Flush()
			s.p.Warnx("%s: %s", s.name, errorText(err))
			s.status = 1
		}
		if s.inFile != s.p.Stdin {
			s.inFile.Close()
		}
		s.finish()
		s.in = nil
	}
}

// read fills the pattern space, or adds to it.
func (s *editing) read(add bool) bool {
	line, ok := s.nextLine()
	if !ok {
		return false
	}
	s.number++
	s.hasNewline = strings.HasSuffix(line, "\n")
	line = strings.TrimSuffix(line, "\n")
	if add {
		s.line += "\n" + line
	} else {
		s.line = line
	}
	return true
}

// isLast looks whether another line follows, in this file or (if they are one) in those after it.
func (s *editing) isLast() bool {
	if s.in == nil {
		return len(s.inputs) == 0
	}
	if _, err := s.in.Peek(1); err == nil {
		return false
	}
	if s.separate {
		return true
	}
	for i, name := range s.inputs {
		if data, err := os.Open(name); err == nil {
			var buf [1]byte
			n, _ := data.Read(buf[:])
			data.Close()
			if n > 0 {
				s.inputs = s.inputs[i:]
				return false
			}
		}
	}
	return true
}

func (s *editing) matches(re *regex) bool {
	if re == nil {
		if re = s.last; re == nil {
			s.p.Exit(s.p.Errx(1, "first RE may not be empty"))
		}
	}
	s.last = re
	return re.matches(s.line)
}

func (s *editing) addressed(a *sedAddress) bool {
	switch a.kind {
	case 'n':
		return s.number == a.line
	case '$':
		return s.isLast()
	case '/':
		return s.matches(a.re)
	}
	return false
}

func (s *editing) applies(c *sedCommand) bool {
	selected := false
	switch {
	case c.first == nil:
		selected = true
	case c.second == nil:
		selected = s.addressed(c.first)
	case c.inRange:
		selected = true
		switch c.second.kind {
		case 'n':
			if s.number >= c.second.line {
				c.inRange = false
			}
			selected = s.number <= c.second.line
			if !selected {
				selected = s.startsRange(c)
			}
		case '+':
			c.inRange = s.number < c.endLine
		default:
			c.inRange = !s.addressed(c.second)
		}
	default:
		selected = s.startsRange(c)
	}
	return selected != c.negated
}

func (s *editing) startsRange(c *sedCommand) bool {
	if !s.addressed(c.first) {
		return false
	}
	switch c.second.kind {
	case 'n':
		c.inRange = s.number < c.second.line
	case '+':
		c.endLine = s.number + c.second.line
		c.inRange = c.second.line > 0
	case '$':
		c.inRange = !s.isLast()
	default:
		c.inRange = true
	}
	return true
}

func (s *editing) put(text string) {
	s.out.WriteString(text)
	if s.flushes {
		s.out.Flush()
	}
}

// putSpace prints the pattern space; the last line of a file that has no line break gets none.
func (s *editing) putSpace() {
	if s.hasNewline || !s.isLast() {
		s.put(s.line + "\n")
	} else {
		s.put(s.line)
	}
}

func (s *editing) flushAfter() {
	for _, text := range s.after {
		if name := strings.TrimPrefix(text, "r\x00"); name != text {
			if data, err := os.ReadFile(name); err == nil {
				s.put(string(data))
			}
			continue
		}
		s.put(text)
	}
	s.after = nil
}
