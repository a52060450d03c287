package programs

import (
	"bufio"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// cat(1), bin/cat/cat.c.
func init() { Register(cat, "cat") }

type catting struct {
	numberAll, numberFull, squeeze, ends, tabs, visible bool

	line  int
	blank bool
	start bool
}

func cat(p *Process) int {
	c := &catting{start: true}
	opts, files, ok := p.options("belnstuv")
	if !ok {
		return p.Usage(1, "usage: cat [-belnstuv] [file ...]\n")
	}
	for _, o := range opts {
		switch o.Letter {
		case 'b':
			c.numberAll, c.numberFull = true, true
		case 'e':
			c.ends, c.visible = true, true
		case 'n':
			c.numberAll = true
		case 's':
			c.squeeze = true
		case 't':
			c.tabs, c.visible = true, true
		case 'v':
			c.visible = true
		}
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	status := 0
	for _, name := range files {
		if err := c.one(p, name); err != nil {
			if name == "-" {
				name = "stdin"
			}
			p.Stdout.Flush()
			p.Warn(err, "%s", name)
			status = 1
		}
	}
	return status
}

func (c *catting) one(p *Process, name string) error {
	f := p.Stdin
	if name != "-" {
		var err error
		if f, err = os.Open(name); err != nil {
			return err
		}
		defer f.Close()
	}
	if c.numberAll || c.squeeze || c.visible {
		return c.cook(p, bufio.NewReader(f))
	}
	p.Stdout.Flush()
	return copyRaw(os.Stdout, f)
}

// copyRaw copies as the program reads, so that what comes slowly goes out at once.
func copyRaw(to, from *os.File) error {
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (c *catting) cook(p *Process, in *bufio.Reader) error {
	for {
		b, err := in.ReadByte()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if c.start {
			blank := b == '\n'
			if c.squeeze && blank && c.blank {
				continue
			}
			c.blank = blank
			if c.numberAll && !(c.numberFull && blank) {
				c.line++
				p.Printf("%6d\t", c.line)
			}
		}
		c.start = b == '\n'
		c.put(p, b)
	}
}

func (c *catting) put(p *Process, b byte) {
	switch {
	case b == '\n':
		if c.ends {
			p.Stdout.WriteByte('$')
		}
		p.Stdout.WriteByte(b)
	case b == '\t' && c.tabs:
		p.Stdout.WriteString("^I")
	case c.visible && b != '\t':
		p.Stdout.WriteString(visible(b))
	default:
		p.Stdout.WriteByte(b)
	}
}

func visible(b byte) string {
	text := ""
	if b >= 128 {
		text, b = "M-", b&127
	}
	switch {
	case b == 127:
		return text + "^?"
	case b < 32:
		return text + "^" + string(rune(b|0100))
	}
	return text + string(rune(b))
}

// isTerminal tells if a descriptor is a terminal.
func isTerminal(f *os.File) bool {
	_, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	return err == nil
}
