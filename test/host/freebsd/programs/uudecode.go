package programs

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
)

// uudecode(1) and b64decode(1), usr.bin/uudecode/uudecode.c.
func init() { Register(uudecode, "uudecode", "b64decode") }

const uudecodeUsage = `usage: uudecode [-cimprs] [file ...]
       uudecode [-i] -o output_file [file]
       b64decode [-cimprs] [file ...]
       b64decode [-i] -o output_file [file]
`

type decoding struct {
	p                        *Process
	base, keep, stdout, raw  bool
	asNamed, continued, many bool
	output                   string
}

func uudecode(p *Process) int {
	d := &decoding{p: p, base: p.Name == "b64decode"}
	opts, files, ok := p.options("cimo:prs")
	if !ok {
		return p.Usage(64, uudecodeUsage)
	}
	for _, o := range opts {
		switch o.Letter {
		case 'c':
			d.continued = true
		case 'i':
			d.keep = true
		case 'm':
			d.base = true
		case 'o':
			d.output = o.Value
		case 'p':
			d.stdout = true
		case 'r':
			d.raw = true
		case 's':
			d.asNamed = true
		}
	}
	if d.raw && d.output == "" {
		d.stdout = true
	}
	if len(files) == 0 {
		return d.one(p.Stdin, "stdin")
	}
	status := 0
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			p.Warn(err, "%s", name)
			status = 1
			continue
		}
		status |= d.one(f, name)
		f.Close()
	}
	return status
}

func (d *decoding) one(in io.Reader, name string) int {
	r := bufio.NewReader(in)
	out, mode := "/dev/stdout", os.FileMode(0666)
	base := d.base
	if !d.raw {
		for {
			line, err := r.ReadString('\n')
			if line == "" && err != nil {
				d.p.Warnx("%s: missing or bad \"begin\" line", name)
				return 1
			}
			kind, file := "", ""
			bits := uint32(0)
			n, _ := fmt.Sscanf(line, "%s %o %s", &kind, &bits, &file)
			if n == 3 && (kind == "begin" || kind == "begin-base64") {
				base, out, mode = kind == "begin-base64", file, os.FileMode(bits&0666)
				break
			}
		}
	}
	to, done, err := d.open(out, mode)
	if err != nil {
		d.p.Warn(err, "%s: %s", name, out)
		return 1
	}
	defer done()
	if base {
		return d.decodeBase64(r, to, name)
	}
	return d.decodeUU(r, to, name)
}

func (d *decoding) open(name string, mode os.FileMode) (*bufio.Writer, func(), error) {
	if d.stdout {
		return d.p.Stdout, func() {}, nil
	}
	if d.output != "" {
		name = d.output
	} else if !d.asNamed {
		name = path.Base(name)
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if d.keep {
		flags |= os.O_EXCL
	}
	f, err := os.OpenFile(name, flags, mode)
	if err != nil {
		return nil, nil, err
	}
	w := bufio.NewWriter(f)
	return w, func() { w.Flush(); f.Close() }, nil
}

// decodeBase64 takes whole groups of four letters, however the lines are broken.
func (d *decoding) decodeBase64(in *bufio.Reader, out *bufio.Writer, name string) int {
	left := ""
	for {
		line, err := in.ReadString('\n')
		text := left + strings.TrimRight(line, "\r\n")
		if text == "====" && !d.raw {
			return 0
		}
		text = strings.Map(func(r rune) rune {
			if r == ' ' || r == '\t' {
				return -1
			}
			return r
		}, text)
		whole := len(text) / 4 * 4
		left = text[whole:]
		data, decodeErr := base64.StdEncoding.DecodeString(text[:whole])
		out.Write(data)
		if decodeErr != nil || (err != nil && left != "") {
			out.Flush()
			d.p.Warnx("%s: error decoding base64 input stream", name)
			return 1
		}
		if err != nil {
			if !d.raw {
				d.p.Warnx("%s: short file", name)
				return 1
			}
			return 0
		}
	}
}

func (d *decoding) decodeUU(in *bufio.Reader, out *bufio.Writer, name string) int {
	bits := func(c byte) byte { return (c - ' ') & 077 }
	for {
		line, err := in.ReadString('\n')
		line = strings.TrimRight(line, "\r\n")
		if line == "" && err != nil {
			if d.raw {
				return 0
			}
			d.p.Warnx("%s: short file", name)
			return 1
		}
		n := 0
		if line != "" {
			n = int(bits(line[0]))
		}
		if n == 0 {
			return 0
		}
		for i := 1; n > 0 && i+3 < len(line)+3; i += 4 {
			four := []byte(line[i:] + "    ")[:4]
			a, b, c, e := bits(four[0]), bits(four[1]), bits(four[2]), bits(four[3])
			three := []byte{a<<2 | b>>4, b<<4 | c>>2, c<<6 | e}
			if n < 3 {
				three = three[:n]
			}
			out.Write(three)
			n -= len(three)
		}
	}
}
