package programs

import (
	"os"
	"strconv"
)

// The options of ls(1), bin/ls/ls.c.

// dropColour takes --color, which changes nothing where there is no terminal.
func (p *Process) dropColour() {
	var kept []string
	for _, arg := range p.Args {
		if arg != "--color" && arg != "--color=auto" && arg != "--color=never" && arg != "--color=always" {
			kept = append(kept, arg)
		}
	}
	p.Args = kept
}

func (l *listing) take(opts []Option) {
	l.almost = os.Getuid() == 0
	l.blockSize = environmentBlockSize()
	if isTerminal(os.Stdout) {
		l.columns, l.printable = true, true
	}
	for _, o := range opts {
		l.takeShape(o)
		switch o.Letter {
		case 'A':
			l.almost = true
		case 'I':
			l.almost = false
		case 'a':
			l.all = true
		case 'd':
			l.selfDirs, l.recursive = true, false
		case 'R':
			l.recursive = true
		case 'f':
			l.unsorted, l.all = true, true
		case 'r':
			l.reverse = true
		case 'S':
			l.sortBy = 'S'
		case 't':
			l.sortBy = 't'
		case 'U':
			l.timeOf = 'B'
		case 'c':
			l.timeOf = 'c'
		case 'u':
			l.timeOf = 'a'
		case 'H':
			l.followTop = true
		case 'L':
			l.followAll, l.followTop = true, true
		case 'P':
			l.followAll, l.followTop = false, false
		}
	}
}

func (l *listing) takeShape(o Option) {
	switch o.Letter {
	case '1':
		l.columns, l.long, l.commas, l.across = false, false, false, false
	case 'C':
		l.columns, l.across, l.long, l.commas = true, false, false, false
	case 'x':
		l.columns, l.across, l.long, l.commas = true, true, false, false
	case 'm':
		l.commas, l.columns, l.long = true, false, false
	case 'l':
		l.long, l.columns, l.commas = true, false, false
	case 'n':
		l.numeric, l.long, l.columns = true, true, false
	case 'g':
		l.noGroup = false
	case 'o':
		l.flags = true
	case 'F':
		l.kinds, l.slash = true, false
	case 'p':
		l.slash, l.kinds = true, false
	case 'i':
		l.inode = true
	case 's':
		l.blocks = true
	case 'k':
		l.human, l.blockSize = false, 1024
	case 'h':
		l.human = true
	case 'T':
		l.fullTime = true
	case 'D':
		l.format = o.Value
	case 'q':
		l.printable = true
	case 'w':
		l.printable = false
	}
}

// environmentBlockSize is getbsize(3): the unit in which blocks are counted.
func environmentBlockSize() int64 {
	text := os.Getenv("BLOCKSIZE")
	if text == "" {
		return 512
	}
	unit := int64(1)
	switch text[len(text)-1] {
	case 'K', 'k':
		unit = 1 << 10
	case 'M', 'm':
		unit = 1 << 20
	case 'G', 'g':
		unit = 1 << 30
	}
	digits := text
	if unit > 1 {
		digits = text[:len(text)-1]
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if digits == "" {
		n, err = 1, nil
	}
	if err != nil || n*unit < 512 {
		return 512
	}
	return n * unit
}
