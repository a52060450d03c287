package programs

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"io"
	"os"
	"strings"
)

// md5(1) and its kin of FreeBSD 13, sbin/md5/md5.c.
func init() {
	Register(digest, "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512t256")
	Register(digestSum, "md5sum", "sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum", "sha512t256sum")
}

func newHash(name string) hash.Hash {
	switch name {
	case "md5":
		return md5.New()
	case "sha1":
		return sha1.New()
	case "sha224":
		return sha256.New224()
	case "sha256":
		return sha256.New()
	case "sha384":
		return sha512.New384()
	case "sha512":
		return sha512.New()
	case "sha512t256":
		return sha512.New512_256()
	}
	return nil
}

type digesting struct {
	p                       *Process
	quiet, reversed, pass   bool
	against                 string
	failed, differed, check bool
}

func digest(p *Process) int {
	d := &digesting{p: p}
	opts, files, ok := p.options("bc:pqrs:tx")
	if !ok {
		return p.Usage(1, "usage: "+p.Name+" [-pqrtx] [-c string] [-s string] [files ...]\n")
	}
	said := false
	for _, o := range opts {
		switch o.Letter {
		case 'c':
			d.check, d.against = true, o.Value
		case 'p':
			d.pass = true
		case 'q':
			d.quiet = true
		case 'r':
			d.reversed = true
		case 's':
			said = true
			sum := newHash(p.Name)
			io.WriteString(sum, o.Value)
			d.print(hex.EncodeToString(sum.Sum(nil)), "\""+o.Value+"\"", "("+"\""+o.Value+"\""+")")
		}
	}
	switch {
	case len(files) > 0:
		for _, name := range files {
			d.file(name)
		}
	case !said:
		d.stdin()
	}
	switch {
	case d.failed:
		return 1
	case d.differed:
		return 2
	}
	return 0
}

func (d *digesting) file(name string) {
	f, err := os.Open(name)
	sum := newHash(d.p.Name)
	if err == nil {
		_, err = io.Copy(sum, f)
		f.Close()
	}
	if err != nil {
		d.p.Stdout.Flush()
		d.p.Warn(err, "%s", name)
		d.failed = true
		return
	}
	d.print(hex.EncodeToString(sum.Sum(nil)), name, "("+name+")")
}

func (d *digesting) print(sum, name, titled string) {
	switch {
	case d.quiet:
		d.p.Printf("%s", sum)
	case d.reversed:
		d.p.Printf("%s %s", sum, name)
	default:
		d.p.Printf("%s %s = %s", strings.ToUpper(d.p.Name), titled, sum)
	}
	d.end(sum)
}

func (d *digesting) end(sum string) {
	if d.check && !strings.EqualFold(sum, d.against) {
		d.differed = true
		if !d.quiet {
			d.p.Printf(" [ Failed ]")
		}
	}
	d.p.Printf("\n")
}

func (d *digesting) stdin() {
	sum := newHash(d.p.Name)
	to := io.Writer(sum)
	if d.pass {
		to = io.MultiWriter(sum, d.p.Stdout)
	}
	if _, err := io.Copy(to, d.p.Stdin); err != nil {
		d.p.Warn(err, "stdin")
		d.failed = true
		return
	}
	text := hex.EncodeToString(sum.Sum(nil))
	d.p.Printf("%s", text)
	d.end(text)
}
