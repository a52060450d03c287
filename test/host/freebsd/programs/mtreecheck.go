package programs

import (
	"bufio"
	"fmt"
	"os"
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// readSpec reads mtree(5).
func readSpec(in *bufio.Scanner) (entries []specEntry, failure string) {
	defaults := map[string]string{}
	dir, started := "", false
	in.Buffer(nil, 1<<20)
	for n := 1; in.Scan(); n++ {
		line := strings.TrimSpace(in.Text())
		for strings.HasSuffix(line, "\\") && in.Scan() {
			n++
			line = strings.TrimSuffix(line, "\\") + strings.TrimSpace(in.Text())
		}
		words := strings.Fields(line)
		if len(words) == 0 || line[0] == '#' {
			continue
		}
		switch words[0] {
		case "/set":
			for _, word := range words[1:] {
				k, v, _ := strings.Cut(word, "=")
				defaults[k] = v
			}
			continue
		case "/unset":
			for _, word := range words[1:] {
				delete(defaults, word)
			}
			continue
		case "..":
			if dir == "" {
				return nil, fmt.Sprintf("line %d: no parent node", n)
			}
			if dir = path.Dir(dir); dir == "." {
				dir = "."
			}
			continue
		}
		e := specEntry{keys: map[string]string{}}
		for k, v := range defaults {
			e.keys[k] = v
		}
		for _, word := range words[1:] {
			k, v, _ := strings.Cut(word, "=")
			e.keys[k] = v
		}
		name := decodeName(words[0])
		switch {
		case strings.Contains(name, "/"):
			e.path = path.Clean(name)
		case !started:
			e.path = "."
		default:
			e.path = path.Join(dir, name)
		}
		if e.keys["type"] == "dir" && !(strings.Contains(name, "/") && started) {
			dir = e.path
		}
		started = true
		entries = append(entries, e)
	}
	return entries, ""
}

func (m *matching) compare(entries []specEntry) {
	known := map[string]bool{}
	for i := range entries {
		known[entries[i].path] = true
	}
	for i := range entries {
		m.check(&entries[i])
	}
	if !m.ignoreExtra {
		m.extra(m.root, ".", known)
	}
}

func (m *matching) check(e *specEntry) {
	if m.dirsOnly && e.keys["type"] != "dir" {
		return
	}
	at := path.Join(m.root, e.path)
	st, err := lstat(at)
	if err != nil {
		if _, optional := e.keys["optional"]; optional {
			return
		}
		m.missing(e, at)
		return
	}
	var problems []string
	for _, k := range []string{"type", "uid", "gid", "uname", "gname", "mode", "nlink", "size", "time", "link", "flags", "sha256", "sha256digest", "md5digest"} {
		want, said := e.keys[k]
		if !said || !m.wants(k) {
			continue
		}
		has := mtreeValue(k, at, &st)
		if sameValue(k, want, has) {
			continue
		}
		text := fmt.Sprintf("\t%s (%s, %s", k, want, has)
		if m.mend(k, want, at, &st) {
			problems = append(problems, text+", modified)")
		} else {
			problems = append(problems, text+")")
			m.status = 2
		}
	}
	if len(problems) > 0 {
		m.p.Printf("%s:\t%s\n", e.path, strings.TrimPrefix(strings.Join(problems, "\n"), "\t"))
	}
}

// wants: a tree is compared by what the specification says; -k and -R leave words out.
func (m *matching) wants(k string) bool {
	on, said := m.keywords[k]
	return on || !said
}

func sameValue(k, want, has string) bool {
	switch k {
	case "mode":
		x, err1 := strconv.ParseUint(want, 8, 32)
		y, err2 := strconv.ParseUint(has, 8, 32)
		return err1 == nil && err2 == nil && x == y
	case "time":
		x, _, _ := strings.Cut(want, ".")
		y, _, _ := strings.Cut(has, ".")
		return x == y
	case "flags":
		return want == has || (want == "none" && has == "none")
	}
	return want == has || has == ""
}

func (m *matching) mend(k, want, at string, st *unix.Stat_t) bool {
	if !m.update {
		return false
	}
	number := func(list *accounts) int {
		id, ok := list.number(want)
		if !ok {
			return -1
		}
		return int(id)
	}
	switch k {
	case "mode":
		mode, err := strconv.ParseUint(want, 8, 32)
		return err == nil && unix.Chmod(at, uint32(mode)) == nil
	case "uid", "uname":
		return unix.Lchown(at, number(users), -1) == nil
	case "gid", "gname":
		return unix.Lchown(at, -1, number(groups)) == nil
	case "flags":
		set, _, bad := parseFlags(strings.TrimPrefix(want, "none"))
		return bad == "" && setFileFlags(at, set) == nil
	}
	return false
}

func (m *matching) missing(e *specEntry, at string) {
	mode, err := strconv.ParseUint(e.keys["mode"], 8, 32)
	if err != nil {
		mode = 0755
	}
	made := false
	switch {
	case !m.update:
	case e.keys["type"] == "dir":
		made = unix.Mkdir(at, uint32(mode)) == nil && unix.Chmod(at, uint32(mode)) == nil
	case e.keys["type"] == "link":
		made = os.Symlink(decodeName(e.keys["link"]), at) == nil
	}
	if !made {
		if !m.quiet {
			m.p.Printf("./%s missing\n", strings.TrimPrefix(e.path, "./"))
		}
		m.status = 2
		return
	}
	if !m.quiet {
		m.p.Printf("./%s missing (created)\n", strings.TrimPrefix(e.path, "./"))
	}
	st, _ := lstat(at)
	for _, k := range []string{"uname", "uid", "gname", "gid", "flags"} {
		if want, said := e.keys[k]; said && want != "none" {
			m.mend(k, want, at, &st)
		}
	}
}

func (m *matching) extra(at, name string, known map[string]bool) {
	list, _ := names(at)
	for _, entry := range list {
		below, shown := join(at, entry), path.Join(name, entry)
		st, err := lstat(below)
		switch {
		case err != nil:
		case !known[shown] && !(m.dirsOnly && !isDir(&st)):
			m.p.Printf("extra: %s\n", shown)
			m.status = 2
		case isDir(&st):
			m.extra(below, shown, known)
		}
	}
}
