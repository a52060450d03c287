package programs

import (
	"io"
	"math"
	"os"
	"sort"
	"strconv"
	"strings"
)

// sort(1), usr.bin/sort. Lines are compared byte by byte, as in the C locale.
func init() { Register(sortMain, "sort") }

const sortUsage = `Usage: sort [-bcCdfigMnrsuzRvV] [-kPOS1[,POS2] ... ] [+POS1 [-POS2]] [-S memsize] [-T tmpdir] [-t separator] [-o outfile] [--batch-size size] [--files0-from file] [--heapsort] [--mergesort] [--radixsort] [--qsort] [--mmap] [--human-numeric-sort] [--version-sort] [--random-sort [--random-source file]] [--compress-program program] [file ...]
`

// sortOrder is how keys are compared.
type sortOrder struct {
	skipBlanks, dictionary, fold, printable, general, human, month, numeric, reverse, random, version bool
}

// sortKey is -k: fields and characters count from 1; 0 is the end of the line.
type sortKey struct {
	fromField, fromChar, toField, toChar int
	skipFrom, skipTo, own                bool
	order                                sortOrder
}

type sorting struct {
	p *Process

	order                                    sortOrder
	keys                                     []sortKey
	separator                                string
	check, quietCheck, merge, stable, unique bool
	end, output                              string
}

func sortMain(p *Process) int {
	s := &sorting{p: p, end: "\n"}
	opts, files, ok := p.longOptions("bcCdfghik:Mmno:RrsS:t:T:uVz", []longOption{
		{"batch-size", 'B', true}, {"check", 'c', false}, {"debug", 'D', false}, {"key", 'k', true}, {"merge", 'm', false},
		{"numeric-sort", 'n', false}, {"output", 'o', true}, {"reverse", 'r', false}, {"stable", 's', false},
		{"unique", 'u', false}, {"version-sort", 'V', false}, {"zero-terminated", 'z', false}, {"ignore-case", 'f', false},
		{"human-numeric-sort", 'h', false}, {"general-numeric-sort", 'g', false}, {"month-sort", 'M', false},
		{"field-separator", 't', true}, {"dictionary-order", 'd', false}, {"ignore-leading-blanks", 'b', false},
		{"mergesort", 's', false}, {"qsort", 'D', false}, {"heapsort", 'D', false}, {"radixsort", 'D', false}, {"mmap", 'D', false},
	})
	if !ok {
		return p.Usage(2, sortUsage)
	}
	for _, o := range opts {
		if status := s.take(o); status != 0 {
			return status
		}
	}
	for i := range s.keys {
		if !s.keys[i].own {
			s.keys[i].order = s.order
			s.keys[i].skipFrom, s.keys[i].skipTo = s.order.skipBlanks, s.order.skipBlanks
		}
	}
	lines, status := s.read(files)
	if status != 0 {
		return status
	}
	if s.check {
		return s.checkOrder(lines, files)
	}
	sort.SliceStable(lines, func(i, j int) bool { return s.compare(lines[i], lines[j]) < 0 })
	return s.write(lines)
}

func (s *sorting) take(o Option) int {
	switch o.Letter {
	case 'c':
		s.check = true
	case 'C':
		s.check, s.quietCheck = true, true
	case 'm':
		s.merge = true
	case 's':
		s.stable = true
	case 'u':
		s.unique = true
	case 'z':
		s.end = "\x00"
	case 'o':
		s.output = o.Value
	case 't':
		if s.separator = o.Value; s.separator == "\\0" {
			s.separator = "\x00"
		}
		if len(s.separator) != 1 {
			return s.p.Errx(2, "%s", strconv.Quote(o.Value)+": multi-character field separator")
		}
	case 'k':
		key, ok := parseSortKey(o.Value)
		if !ok {
			return s.p.Errx(2, "%s: Invalid argument", o.Value)
		}
		s.keys = append(s.keys, key)
	default:
		s.order.set(o.Letter)
	}
	return 0
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

func parseSortKey(text string) (key sortKey, ok bool) {
	from, to, hasTo := strings.Cut(text, ",")
	if key.fromField, key.fromChar, key.skipFrom, ok = key.part(from); !ok || key.fromField < 1 {
		return key, false
	}
	if key.fromChar == 0 {
		key.fromChar = 1
	}
	if hasTo {
		if key.toField, key.toChar, key.skipTo, ok = key.part(to); !ok || key.toField < 1 {
			return key, false
		}
	}
	return key, true
}

func (key *sortKey) part(text string) (field, char int, skip, ok bool) {
	number := func() int {
		end := 0
		for end < len(text) && text[end] >= '0' && text[end] <= '9' {
			end++
		}
		n, err := strconv.Atoi(text[:end])
		ok = err == nil
		text = text[end:]
		return n
	}
	if field = number(); !ok {
		return
	}
	if strings.HasPrefix(text, ".") {
		text = text[1:]
		if char = number(); !ok {
			return
		}
	}
	for i := range []byte(text) {
		key.own = true
		if text[i] == 'b' {
			skip = true
		} else if !key.order.set(text[i]) {
			return field, char, skip, false
		}
	}
	return field, char, skip, true
}

func (s *sorting) read(files []string) (lines []string, status int) {
	if len(files) == 0 {
		files = []string{"-"}
	}
	for _, name := range files {
		in := s.p.Stdin
		if name != "-" {
			f, err := os.Open(name)
			if err != nil {
				return nil, s.p.Err(2, err, "%s", name)
			}
			in = f
		}
		data, err := io.ReadAll(in)
		if err != nil {
			return nil, s.p.Err(2, err, "%s", name)
		}
		text := strings.TrimSuffix(string(data), s.end)
		if len(data) > 0 {
			lines = append(lines, strings.Split(text, s.end)...)
		}
	}
	return lines, 0
}

func (s *sorting) checkOrder(lines, files []string) int {
	for i := 1; i < len(lines); i++ {
		c := s.compare(lines[i-1], lines[i])
		if c > 0 || (s.unique && c == 0) {
			if !s.quietCheck {
				name := "-"
				if len(files) > 0 {
					name = files[0]
				}
				s.p.Warnx("%s:%d: disorder: %s", name, i+1, lines[i])
			}
			return 1
		}
	}
	return 0
}

func (s *sorting) write(lines []string) int {
	var out strings.Builder
	for i, line := range lines {
		if s.unique && i > 0 && s.compareKeys(lines[i-1], line) == 0 {
			lines[i] = lines[i-1]
			continue
		}
		out.WriteString(line + s.end)
	}
	if s.output == "" {
		s.p.Stdout.WriteString(out.String())
		return 0
	}
	if err := os.WriteFile(s.output, []byte(out.String()), 0666); err != nil {
		return s.p.Err(2, err, "%s", s.output)
	}
	return 0
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

// of is the part of a line that a key names.
func (key *sortKey) of(line, separator string) string {
	from := fieldPlace(line, separator, key.fromField, key.fromChar, key.skipFrom)
	to := len(line)
	if key.toField > 0 {
		if key.toChar == 0 {
			to = fieldEnd(line, separator, key.toField)
		} else {
			to = fieldPlace(line, separator, key.toField, key.toChar+1, key.skipTo)
		}
	}
	if to < from {
		return ""
	}
	return line[from:to]
}

func fieldStart(line, separator string, field int) int {
	at := 0
	for n := 1; n < field; n++ {
		at = nextField(line, separator, at)
	}
	return at
}

// nextField is where the field after the one at a place begins; blanks in front belong to a field.
func nextField(line, separator string, at int) int {
	if separator != "" {
		next := strings.Index(line[at:], separator)
		if next < 0 {
			return len(line)
		}
		return at + next + 1
	}
	return fieldEndFrom(line, "", at)
}

func fieldEndFrom(line, separator string, at int) int {
	if separator != "" {
		if end := strings.Index(line[at:], separator); end >= 0 {
			return at + end
		}
		return len(line)
	}
	for at < len(line) && (line[at] == ' ' || line[at] == '\t') {
		at++
	}
	for at < len(line) && line[at] != ' ' && line[at] != '\t' {
		at++
	}
	return at
}

func fieldEnd(line, separator string, field int) int {
	return fieldEndFrom(line, separator, fieldStart(line, separator, field))
}

func fieldPlace(line, separator string, field, char int, skip bool) int {
	at := fieldStart(line, separator, field)
	for skip && at < len(line) && (line[at] == ' ' || line[at] == '\t') {
		at++
	}
	if at += char - 1; at > len(line) {
		at = len(line)
	}
	return at
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
