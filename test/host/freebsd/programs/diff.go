package programs

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
)

// diff(1), usr.bin/diff: the normal, -e-less, -u, -q forms and folders.
func init() { Register(diff, "diff") }

const diffUsage = `usage: diff [-aBbdipTtw] [-c | -e | -f | -n | -q | -u] [--ignore-case]
            [--no-ignore-case] [--normal] [--strip-trailing-cr] [--tabsize]
            [-I pattern] [-F pattern] [-L label] file1 file2
`

type differing struct {
	p *Process

	unified                                                              int // lines around, -1: the normal form
	brief, recursive, absent, same, ignoreCase, ignoreSpace, ignoreBlank bool
	labels                                                               []string
	status                                                               int
}

func diff(p *Process) int {
	d := &differing{p: p, unified: -1}
	opts, args, ok := p.longOptions("aBbC:cdD:efF:hI:iL:lnNPpqrS:sTtU:uwW:X:x:y", []longOption{
		{"brief", 'q', false}, {"unified", 'u', false}, {"recursive", 'r', false}, {"new-file", 'N', false},
		{"report-identical-files", 's', false}, {"ignore-case", 'i', false}, {"label", 'L', true}, {"text", 'a', false},
		{"ignore-all-space", 'w', false}, {"ignore-space-change", 'b', false}, {"normal", 'a', false},
		{"strip-trailing-cr", 'a', false},
	})
	if !ok || len(args) != 2 {
		return p.Usage(2, diffUsage)
	}
	for _, o := range opts {
		switch o.Letter {
		case 'u':
			d.unified = 3
		case 'U':
			d.unified = atoi(o.Value)
		case 'q':
			d.brief = true
		case 'r':
			d.recursive = true
		case 'N':
			d.absent = true
		case 's':
			d.same = true
		case 'i':
			d.ignoreCase = true
		case 'w':
			d.ignoreSpace = true
		case 'b':
			d.ignoreBlank = true
		case 'L':
			d.labels = append(d.labels, o.Value)
		}
	}
	d.pair(args[0], args[1], true)
	return d.status
}

func (d *differing) trouble(err error, name string) {
	d.p.Stdout.Flush()
	d.p.Warn(err, "%s", name)
	d.status = 2
}

func (d *differing) differs() {
	if d.status == 0 {
		d.status = 1
	}
}

func (d *differing) pair(a, b string, top bool) {
	stA, errA := os.Stat(a)
	stB, errB := os.Stat(b)
	if a == "-" {
		stA, errA = d.p.Stdin.Stat()
	}
	if b == "-" {
		stB, errB = d.p.Stdin.Stat()
	}
	if errA != nil && !(d.absent && errB == nil) {
		d.trouble(errA, a)
		return
	}
	if errB != nil && !(d.absent && errA == nil) {
		d.trouble(errB, b)
		return
	}
	dirA, dirB := errA == nil && stA.IsDir(), errB == nil && stB.IsDir()
	switch {
	case dirA && dirB:
		d.dirs(a, b)
	case dirA && top:
		d.files(join(a, baseName(b)), b)
	case dirB && top:
		d.files(a, join(b, baseName(a)))
	case dirA || dirB:
		kind := map[bool]string{true: "directory", false: "regular file"}
		d.p.Printf("File %s is a %s while file %s is a %s\n", a, kind[dirA], b, kind[dirB])
		d.differs()
	default:
		d.files(a, b)
	}
}

func (d *differing) dirs(a, b string) {
	listA, errA := names(a)
	listB, errB := names(b)
	if errA != nil || errB != nil {
		d.trouble(errA, a)
		return
	}
	for len(listA) > 0 || len(listB) > 0 {
		switch {
		case len(listB) == 0 || (len(listA) > 0 && listA[0] < listB[0]):
			d.only(a, b, listA[0], a)
			listA = listA[1:]
		case len(listA) == 0 || listB[0] < listA[0]:
			d.only(a, b, listB[0], b)
			listB = listB[1:]
		default:
			x, y := join(a, listA[0]), join(b, listB[0])
			st1, err1 := stat(x)
			st2, err2 := stat(y)
			if err1 == nil && err2 == nil && isDir(&st1) && isDir(&st2) && !d.recursive {
				d.p.Printf("Common subdirectories: %s and %s\n", x, y)
			} else {
				d.pair(x, y, false)
			}
			listA, listB = listA[1:], listB[1:]
		}
	}
}

func (d *differing) only(a, b, name, in string) {
	if d.absent {
		d.pair(join(a, name), join(b, name), false)
		return
	}
	d.p.Printf("Only in %s: %s\n", in, name)
	d.differs()
}

func (d *differing) read(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(d.p.Stdin)
	}
	data, err := os.ReadFile(name)
	if os.IsNotExist(err) && d.absent {
		return nil, nil
	}
	return data, err
}

func (d *differing) files(a, b string) {
	dataA, errA := d.read(a)
	dataB, errB := d.read(b)
	if errA != nil {
		d.trouble(errA, a)
		return
	}
	if errB != nil {
		d.trouble(errB, b)
		return
	}
	linesA, linesB := splitLines(dataA), splitLines(dataB)
	keysA, keysB := d.keys(linesA), d.keys(linesB)
	edits := diffLines(keysA, keysB)
	if len(edits) == 0 {
		if d.same {
			d.p.Printf("Files %s and %s are identical\n", a, b)
		}
		return
	}
	d.differs()
	binary := bytes.IndexByte(dataA, 0) >= 0 || bytes.IndexByte(dataB, 0) >= 0
	switch {
	case d.brief:
		d.p.Printf("Files %s and %s differ\n", a, b)
	case binary:
		d.p.Printf("Binary files %s and %s differ\n", a, b)
	case d.unified >= 0:
		d.heads(a, b)
		d.unifiedForm(linesA, linesB, edits)
	default:
		if d.recursive {
			d.p.Printf("diff -r %s %s\n", a, b)
		}
		d.normalForm(linesA, linesB, edits)
	}
}

// splitLines keeps the line breaks, so that a missing one at the end is a difference.
func splitLines(data []byte) []string {
	if len(data) == 0 {
		return nil
	}
	lines := strings.SplitAfter(string(data), "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

func (d *differing) keys(lines []string) []string {
	keys := make([]string, len(lines))
	for i, line := range lines {
		switch {
		case d.ignoreSpace:
			line = strings.Join(strings.Fields(line), "")
		case d.ignoreBlank:
			line = strings.TrimRight(strings.Join(strings.Fields(" x "+line), " "), " ")
		}
		if d.ignoreCase {
			line = strings.ToLower(line)
		}
		keys[i] = line
	}
	return keys
}

func (d *differing) heads(a, b string) {
	for i, name := range []string{a, b} {
		mark := []string{"---", "+++"}[i]
		if i < len(d.labels) {
			d.p.Printf("%s %s\n", mark, d.labels[i])
			continue
		}
		st, err := os.Stat(name)
		text := "1970-01-01 00:00:00.000000000 +0000"
		if err == nil {
			text = st.ModTime().UTC().Format("2006-01-02 15:04:05.000000000 -0700")
		}
		d.p.Printf("%s %s\t%s\n", mark, name, text)
	}
}

func (d *differing) put(mark, line string) {
	d.p.Printf("%s%s", mark, line)
	if !strings.HasSuffix(line, "\n") {
		d.p.Printf("\n\\ No newline at end of file\n")
	}
}

func (d *differing) normalForm(a, b []string, edits []edit) {
	span := func(from, to int) string {
		if to-from <= 1 {
			return fmt.Sprint(from + 1)
		}
		return fmt.Sprintf("%d,%d", from+1, to)
	}
	for _, e := range edits {
		switch {
		case e.fromA == e.toA:
			d.p.Printf("%da%s\n", e.fromA, span(e.fromB, e.toB))
		case e.fromB == e.toB:
			d.p.Printf("%sd%d\n", span(e.fromA, e.toA), e.fromB)
		default:
			d.p.Printf("%sc%s\n", span(e.fromA, e.toA), span(e.fromB, e.toB))
		}
		for _, line := range a[e.fromA:e.toA] {
			d.put("< ", line)
		}
		if e.fromA < e.toA && e.fromB < e.toB {
			d.p.Printf("---\n")
		}
		for _, line := range b[e.fromB:e.toB] {
			d.put("> ", line)
		}
	}
}

func (d *differing) unifiedForm(a, b []string, edits []edit) {
	for len(edits) > 0 {
		n := 1
		for n < len(edits) && edits[n].fromA-edits[n-1].toA <= 2*d.unified {
			n++
		}
		d.hunk(a, b, edits[:n])
		edits = edits[n:]
	}
}

func (d *differing) hunk(a, b []string, edits []edit) {
	first, last := edits[0], edits[len(edits)-1]
	lead := d.unified
	if first.fromA < lead {
		lead = first.fromA
	}
	trail := d.unified
	if len(a)-last.toA < trail {
		trail = len(a) - last.toA
	}
	span := func(from, count int) string {
		switch count {
		case 1:
			return fmt.Sprint(from + 1)
		case 0:
			return fmt.Sprintf("%d,0", from)
		}
		return fmt.Sprintf("%d,%d", from+1, count)
	}
	fromA, fromB := first.fromA-lead, first.fromB-lead
	d.p.Printf("@@ -%s +%s @@\n", span(fromA, last.toA+trail-fromA), span(fromB, last.toB+trail-fromB))
	at := fromA
	for _, e := range edits {
		for ; at < e.fromA; at++ {
			d.put(" ", a[at])
		}
		for ; at < e.toA; at++ {
			d.put("-", a[at])
		}
		for _, line := range b[e.fromB:e.toB] {
			d.put("+", line)
		}
	}
	for ; at < last.toA+trail; at++ {
		d.put(" ", a[at])
	}
}
