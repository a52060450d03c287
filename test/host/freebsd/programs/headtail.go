package programs

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// head(1) and tail(1), usr.bin/head/head.c, usr.bin/tail.
func init() { Register(head, "head"); Register(tail, "tail") }

const headUsage = "usage: head [-n lines | -c bytes] [file ...]\n"

// obsolete puts "-5" as "-n5", as both programs have always taken it.
func obsolete(args []string) []string {
	if len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && args[0][1] >= '0' && args[0][1] <= '9' {
		return append([]string{"-n", args[0][1:]}, args[1:]...)
	}
	return args
}

func head(p *Process) int {
	p.Args = obsolete(p.Args)
	opts, files, ok := p.longOptions("n:c:qv", []longOption{
		{"lines", 'n', true}, {"bytes", 'c', true}, {"quiet", 'q', false}, {"silent", 'q', false}, {"verbose", 'v', false},
	})
	if !ok {
		return p.Usage(1, headUsage)
	}
	lines, count := int64(10), int64(-1)
	quiet, always := false, false
	for _, o := range opts {
		switch o.Letter {
		case 'n':
			if lines, ok = sizeNumber(o.Value); !ok || lines <= 0 {
				return p.Errx(1, "illegal line count -- %s", o.Value)
			}
		case 'c':
			if count, ok = sizeNumber(o.Value); !ok || count <= 0 {
				return p.Errx(1, "illegal byte count -- %s", o.Value)
			}
		case 'q':
			quiet, always = true, false
		case 'v':
			quiet, always = false, true
		}
	}
	if len(files) == 0 {
		headOne(p, p.Stdin, lines, count)
		return 0
	}
	status := 0
	for i, name := range files {
		f, err := os.Open(name)
		if err != nil {
			p.Stdout.Flush()
			p.Warn(err, "%s", name)
			status = 1
			continue
		}
		if always || (!quiet && len(files) > 1) {
			if i > 0 {
				p.Printf("\n")
			}
			p.Printf("==> %s <==\n", name)
		}
		if err := headOne(p, f, lines, count); err != nil {
			p.Stdout.Flush()
			p.Warn(err, "%s", name)
			status = 1
		}
		f.Close()
	}
	return status
}

func headOne(p *Process, in *os.File, lines, count int64) error {
	if count >= 0 {
		_, err := io.CopyN(p.Stdout, in, count)
		if err == io.EOF {
			return nil
		}
		return err
	}
	r := bufio.NewReader(in)
	for ; lines > 0; lines-- {
		line, err := r.ReadSlice('\n')
		for err == bufio.ErrBufferFull {
			p.Stdout.Write(line)
			line, err = r.ReadSlice('\n')
		}
		p.Stdout.Write(line)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

type tailing struct {
	unit            byte // 'n' lines, 'c' bytes, 'b' blocks
	count           int64
	fromStart       bool
	reverse, follow bool
	reopen          bool
	given           bool
}

func tail(p *Process) int {
	const usage = "usage: tail [-F | -f | -r] [-q] [-b # | -c # | -n #] [file ...]\n"
	if args := p.Args; len(args) > 0 && len(args[0]) > 1 && args[0][0] == '+' {
		p.Args = append([]string{"-n", args[0]}, args[1:]...)
	}
	p.Args = obsolete(p.Args)
	t := &tailing{unit: 'n', count: 10}
	opts, files, ok := p.longOptions("Fb:c:fn:qrv", []longOption{
		{"lines", 'n', true}, {"bytes", 'c', true}, {"blocks", 'b', true}, {"quiet", 'q', false}, {"silent", 'q', false},
	})
	if !ok {
		return p.Usage(1, usage)
	}
	quiet := false
	for _, o := range opts {
		switch o.Letter {
		case 'F', 'f':
			t.follow, t.reopen = true, o.Letter == 'F'
		case 'b', 'c', 'n':
			if !t.number(o) {
				return p.Errx(1, "illegal offset -- %s: Invalid argument", o.Value)
			}
		case 'q':
			quiet = true
		case 'r':
			t.reverse = true
		}
	}
	if t.reverse && t.follow {
		return p.Usage(1, usage)
	}
	if len(files) == 0 {
		t.one(p, p.Stdin, "")
		return 0
	}
	status := 0
	for i, name := range files {
		f, err := os.Open(name)
		if err != nil {
			p.Stdout.Flush()
			p.Warn(err, "%s", name)
			status = 1
			continue
		}
		if len(files) > 1 && !quiet {
			if i > 0 {
				p.Printf("\n")
			}
			p.Printf("==> %s <==\n", name)
		}
		if err := t.one(p, f, name); err != nil {
			p.Warn(err, "%s", name)
			status = 1
		}
		f.Close()
	}
	return status
}

func (t *tailing) number(o Option) bool {
	text := o.Value
	t.unit, t.given = o.Letter, true
	t.fromStart = strings.HasPrefix(text, "+")
	n, ok := sizeNumber(strings.TrimLeft(text, "+-"))
	if o.Letter == 'b' {
		n *= 512
	}
	t.count = n
	return ok
}

func (t *tailing) one(p *Process, f *os.File, name string) error {
	data, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	switch {
	case t.reverse:
		t.backwards(p, data)
	case t.unit != 'n':
		at := int64(len(data)) - t.count
		if t.fromStart {
			at = t.count - 1
		}
		p.Stdout.Write(data[clamp(at, int64(len(data))):])
	case t.fromStart:
		for n := int64(1); n < t.count && len(data) > 0; n++ {
			data = data[endOfLine(data):]
		}
		p.Stdout.Write(data)
	default:
		p.Stdout.Write(data[lastLines(data, t.count):])
	}
	if t.follow {
		p.Stdout.Flush()
		t.following(f, name)
	}
	return nil
}

func clamp(at, most int64) int64 {
	if at < 0 {
		return 0
	}
	if at > most {
		return most
	}
	return at
}

func endOfLine(data []byte) int {
	if at := bytes.IndexByte(data, '\n'); at >= 0 {
		return at + 1
	}
	return len(data)
}

// lastLines is where the last n lines begin.
func lastLines(data []byte, n int64) int {
	at := len(data)
	if at > 0 && data[at-1] == '\n' {
		at--
	}
	for ; n > 0; n-- {
		if at = bytes.LastIndexByte(data[:at], '\n'); at < 0 {
			return 0
		}
	}
	if at == len(data) {
		return at
	}
	return at + 1
}

func (t *tailing) backwards(p *Process, data []byte) {
	count := int64(-1)
	if t.given && t.unit == 'n' {
		count = t.count
	}
	for len(data) > 0 && count != 0 {
		at := lastLines(data, 1)
		p.Stdout.Write(data[at:])
		data = data[:at]
		count--
	}
}

// following looks every quarter of a second for what was added, and with -F for a new file of the name.
func (t *tailing) following(f *os.File, name string) {
	for {
		time.Sleep(250 * time.Millisecond)
		copyRaw(os.Stdout, f)
		if !t.reopen {
			continue
		}
		here, err1 := f.Stat()
		there, err2 := os.Stat(name)
		if err1 == nil && err2 == nil && !os.SameFile(here, there) {
			if again, err := os.Open(name); err == nil {
				f = again
			}
		}
	}
}

func atoi(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}
