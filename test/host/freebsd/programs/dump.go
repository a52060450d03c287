package programs

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// od(1) and hexdump(1), usr.bin/hexdump: their usual forms, and hexdump's formats of one-byte units.
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

func hexdump(p *Process) int {
	const usage = "usage: hexdump [-bcCdovx] [-e fmt] [-f fmt_file] [-n length] [-s skip] [file ...]\n" +
		"       hd      [-bcdovx]  [-e fmt] [-f fmt_file] [-n length] [-s skip] [file ...]\n"
	d := &dumping{p: p, base: 16, length: -1, padding: true}
	opts, files, ok := p.options("bcCde:f:n:os:vx")
	if !ok {
		return p.Usage(1, usage)
	}
	if p.Name == "hd" {
		opts = append(opts, Option{Letter: 'C'})
	}
	var formats []string
	for _, o := range opts {
		n, _ := sizeNumber(o.Value)
		switch o.Letter {
		case 'b':
			d.units = append(d.units, dumpUnit{1, 4, func(b []byte) string { return fmt.Sprintf(" %03o", b[0]) }})
		case 'c':
			d.add('c', 1)
			d.gap = " "
		case 'C':
			d.canonic, d.endWidth = true, 1
			d.units = append(d.units, dumpUnit{16, 0, canonical})
		case 'd':
			d.units = append(d.units, dumpUnit{2, 8, func(b []byte) string { return "   " + fmt.Sprintf("%05s", numberText('u', b, 5)) }})
		case 'o':
			d.units = append(d.units, dumpUnit{2, 8, func(b []byte) string { return "  " + numberText('o', b, 6) }})
		case 'x':
			d.units = append(d.units, dumpUnit{2, 8, func(b []byte) string { return "    " + numberText('x', b, 4) }})
		case 'e':
			formats = append(formats, o.Value)
		case 'n':
			d.length = n
		case 's':
			d.skip = n
		case 'v':
			d.all = true
		}
	}
	if len(formats) > 0 {
		return d.formatted(formats, files)
	}
	if len(d.units) == 0 {
		d.units = append(d.units, dumpUnit{2, 5, func(b []byte) string { return " " + numberText('x', b, 4) }})
	}
	return d.run(files)
}

func canonical(b []byte) string {
	text, shown := " ", ""
	for i := 0; i < 16; i++ {
		if i%8 == 0 {
			text += " "
		}
		if i >= len(b) {
			text += "   "
			continue
		}
		text += fmt.Sprintf("%02x ", b[i])
		if b[i] >= 32 && b[i] < 127 {
			shown += string(rune(b[i]))
		} else {
			shown += "."
		}
	}
	return text + " |" + shown + "|"
}

// formatted is -e 'COUNT/1 "FORMAT"': each byte through one conversion.
func (d *dumping) formatted(formats, files []string) int {
	data := readAll(d.p, files)
	if d.skip < int64(len(data)) {
		data = data[d.skip:]
	}
	if d.length >= 0 && d.length < int64(len(data)) {
		data = data[:d.length]
	}
	for at := 0; at < len(data); {
		for _, format := range formats {
			count, rest := 1, strings.TrimSpace(format)
			if digits := digitRun(rest); digits != "" {
				count, rest = atoi(digits), rest[len(digits):]
			}
			size := 1
			if strings.HasPrefix(rest, "/") {
				digits := digitRun(rest[1:])
				size, rest = atoi(digits), rest[1+len(digits):]
			}
			text := strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\\`, `\`).Replace(strings.Trim(strings.TrimSpace(rest), `"`))
			for n := 0; n < count && at < len(data); n++ {
				var value uint64
				for i := size - 1; i >= 0; i-- {
					if at+i < len(data) {
						value = value<<8 | uint64(data[at+i])
					}
				}
				if !strings.Contains(text, "%") {
					d.p.Printf("%s", text)
					break
				}
				d.p.Printf("%s", strings.ReplaceAll(fmt.Sprintf(strings.ReplaceAll(text, "%u", "%d"), value), "%!(EXTRA", ""))
				at += size
			}
		}
	}
	return 0
}

func readAll(p *Process, files []string) (data []byte) {
	if len(files) == 0 {
		data, _ = io.ReadAll(p.Stdin)
	}
	for _, name := range files {
		more, err := os.ReadFile(name)
		if err != nil {
			p.Warn(err, "%s", name)
		}
		data = append(data, more...)
	}
	return data
}
