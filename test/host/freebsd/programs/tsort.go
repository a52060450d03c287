package programs

import "strings"

// tsort(1), usr.bin/tsort/tsort.c.
func init() { Register(tsort, "tsort") }

func tsort(p *Process) int {
	_, files, ok := p.options("dlq")
	if !ok || len(files) > 1 {
		return p.Usage(1, "usage: tsort [-dlq] [file]\n")
	}
	words := strings.Fields(string(readAll(p, files)))
	if len(words)%2 != 0 {
		return p.Errx(1, "odd data count")
	}
	var order []string
	before := map[string]int{}
	after := map[string][]string{}
	note := func(word string) {
		if _, known := before[word]; !known {
			before[word] = 0
			order = append(order, word)
		}
	}
	for i := 0; i < len(words); i += 2 {
		a, b := words[i], words[i+1]
		note(a)
		note(b)
		if a != b {
			after[a] = append(after[a], b)
			before[b]++
		}
	}
	for len(order) > 0 {
		at := 0
		for at < len(order) && before[order[at]] > 0 {
			at++
		}
		if at == len(order) {
			p.Warnx("cycle in data")
			p.Warnx("%s", order[0])
			at = 0
		}
		word := order[at]
		order = append(order[:at], order[at+1:]...)
		p.Printf("%s\n", word)
		for _, next := range after[word] {
			before[next]--
		}
	}
	return 0
}
