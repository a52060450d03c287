package programs

import (
	"fmt"
	"os"
	"strings"
)

// join(1), split(1) and getopt(1).

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
