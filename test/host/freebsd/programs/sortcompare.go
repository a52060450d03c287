package programs

import (
	"math"
	"strconv"
	"strings"
)

// How sort(1) compares: byte by byte, or as numbers, months, versions.

// sortOrder is how keys are compared.
type sortOrder struct {
	skipBlanks, dictionary, fold, printable, general, human, month, numeric, reverse, random, version bool
}

func (o *sortOrder) set(letter byte) bool {
	flag := map[byte]*bool{
		'b': &o.skipBlanks, 'd': &o.dictionary, 'f': &o.fold, 'g': &o.general, 'h': &o.human, 'i': &o.printable,
		'M': &o.month, 'n': &o.numeric, 'R': &o.random, 'r': &o.reverse, 'V': &o.version,
	}[letter]
	if flag != nil {
		*flag = true
	}
	return flag != nil
}

func (s *sorting) compare(a, b string) int {
	if c := s.compareKeys(a, b); c != 0 || s.stable || s.unique {
		return c
	}
	c := strings.Compare(a, b)
	if s.order.reverse {
		return -c
	}
	return c
}

func (s *sorting) compareKeys(a, b string) int {
	if len(s.keys) == 0 {
		return s.order.compare(a, b, s.order.skipBlanks)
	}
	for i := range s.keys {
		key := &s.keys[i]
		if c := key.order.compare(key.of(a, s.separator), key.of(b, s.separator), false); c != 0 {
			return c
		}
	}
	return 0
}

func (o *sortOrder) compare(a, b string, skip bool) int {
	if skip || o.numeric || o.general || o.human || o.month {
		a, b = strings.TrimLeft(a, " \t"), strings.TrimLeft(b, " \t")
	}
	c := 0
	switch {
	case o.numeric:
		c = compareNumbers(a, b)
	case o.general, o.human:
		c = compareFloats(o.number(a), o.number(b))
	case o.month:
		c = monthOf(a) - monthOf(b)
	case o.version:
		c = compareVersions(a, b)
	default:
		c = strings.Compare(o.plain(a), o.plain(b))
	}
	if o.reverse {
		return -c
	}
	return c
}

func (o *sortOrder) plain(text string) string {
	if o.fold {
		text = strings.ToUpper(text)
	}
	if !o.dictionary && !o.printable {
		return text
	}
	return strings.Map(func(r rune) rune {
		blank, word := r == ' ' || r == '\t', r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if (o.dictionary && !blank && !word) || (o.printable && (r < 32 || r == 127)) {
			return -1
		}
		return r
	}, text)
}

func numberPrefix(text string) string {
	end, dot := 0, false
	for end < len(text) {
		c := text[end]
		if !(c >= '0' && c <= '9' || c == '-' && end == 0 || c == '.' && !dot) {
			break
		}
		dot = dot || c == '.'
		end++
	}
	return text[:end]
}

func compareNumbers(a, b string) int {
	x, _ := strconv.ParseFloat(numberPrefix(a), 64)
	y, _ := strconv.ParseFloat(numberPrefix(b), 64)
	return compareFloats(x, y)
}

func compareFloats(x, y float64) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func (o *sortOrder) number(text string) float64 {
	prefix := numberPrefix(text)
	value, _ := strconv.ParseFloat(prefix, 64)
	rest := text[len(prefix):]
	if o.human && rest != "" {
		if at := strings.IndexByte("kMGTPE", rest[0]); at >= 0 {
			value *= math.Pow(1024, float64(at+1))
		}
	}
	if o.general && strings.HasPrefix(strings.ToLower(rest), "e") {
		for end := len(text); end > len(prefix); end-- {
			if v, err := strconv.ParseFloat(text[:end], 64); err == nil {
				return v
			}
		}
	}
	return value
}

func monthOf(text string) int {
	if len(text) >= 3 {
		if at := strings.Index("JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC", strings.ToUpper(text[:3])); at >= 0 && at%3 == 0 {
			return at/3 + 1
		}
	}
	return 0
}

// compareVersions compares runs of digits as numbers.
func compareVersions(a, b string) int {
	for a != "" && b != "" {
		x, y := digitRun(a), digitRun(b)
		if x != "" && y != "" {
			if c := compareNumbers(x, y); c != 0 {
				return c
			}
			a, b = a[len(x):], b[len(y):]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

func digitRun(text string) string {
	end := 0
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	return text[:end]
}
