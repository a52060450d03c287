package programs

import (
	"strings"
	"syscall"

	"standin/bsd"
)

func (r *sysrcRun) showAll() int {
	names := r.assigned()
	for i, v := range r.getAll(names) {
		r.print(names[i], v.value)
	}
	return 0
}

func (r *sysrcRun) print(name, value string) {
	if r.showFile {
		file := r.holder(name)
		switch {
		case r.valuesOnly:
			r.p.Printf("%s\n", file)
		default:
			r.p.Printf("%s: %s\n", name, file)
		}
		return
	}
	switch {
	case r.namesOnly:
		r.p.Printf("%s\n", name)
	case r.valuesOnly:
		r.p.Printf("%s\n", value)
	case r.equals:
		r.p.Printf("%s=\"%s\"\n", name, value)
	default:
		r.p.Printf("%s%s: %s\n", r.prefix(name), name, value)
	}
}

// prefix is the file's name that -v shows.
func (r *sysrcRun) prefix(name string) string {
	if !r.verbose {
		return ""
	}
	return r.holder(name) + ": "
}

// word does one operand: a name to show or remove, or a change.
func (r *sysrcRun) word(word string) int {
	name, value, change := strings.Cut(word, "=")
	operator := ""
	if change && name != "" && (strings.HasSuffix(name, "+") || strings.HasSuffix(name, "-")) {
		operator, name = name[len(name)-1:], name[:len(name)-1]
	}
	before, known := r.get(name)
	if !change {
		return r.query(name, before, known)
	}
	if operator != "" {
		value = edited(before, value, operator)
	}
	if r.check {
		if before == value && known {
			return 0
		}
		return 1
	}
	if err := r.set(name, value); err != nil {
		return 1
	}
	after, _ := r.get(name)
	if !r.quiet {
		r.changed(name, before, after)
	}
	return 0
}

func (r *sysrcRun) changed(name, before, after string) {
	switch {
	case r.valuesOnly:
		r.p.Printf("%s -> %s\n", before, after)
	case r.namesOnly:
		r.p.Printf("%s\n", name)
	case r.equals:
		r.p.Printf("%s=\"%s\" -> \"%s\"\n", name, before, after)
	default:
		r.p.Printf("%s%s: %s -> %s\n", r.prefix(name), name, before, after)
	}
}

func (r *sysrcRun) query(name, value string, known bool) int {
	if !known {
		if !r.quiet && !r.ignore {
			r.p.Warnx("unknown variable '%s'", name)
		}
		return 1
	}
	switch {
	case r.remove && r.check:
		return 1
	case r.remove:
		return r.delete(name)
	case r.check:
		return 0
	}
	r.print(name, value)
	return 0
}

// edited is a list with words added ("+") or taken out ("-"). A first character that can't be in a word separates.
func edited(list, words, operator string) string {
	separator := " "
	if words != "" && !isWordByte(words[0]) {
		separator, words = words[:1], words[1:]
	}
	var out []string
	drop := strings.Split(words, separator)
	for _, w := range strings.Split(list, separator) {
		if w != "" && (operator == "+" || !inList(drop, w)) {
			out = append(out, w)
		}
	}
	if operator == "+" {
		for _, w := range drop {
			if w != "" && !inList(out, w) {
				out = append(out, w)
			}
		}
	}
	return strings.Join(out, separator)
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '/' || c == '-' || c == '"' || c == '$'
}

func inList(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}

func (r *sysrcRun) cannotCreate(file string, err error) error {
	r.p.Errorf("/usr/sbin/sysrc: cannot create %s: %s\n", file, bsd.Strerror(err))
	return syscall.EIO
}
