package programs

import (
	"io"
	"os"
	"os/exec"
	"strings"
)

// xz writes by bsdtar, whose raw format is a bare compressed file, and reads by busybox.
func xz(p *Process) int {
	kind, suffix := "xz", ".xz"
	switch {
	case strings.Contains(p.Name, "zst"):
		kind, suffix = "zstd", ".zst"
	case strings.Contains(p.Name, "lz"):
		kind, suffix = "lzma", ".lzma"
	case p.Name == "bzip2":
		kind, suffix = "bzip2", ".bz2"
	}
	opts, files, ok := p.longOptions("0123456789cdefklqtT:vz", []longOption{
		{"stdout", 'c', false}, {"decompress", 'd', false}, {"keep", 'k', false}, {"force", 'f', false}, {"compress", 'z', false},
		{"threads", 'T', true}, {"quiet", 'q', false}, {"test", 't', false}, {"extreme", 'e', false}, {"verbose", 'v', false}, {"rm", 'R', false},
	})
	if !ok {
		p.Errorf("%s: Try `%s --help' for more information.\n", p.Name, p.Name)
		return 1
	}
	decompress, stdout := strings.HasPrefix(p.Name, "un") || strings.HasSuffix(p.Name, "cat"), strings.HasSuffix(p.Name, "cat")
	keep, test := kind == "zstd", false
	for _, o := range opts {
		switch o.Letter {
		case 'c':
			stdout = true
		case 'd':
			decompress = true
		case 'k':
			keep = true
		case 'R':
			keep = false
		case 't':
			test, decompress = true, true
		}
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	status := 0
	for _, name := range files {
		path, argv := Borrowed["bsdtar"], []string{"tar", "--format=raw", "--" + kind, "-cf", "-", name}
		if decompress {
			path, argv = Borrowed["busybox"], []string{map[string]string{"xz": "xzcat", "lzma": "lzcat", "bzip2": "bzcat"}[kind]}
		}
		if decompress && kind == "zstd" {
			return p.Errx(72, "decompression is not part of the stand-in host")
		}
		if !p.pack(path, argv, name, suffix, decompress, stdout, test, keep) {
			status = 1
		}
	}
	return status
}

func (p *Process) pack(path string, argv []string, name, suffix string, decompress, stdout, test, keep bool) bool {
	in, err := openOrStdin(p, name)
	if err != nil {
		p.Warn(err, "%s", name)
		return false
	}
	out := os.Stdout
	target := name + suffix
	if decompress {
		target = strings.TrimSuffix(name, suffix)
	}
	toFile := name != "-" && !stdout && !test
	switch {
	case test:
		out, err = os.OpenFile("/dev/null", os.O_WRONLY, 0)
	case toFile && target == name:
		p.Warnx("%s: Filename has an unknown suffix, skipping", name)
		return false
	case toFile:
		out, err = os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0644)
	}
	if err != nil {
		p.Warn(err, "%s", target)
		return false
	}
	if !decompress && name == "-" {
		// An archive of one file needs a file.
		if argv[len(argv)-1], err = spool(in); err != nil {
			p.Warn(err, "%s", name)
			return false
		}
		defer os.Remove(argv[len(argv)-1])
	}
	if p.Wait(&exec.Cmd{Path: path, Args: argv, Stdin: in, Stdout: out}) != 0 {
		p.Warnx("%s: File format not recognized", name)
		if toFile {
			os.Remove(target)
		}
		return false
	}
	if toFile && !keep {
		os.Remove(name)
	}
	return true
}

func spool(in *os.File) (string, error) {
	f, err := os.CreateTemp("", "xz")
	if err != nil {
		return "", err
	}
	defer f.Close()
	_, err = io.Copy(f, in)
	return f.Name(), err
}
