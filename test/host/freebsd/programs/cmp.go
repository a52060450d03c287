package programs

import (
	"bufio"
	"io"
	"strconv"
)

// cmp(1), usr.bin/cmp.
func init() { Register(cmp, "cmp") }

func cmp(p *Process) int {
	const usage = "usage: cmp [-l | -s | -x] [-hz] file1 file2 [skip1 [skip2]]\n"
	opts, args, ok := p.longOptions("bhi:ln:sxz", []longOption{
		{"silent", 's', false}, {"quiet", 's', false}, {"verbose", 'l', false}, {"print-bytes", 'b', false},
		{"ignore-initial", 'i', true}, {"bytes", 'n', true},
	})
	if !ok || len(args) < 2 || len(args) > 4 {
		return p.Usage(2, usage)
	}
	list, silent, hex, limit := false, false, false, int64(-1)
	for _, o := range opts {
		switch o.Letter {
		case 'l':
			list = true
		case 's':
			silent = true
		case 'x':
			list, hex = true, true
		case 'n':
			limit, _ = sizeNumber(o.Value)
		}
	}
	var in [2]*bufio.Reader
	for i := range in {
		f, err := openOrStdin(p, args[i])
		if err != nil {
			if !silent {
				p.Warn(err, "%s", args[i])
			}
			return 2
		}
		in[i] = bufio.NewReaderSize(f, 64<<10)
		if len(args) > i+2 {
			skip, err := strconv.ParseInt(args[i+2], 0, 64)
			if err != nil {
				return p.Usage(2, usage)
			}
			io.CopyN(io.Discard, in[i], skip)
		}
	}
	line, status := int64(1), 0
	for at := int64(1); limit < 0 || at <= limit; at++ {
		a, errA := in[0].ReadByte()
		b, errB := in[1].ReadByte()
		if errA != nil || errB != nil {
			if errA == errB || (errA != nil && errB != nil) {
				return status
			}
			if !silent {
				name := args[0]
				if errA == nil {
					name = args[1]
				}
				p.Stdout.Flush()
				p.Warnx("EOF on %s", name)
			}
			return 1
		}
		if a != b {
			status = 1
			switch {
			case silent:
				return 1
			case hex:
				p.Printf("%08x %02x %02x\n", at-1, a, b)
			case list:
				p.Printf("%6d %3o %3o\n", at, a, b)
			default:
				p.Printf("%s %s differ: char %d, line %d\n", args[0], args[1], at, line)
				return 1
			}
		}
		if a == '\n' {
			line++
		}
	}
	return status
}
