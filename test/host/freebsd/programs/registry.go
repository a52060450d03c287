// Package programs has the FreeBSD programs of the stand-in host, one file each. They share one binary; a
// program's file in the tree is a script of one line whose interpreter it is.
package programs

import (
	"os"
	"path"
	"strings"
)

var table = map[string]func(*Process) int{}

// Register names a program. Call it from an init function in the program's own file. run returns the exit status.
func Register(run func(*Process) int, names ...string) {
	for _, name := range names {
		if table[name] != nil {
			panic("two programs named " + name)
		}
		table[name] = run
	}
}

// Main runs the program whose path (or name) is args[0] and returns its exit status.
func Main(args []string) int {
	name := path.Base(args[0])
	if strings.Contains(args[0], "/rc.d/") {
		args, name = append([]string{"rc.d"}, args...), "rc.d"
	}
	p := newProcess(name, args)
	run := table[name]
	if run == nil {
		p.Errorf("%s: not part of the stand-in host\n", args[0])
		return 72
	}
	if !p.enter() {
		return 71
	}
	status := run(p)
	p.leave(status)
	return status
}

// Names lists the programs there are.
func Names() []string {
	var names []string
	for name := range table {
		names = append(names, name)
	}
	return names
}

// Exit is os.Exit with output flushed, for a program that ends in the middle.
func (p *Process) Exit(status int) {
	p.leave(status)
	os.Exit(status)
}
