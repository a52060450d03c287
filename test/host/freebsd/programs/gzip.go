package programs

import (
	"compress/bzip2"
	"compress/gzip"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// gzip(1) and bzip2(1)'s reading half, usr.bin/gzip; xz(1) and zstd(1) by way of libarchive's raw format.
func init() {
	Register(gzipMain, "gzip", "gunzip", "gzcat", "zcat", "bunzip2", "bzcat")
	Register(xz, "xz", "unxz", "xzcat", "lzma", "unlzma", "lzcat", "zstd", "unzstd", "zstdcat", "bzip2")
}

type zipping struct {
	p *Process

	decompress, stdout, keep, force, quiet, test, verbose bool
	level                                                 int
	suffix                                                string
}

func gzipMain(p *Process) int {
	z := &zipping{p: p, level: gzip.DefaultCompression, suffix: ".gz"}
	z.decompress = p.Name != "gzip"
	z.stdout = strings.HasSuffix(p.Name, "cat")
	if p.Name[0] == 'b' {
		z.suffix = ".bz2"
	}
	opts, files, ok := p.longOptions("123456789acdfhklLNnqrS:tVv", []longOption{
		{"stdout", 'c', false}, {"to-stdout", 'c', false}, {"decompress", 'd', false}, {"uncompress", 'd', false},
		{"force", 'f', false}, {"keep", 'k', false}, {"fast", '1', false}, {"best", '9', false}, {"quiet", 'q', false},
		{"test", 't', false}, {"no-name", 'n', false}, {"name", 'N', false}, {"suffix", 'S', true}, {"verbose", 'v', false},
	})
	if !ok {
		return p.Usage(1, "usage: gzip [-123456789acdfhklLNnqrtVv] [-S .suffix] [<file> [<file> ...]]\n")
	}
	for _, o := range opts {
		switch o.Letter {
		case 'c':
			z.stdout = true
		case 'd':
			z.decompress = true
		case 'f':
			z.force = true
		case 'k':
			z.keep = true
		case 't':
			z.test, z.decompress = true, true
		case 'S':
			z.suffix = o.Value
		case '1', '2', '3', '4', '5', '6', '7', '8', '9':
			z.level = int(o.Letter - '0')
		}
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	status := 0
	for _, name := range files {
		if err := z.one(name); err != "" {
			p.Warnx("%s", err)
			status = 1
		}
	}
	return status
}

func (z *zipping) one(name string) (failure string) {
	if name == "-" {
		return z.convert(z.p.Stdout, z.p.Stdin, "(stdin)")
	}
	in, err := os.Open(name)
	if err != nil {
		return "can't stat: " + name + ": " + errorText(err)
	}
	defer in.Close()
	if z.stdout || z.test {
		if z.test {
			return z.convert(io.Discard, in, name)
		}
		return z.convert(z.p.Stdout, in, name)
	}
	target := name + z.suffix
	if z.decompress {
		if target = strings.TrimSuffix(name, z.suffix); target == name {
			if target = strings.TrimSuffix(name, ".tgz"); target == name {
				return name + ": unknown suffix: ignored"
			}
			target += ".tar"
		}
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if z.force {
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	out, err := os.OpenFile(target, flags, 0600)
	if err != nil {
		return "can't open for writing: " + target + ": " + errorText(err)
	}
	failure = z.convert(out, in, name)
	out.Close()
	if failure != "" {
		os.Remove(target)
		return failure
	}
	if st, err := stat(name); err == nil {
		unix.Chown(target, int(st.Uid), int(st.Gid))
		unix.Chmod(target, st.Mode&07777)
		unix.UtimesNanoAt(unix.AT_FDCWD, target, []unix.Timespec{st.Atim, st.Mtim}, 0)
	}
	if !z.keep {
		os.Remove(name)
	}
	return ""
}

func (z *zipping) convert(out io.Writer, in io.Reader, name string) string {
	var err error
	switch {
	case z.suffix == ".bz2":
		_, err = io.Copy(out, bzip2.NewReader(in))
	case z.decompress:
		var r *gzip.Reader
		if r, err = gzip.NewReader(in); err == nil {
			_, err = io.Copy(out, r)
		}
		if err == gzip.ErrHeader {
			return name + ": not in gzip format"
		}
	default:
		w, _ := gzip.NewWriterLevel(out, z.level)
		if _, err = io.Copy(w, in); err == nil {
			err = w.Close()
		}
	}
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		return name + ": unexpected end of file"
	}
	if err != nil {
		return name + ": " + errorText(err)
	}
	return ""
}
