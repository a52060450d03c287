package programs

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// od(1), usr.bin/hexdump/od.c; hexdump(1) shows lines in the same way.
func init() { Register(od, "od"); Register(hexdump, "hexdump", "hd") }

type dumping struct {
	p        *Process
	base     int    // of the offsets; 0 none
	gap      string // behind an offset
	units    []dumpUnit
	all      bool
	skip     int64
	length   int64
	padding  bool
	last     string
	starred  bool
	canonic  bool
	endWidth int
}

// dumpUnit is one way of showing a line: how many bytes a unit, and each unit's text.
type dumpUnit struct {
	size, width int
	text        func([]byte) string
}

func od(p *Process) int {
	const usage = "usage: od [-aBbcDdeFfHhIiLlOosvXx] [-A base] [-j skip] [-N length] [-t type]\n" +
		"          [[+]offset[.][Bb]] [file ...]\n"
	d := &dumping{p: p, base: 8, length: -1, padding: true, gap: "  "}
	opts, files, ok := p.options("A:aBbcDdeFfHhIij:LlN:Oost:vXx")
	if !ok {
		return p.Usage(1, usage)
	}
	for _, o := range opts {
		if status := d.take(o); status != 0 {
			return status
		}
	}
	if len(d.units) == 0 {
		d.add('o', 2)
	}
	return d.run(files)
}

func (d *dumping) take(o Option) int {
	number := func() int64 {
		n, _ := sizeNumber(o.Value)
		return n
	}
	switch o.Letter {
	case 'A':
		base, ok := map[string]int{"d": 10, "o": 8, "x": 16, "n": 0}[o.Value]
		if !ok {
			return d.p.Errx(1, "%s: invalid base", o.Value)
		}
		d.base = base
	case 'j':
		d.skip = number()
	case 'N':
		d.length = number()
	case 'v':
		d.all = true
	case 't':
		return d.types(o.Value)
	case 'a', 'c':
		d.add(o.Letter, 1)
	case 'b':
		d.add('o', 1)
	case 'B', 'o':
		d.add('o', 2)
	case 'd', 's', 'h', 'x':
		d.add(map[byte]byte{'d': 'u', 's': 'd', 'h': 'x', 'x': 'x'}[o.Letter], 2)
	case 'D', 'i', 'I', 'H', 'X', 'O':
		d.add(map[byte]byte{'D': 'u', 'i': 'd', 'I': 'd', 'H': 'x', 'X': 'x', 'O': 'o'}[o.Letter], 4)
	case 'l', 'L':
		d.add('d', 8)
	}
	return 0
}

func (d *dumping) types(text string) int {
	for text != "" {
		kind := text[0]
		text = text[1:]
		size := 4
		if kind == 'a' || kind == 'c' {
			d.add(kind, 1)
			continue
		}
		if strings.IndexByte("duox", kind) < 0 {
			return d.p.Errx(1, "unexpected conversion %c; conversions must be one of [acdoux]", kind)
		}
		if text != "" {
			if at := strings.IndexByte("CSIL", text[0]); at >= 0 {
				size, text = []int{1, 2, 4, 8}[at], text[1:]
			} else if digits := digitRun(text); digits != "" {
				size, text = atoi(digits), text[len(digits):]
			}
		}
		d.add(kind, size)
	}
	return 0
}

func (d *dumping) add(kind byte, size int) {
	width := map[byte][]int{
		'o': {0, 3, 6, 0, 11, 0, 0, 0, 22}, 'u': {0, 3, 5, 0, 10, 0, 0, 0, 20},
		'd': {0, 4, 6, 0, 11, 0, 0, 0, 20}, 'x': {0, 2, 4, 0, 8, 0, 0, 0, 16},
	}
	unit := dumpUnit{size: size, width: 4 * size}
	switch kind {
	case 'a':
		unit.text = func(b []byte) string { return fmt.Sprintf("%3s ", namedChar(b[0])) }
	case 'c':
		unit.text = func(b []byte) string { return fmt.Sprintf("%3s ", escapedChar(b[0])) }
	default:
		digits := width[kind][size]
		unit.text = func(b []byte) string {
			return fmt.Sprintf("%*s", 4*size, numberText(kind, b, digits))
		}
	}
	d.units = append(d.units, unit)
}

// trims tells if a unit ends with a blank: the last one of a line goes without.
func (u *dumpUnit) trims() bool {
	text := u.text(make([]byte, u.size))
	return u.size < 16 && text[len(text)-1] == ' '
}

func numberText(kind byte, b []byte, digits int) string {
	var value uint64
	for i := len(b) - 1; i >= 0; i-- {
		value = value<<8 | uint64(b[i])
	}
	switch kind {
	case 'o':
		return fmt.Sprintf("%0*o", digits, value)
	case 'x':
		return fmt.Sprintf("%0*x", digits, value)
	case 'd':
		shift := uint(64 - 8*len(b))
		return strconv.FormatInt(int64(value<<shift)>>shift, 10)
	}
	return strconv.FormatUint(value, 10)
}

func escapedChar(c byte) string {
	if at := strings.IndexByte("\x00\a\b\f\n\r\t\v", c); at >= 0 {
		return "\\" + "0abfnrtv"[at:at+1]
	}
	if c < 32 || c >= 127 {
		return fmt.Sprintf("%03o", c)
	}
	return string(rune(c))
}

func namedChar(c byte) string {
	names := strings.Fields("nul soh stx etx eot enq ack bel bs ht nl vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us sp")
	switch c &= 127; {
	case int(c) < len(names):
		return names[c]
	case c == 127:
		return "del"
	}
	return string(rune(c))
}

// run reads the files as one and shows them, 16 bytes a line.
func (d *dumping) run(files []string) int {
	var inputs []io.Reader
	status := 0
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			d.p.Warn(err, "%s", name)
			status = 1
			continue
		}
		inputs = append(inputs, f)
	}
	if len(files) == 0 {
		inputs = []io.Reader{d.p.Stdin}
	}
	in := bufio.NewReader(io.MultiReader(inputs...))
	if n, _ := io.CopyN(io.Discard, in, d.skip); n < d.skip {
		return d.p.Errx(1, "cannot skip past end of input")
	}
	at, buf := d.skip, make([]byte, 16)
	for {
		want := int64(16)
		if d.length >= 0 && d.length-(at-d.skip) < want {
			want = d.length - (at - d.skip)
		}
		n, _ := io.ReadFull(in, buf[:want])
		if n == 0 {
			break
		}
		d.line(at, buf[:n])
		at += int64(n)
		if int64(n) < 16 {
			break
		}
	}
	if at > d.skip || !d.canonic {
		if text := d.offset(at); text != "" {
			d.p.Printf("%s\n", text)
		}
	}
	return status
}

func (d *dumping) offset(at int64) string {
	switch d.base {
	case 8:
		return fmt.Sprintf("%07o", at)
	case 10:
		return fmt.Sprintf("%07d", at)
	case 16:
		return fmt.Sprintf("%0*x", d.endWidth+7, at)
	}
	return ""
}

func (d *dumping) line(at int64, data []byte) {
	if !d.all && len(data) == 16 && string(data) == d.last {
		if !d.starred {
			d.p.Printf("*\n")
		}
		d.starred = true
		return
	}
	d.last, d.starred = string(data), false
	for i, unit := range d.units {
		head := d.offset(at) + d.gap
		if i > 0 || d.base == 0 {
			head = strings.Repeat(" ", 7+len(d.gap))
		}
		if d.canonic {
			d.p.Printf("%s%s\n", head, unit.text(data))
			continue
		}
		d.p.Printf("%s%s\n", head, d.cells(unit, data))
	}
}

func (d *dumping) cells(unit dumpUnit, data []byte) string {
	text := ""
	for i := 0; i < 16; i += unit.size {
		if i >= len(data) {
			if d.padding {
				text += strings.Repeat(" ", unit.width)
			}
			continue
		}
		piece := make([]byte, unit.size)
		copy(piece, data[i:])
		text += unit.text(piece)
	}
	if unit.trims() {
		text = text[:len(text)-1]
	}
	return text
}
