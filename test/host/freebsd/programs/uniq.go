package programs

import (
	"bufio"
	"os"
	"strconv"
	"strings"
)

// uniq(1), usr.bin/uniq/uniq.c.
func init() { Register(uniq, "uniq") }

type uniting struct {
	count, repeated, single, all, ignoreCase bool
	fields, chars                            int
}

func uniq(p *Process) int {
	const usage = "usage: uniq [-c | -d | -D | -u] [-i] [-f num] [-s chars] [input [output]]\n"
	opts, files, ok := p.longOptions("cDdif:s:u", []longOption{
		{"count", 'c', false}, {"repeated", 'd', false}, {"unique", 'u', false}, {"ignore-case", 'i', false},
		{"skip-fields", 'f', true}, {"skip-chars", 's', true},
	})
	if !ok || len(files) > 2 {
		return p.Usage(1, usage)
	}
	u := &uniting{}
	for _, o := range opts {
		n, err := strconv.Atoi(o.Value)
		switch o.Letter {
		case 'c':
			u.count = true
		case 'D':
			u.all = true
		case 'd':
			u.repeated = true
		case 'i':
			u.ignoreCase = true
		case 'u':
			u.single = true
		case 'f', 's':
			if err != nil || n < 0 {
				return p.Errx(1, "illegal argument: %s", o.Value)
			}
			if o.Letter == 'f' {
				u.fields = n
			} else {
				u.chars = n
			}
		}
	}
	in := p.Stdin
	if len(files) > 0 && files[0] != "-" {
		f, err := os.Open(files[0])
		if err != nil {
			return p.Err(1, err, "%s", files[0])
		}
		in = f
	}
	if len(files) > 1 && files[1] != "-" {
		f, err := os.Create(files[1])
		if err != nil {
			return p.Err(1, err, "%s", files[1])
		}
		p.Stdout = bufio.NewWriter(f)
	}
	var group []string
	eachLine(in, func(line string) {
		if len(group) > 0 && u.key(group[0]) != u.key(line) {
			u.show(p, group)
			group = group[:0]
		}
		group = append(group, line)
	})
	if len(group) > 0 {
		u.show(p, group)
	}
	return 0
}

func (u *uniting) key(line string) string {
	for n := u.fields; n > 0; n-- {
		line = strings.TrimLeft(line, " \t")
		at := strings.IndexAny(line, " \t")
		if at < 0 {
			at = len(line)
		}
		line = line[at:]
	}
	if u.chars < len(line) {
		line = line[u.chars:]
	} else if u.chars > 0 {
		line = ""
	}
	if u.ignoreCase {
		line = strings.ToLower(line)
	}
	return line
}

func (u *uniting) show(p *Process, group []string) {
	switch {
	case u.all:
		for _, line := range group {
			if len(group) > 1 {
				p.Printf("%s\n", line)
			}
		}
	case u.repeated && len(group) == 1, u.single && len(group) > 1:
	case u.count:
		p.Printf("%4d %s\n", len(group), group[0])
	default:
		p.Printf("%s\n", group[0])
	}
}
