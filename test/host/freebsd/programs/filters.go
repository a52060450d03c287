package programs

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
)

// Filters of lines: paste(1), nl(1), fold(1), expand(1), unexpand(1), comm(1).
func init() {
	Register(paste, "paste")
	Register(nl, "nl")
	Register(fold, "fold")
	Register(expand, "expand", "unexpand")
	Register(comm, "comm")
}

// eachLineOf makes a reader of files from a function of lines.
func eachLineOf(do func(string)) func(io.Reader) error {
	return func(in io.Reader) error { return eachLine(in, do) }
}

func openOrStdin(p *Process, name string) (*os.File, error) {
	if name == "-" {
		return p.Stdin, nil
	}
	return os.Open(name)
}

func paste(p *Process) int {
	opts, files, ok := p.options("d:s")
	if !ok || len(files) == 0 {
		return p.Usage(1, "usage: paste [-s] [-d delimiters] file ...\n")
	}
	delimiters, serial := "\t", false
	for _, o := range opts {
		if o.Letter == 'd' {
			delimiters, _ = printfEscapes(strings.ReplaceAll(o.Value, `\0`, "\x01"))
		} else {
			serial = true
		}
	}
	between := func(i int) string {
		if delimiters == "" || delimiters[i%len(delimiters)] == 1 {
			return ""
		}
		return delimiters[i%len(delimiters) : i%len(delimiters)+1]
	}
	var inputs []*bufio.Reader
	for _, name := range files {
		f, err := openOrStdin(p, name)
		if err != nil {
			return p.Err(1, err, "%s", name)
		}
		inputs = append(inputs, bufio.NewReader(f))
	}
	if serial {
		for _, in := range inputs {
			n := 0
			eachLine(in, func(line string) {
				if n > 0 {
					p.Printf("%s", between(n-1))
				}
				p.Printf("%s", line)
				n++
			})
			p.Printf("\n")
		}
		return 0
	}
	for {
		any, text := false, ""
		for i, in := range inputs {
			line, err := in.ReadString('\n')
			any = any || err == nil || line != ""
			if i > 0 {
				text += between(i - 1)
			}
			text += strings.TrimSuffix(line, "\n")
		}
		if !any {
			return 0
		}
		p.Printf("%s\n", text)
	}
}

func nl(p *Process) int {
	opts, files, ok := p.options("b:d:f:h:i:l:n:ps:v:w:")
	if !ok || len(files) > 1 {
		return p.Usage(1, "usage: nl [-p] [-b type] [-d delim] [-f type] [-h type] [-i incr] [-l num]\n          [-n format] [-s sep] [-v startnum] [-w width] [file]\n")
	}
	all, step, number, width, separator, format := false, 1, 1, 6, "\t", "rn"
	for _, o := range opts {
		switch o.Letter {
		case 'b':
			all = o.Value == "a"
		case 'i':
			step = atoi(o.Value)
		case 'v':
			number = atoi(o.Value)
		case 'w':
			width = atoi(o.Value)
		case 's':
			separator = o.Value
		case 'n':
			format = o.Value
		}
	}
	verb := map[string]string{"ln": "%-*d", "rn": "%*d", "rz": "%0*d"}[format]
	return p.eachFile(files, eachLineOf(func(line string) {
		if line == "" && !all {
			p.Printf("%*s%s\n", width, "", strings.Repeat(" ", len(separator)))
			return
		}
		p.Printf("%s%s%s\n", fmt.Sprintf(verb, width, number), separator, line)
		number += step
	}))
}

func fold(p *Process) int {
	p.Args = foldWidth(p.Args)
	opts, files, ok := p.options("bsw:")
	if !ok {
		return p.Usage(1, "usage: fold [-bs] [-w width] [file ...]\n")
	}
	width, words := 80, false
	for _, o := range opts {
		switch o.Letter {
		case 'w':
			if width = atoi(o.Value); width <= 0 {
				return p.Errx(1, "illegal width value")
			}
		case 's':
			words = true
		}
	}
	return p.eachFile(files, eachLineOf(func(line string) {
		for len(line) > width {
			at := width
			if words {
				if blank := strings.LastIndexAny(line[:width], " \t"); blank > 0 {
					at = blank + 1
				}
			}
			p.Printf("%s\n", line[:at])
			line = line[at:]
		}
		p.Printf("%s\n", line)
	}))
}

func foldWidth(args []string) []string {
	if len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && isNumber(args[0][1:]) {
		return append([]string{"-w", args[0][1:]}, args[1:]...)
	}
	return args
}

func expand(p *Process) int {
	opts, files, ok := p.options("at:")
	if !ok {
		return p.Usage(1, "usage: "+p.Name+" [-t tablist] [file ...]\n")
	}
	stop := 8
	for _, o := range opts {
		if o.Letter == 't' {
			if stop = atoi(o.Value); stop < 1 {
				return p.Errx(1, "bad tab stop spec")
			}
		}
	}
	return p.eachFile(files, eachLineOf(func(line string) {
		if p.Name == "unexpand" {
			body := strings.TrimLeft(line, " \t")
			width := len(expandTabs(line[:len(line)-len(body)], stop))
			line = strings.Repeat("\t", width/stop) + strings.Repeat(" ", width%stop) + body
		} else {
			line = expandTabs(line, stop)
		}
		p.Printf("%s\n", line)
	}))
}

func expandTabs(line string, stop int) string {
	var out strings.Builder
	column := 0
	for _, r := range line {
		if r != '\t' {
			out.WriteRune(r)
			column++
			continue
		}
		n := stop - column%stop
		out.WriteString(strings.Repeat(" ", n))
		column += n
	}
	return out.String()
}

func comm(p *Process) int {
	opts, files, ok := p.options("123i")
	if !ok || len(files) != 2 {
		return p.Usage(1, "usage: comm [-123i] file1 file2\n")
	}
	hidden := map[byte]bool{}
	for _, o := range opts {
		hidden[o.Letter] = true
	}
	var lists [2][]string
	for i, name := range files {
		f, err := openOrStdin(p, name)
		if err != nil {
			return p.Err(1, err, "%s", name)
		}
		eachLine(f, func(line string) { lists[i] = append(lists[i], line) })
	}
	show := func(column byte, line string) {
		if hidden[column] {
			return
		}
		for c := byte('1'); c < column; c++ {
			if !hidden[c] {
				p.Printf("\t")
			}
		}
		p.Printf("%s\n", line)
	}
	a, b := lists[0], lists[1]
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || (len(a) > 0 && a[0] < b[0]):
			show('1', a[0])
			a = a[1:]
		case len(a) == 0 || b[0] < a[0]:
			show('2', b[0])
			b = b[1:]
		default:
			show('3', a[0])
			a, b = a[1:], b[1:]
		}
	}
	return 0
}
