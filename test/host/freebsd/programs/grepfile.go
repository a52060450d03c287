package programs

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"golang.org/x/sys/unix"
)

var errIsDirectory = errors.New("Is a directory")

// One file of grep(1); usr.bin/grep/util.c.
type grepFile struct {
	g      *grepping
	name   string
	named  bool
	binary bool

	number, offset int
	held           []heldLine // lines that may be context in front
	tail           int        // lines of context still to come
	printed        bool
	lastPrinted    int
	matches        int
}

type heldLine struct {
	text           string
	number, offset int
}

func (g *grepping) file(name string, named bool) {
	if g.quiet && g.matched {
		return
	}
	f, err := g.open(name)
	if err != nil {
		if err == errIsDirectory {
			err = unix.EISDIR
		}
		g.warn(err, name)
		return
	}
	shown := name
	if name == "-" {
		if shown = g.label; shown == "" {
			shown = "(standard input)"
		}
	}
	one := &grepFile{g: g, name: shown, named: named}
	in := bufio.NewReaderSize(f, 32<<10)
	head, _ := in.Peek(32 << 10)
	one.binary = !g.binaryText && !g.zero && strings.IndexByte(string(head), 0) >= 0
	if !(one.binary && g.binaryNone) {
		err = one.lines(in)
	}
	if f != g.p.Stdin {
		f.Close()
	}
	if err != nil {
		g.warn(err, name)
	}
	one.end()
}

func (f *grepFile) lines(in *bufio.Reader) error {
	end := byte('\n')
	if f.g.zero {
		end = 0
	}
	for f.g.most < 0 || f.matches < f.g.most || f.tail > 0 {
		line, err := in.ReadString(end)
		if line != "" {
			size := len(line)
			if f.line(strings.TrimSuffix(line, string(rune(end)))) {
				return nil
			}
			f.offset += size
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// line looks at one line; it says whether nothing more needs to be read.
func (f *grepFile) line(text string) (done bool) {
	g := f.g
	f.number++
	var found [][]int
	exhausted := g.most >= 0 && f.matches >= g.most
	hit := false
	if !exhausted {
		found = g.search(text)
		hit = (len(found) > 0) != g.invert
	}
	if !hit {
		if f.tail > 0 {
			f.tail--
			f.print(heldLine{text, f.number, f.offset}, "-")
		} else if g.before > 0 {
			if f.held = append(f.held, heldLine{text, f.number, f.offset}); len(f.held) > g.before {
				f.held = f.held[1:]
			}
		}
		return false
	}
	f.matches++
	g.matched = g.matched || !g.listOther
	if g.quiet || g.listMatching || g.listOther || (f.binary && !g.count) {
		return true
	}
	if g.count {
		return false
	}
	f.show(text, found)
	f.tail = g.after
	return false
}

func (f *grepFile) show(text string, found [][]int) {
	g := f.g
	if g.before+g.after > 0 && f.printed && f.number-len(f.held) > f.lastPrinted+1 {
		g.p.Printf("--\n")
	}
	for _, held := range f.held {
		f.print(held, "-")
	}
	f.held = nil
	if !g.onlyMatching {
		f.print(heldLine{text, f.number, f.offset}, ":")
		return
	}
	if g.invert {
		return
	}
	for _, m := range found {
		if m[1] > m[0] {
			f.print(heldLine{text[m[0]:m[1]], f.number, f.offset + m[0]}, ":")
		}
	}
}

func (f *grepFile) print(line heldLine, separator string) {
	p := f.g.p
	if f.named {
		f.putName(separator)
	}
	if f.g.numbers {
		p.Printf("%d%s", line.number, separator)
	}
	if f.g.offset {
		p.Printf("%d%s", line.offset, separator)
	}
	end := "\n"
	if f.g.zero {
		end = "\x00"
	}
	p.Printf("%s%s", line.text, end)
	f.printed, f.lastPrinted = true, line.number
}

func (f *grepFile) putName(separator string) {
	if f.g.null {
		separator = "\x00"
	}
	f.g.p.Printf("%s%s", f.name, separator)
}

func (f *grepFile) end() {
	g := f.g
	if g.listOther && f.matches == 0 {
		g.matched = true
	}
	if g.quiet {
		return
	}
	switch {
	case g.count && !g.listMatching && !g.listOther:
		if f.named {
			f.putName(":")
		}
		g.p.Printf("%d\n", f.matches)
	case g.listMatching && f.matches > 0, g.listOther && f.matches == 0:
		if g.null {
			g.p.Printf("%s\x00", f.name)
		} else {
			g.p.Printf("%s\n", f.name)
		}
	case f.binary && f.matches > 0 && !g.listMatching && !g.listOther:
		g.p.Printf("Binary file %s matches\n", f.name)
	}
}

// search finds what the patterns match in a line: each one's first match, or all of them where they are shown.
func (g *grepping) search(text string) (found [][]int) {
	for _, re := range g.regexes {
		if !g.word && !g.onlyMatching {
			if re.matches(text) {
				return [][]int{{0, 0}}
			}
			continue
		}
		for _, m := range re.all(text) {
			if !g.word || (wordEdge(text, m[0]-1) && wordEdge(text, m[1])) {
				found = append(found, m)
			}
		}
	}
	return found
}

// wordEdge tells if what stands at a place is no part of a word.
func wordEdge(text string, at int) bool {
	if at < 0 || at >= len(text) {
		return true
	}
	c := text[at]
	return !(c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 128)
}
