package machine

import (
	"bufio"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"standin/programs"
)

// entry is one line of base-tree.txt: type mode owner group flags ./path [-> link].
type entry struct {
	kind, path, owner, group, flags, link string
	mode                                  int64
}

func readTree(file string) ([]entry, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var tree []entry
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		part := strings.SplitN(lines.Text(), " ", 6)
		if len(part) != 6 {
			return nil, fmt.Errorf("%s: %q", file, lines.Text())
		}
		mode, err := strconv.ParseInt(part[1], 8, 64)
		if err != nil {
			return nil, err
		}
		e := entry{kind: part[0], mode: mode, owner: part[2], group: part[3], flags: part[4], path: part[5]}
		if e.kind == "link" {
			e.path, e.link, _ = strings.Cut(e.path, " -> ")
		}
		e.path = strings.TrimPrefix(e.path, "./")
		tree = append(tree, e)
	}
	return tree, lines.Err()
}

//go:embed all:tree all:hosttree
var contents embed.FS

// release is what a tree is made for.
type release struct {
	name string // "13.2-RELEASE"
	base *borrowed
}

// content makes a file of the base: a borrowed program, a text of ours, a program's script, or a line that says what it is.
func (r *release) content(e entry) ([]byte, error) {
	if data := r.base.files[e.path]; data != nil {
		return data, nil
	}
	if data, err := contents.ReadFile("tree/" + e.path); err == nil {
		return padded(e.path, []byte(strings.ReplaceAll(string(data), "@RELEASE@", r.name))), nil
	}
	switch e.path {
	case "sbin/init":
		return os.ReadFile("/proc/self/exe")
	case "etc/passwd", "etc/pwd.db", "etc/spwd.db":
		master, err := contents.ReadFile("tree/etc/master.passwd")
		return programs.PasswordFile(e.path, string(master)), err
	}
	if e.mode&0o111 != 0 && (inProgramFolder(e.path) || strings.HasPrefix(e.path, "etc/rc.d/")) {
		return []byte("#!/sbin/init\n"), nil
	}
	if strings.HasPrefix(e.path, "usr/share/zoneinfo/") {
		if data, err := os.ReadFile("/" + e.path); err == nil {
			return data, nil
		}
	}
	if e.path == "usr/share/locale/C.UTF-8/LC_CTYPE" {
		if data, err := os.ReadFile("/usr/lib/locale/C.utf8/LC_CTYPE"); err == nil {
			return data, nil // for bsdtar, which wants to know its letters
		}
	}
	return padded(e.path, []byte(fmt.Sprintf("# FreeBSD %s: /%s\n", r.name, e.path))), nil
}

// padded fills a file with a comment up to the size that the release's own has, where listings show it.
func padded(path string, data []byte) []byte {
	size := map[string]int{".cshrc": 1023, ".profile": 507, "COPYRIGHT": 6109}[path]
	for len(data) < size {
		line := "# " + strings.Repeat(".", 70) + "\n"
		if left := size - len(data); left < len(line) {
			line = strings.Repeat("#", left-1) + "\n"
		}
		data = append(data, line...)
	}
	return data
}

func inProgramFolder(path string) bool {
	for _, dir := range []string{"bin/", "sbin/", "usr/bin/", "usr/sbin/", "usr/libexec/"} {
		if strings.HasPrefix(path, dir) {
			return true
		}
	}
	return false
}

// hostFiles are what the host has beside or in place of the base.
func hostFiles() (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(contents, "hosttree", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := contents.ReadFile(path)
		files[strings.TrimPrefix(path, "hosttree/")] = data
		return err
	})
	return files, err
}

// ids numbers users and groups by the base's own files.
type ids struct{ users, groups map[string]int }

func readIDs() (*ids, error) {
	all := &ids{map[string]int{}, map[string]int{}}
	for name, into := range map[string]map[string]int{"master.passwd": all.users, "group": all.groups} {
		data, err := contents.ReadFile("tree/etc/" + name)
		if err != nil {
			return nil, err
		}
		for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
			field := strings.Split(line, ":")
			if into[field[0]], err = strconv.Atoi(field[2]); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}
