package programs

import (
	"bufio"
	"encoding/hex"
	"io"
	"os"
	"strings"
)

// sha256sum(1) and its kin, sbin/md5/md5.c under its other names: GNU's lines, and -c reads a list of them.
func digestSum(p *Process) int {
	opts, files, ok := p.longOptions("bctwzq", []longOption{
		{"binary", 'b', false}, {"check", 'c', false}, {"text", 't', false}, {"quiet", 'q', false}, {"status", 's', false},
	})
	kind := strings.TrimSuffix(p.Name, "sum")
	if !ok {
		return p.Usage(1, "usage: "+p.Name+" [-bctwz] [files ...]\n")
	}
	check, quiet, silent := false, false, false
	for _, o := range opts {
		check = check || o.Letter == 'c'
		quiet = quiet || o.Letter == 'q'
		silent = silent || o.Letter == 's'
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	status := 0
	for _, name := range files {
		in, err := openOrStdin(p, name)
		if err == nil && check {
			status |= p.checkSums(kind, in, quiet, silent)
			continue
		}
		sum := newHash(kind)
		if err == nil {
			_, err = io.Copy(sum, in)
		}
		if err != nil {
			p.Stdout.Flush()
			p.Warn(err, "%s", name)
			status = 1
			continue
		}
		p.Printf("%s  %s\n", hex.EncodeToString(sum.Sum(nil)), name)
	}
	return status
}

func (p *Process) checkSums(kind string, in *os.File, quiet, silent bool) (status int) {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		want, name, ok := strings.Cut(lines.Text(), " ")
		name = strings.TrimPrefix(strings.TrimPrefix(name, " "), "*")
		if !ok {
			continue
		}
		has := fileDigest(kind, name)
		good := strings.EqualFold(has, want)
		if !good {
			status = 1
		}
		switch {
		case silent:
		case good && !quiet:
			p.Printf("%s: OK\n", name)
		case !good:
			p.Printf("%s: FAILED\n", name)
		}
	}
	return status
}
