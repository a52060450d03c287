// Command standin is a stand-in FreeBSD host in one binary: the machine's front and kernel, and all its programs.
// Inside the machine it is /sbin/init, the interpreter of every program's one-line script.
package main

import (
	"fmt"
	"os"

	"standin/machine"
	"standin/programs"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: standin build | machine | /path/of/a/program [argument ...]")
		os.Exit(64)
	}
	if run := machine.Commands[os.Args[1]]; run != nil {
		os.Exit(run(os.Args[2:]))
	}
	os.Exit(programs.Main(os.Args[1:]))
}
