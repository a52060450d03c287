package programs

import (
	"strconv"
	"strings"
)

// seq(1), usr.bin/seq/seq.c, and jot(1) as far as `jot COUNT [BEGIN]` and -r go.
func init() { Register(seq, "seq") }

func seq(p *Process) int {
	const usage = "usage: seq [-w] [-f format] [-s string] [-t string] [first [incr]] last\n"
	separator, terminator, equal, format := "\n", "", false, ""
	args := p.Args
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && !isNumber(args[0]) && !strings.HasPrefix(args[0], "-.") {
		letter, value := args[0][1], args[0][2:]
		args = args[1:]
		if letter != 'w' && value == "" {
			if len(args) == 0 {
				return p.Usage(1, usage)
			}
			value, args = args[0], args[1:]
		}
		switch letter {
		case 'w':
			equal = true
		case 's':
			separator, _ = printfEscapes(value)
		case 't':
			terminator, _ = printfEscapes(value)
		case 'f':
			format = value
		default:
			p.Warnx("invalid option -- %c", letter)
			return p.Usage(1, usage)
		}
	}
	if len(args) < 1 || len(args) > 3 {
		return p.Usage(1, usage)
	}
	numbers, decimals := []float64{1, 0, 0}, 0
	values := make([]float64, len(args))
	for i, arg := range args {
		n, err := strconv.ParseFloat(arg, 64)
		if err != nil {
			return p.Errx(2, "invalid floating point argument: %s", arg)
		}
		values[i] = n
		if at := strings.IndexByte(arg, '.'); at >= 0 && len(arg)-at-1 > decimals {
			decimals = len(arg) - at - 1
		}
	}
	numbers[2] = values[len(values)-1]
	if len(values) > 1 {
		numbers[0] = values[0]
	}
	if len(values) == 3 {
		numbers[1] = values[1]
	}
	if numbers[1] == 0 {
		if len(values) == 3 {
			return p.Errx(1, "zero %screment", "in")
		}
		numbers[1] = 1
		if numbers[0] > numbers[2] {
			numbers[1] = -1
		}
	}
	p.sequence(numbers, decimals, equal, format, separator)
	p.Printf("%s", terminator)
	return 0
}

func (p *Process) sequence(n []float64, decimals int, equal bool, format, separator string) {
	var texts []string
	width := 0
	for i := 0; ; i++ {
		value := n[0] + float64(i)*n[1]
		if (n[1] > 0 && value > n[2]+1e-9) || (n[1] < 0 && value < n[2]-1e-9) {
			break
		}
		text := strconv.FormatFloat(value, 'f', decimals, 64)
		if len(text) > width {
			width = len(text)
		}
		texts = append(texts, text)
	}
	for _, text := range texts {
		for equal && len(text) < width {
			text = "0" + text
		}
		if format != "" {
			f := &printing{p: p, args: []string{text}}
			f.once(format)
			p.Printf("%s", separator)
			continue
		}
		p.Printf("%s%s", text, separator)
	}
}
