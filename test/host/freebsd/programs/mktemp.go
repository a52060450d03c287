package programs

import (
	"crypto/rand"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// mktemp(1), usr.bin/mktemp/mktemp.c.
func init() { Register(mktemp, "mktemp") }

func mktemp(p *Process) int {
	const usage = "usage: mktemp [-d] [-p tmpdir] [-q] [-t prefix] [-u] template ...\n" +
		"       mktemp [-d] [-p tmpdir] [-q] [-u] -t prefix \n"
	opts, templates, ok := p.options("dp:qt:u")
	if !ok {
		return p.Usage(1, usage)
	}
	dir, quiet, unsafe, prefix, folder, given := false, false, false, "", "", false
	for _, o := range opts {
		switch o.Letter {
		case 'd':
			dir = true
		case 'p':
			folder = o.Value
		case 'q':
			quiet = true
		case 't':
			prefix, given = o.Value, true
		case 'u':
			unsafe = true
		}
	}
	if folder != "" {
		for i, template := range templates {
			templates[i] = folder + "/" + template
		}
	}
	if given || len(templates) == 0 {
		if !given {
			prefix = "tmp"
		}
		if folder == "" {
			if folder = os.Getenv("TMPDIR"); folder == "" {
				folder = "/tmp"
			}
		}
		dots := prefix + ".XXXXXXXX"
		templates = append(templates, strings.TrimRight(folder, "/")+"/"+dots)
	}
	status := 0
	for _, template := range templates {
		name, err := makeTemp(template, dir)
		if err != nil {
			status = 1
			if !quiet {
				what := "mkstemp failed on " + name
				if dir {
					what = "mkdtemp failed on " + name
				}
				p.Warn(err, "%s", what)
			}
			continue
		}
		p.Printf("%s\n", name)
		if unsafe {
			if dir {
				unix.Rmdir(name)
			} else {
				unix.Unlink(name)
			}
		}
	}
	return status
}

// makeTemp is mkstemp(3) and mkdtemp(3).
func makeTemp(template string, dir bool) (name string, err error) {
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	stem := strings.TrimRight(template, "X")
	for tries := 0; tries < 100; tries++ {
		random := make([]byte, len(template)-len(stem))
		rand.Read(random)
		for i, b := range random {
			random[i] = letters[int(b)%len(letters)]
		}
		name = stem + string(random)
		if dir {
			err = unix.Mkdir(name, 0700)
		} else {
			var fd int
			if fd, err = unix.Open(name, unix.O_RDWR|unix.O_CREAT|unix.O_EXCL|unix.O_CLOEXEC, 0600); err == nil {
				unix.Close(fd)
			}
		}
		if err != unix.EEXIST || len(random) == 0 {
			return name, err
		}
	}
	return name, err
}
