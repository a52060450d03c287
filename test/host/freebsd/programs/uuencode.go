package programs

import (
	"encoding/base64"
	"io"
	"os"
)

// uuencode(1) and b64encode(1), usr.bin/uuencode/uuencode.c.
func init() { Register(uuencode, "uuencode", "b64encode") }

const uuencodeUsage = `usage: uuencode [-m] [-o outfile] [infile] remotefile
       b64encode [-o outfile] [infile] remotefile
`

func uuencode(p *Process) int {
	base := p.Name == "b64encode"
	opts, args, ok := p.options("mo:rw:")
	if !ok || len(args) < 1 || len(args) > 2 {
		return p.Usage(64, uuencodeUsage)
	}
	raw := false
	for _, o := range opts {
		switch o.Letter {
		case 'm':
			base = true
		case 'r':
			raw = true
		case 'o':
			f, err := os.Create(o.Value)
			if err != nil {
				return p.Err(1, err, "unable to open %s for output", o.Value)
			}
			defer f.Close()
			defer p.Stdout.Flush()
			p.Stdout.Reset(f)
		}
	}
	in, mode := p.Stdin, uint32(0666)&^umask()
	if len(args) == 2 {
		f, err := os.Open(args[0])
		if err != nil {
			return p.Err(1, err, "%s", args[0])
		}
		st, _ := stat(args[0])
		in, mode = f, st.Mode&0777
	}
	name := args[len(args)-1]
	if base {
		return encodeBase64(p, in, raw, mode, name)
	}
	return encodeUU(p, in, raw, mode, name)
}

func encodeBase64(p *Process, in io.Reader, raw bool, mode uint32, name string) int {
	if !raw {
		p.Printf("begin-base64 %o %s\n", mode, name)
	}
	buf := make([]byte, 57)
	for {
		n, err := io.ReadFull(in, buf)
		if n > 0 {
			p.Printf("%s\n", base64.StdEncoding.EncodeToString(buf[:n]))
		}
		if err != nil {
			break
		}
	}
	if !raw {
		p.Printf("====\n")
	}
	return 0
}

func encodeUU(p *Process, in io.Reader, raw bool, mode uint32, name string) int {
	if !raw {
		p.Printf("begin %o %s\n", mode, name)
	}
	letter := func(c byte) byte {
		if c &= 077; c == 0 {
			return '`'
		}
		return c + ' '
	}
	buf := make([]byte, 45)
	for {
		n, err := io.ReadFull(in, buf)
		if n == 0 {
			break
		}
		for i := n; i < len(buf); i++ {
			buf[i] = 0
		}
		p.Stdout.WriteByte(letter(byte(n)))
		for i := 0; i < n; i += 3 {
			a, b, c := buf[i], buf[i+1], buf[i+2]
			p.Stdout.Write([]byte{letter(a >> 2), letter(a<<4 | b>>4), letter(b<<2 | c>>6), letter(c)})
		}
		p.Stdout.WriteByte('\n')
		if err != nil {
			break
		}
	}
	if !raw {
		p.Printf("`\nend\n")
	}
	return 0
}

func base64Text(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
