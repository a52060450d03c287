package programs

import (
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// mkdir(1), bin/mkdir/mkdir.c.
func init() { Register(mkdir, "mkdir") }

func mkdir(p *Process) int {
	const usage = "usage: mkdir [-pv] [-m mode] directory_name ...\n"
	opts, dirs, ok := p.options("m:pv")
	if !ok || len(dirs) == 0 {
		return p.Usage(64, usage)
	}
	parents, verbose := false, false
	var change modeChange
	mask := umask()
	for _, o := range opts {
		switch o.Letter {
		case 'p':
			parents = true
		case 'v':
			verbose = true
		case 'm':
			if change, ok = parseMode(o.Value, mask); !ok {
				return p.Errx(1, "invalid file mode: %s", o.Value)
			}
		}
	}
	mode := uint32(0777)
	if change != nil {
		mode = change(0777) & 07777
	}
	status := 0
	for _, dir := range dirs {
		made, err := makeDirs(p, dir, parents, verbose, mode)
		if err != nil {
			status = 1
			continue
		}
		if made && change != nil {
			if err := unix.Chmod(dir, mode); err != nil {
				p.Warn(err, "%s", dir)
				status = 1
			}
		}
	}
	return status
}

// makeDirs makes one folder, and those above it if it may; it says whether the last one is new.
func makeDirs(p *Process, dir string, parents, verbose bool, mode uint32) (made bool, err error) {
	if !parents {
		if err = unix.Mkdir(dir, mode); err != nil {
			shown := dir
			if err == unix.ENOENT || err == unix.ENOTDIR {
				shown = path.Dir(strings.TrimRight(dir, "/"))
			}
			p.Warn(err, "%s", shown)
		} else if verbose {
			p.Printf("%s\n", dir)
		}
		return err == nil, err
	}
	for end := 0; end < len(dir); {
		for end < len(dir) && dir[end] == '/' {
			end++
		}
		for end < len(dir) && dir[end] != '/' {
			end++
		}
		part := dir[:end]
		last := strings.Trim(dir[end:], "/") == ""
		made = false
		if st, statErr := stat(part); statErr == nil {
			if !isDir(&st) {
				err = unix.ENOTDIR
				if last {
					err = unix.EEXIST
				}
				p.Warn(err, "%s", part)
				return false, err
			}
			continue
		}
		bits := uint32(0777)
		if last {
			bits = mode
		}
		if err = mkdirUnlessThere(part, bits, last); err != nil {
			p.Warn(err, "%s", part)
			return false, err
		}
		made = true
		if verbose {
			p.Printf("%s\n", part)
		}
	}
	return made, nil
}

// mkdirUnlessThere bears with another who makes the same folder in the same moment.
func mkdirUnlessThere(dir string, mode uint32, last bool) error {
	if !last {
		old := unix.Umask(0)
		unix.Umask(old &^ 0300)
		defer unix.Umask(old)
	}
	err := unix.Mkdir(dir, mode)
	if err == unix.EEXIST {
		if st, statErr := stat(dir); statErr == nil && isDir(&st) {
			return nil
		}
	}
	return err
}
