package programs

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// test(1), bin/test/test.c.
func init() { Register(testMain, "test", "[") }

type condition struct {
	p    *Process
	args []string
	fail string
}

func testMain(p *Process) int {
	args := p.Args
	if p.Name == "[" {
		if len(args) == 0 || args[len(args)-1] != "]" {
			return p.Errx(2, "missing ]")
		}
		args = args[:len(args)-1]
	}
	t := &condition{p: p, args: args}
	value := t.top()
	if t.fail == "" && len(t.args) > 0 {
		t.fail = t.args[0] + ": unexpected operator"
	}
	if t.fail != "" {
		return p.Errx(2, "%s", t.fail)
	}
	if value {
		return 0
	}
	return 1
}

// top settles by their number what one to four words mean, as POSIX has it.
func (t *condition) top() bool {
	switch len(t.args) {
	case 0:
		return false
	case 1:
		return t.take() != ""
	case 2:
		if t.args[0] == "!" {
			t.take()
			return t.take() == ""
		}
	case 3:
		if t.args[0] == "!" && !isBinary(t.args[1]) {
			t.take()
			return !t.top()
		}
		if isBinary(t.args[1]) {
			a, op, b := t.take(), t.take(), t.take()
			return t.binary(a, op, b)
		}
	}
	return t.or()
}

func (t *condition) take() string {
	if len(t.args) == 0 {
		t.fail = "argument expected"
		return ""
	}
	word := t.args[0]
	t.args = t.args[1:]
	return word
}

func (t *condition) at(word string) bool { return len(t.args) > 0 && t.args[0] == word }

func (t *condition) or() bool {
	value := t.and()
	for t.fail == "" && t.at("-o") {
		t.take()
		right := t.and()
		value = value || right
	}
	return value
}

func (t *condition) and() bool {
	value := t.not()
	for t.fail == "" && t.at("-a") {
		t.take()
		right := t.not()
		value = value && right
	}
	return value
}

func (t *condition) not() bool {
	if t.at("!") && len(t.args) > 1 {
		t.take()
		return !t.not()
	}
	return t.primary()
}

func (t *condition) primary() bool {
	if len(t.args) == 0 {
		t.fail = "argument expected"
		return false
	}
	if len(t.args) >= 3 && isBinary(t.args[1]) {
		a, op, b := t.take(), t.take(), t.take()
		return t.binary(a, op, b)
	}
	if t.at("(") {
		t.take()
		value := t.or()
		if !t.at(")") {
			t.fail = "closing paren expected"
			return false
		}
		t.take()
		return value
	}
	if len(t.args[0]) == 2 && t.args[0][0] == '-' && len(t.args) > 1 {
		op := t.take()
		return t.unary(op[1], t.take())
	}
	return t.take() != ""
}

func isBinary(word string) bool {
	switch word {
	case "=", "==", "!=", "<", ">", "-eq", "-ne", "-gt", "-ge", "-lt", "-le", "-nt", "-ot", "-ef":
		return true
	}
	return false
}

func (t *condition) number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil && t.fail == "" {
		t.fail = text + ": bad number"
	}
	return n
}

func (t *condition) binary(a, op, b string) bool {
	switch op {
	case "=", "==":
		return a == b
	case "!=":
		return a != b
	case "<":
		return a < b
	case ">":
		return a > b
	case "-nt", "-ot", "-ef":
		x, errX := stat(a)
		y, errY := stat(b)
		switch {
		case errX != nil || errY != nil:
			return false
		case op == "-ef":
			return x.Dev == y.Dev && x.Ino == y.Ino
		case op == "-nt":
			return statTime(x.Mtim).After(statTime(y.Mtim))
		}
		return statTime(x.Mtim).Before(statTime(y.Mtim))
	}
	x, y := t.number(a), t.number(b)
	switch op {
	case "-eq":
		return x == y
	case "-ne":
		return x != y
	case "-gt":
		return x > y
	case "-ge":
		return x >= y
	case "-lt":
		return x < y
	}
	return x <= y
}

func (t *condition) unary(op byte, word string) bool {
	switch op {
	case 'n':
		return word != ""
	case 'z':
		return word == ""
	case 't':
		fd := t.number(word)
		return fd >= 0 && isTerminal(os.NewFile(uintptr(fd), ""))
	case 'r':
		return unix.Faccessat(unix.AT_FDCWD, word, unix.R_OK, 0) == nil
	case 'w':
		return unix.Faccessat(unix.AT_FDCWD, word, unix.W_OK, 0) == nil
	case 'x':
		return unix.Faccessat(unix.AT_FDCWD, word, unix.X_OK, 0) == nil
	case 'h', 'L':
		st, err := lstat(word)
		return err == nil && isLink(&st)
	}
	st, err := stat(word)
	if err != nil {
		return false
	}
	kinds := map[byte]uint32{
		'b': unix.S_IFBLK, 'c': unix.S_IFCHR, 'd': unix.S_IFDIR, 'f': unix.S_IFREG, 'p': unix.S_IFIFO, 'S': unix.S_IFSOCK,
	}
	if kind, ok := kinds[op]; ok {
		return st.Mode&unix.S_IFMT == kind
	}
	switch op {
	case 'e':
		return true
	case 's':
		return st.Size > 0
	case 'u':
		return st.Mode&04000 != 0
	case 'g':
		return st.Mode&02000 != 0
	case 'k':
		return st.Mode&01000 != 0
	case 'O':
		return int(st.Uid) == os.Geteuid()
	case 'G':
		return int(st.Gid) == os.Getegid()
	}
	t.fail = "-" + string(rune(op)) + ": unexpected operator"
	return false
}
