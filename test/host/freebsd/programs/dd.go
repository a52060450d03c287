package programs

import (
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// dd(1), bin/dd.
func init() { Register(dd, "dd") }

type duplicating struct {
	p *Process

	in, out                                  *os.File
	inName, outName                          string
	inSize, outSize                          int64
	count, skip, seek                        int64
	noTruncate, sync, noError, sparse, fsync bool
	quiet, noTransfer                        bool
	inFull, inPart, outFull, outPart, bytes  int64
	pending                                  []byte
	started                                  time.Time
}

func dd(p *Process) int {
	d := &duplicating{p: p, inName: "stdin", outName: "stdout", inSize: 512, outSize: 512, count: -1, started: time.Now()}
	in, out := "", ""
	for _, arg := range p.Args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok {
			return p.Errx(1, "unknown operand %s", arg)
		}
		switch name {
		case "if":
			in, d.inName = value, value
		case "of":
			out, d.outName = value, value
		default:
			if status := d.operand(name, value); status != 0 {
				return status
			}
		}
	}
	if status := d.open(in, out); status != 0 {
		return status
	}
	status := d.copy()
	d.summary()
	return status
}

func (d *duplicating) operand(name, value string) int {
	switch name {
	case "conv", "oflag", "iflag":
		for _, word := range strings.Split(value, ",") {
			switch word {
			case "notrunc":
				d.noTruncate = true
			case "sync":
				d.sync = true
			case "noerror":
				d.noError = true
			case "sparse":
				d.sparse = true
			case "fsync", "fdatasync":
				d.fsync = true
			case "fullblock", "direct":
			default:
				return d.p.Errx(1, "unknown %s %s", map[bool]string{true: "conversion", false: "open flag"}[name == "conv"], word)
			}
		}
		return 0
	case "status":
		d.quiet, d.noTransfer = value == "none", value == "noxfer"
		return 0
	case "speed", "files", "fillchar", "cbs":
		return 0
	}
	n, ok := ddNumber(value)
	targets := map[string][]*int64{
		"bs": {&d.inSize, &d.outSize}, "ibs": {&d.inSize}, "obs": {&d.outSize}, "count": {&d.count},
		"skip": {&d.skip}, "iseek": {&d.skip}, "seek": {&d.seek}, "oseek": {&d.seek},
	}[name]
	if targets == nil {
		return d.p.Errx(1, "unknown operand %s", name)
	}
	if !ok || n < 0 || (n == 0 && strings.HasSuffix(name, "bs")) {
		return d.p.Errx(1, "%s: illegal numeric value", name)
	}
	for _, target := range targets {
		*target = n
	}
	return 0
}

// ddNumber reads 64k, 1m, 2x512.
func ddNumber(text string) (int64, bool) {
	product := int64(1)
	for _, part := range strings.Split(strings.ReplaceAll(text, "*", "x"), "x") {
		shift := 0
		if part == "" {
			return 0, false
		}
		switch part[len(part)-1] {
		case 'b', 'B':
			shift = 9
		case 'k', 'K':
			shift = 10
		case 'm', 'M':
			shift = 20
		case 'g', 'G':
			shift = 30
		case 't', 'T':
			shift = 40
		case 'w', 'W':
			shift = 2
		}
		if shift > 0 {
			part = part[:len(part)-1]
		}
		n, err := strconv.ParseInt(part, 0, 64)
		if err != nil {
			return 0, false
		}
		product *= n << shift
	}
	return product, text != ""
}

func (d *duplicating) open(in, out string) int {
	d.in, d.out = d.p.Stdin, os.Stdout
	if in != "" {
		f, err := os.Open(in)
		if err != nil {
			return d.p.Err(1, err, "%s", in)
		}
		d.in = f
	}
	if out != "" {
		flags := os.O_RDWR | os.O_CREATE
		if d.seek == 0 && !d.noTruncate {
			flags |= os.O_TRUNC
		}
		f, err := os.OpenFile(out, flags, 0666)
		if err != nil {
			f, err = os.OpenFile(out, flags&^os.O_RDWR|os.O_WRONLY, 0666)
		}
		if err != nil {
			return d.p.Err(1, err, "%s", out)
		}
		d.out = f
		if d.seek > 0 && !d.noTruncate {
			if st, err := f.Stat(); err == nil && st.Mode().IsRegular() {
				f.Truncate(d.seek * d.outSize)
			}
		}
	}
	if d.seek > 0 {
		if _, err := d.out.Seek(d.seek*d.outSize, io.SeekStart); err != nil {
			return d.p.Err(1, err, "%s", d.outName)
		}
	}
	if d.skip > 0 {
		if _, err := d.in.Seek(d.skip*d.inSize, io.SeekStart); err != nil {
			io.CopyN(io.Discard, d.in, d.skip*d.inSize)
		}
	}
	return 0
}

// read is one read(2). FreeBSD's null(4) and random(4) fill a block; Linux's leave off at a signal, as Go's own are.
func (d *duplicating) read(buf []byte) (int, error) {
	if d.inName == "/dev/zero" || d.inName == "/dev/random" || d.inName == "/dev/urandom" {
		return io.ReadFull(d.in, buf)
	}
	return d.in.Read(buf)
}

func (d *duplicating) copy() int {
	buf := make([]byte, d.inSize)
	for d.count < 0 || d.inFull+d.inPart < d.count {
		n, err := d.read(buf)
		if n == 0 && (err == nil || err == io.EOF) {
			break
		}
		if err != nil {
			d.p.Warn(err, "%s", d.inName)
			if !d.noError {
				return 1
			}
		}
		if int64(n) == d.inSize {
			d.inFull++
		} else {
			d.inPart++
			for d.sync && int64(n) < d.inSize {
				buf[n] = 0
				n++
			}
		}
		if status := d.put(buf[:n]); status != 0 {
			return status
		}
	}
	if status := d.flush(); status != 0 {
		return status
	}
	if d.fsync {
		if err := d.out.Sync(); err != nil {
			return d.p.Err(1, err, "fsyncing %s", d.outName)
		}
	}
	if d.sparse {
		d.out.Truncate(d.seek*d.outSize + d.bytes)
	}
	return 0
}

func (d *duplicating) put(data []byte) int {
	if d.inSize == d.outSize && len(d.pending) == 0 {
		return d.write(data)
	}
	d.pending = append(d.pending, data...)
	for int64(len(d.pending)) >= d.outSize {
		if status := d.write(d.pending[:d.outSize]); status != 0 {
			return status
		}
		d.pending = d.pending[d.outSize:]
	}
	return 0
}

func (d *duplicating) flush() int {
	if len(d.pending) == 0 {
		return 0
	}
	return d.write(d.pending)
}

func (d *duplicating) write(data []byte) int {
	if d.sparse && strings.Trim(string(data), "\x00") == "" {
		d.out.Seek(int64(len(data)), io.SeekCurrent)
		d.outFull++
		d.bytes += int64(len(data))
		return 0
	}
	n, err := d.out.Write(data)
	if err != nil {
		// What didn't fit isn't written: dd's sums are of whole blocks on a full disk.
		if n > 0 && errorText(err) == errorText(unix.ENOSPC) {
			at, _ := d.out.Seek(0, io.SeekCurrent)
			d.out.Truncate(at - int64(n))
		}
		d.p.Warn(err, "%s", d.outName)
		return 1
	}
	if int64(n) == d.outSize {
		d.outFull++
	} else {
		d.outPart++
	}
	d.bytes += int64(n)
	return 0
}

func (d *duplicating) summary() {
	if d.quiet {
		return
	}
	d.p.Errorf("%d+%d records in\n%d+%d records out\n", d.inFull, d.inPart, d.outFull, d.outPart)
	if d.noTransfer {
		return
	}
	seconds := time.Since(d.started).Seconds()
	d.p.Errorf("%d bytes transferred in %.6f secs (%d bytes/sec)\n", d.bytes, seconds, int64(float64(d.bytes)/seconds))
}
