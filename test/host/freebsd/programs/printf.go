package programs

import (
	"fmt"
	"strconv"
	"strings"
)

// printf(1), usr.bin/printf/printf.c.
func init() { Register(printf, "printf") }

type printing struct {
	p    *Process
	args []string
	used bool
	stop bool
	bad  bool
}

func printf(p *Process) int {
	_, args, ok := p.options("")
	if !ok || len(args) == 0 {
		return p.Usage(1, "usage: printf format [arguments ...]\n")
	}
	f := &printing{p: p, args: args[1:]}
	for {
		f.used = false
		if status := f.once(args[0]); status != 0 {
			return status
		}
		if f.stop || len(f.args) == 0 {
			break
		}
		if !f.used {
			p.Warnx("missing format character")
			return 1
		}
	}
	if f.bad {
		return 1
	}
	return 0
}

func (f *printing) next() string {
	f.used = true
	if len(f.args) == 0 {
		return ""
	}
	arg := f.args[0]
	f.args = f.args[1:]
	return arg
}

func (f *printing) once(format string) int {
	for i := 0; i < len(format) && !f.stop; {
		switch c := format[i]; {
		case c == '\\':
			text, size, stop := printfEscape(format[i:], false)
			f.p.Printf("%s", text)
			f.stop = stop
			i += size
		case c == '%' && strings.HasPrefix(format[i:], "%%"):
			f.p.Printf("%%")
			i += 2
		case c == '%':
			size := f.conversion(format[i:])
			if size == 0 {
				return 1
			}
			i += size
		default:
			f.p.Stdout.WriteByte(c)
			i++
		}
	}
	return 0
}

// conversion does one %; it gives its length, or 0 where it is wrong.
func (f *printing) conversion(format string) int {
	i := 1
	spec := "%"
	for i < len(format) && strings.IndexByte("#-+ 0'", format[i]) >= 0 {
		spec += format[i : i+1]
		i++
	}
	number := func() {
		if i < len(format) && format[i] == '*' {
			spec += strconv.Itoa(int(f.integer(f.next())))
			i++
			return
		}
		digits := digitRun(format[i:])
		spec += digits
		i += len(digits)
	}
	number()
	if i < len(format) && format[i] == '.' {
		spec += "."
		i++
		number()
	}
	for i < len(format) && strings.IndexByte("hlLjzt", format[i]) >= 0 {
		i++
	}
	if i == len(format) {
		f.p.Warnx("missing format character")
		return 0
	}
	if !f.value(strings.ReplaceAll(spec, "'", ""), format[i]) {
		f.p.Warnx("illegal format character %c", format[i])
		return 0
	}
	return i + 1
}

func (f *printing) value(spec string, letter byte) bool {
	switch letter {
	case 's':
		f.p.Printf(spec+"s", f.next())
	case 'c':
		if arg := f.next(); arg != "" {
			f.p.Printf(spec+"s", arg[:1])
		} else {
			f.p.Printf(spec+"s", "")
		}
	case 'b':
		text, stop := printfEscapes(f.next())
		f.stop = stop
		f.p.Printf(spec+"s", text)
	case 'd', 'i':
		f.p.Printf(spec+"d", f.integer(f.next()))
	case 'u':
		f.p.Printf(spec+"d", uint64(f.integer(f.next())))
	case 'o', 'x', 'X':
		f.p.Printf(spec+string(rune(letter)), uint64(f.integer(f.next())))
	case 'e', 'E', 'f', 'F', 'g', 'G', 'a', 'A':
		if letter == 'a' || letter == 'A' {
			letter += 'x' - 'a'
		}
		f.p.Printf(spec+string(rune(letter)), f.float(f.next()))
	default:
		return false
	}
	return true
}

func (f *printing) complain(text, what string) {
	f.bad = true
	f.p.Stdout.Flush()
	f.p.Warnx("%s: %s", text, what)
}

func (f *printing) integer(text string) int64 {
	if text == "" {
		return 0
	}
	if text[0] == '"' || text[0] == '\'' {
		for _, r := range text[1:] {
			return int64(r)
		}
		return 0
	}
	n, err := strconv.ParseInt(text, 0, 64)
	if err == nil {
		return n
	}
	if u, err := strconv.ParseUint(text, 0, 64); err == nil {
		return int64(u)
	}
	end := 0
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || end == 0 && (text[end] == '-' || text[end] == '+')) {
		end++
	}
	n, numErr := strconv.ParseInt(text[:end], 10, 64)
	if numErr != nil {
		f.complain(text, "expected numeric value")
	} else {
		f.complain(text, "not completely converted")
	}
	return n
}

func (f *printing) float(text string) float64 {
	if text == "" {
		return 0
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		f.complain(text, "expected numeric value")
	}
	return value
}

// printfEscape reads one backslash escape; in %b an octal number may begin with 0.
func printfEscape(text string, leadingZero bool) (out string, size int, stop bool) {
	if len(text) == 1 {
		return `\`, 1, false
	}
	c := text[1]
	if c >= '0' && c <= '7' {
		most, at := 3, 1
		if leadingZero && c == '0' {
			most = 4
		}
		value := 0
		for at < len(text) && at <= most && text[at] >= '0' && text[at] <= '7' {
			value = value*8 + int(text[at]-'0')
			at++
		}
		return string([]byte{byte(value)}), at, false
	}
	if at := strings.IndexByte("abfnrtv\\'\"", c); at >= 0 {
		return "\a\b\f\n\r\t\v\\'\""[at : at+1], 2, false
	}
	if c == 'c' && leadingZero {
		return "", 2, true
	}
	return fmt.Sprintf("\\%c", c)[1:], 2, false
}

func printfEscapes(text string) (out string, stop bool) {
	var b strings.Builder
	for i := 0; i < len(text); {
		if text[i] != '\\' {
			b.WriteByte(text[i])
			i++
			continue
		}
		part, size, stop := printfEscape(text[i:], true)
		b.WriteString(part)
		if stop {
			return b.String(), true
		}
		i += size
	}
	return b.String(), false
}
