package programs

import (
	"path"
	"strings"
)

// rmdir(1), bin/rmdir/rmdir.c.
func init() { Register(rmdir, "rmdir") }

func rmdir(p *Process) int {
	opts, dirs, ok := p.options("pv")
	if !ok || len(dirs) == 0 {
		return p.Usage(1, "usage: rmdir [-pv] directory ...\n")
	}
	parents, verbose := false, false
	for _, o := range opts {
		parents = parents || o.Letter == 'p'
		verbose = verbose || o.Letter == 'v'
	}
	status := 0
	for _, dir := range dirs {
		for {
			if err := removeDir(dir); err != nil {
				p.Warn(err, "%s", dir)
				status = 1
				break
			}
			if verbose {
				p.Printf("%s\n", dir)
			}
			dir = path.Dir(strings.TrimRight(dir, "/"))
			if !parents || dir == "/" || dir == "." {
				break
			}
		}
	}
	return status
}
