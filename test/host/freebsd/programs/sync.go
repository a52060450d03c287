package programs

import (
	"os"
)

// sync(8) and fsync(1), sbin/… /sync.c, usr.bin/fsync/fsync.c.
func init() { Register(syncMain, "sync"); Register(fsync, "fsync") }

func syncMain(p *Process) int {
	p.Call("fs.sync", nil, nil) // the machine's own disks: Linux's sync(2) would wait for all others, too
	return 0
}

func fsync(p *Process) int {
	_, files, ok := p.options("")
	if !ok || len(files) == 0 {
		return p.Usage(64, "usage: fsync file ...\n")
	}
	status := 0
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			p.Warn(err, "open %s", name)
			status = 1
			continue
		}
		if err := f.Sync(); err != nil {
			p.Warn(err, "fsync %s", name)
			status = 1
		}
		f.Close()
	}
	return status
}
