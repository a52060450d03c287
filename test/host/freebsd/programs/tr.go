package programs

import (
	"bufio"
	"strings"
)

// tr(1), usr.bin/tr. Characters are bytes here.
func init() { Register(tr, "tr") }

const trUsage = `usage: tr [-Ccsu] string1 string2
       tr [-Ccu] -d string1
       tr [-Ccu] -s string1
       tr [-Ccu] -ds string1 string2
`

func tr(p *Process) int {
	opts, sets, ok := p.options("Ccdsu")
	if !ok {
		return p.Usage(1, trUsage)
	}
	complement, remove, squeeze := false, false, false
	for _, o := range opts {
		switch o.Letter {
		case 'C', 'c':
			complement = true
		case 'd':
			remove = true
		case 's':
			squeeze = true
		}
	}
	wanted := 2
	if (remove && !squeeze) || (!remove && squeeze && len(sets) == 1) {
		wanted = 1
	}
	if len(sets) != wanted {
		return p.Usage(1, trUsage)
	}
	first, failure := trSet(sets[0])
	if failure != "" {
		return p.Errx(1, "%s", failure)
	}
	if complement {
		first = trComplement(first)
	}
	var second []byte
	if len(sets) == 2 {
		if second, failure = trSet(sets[1]); failure != "" {
			return p.Errx(1, "%s", failure)
		}
		if len(second) == 0 && !remove {
			return p.Errx(1, "empty string2")
		}
	}
	trCopy(p, first, second, remove, squeeze)
	return 0
}

func trCopy(p *Process, first, second []byte, remove, squeeze bool) {
	var to [256]byte
	var dropped, squeezed [256]bool
	for i := range to {
		to[i] = byte(i)
	}
	switch {
	case remove:
		for _, c := range first {
			dropped[c] = true
		}
		for _, c := range second {
			squeezed[c] = squeeze
		}
	case second == nil:
		for _, c := range first {
			squeezed[c] = true
		}
	default:
		for i, c := range first {
			at := i
			if at >= len(second) {
				at = len(second) - 1
			}
			to[c] = second[at]
		}
		for _, c := range second {
			squeezed[c] = squeeze
		}
	}
	in := bufio.NewReader(p.Stdin)
	last := -1
	for {
		c, err := in.ReadByte()
		if err != nil {
			return
		}
		if dropped[c] {
			continue
		}
		c = to[c]
		if squeezed[c] && last == int(c) {
			continue
		}
		last = int(c)
		p.Stdout.WriteByte(c)
	}
}

func trComplement(set []byte) (rest []byte) {
	var in [256]bool
	for _, c := range set {
		in[c] = true
	}
	for c := 0; c < 256; c++ {
		if !in[c] {
			rest = append(rest, byte(c))
		}
	}
	return rest
}

// trSet expands a string: ranges, classes, escapes and repetitions.
func trSet(text string) (set []byte, failure string) {
	for text != "" {
		if strings.HasPrefix(text, "[:") {
			end := strings.Index(text, ":]")
			if end > 0 {
				class, ok := trClass(text[2:end])
				if !ok {
					return nil, "unknown class " + text[2:end]
				}
				set, text = append(set, class...), text[end+2:]
				continue
			}
		}
		c, size := trChar(text)
		text = text[size:]
		if len(text) > 1 && text[0] == '-' {
			to, size := trChar(text[1:])
			text = text[1+size:]
			if to < c {
				return nil, "unable to parse range"
			}
			for r := int(c); r <= int(to); r++ {
				set = append(set, byte(r))
			}
			continue
		}
		set = append(set, c)
	}
	return set, ""
}

// trChar reads a character or an escape.
func trChar(text string) (c byte, size int) {
	if text[0] != '\\' || len(text) == 1 {
		return text[0], 1
	}
	value, digits := 0, 0
	for digits < 3 && 1+digits < len(text) && text[1+digits] >= '0' && text[1+digits] <= '7' {
		value = value*8 + int(text[1+digits]-'0')
		digits++
	}
	if digits > 0 {
		return byte(value), 1 + digits
	}
	if at := strings.IndexByte("abfnrtv", text[1]); at >= 0 {
		return "\a\b\f\n\r\t\v"[at], 2
	}
	return text[1], 2
}

func trClass(name string) (class []byte, ok bool) {
	is := func(c byte) bool { return false }
	lower := func(c byte) bool { return c >= 'a' && c <= 'z' }
	upper := func(c byte) bool { return c >= 'A' && c <= 'Z' }
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	graph := func(c byte) bool { return c > 32 && c < 127 }
	switch name {
	case "lower":
		is = lower
	case "upper":
		is = upper
	case "digit":
		is = digit
	case "alpha":
		is = func(c byte) bool { return lower(c) || upper(c) }
	case "alnum":
		is = func(c byte) bool { return lower(c) || upper(c) || digit(c) }
	case "space":
		is = func(c byte) bool { return c == ' ' || c >= 9 && c <= 13 }
	case "blank":
		is = func(c byte) bool { return c == ' ' || c == '\t' }
	case "cntrl":
		is = func(c byte) bool { return c < 32 || c == 127 }
	case "graph":
		is = graph
	case "print":
		is = func(c byte) bool { return graph(c) || c == ' ' }
	case "punct":
		is = func(c byte) bool { return graph(c) && !lower(c) && !upper(c) && !digit(c) }
	case "xdigit":
		is = func(c byte) bool { return digit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }
	default:
		return nil, false
	}
	for c := 0; c < 256; c++ {
		if is(byte(c)) {
			class = append(class, byte(c))
		}
	}
	return class, true
}
