package programs

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// What rcorder(8) reads in the scripts of ports, and the order that it puts them in.

// localScripts are the scripts of ports and of administrators, in the order that their REQUIRE and BEFORE lines ask for.
func localScripts() []string {
	var list []*orderedScript
	entries, _ := os.ReadDir("/usr/local/etc/rc.d")
	for _, e := range entries {
		path := "/usr/local/etc/rc.d/" + e.Name()
		if st, err := os.Stat(path); err == nil && st.Mode().IsRegular() && unix.Access(path, unix.X_OK) == nil {
			list = append(list, readOrdered(path))
		}
	}
	return inOrder(list)
}

func (r *rcRun) localScripts(firstBoot bool) {
	for _, path := range localScripts() {
		s := readOrdered(path)
		if hasWord(s.keywords, "nostart") || hasWord(s.keywords, "firstboot") && !firstBoot ||
			r.jail && (hasWord(s.keywords, "nojail") || hasWord(s.keywords, "nojailvnet")) {
			continue
		}
		cmd := r.p.child("/bin/sh", path, "faststart")
		cmd.Env, cmd.Dir = []string{"HOME=/", "PATH=" + servicePath}, "/"
		r.p.Wait(cmd)
	}
}

// orderedScript is a script with what rcorder(8) reads in it.
type orderedScript struct {
	path                               string
	provide, require, before, keywords []string
	done                               bool
}

func readOrdered(path string) *orderedScript {
	s := &orderedScript{path: path, provide: []string{filepath.Base(path)}}
	data, _ := os.ReadFile(path)
	for _, line := range strings.Split(string(data), "\n") {
		label, rest, found := strings.Cut(strings.TrimPrefix(line, "# "), ":")
		if !found || !strings.HasPrefix(line, "# ") {
			continue
		}
		switch label {
		case "PROVIDE":
			s.provide = append(s.provide, strings.Fields(rest)...)
		case "REQUIRE":
			s.require = append(s.require, strings.Fields(rest)...)
		case "BEFORE":
			s.before = append(s.before, strings.Fields(rest)...)
		case "KEYWORD":
			s.keywords = append(s.keywords, strings.Fields(rest)...)
		}
	}
	return s
}

// inOrder puts scripts behind those that they require.
func inOrder(list []*orderedScript) (paths []string) {
	var visit func(s *orderedScript)
	visit = func(s *orderedScript) {
		if s.done {
			return
		}
		s.done = true
		for _, other := range list {
			for _, name := range other.provide {
				if hasWord(s.require, name) {
					visit(other)
				}
			}
			for _, name := range s.provide {
				if hasWord(other.before, name) {
					visit(other)
				}
			}
		}
		paths = append(paths, s.path)
	}
	for _, s := range list {
		visit(s)
	}
	return paths
}
