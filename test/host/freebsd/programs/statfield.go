package programs

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// One field of a format of stat(1): %[flags][width][.precision][output][part]datum.
type statField struct {
	flags            string
	width, precision int
	output, part     byte
	datum            byte
}

// field reads one field after its % and gives its text and what follows it.
func (s *statting) field(f *statted, rest string) (text, left string) {
	if rest == "" {
		return "%", ""
	}
	switch rest[0] {
	case 'n':
		return "\n", rest[1:]
	case 't':
		return "\t", rest[1:]
	case '%':
		return "%", rest[1:]
	case '@':
		return "1", rest[1:]
	}
	field, left := parseStatField(rest)
	if strings.IndexByte("dipDlugramcBzbkfvNRTYZ", field.datum) < 0 || field.datum == 0 {
		return "", left
	}
	return s.render(f, field), left
}

func parseStatField(rest string) (field statField, left string) {
	field.precision = -1
	i := 0
	for ; i < len(rest) && strings.IndexByte("#+- 0", rest[i]) >= 0; i++ {
		field.flags += rest[i : i+1]
	}
	start := i
	for ; i < len(rest) && rest[i] >= '0' && rest[i] <= '9'; i++ {
	}
	field.width, _ = strconv.Atoi(rest[start:i])
	if i < len(rest) && rest[i] == '.' {
		i++
		start = i
		for ; i < len(rest) && rest[i] >= '0' && rest[i] <= '9'; i++ {
		}
		field.precision, _ = strconv.Atoi(rest[start:i])
	}
	if i < len(rest) && strings.IndexByte("DOUXFS", rest[i]) >= 0 {
		field.output = rest[i]
		i++
	}
	if i < len(rest) && strings.IndexByte("HML", rest[i]) >= 0 {
		field.part = rest[i]
		i++
	}
	if i < len(rest) {
		field.datum = rest[i]
		i++
	}
	return field, rest[i:]
}

// render makes a field's text: a number, or a string where the datum is one or %S asks for it.
func (s *statting) render(f *statted, field statField) string {
	if text, ok := s.stringOf(f, field); ok {
		if field.precision >= 0 && len(text) > field.precision {
			text = text[:field.precision]
		}
		return pad(text, field)
	}
	number, ts := numberOf(f, field)
	if ts != nil && field.output == 'F' {
		digits := field.precision
		if digits < 0 || digits > 9 {
			digits = 9
		}
		nanos := fmt.Sprintf("%09d", ts.Nsec)
		return pad(fmt.Sprintf("%d.%s", ts.Sec, nanos[:digits]), field)
	}
	output := field.output
	if output == 0 {
		output = map[byte]byte{'p': 'O', 'a': 'D', 'm': 'D', 'c': 'D', 'B': 'D'}[field.datum]
	}
	text := strconv.FormatInt(number, 10)
	switch output {
	case 'O':
		text = strconv.FormatUint(uint64(number), 8)
		if strings.Contains(field.flags, "#") && text != "0" {
			text = "0" + text
		}
	case 'X':
		text = strconv.FormatUint(uint64(number), 16)
		if strings.Contains(field.flags, "#") && text != "0" {
			text = "0x" + text
		}
	}
	for len(text) < field.precision {
		text = "0" + text
	}
	return pad(text, field)
}

func pad(text string, field statField) string {
	for len(text) < field.width {
		switch {
		case strings.Contains(field.flags, "-"):
			text += " "
		case strings.Contains(field.flags, "0"):
			text = "0" + text
		default:
			text = " " + text
		}
	}
	return text
}

func numberOf(f *statted, field statField) (int64, *unix.Timespec) {
	st := &f.st
	switch field.datum {
	case 'd':
		return partOfDevice(st.Dev, field.part), nil
	case 'r':
		return partOfDevice(deviceNumber(st.Rdev), field.part), nil
	case 'i':
		return int64(st.Ino), nil
	case 'p':
		return int64(partOfMode(shownMode(st), field.part)), nil
	case 'l':
		return int64(st.Nlink), nil
	case 'u':
		return int64(st.Uid), nil
	case 'g':
		return int64(st.Gid), nil
	case 'a':
		return st.Atim.Sec, &st.Atim
	case 'm':
		return st.Mtim.Sec, &st.Mtim
	case 'c':
		return st.Ctim.Sec, &st.Ctim
	case 'B':
		t := birth(f.path)
		return t.Unix(), &unix.Timespec{Sec: t.Unix(), Nsec: int64(t.Nanosecond())}
	case 'z', 'Z':
		return shownSize(f.path, st), nil
	case 'b':
		return shownBlocks(f.path, st), nil
	case 'k':
		return 32768, nil
	case 'f':
		return int64(fileFlags(f.path, f.follow)), nil
	}
	return 0, nil
}

func partOfDevice(dev uint64, part byte) int64 {
	switch part {
	case 'H':
		return int64(unix.Major(dev))
	case 'L':
		return int64(unix.Minor(dev))
	}
	return int64(dev)
}

func partOfMode(mode uint32, part byte) uint32 {
	switch part {
	case 'H':
		return mode >> 12
	case 'M':
		return mode >> 9 & 7
	case 'L':
		return mode & 0777
	}
	return mode
}

// stringOf gives what is a string by itself or because of %S.
func (s *statting) stringOf(f *statted, field statField) (string, bool) {
	switch field.datum {
	case 'N':
		return f.name, true
	case 'R':
		path, _ := resolve(f.path)
		return path, true
	case 'T':
		return typeText(&f.st, field.part == 'H'), true
	case 'Y':
		text, err := os.Readlink(f.path)
		if err == nil && field.output != 'S' && field.output != 0 {
			return text, true
		}
		if err == nil && (field.output == 'S') {
			return " -> " + text, true
		}
		return text, true
	}
	if field.output != 'S' {
		return "", false
	}
	return s.namedOf(f, field)
}

func (s *statting) namedOf(f *statted, field statField) (string, bool) {
	st := &f.st
	times := map[byte]time.Time{'a': statTime(st.Atim), 'm': statTime(st.Mtim), 'c': statTime(st.Ctim)}
	switch field.datum {
	case 'u':
		return users.name(st.Uid), true
	case 'g':
		return groups.name(st.Gid), true
	case 'p':
		text := modeText(shownMode(st))
		switch field.part {
		case 'H':
			return text[1:4], true
		case 'M':
			return text[4:7], true
		case 'L':
			return text[7:10], true
		}
		return strings.TrimRight(text, " "), true
	case 'a', 'm', 'c':
		return strftime(s.timeFormat, times[field.datum]), true
	case 'B':
		return strftime(s.timeFormat, birth(f.path)), true
	case 'f':
		if text := flagsText(fileFlags(f.path, f.follow)); text != "" {
			return text, true
		}
		return "-", true
	case 'd', 'r':
		return "???", true
	}
	return "", false
}

func typeText(st *unix.Stat_t, long bool) string {
	words := map[uint32][2]string{
		unix.S_IFIFO: {"|", "Fifo File"}, unix.S_IFCHR: {"", "Character Device"}, unix.S_IFDIR: {"/", "Directory"},
		unix.S_IFBLK: {"", "Block Device"}, unix.S_IFREG: {"", "Regular File"}, unix.S_IFLNK: {"@", "Symbolic Link"},
		unix.S_IFSOCK: {"=", "Socket"},
	}
	pair := words[st.Mode&unix.S_IFMT]
	if long {
		return pair[1]
	}
	if isFile(st) && st.Mode&0111 != 0 {
		return "*"
	}
	return pair[0]
}
