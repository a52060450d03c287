package programs

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// make(1), for two targets of FreeBSD's source tree alone (build(7), jail(8)): installworld and distribution, of a world that was built.
// Here, a built world is a tree in /usr/obj/SRC/amd64.amd64; installworld takes all of it but /etc, /root and /var, distribution those.
func init() { Register(makeWorld, "make") }

func makeWorld(p *Process) int {
	found, rest, ok := p.options("C:j:s")
	if !ok {
		return p.Usage(2, "usage: make [-s] [-C directory] [-j max_jobs] [variable=value ...] [target ...]\n")
	}
	source := "."
	for _, option := range found {
		if option.Letter == 'C' {
			source = option.Value
		}
	}
	target, destination := "", ""
	for _, word := range rest {
		if strings.HasPrefix(word, "DESTDIR=") {
			destination = strings.TrimPrefix(word, "DESTDIR=")
		} else {
			target = word
		}
	}
	if _, err := os.Stat(filepath.Join(source, "Makefile.inc1")); err != nil {
		p.Errorf("make: no target to make.\n\nmake: stopped in %s\n", source)
		return 2
	}
	parts := map[string]string{"installworld": "case $part in etc|root|var) continue;; esac", "distribution": "case $part in etc|root|var) ;; *) continue;; esac"}
	if parts[target] == "" || destination == "" {
		p.Errorf("make: don't know how to make %s. Stop\n\nmake: stopped in %s\n", target, source)
		return 2
	}
	built := filepath.Join("/usr/obj", source, "amd64.amd64")
	if _, err := os.Stat(filepath.Join(built, "bin")); err != nil {
		p.Errorf("make[1]: \"%s/Makefile.inc1\" line 617: Unable to locate the built world in %s. Stop\n", source, built)
		return 2
	}
	p.Printf("--------------------------------------------------------------\n>>> Making %s\n--------------------------------------------------------------\n", target)
	script := "cd \"$1\" && for part in $(ls -A); do " + parts[target] + "; cp -a \"$part\" \"$2\" || exit 2; done"
	return p.Wait(&exec.Cmd{Path: "/bin/sh", Args: []string{"sh", "-c", script, "sh", built, destination}, Stdout: os.Stdout, Stderr: p.Stderr})
}
