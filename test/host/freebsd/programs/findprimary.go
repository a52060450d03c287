package programs

import (
	"os"
	"strconv"
	"strings"
)

// The primaries of find(1), usr.bin/find/function.c. nil: there is none of that name.
func (p *findParser) primary(word string) test {
	f := p.f
	always := func(*found) bool { return true }
	switch word {
	case "-print":
		f.output = true
		return f.printing("\n")
	case "-print0":
		f.output = true
		return f.printing("\x00")
	case "-true":
		return always
	case "-delete":
		f.output, f.depthFirst = true, true
		return f.delete
	case "-depth":
		if len(p.args) > 0 && isNumber(p.args[0]) {
			return p.number(word, func(one *found) int64 { return int64(one.depth) })
		}
		f.depthFirst = true
		return always
	case "-d":
		f.depthFirst = true
		return always
	case "-prune":
		return func(*found) bool { f.prune = true; return true }
	case "-xdev", "-x", "-mount":
		f.oneDev = true
		return always
	case "-follow":
		f.followAll, f.followTop = true, true
		return always
	case "-maxdepth":
		f.maxDepth = p.depth(word)
		return always
	case "-mindepth":
		f.minDepth = p.depth(word)
		return always
	case "-quit":
		f.output = true
		return func(*found) bool { f.quit(); return true }
	case "-exec", "-execdir", "-ok", "-okdir":
		f.output = true
		return p.exec(word)
	case "-ls":
		f.output = true
		return f.list
	case "-empty":
		return emptyFile
	case "-nouser", "-nogroup":
		return noAccount(word)
	}
	if t := p.namePrimary(word); t != nil {
		return t
	}
	return p.filePrimary(word)
}

func isNumber(text string) bool {
	_, err := strconv.Atoi(strings.TrimLeft(text, "+-"))
	return err == nil
}

func noAccount(word string) test {
	return func(one *found) bool {
		list, id := users, one.st.Uid
		if word == "-nogroup" {
			list, id = groups, one.st.Gid
		}
		for _, a := range list.all() {
			if a.id == id {
				return false
			}
		}
		return true
	}
}

func (p *findParser) depth(word string) int {
	text := p.argument(word)
	n, err := strconv.Atoi(text)
	if err != nil && p.err == "" {
		p.fail(word + ": " + text + ": value invalid")
	}
	return n
}

// number makes a test of a number: 3, +3 (more) or -3 (less).
func (p *findParser) number(word string, of func(*found) int64) test {
	text := p.argument(word)
	sign, want, ok := signedNumber(text)
	if !ok {
		p.fail(word + ": " + text + ": illegal numeric value")
		return func(*found) bool { return false }
	}
	return func(one *found) bool { return compare(sign, of(one), want) }
}

func signedNumber(text string) (sign byte, n int64, ok bool) {
	if text != "" && (text[0] == '+' || text[0] == '-') {
		sign, text = text[0], text[1:]
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return sign, n, err == nil
}

func compare(sign byte, has, want int64) bool {
	switch sign {
	case '+':
		return has > want
	case '-':
		return has < want
	}
	return has == want
}

// list is -ls: like ls -dgils.
func (f *finding) list(one *found) bool {
	l := &listing{p: f.p, blockSize: environmentBlockSize()}
	entry, err := (&listing{p: f.p, long: true, blocks: true}).look(one.path, one.path, false)
	if err != nil {
		return true
	}
	f.p.Printf("%8d %8d %s %3d %-8s         %-8s         %8s %s %s", one.st.Ino, l.inBlocks(entry.blocks),
		modeText(shownMode(&one.st)), one.st.Nlink, l.userName(entry), l.groupName(entry), l.sizeText(entry),
		l.timeText(entry.time), one.path)
	if isLink(&one.st) {
		text, _ := os.Readlink(one.path)
		f.p.Printf(" -> %s", text)
	}
	f.p.Printf("\n")
	return true
}
