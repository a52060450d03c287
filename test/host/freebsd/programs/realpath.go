package programs

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// realpath(1), bin/realpath/realpath.c.
func init() { Register(realpath, "realpath") }

func realpath(p *Process) int {
	opts, files, ok := p.options("q")
	if !ok {
		return p.Usage(1, "usage: realpath [-q] [path ...]\n")
	}
	if len(files) == 0 {
		files = []string{"."}
	}
	status := 0
	for _, name := range files {
		text, err := resolve(name)
		if err != nil {
			if len(opts) == 0 {
				p.Warn(err, "%s", name)
			}
			status = 1
			continue
		}
		p.Printf("%s\n", text)
	}
	return status
}

// resolve is realpath(3): the path without links and dots; all of it must exist.
func resolve(name string) (string, error) {
	if name == "" {
		return "", unix.ENOENT
	}
	done := "/"
	if !strings.HasPrefix(name, "/") {
		dir, err := os.Getwd()
		if err != nil {
			return "", err
		}
		done = dir
	}
	rest := strings.Split(name, "/")
	for links := 0; len(rest) > 0; {
		part := rest[0]
		rest = rest[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			done = filepath.Dir(done)
			continue
		}
		at := filepath.Join(done, part)
		st, err := lstat(at)
		if err != nil {
			return "", err
		}
		if !isLink(&st) {
			if len(rest) > 0 && !isDir(&st) {
				return "", unix.ENOTDIR
			}
			done = at
			continue
		}
		if links++; links > 32 {
			return "", unix.ELOOP
		}
		text, err := os.Readlink(at)
		if err != nil {
			return "", err
		}
		if strings.HasPrefix(text, "/") {
			done = "/"
		}
		rest = append(strings.Split(text, "/"), rest...)
	}
	return done, nil
}
