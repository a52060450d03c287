package programs

import (
	"bufio"
	"io"
	"os"
	"strconv"
	"strings"
)

// cut(1), usr.bin/cut/cut.c.
func init() { Register(cut, "cut") }

const cutUsage = `usage: cut -b list [-n] [file ...]
       cut -c list [file ...]
       cut -f list [-s] [-w | -d delim] [file ...]
`

type cutting struct {
	kind      byte
	delimiter string
	blanks    bool
	only      bool
	ranges    [][2]int
}

func cut(p *Process) int {
	opts, files, ok := p.options("b:c:d:f:nsw")
	if !ok {
		return p.Usage(1, cutUsage)
	}
	c := &cutting{delimiter: "\t"}
	for _, o := range opts {
		switch o.Letter {
		case 'b', 'c', 'f':
			c.kind = o.Letter
			if c.ranges, ok = cutList(o.Value); !ok {
				return p.Errx(1, "[-bcf] list: illegal list value")
			}
		case 'd':
			if len([]rune(o.Value)) != 1 {
				return p.Errx(1, "bad delimiter")
			}
			c.delimiter = o.Value
		case 's':
			c.only = true
		case 'w':
			c.blanks = true
		}
	}
	if c.kind == 0 {
		return p.Usage(1, cutUsage)
	}
	return p.eachFile(files, func(in io.Reader) error {
		return eachLine(in, func(line string) { c.line(p, line) })
	})
}

// eachFile reads files one after another ("-" and none are standard input) and complains of those that fail.
func (p *Process) eachFile(files []string, do func(io.Reader) error) int {
	if len(files) == 0 {
		files = []string{"-"}
	}
	status := 0
	for _, name := range files {
		in, shown := p.Stdin, "stdin"
		var err error
		if name != "-" {
			shown = name
			in, err = os.Open(name)
		}
		if err == nil {
			err = do(in)
			if name != "-" {
				in.Close()
			}
		}
		if err != nil {
			p.Stdout.Flush()
			p.Warn(err, "%s", shown)
			status = 1
		}
	}
	return status
}

// eachLine gives the lines without their ends.
func eachLine(in io.Reader, do func(string)) error {
	r := bufio.NewReaderSize(in, 64<<10)
	for {
		line, err := r.ReadString('\n')
		if line != "" {
			do(strings.TrimSuffix(line, "\n"))
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func cutList(text string) (ranges [][2]int, ok bool) {
	const most = 1 << 30
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
		low, high, isRange := strings.Cut(part, "-")
		from, to := 1, most
		var err error
		if low != "" {
			from, err = strconv.Atoi(low)
		}
		if !isRange {
			to = from
		} else if high != "" && err == nil {
			to, err = strconv.Atoi(high)
		}
		if err != nil || from < 1 || to < from || (low == "" && high == "") {
			return nil, false
		}
		ranges = append(ranges, [2]int{from, to})
	}
	return ranges, len(ranges) > 0
}

func (c *cutting) takes(n int) bool {
	for _, r := range c.ranges {
		if n >= r[0] && n <= r[1] {
			return true
		}
	}
	return false
}

func (c *cutting) line(p *Process, line string) {
	if c.kind != 'f' {
		parts := strings.Split(line, "")
		if c.kind == 'b' {
			parts = nil
			for i := range []byte(line) {
				parts = append(parts, line[i:i+1])
			}
		}
		for i, part := range parts {
			if c.takes(i + 1) {
				p.Stdout.WriteString(part)
			}
		}
		p.Stdout.WriteByte('\n')
		return
	}
	delimiter := c.delimiter
	var fields []string
	if c.blanks {
		fields, delimiter = splitBlanks(line), "\t"
	} else {
		fields = strings.Split(line, delimiter)
	}
	if len(fields) == 1 {
		if !c.only {
			p.Printf("%s\n", line)
		}
		return
	}
	var taken []string
	for i, field := range fields {
		if c.takes(i + 1) {
			taken = append(taken, field)
		}
	}
	p.Printf("%s\n", strings.Join(taken, delimiter))
}

func splitBlanks(line string) (fields []string) {
	for {
		at := strings.IndexAny(line, " \t")
		if at < 0 {
			return append(fields, line)
		}
		fields = append(fields, line[:at])
		line = strings.TrimLeft(line[at:], " \t")
	}
}
