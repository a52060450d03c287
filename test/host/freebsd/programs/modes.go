package programs

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// modeText is strmode(3): "drwxr-xr-x ", with the blank that stands for an access list.
func modeText(mode uint32) string {
	types := map[uint32]byte{
		unix.S_IFDIR: 'd', unix.S_IFCHR: 'c', unix.S_IFBLK: 'b', unix.S_IFREG: '-',
		unix.S_IFLNK: 'l', unix.S_IFSOCK: 's', unix.S_IFIFO: 'p',
	}
	text := []byte("?rwxrwxrwx ")
	if t, ok := types[mode&unix.S_IFMT]; ok {
		text[0] = t
	}
	for i := 0; i < 9; i++ {
		if mode&(0400>>i) == 0 {
			text[1+i] = '-'
		}
	}
	special := func(at int, bit uint32, with, without byte) {
		if mode&bit == 0 {
			return
		}
		if text[at] == '-' {
			text[at] = without
		} else {
			text[at] = with
		}
	}
	special(3, 04000, 's', 'S')
	special(6, 02000, 's', 'S')
	special(9, 01000, 't', 'T')
	return string(text)
}

// modeChange is setmode(3) and getmode(3): a change of a mode, from octal digits or symbols.
type modeChange func(mode uint32) uint32

func parseMode(text string, mask uint32) (modeChange, bool) {
	if text == "" {
		return nil, false
	}
	if text[0] >= '0' && text[0] <= '7' {
		value, err := strconv.ParseUint(text, 8, 32)
		if err != nil || value > 07777 {
			return nil, false
		}
		return func(mode uint32) uint32 { return mode&^07777 | uint32(value) }, true
	}
	var changes []modeChange
	for _, clause := range strings.Split(text, ",") {
		change, ok := modeClause(clause, mask)
		if !ok {
			return nil, false
		}
		changes = append(changes, change)
	}
	return func(mode uint32) uint32 {
		for _, change := range changes {
			mode = change(mode)
		}
		return mode
	}, true
}

func modeClause(clause string, mask uint32) (modeChange, bool) {
	var who uint32
	i := 0
	for ; i < len(clause) && strings.IndexByte("ugoa", clause[i]) >= 0; i++ {
		who |= map[byte]uint32{'u': 04700, 'g': 02070, 'o': 01007, 'a': 07777}[clause[i]]
	}
	limit := who
	if who == 0 {
		who, limit = 07777, 07777&^mask
	}
	var changes []modeChange
	for i < len(clause) {
		op := clause[i]
		if op != '+' && op != '-' && op != '=' {
			return nil, false
		}
		end := i + 1
		for end < len(clause) && strings.IndexByte("+-=", clause[end]) < 0 {
			end++
		}
		bits, ok := modeBits(clause[i+1 : end])
		if !ok {
			return nil, false
		}
		changes = append(changes, modeAction(op, who, limit, bits))
		i = end
	}
	return func(mode uint32) uint32 {
		for _, change := range changes {
			mode = change(mode)
		}
		return mode
	}, len(changes) > 0
}

func modeAction(op byte, who, limit uint32, bits modeChange) modeChange {
	return func(mode uint32) uint32 {
		value := bits(mode) & limit
		switch op {
		case '+':
			return mode | value
		case '-':
			return mode &^ value
		}
		return mode&^(who&0777|who&limit&07000) | value
	}
}

// modeBits gives the bits that a permission list names, which may depend on the mode ("X", "g=u").
func modeBits(list string) (modeChange, bool) {
	var fixed uint32
	var copies []int
	conditional := false
	for i := 0; i < len(list); i++ {
		switch list[i] {
		case 'r':
			fixed |= 0444
		case 'w':
			fixed |= 0222
		case 'x':
			fixed |= 0111
		case 'X':
			conditional = true
		case 's':
			fixed |= 06000
		case 't':
			fixed |= 01000
		case 'u':
			copies = append(copies, 6)
		case 'g':
			copies = append(copies, 3)
		case 'o':
			copies = append(copies, 0)
		default:
			return nil, false
		}
	}
	return func(mode uint32) uint32 {
		bits := fixed
		if conditional && (mode&unix.S_IFMT == unix.S_IFDIR || mode&0111 != 0) {
			bits |= 0111
		}
		for _, shift := range copies {
			bits |= (mode >> shift & 07) * 0111
		}
		return bits
	}, true
}

// umask is the process's mask.
func umask() uint32 {
	mask := unix.Umask(0)
	unix.Umask(mask)
	return uint32(mask)
}
