package programs

import (
	"io"
	"os"
	"sort"
	"strconv"
	"strings"
)

// sort(1), usr.bin/sort. Lines are compared byte by byte, as in the C locale.
func init() { Register(sortMain, "sort") }

const sortUsage = `Usage: sort [-bcCdfigMnrsuzRvV] [-kPOS1[,POS2] ... ] [+POS1 [-POS2]] [-S memsize] [-T tmpdir] [-t separator] [-o outfile] [--batch-size size] [--files0-from file] [--heapsort] [--mergesort] [--radixsort] [--qsort] [--mmap] [--human-numeric-sort] [--version-sort] [--random-sort [--random-source file]] [--compress-program program] [file ...]
`

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
