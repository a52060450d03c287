package programs

import (
	"fmt"
	"io"
	"math/rand"
	"os"
	"strings"
	"time"
)

// cksum(1) and sum(1), usr.bin/cksum; strings(1), split(1), join(1), getopt(1), jot(1).
func init() {
	Register(cksum, "cksum", "sum")
	Register(stringsMain, "strings")
	Register(split, "split")
	Register(joinMain, "join")
	Register(getoptMain, "getopt")
	Register(jot, "jot")
}

func cksum(p *Process) int {
	opts, files, ok := p.options("o:")
	if !ok {
		return p.Usage(1, "usage: cksum [-o 1 | 2 | 3] [file ...]\n       sum [file ...]\n")
	}
	old := p.Name == "sum"
	for _, o := range opts {
		old = o.Value == "1"
	}
	if len(files) == 0 {
		files = []string{""}
	}
	status := 0
	for _, name := range files {
		in := p.Stdin
		var err error
		if name != "" {
			in, err = os.Open(name)
		}
		var data []byte
		if err == nil {
			data, err = io.ReadAll(in)
		}
		if err != nil {
			p.Warn(err, "%s", name)
			status = 1
			continue
		}
		if name != "" {
			name = " " + name
		}
		if old {
			p.Printf("%d %d%s\n", oldSum(data), (len(data)+1023)/1024, name)
		} else {
			p.Printf("%d %d%s\n", posixCRC(data), len(data), name)
		}
	}
	return status
}

func oldSum(data []byte) (sum uint16) {
	for _, b := range data {
		sum = sum>>1 | sum<<15
		sum += uint16(b)
	}
	return sum
}

func posixCRC(data []byte) uint32 {
	crc := uint32(0)
	add := func(b byte) {
		crc ^= uint32(b) << 24
		for i := 0; i < 8; i++ {
			if crc&0x80000000 != 0 {
				crc = crc<<1 ^ 0x04c11db7
			} else {
				crc <<= 1
			}
		}
	}
	for _, b := range data {
		add(b)
	}
	for n := len(data); n != 0; n >>= 8 {
		add(byte(n))
	}
	return ^crc
}

func stringsMain(p *Process) int {
	opts, files, ok := p.options("ae:fn:oR:t:")
	if !ok {
		return p.Usage(1, "Usage: strings [options] [file...]\n")
	}
	least := 4
	for _, o := range opts {
		if o.Letter == 'n' {
			least = atoi(o.Value)
		}
	}
	run := ""
	for _, b := range append(readAll(p, files), 0) {
		if b >= 32 && b < 127 || b == '\t' {
			run += string(rune(b))
			continue
		}
		if len(run) >= least {
			p.Printf("%s\n", run)
		}
		run = ""
	}
	return 0
}

func split(p *Process) int {
	const usage = "usage: split [-cd] [-l line_count] [-a suffix_length] [file [prefix]]\n" +
		"       split [-cd] -b byte_count[K|k|M|m|G|g] [-a suffix_length] [file [prefix]]\n" +
		"       split [-cd] -n chunk_count [-a suffix_length] [file [prefix]]\n" +
		"       split [-cd] -p pattern [-a suffix_length] [file [prefix]]\n"
	opts, args, ok := p.options("a:b:cdl:n:p:")
	if !ok || len(args) > 2 {
		return p.Usage(64, usage)
	}
	lines, size, width, digits, prefix := 1000, int64(0), 2, false, "x"
	for _, o := range opts {
		switch o.Letter {
		case 'a':
			width = atoi(o.Value)
		case 'b':
			size, _ = sizeNumber(o.Value)
		case 'd':
			digits = true
		case 'l':
			lines = atoi(o.Value)
		}
	}
	if len(args) == 2 {
		prefix = args[1]
	}
	if len(args) > 0 && args[0] == "-" {
		args = nil
	}
	if len(args) > 0 {
		args = args[:1]
	}
	data := readAll(p, args)
	for n := 0; len(data) > 0; n++ {
		end := 0
		if size > 0 {
			end = int(clamp(size, int64(len(data))))
		}
		for i := 0; size == 0 && i < lines && end < len(data); i++ {
			end += endOfLine(data[end:])
		}
		if err := os.WriteFile(prefix+splitSuffix(n, width, digits), data[:end], 0666); err != nil {
			return p.Err(73, err, "%s", prefix)
		}
		data = data[end:]
	}
	return 0
}

func splitSuffix(n, width int, digits bool) string {
	if digits {
		return fmt.Sprintf("%0*d", width, n)
	}
	text := ""
	for i := 0; i < width; i++ {
		text = string(rune('a'+n%26)) + text
		n /= 26
	}
	return text
}

// joinMain joins two sorted files on their first fields, or those that -1, -2 and -j name.
func joinMain(p *Process) int {
	opts, files, ok := p.options("1:2:a:e:j:o:t:v:")
	if !ok || len(files) != 2 {
		return p.Usage(1, "usage: join [-a fileno | -v fileno ] [-e string] [-1 field] [-2 field]\n            [-o list] [-t char] file1 file2\n")
	}
	fields, separator := [2]int{1, 1}, ""
	alone := map[string]bool{}
	for _, o := range opts {
		switch o.Letter {
		case '1':
			fields[0] = atoi(o.Value)
		case '2':
			fields[1] = atoi(o.Value)
		case 'j':
			fields = [2]int{atoi(o.Value), atoi(o.Value)}
		case 't':
			separator = o.Value
		case 'a', 'v':
			alone[o.Value] = true
			alone["only"] = alone["only"] || o.Letter == 'v'
		}
	}
	between := separator
	if between == "" {
		between = " "
	}
	var rows [2][][]string
	for i, name := range files {
		f, err := openOrStdin(p, name)
		if err != nil {
			return p.Err(1, err, "%s", name)
		}
		eachLine(f, func(line string) {
			cells := strings.Fields(line)
			if separator != "" {
				cells = strings.Split(line, separator)
			}
			for len(cells) < fields[i] {
				cells = append(cells, "")
			}
			key := cells[fields[i]-1]
			rest := append(append([]string{}, cells[:fields[i]-1]...), cells[fields[i]:]...)
			rows[i] = append(rows[i], append([]string{key}, rest...))
		})
	}
	used := map[int]bool{}
	for _, a := range rows[0] {
		found := false
		for j, b := range rows[1] {
			if a[0] == b[0] {
				found, used[j] = true, true
				if !alone["only"] {
					p.Printf("%s\n", strings.Join(append(append([]string{}, a...), b[1:]...), between))
				}
			}
		}
		if !found && alone["1"] {
			p.Printf("%s\n", strings.Join(a, between))
		}
	}
	for j, b := range rows[1] {
		if !used[j] && alone["2"] {
			p.Printf("%s\n", strings.Join(b, between))
		}
	}
	return 0
}

// getoptMain is getopt(1): a command line put in order for sh.
func getoptMain(p *Process) int {
	if len(p.Args) == 0 {
		return 2
	}
	spec, status := p.Args[0], 0
	p.Args = p.Args[1:]
	opts, operands := p.Getopt(spec)
	for _, o := range opts {
		takes, _ := optionIn(spec, o.Letter)
		switch {
		case o.Letter == '?':
			status = 1
		case takes:
			p.Printf(" -%c %s", o.Letter, o.Value)
		default:
			p.Printf(" -%c", o.Letter)
		}
	}
	p.Printf(" --")
	for _, operand := range operands {
		p.Printf(" %s", operand)
	}
	p.Printf("\n")
	return status
}

// jot prints numbers: jot [-r] [count [begin [end [step]]]].
func jot(p *Process) int {
	opts, args, ok := p.options("b:cnp:rs:w:")
	if !ok || len(args) > 4 {
		return p.Usage(1, "usage: jot [-cnr] [-b word] [-w word] [-s string] [-p precision]\n           [reps [begin [end [seed]]]]\n")
	}
	random, separator, word, fixed := false, "\n", "", ""
	for _, o := range opts {
		switch o.Letter {
		case 'r':
			random = true
		case 's':
			separator = o.Value
		case 'w':
			word = o.Value
		case 'b':
			fixed = o.Value
		}
	}
	count, begin, end, step := 100, 1, 100, 1
	for i, to := range []*int{&count, &begin, &end, &step} {
		if i < len(args) && args[i] != "-" {
			*to = atoi(args[i])
		}
	}
	if len(args) > 2 && len(args) < 4 && count > 1 && !random {
		step = (end - begin) / (count - 1)
	}
	dice := rand.New(rand.NewSource(time.Now().UnixNano()))
	var out []string
	for i := 0; i < count; i++ {
		n := begin + i*step
		if random {
			n = begin + dice.Intn(end-begin+1)
		}
		text := fmt.Sprint(n)
		if strings.Contains(word, "%") {
			text = fmt.Sprintf(word, n)
		} else if word != "" {
			text = word + text
		}
		if fixed != "" {
			text = fixed
		}
		out = append(out, text)
	}
	p.Printf("%s\n", strings.Join(out, separator))
	return 0
}
