package programs

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// hexdump(1), usr.bin/hexdump: its usual forms, and formats of one conversion.

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
