package programs

import (
	"os"
	"path"
)

// The files that grep(1) looks through.

func (g *grepping) files(args []string) {
	if len(args) == 0 {
		if !g.recursive {
			g.file("-", g.withName)
			return
		}
		args = []string{"."}
	}
	named := (len(args) > 1 || g.recursive || g.withName) && !g.noName
	for _, name := range args {
		if g.recursive {
			g.walk(name, named)
		} else {
			g.file(name, named)
		}
	}
}

func (g *grepping) walk(name string, named bool) {
	st, err := stat(name)
	if err != nil {
		g.warn(err, name)
		return
	}
	if !isDir(&st) {
		if g.wanted(path.Base(name)) {
			g.file(name, named)
		}
		return
	}
	list, err := namesAsMade(name)
	if err != nil {
		g.warn(err, name)
	}
	for _, entry := range list {
		below := join(name, entry)
		if st, err := lstat(below); err == nil && (isLink(&st) || (isDir(&st) && matchesAny(g.excludeDir, entry))) {
			continue
		}
		g.walk(below, named)
	}
}

func matchesAny(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if ok, _ := path.Match(pattern, name); ok {
			return true
		}
	}
	return false
}

func (g *grepping) wanted(name string) bool {
	return (len(g.include) == 0 || matchesAny(g.include, name)) && !matchesAny(g.exclude, name)
}

func (g *grepping) warn(err error, name string) {
	g.failed = true
	if !g.silent {
		g.p.Stdout.Flush()
		g.p.Warn(err, "%s", name)
	}
}

func (g *grepping) open(name string) (*os.File, error) {
	if name == "-" {
		return g.p.Stdin, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if st, err := f.Stat(); err == nil && st.IsDir() {
		f.Close()
		return nil, errIsDirectory
	}
	return f, nil
}
