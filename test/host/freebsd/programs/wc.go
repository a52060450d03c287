package programs

import (
	"bufio"
	"io"
	"os"
	"unicode/utf8"
)

// wc(1), usr.bin/wc/wc.c.
func init() { Register(wc, "wc") }

type counting struct {
	lines, words, bytes, longest, chars bool
}

type counts struct{ lines, words, bytes, longest int64 }

func wc(p *Process) int {
	opts, files, ok := p.options("clmwL")
	if !ok {
		return p.Usage(1, "usage: wc [-Lclmw] [file ...]\n")
	}
	c := &counting{}
	for _, o := range opts {
		switch o.Letter {
		case 'l':
			c.lines = true
		case 'w':
			c.words = true
		case 'c':
			c.bytes, c.chars = true, false
		case 'm':
			c.bytes, c.chars = true, true
		case 'L':
			c.longest = true
		}
	}
	if len(opts) == 0 {
		c.lines, c.words, c.bytes = true, true, true
	}
	if len(files) == 0 {
		n, err := c.count(p.Stdin)
		if err != nil {
			return p.Err(1, err, "stdin")
		}
		c.print(p, n, "")
		return 0
	}
	status := 0
	var total counts
	for _, name := range files {
		f, err := os.Open(name)
		var n counts
		if err == nil {
			n, err = c.count(f)
			f.Close()
		}
		if err != nil {
			p.Stdout.Flush()
			p.Warn(err, "%s", name)
			status = 1
			continue
		}
		total.lines += n.lines
		total.words += n.words
		total.bytes += n.bytes
		if n.longest > total.longest {
			total.longest = n.longest
		}
		c.print(p, n, " "+name)
	}
	if len(files) > 1 {
		c.print(p, total, " total")
	}
	return status
}

func (c *counting) count(f io.Reader) (n counts, err error) {
	in := bufio.NewReaderSize(f, 64<<10)
	inWord, width := false, int64(0)
	for {
		b, err := in.ReadByte()
		if err == io.EOF {
			break
		}
		if err != nil {
			return n, err
		}
		if !c.chars || utf8.RuneStart(b) {
			n.bytes++
		}
		switch b {
		case '\n':
			n.lines++
			inWord = false
			if width > n.longest {
				n.longest = width
			}
			width = 0
			continue
		case ' ', '\t', '\r', '\v', '\f':
			inWord = false
		default:
			if !inWord {
				n.words++
			}
			inWord = true
		}
		width++
	}
	if width > n.longest {
		n.longest = width
	}
	return n, nil
}

func (c *counting) print(p *Process, n counts, name string) {
	for _, one := range []struct {
		show  bool
		value int64
	}{{c.lines, n.lines}, {c.words, n.words}, {c.bytes, n.bytes}, {c.longest, n.longest}} {
		if one.show {
			p.Printf(" %7d", one.value)
		}
	}
	p.Printf("%s\n", name)
}
