package programs

import (
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// The primaries of find(1) that look at what stat(2) tells; usr.bin/find/function.c.

func (p *findParser) filePrimary(word string) test {
	switch word {
	case "-links":
		return p.number(word, func(one *found) int64 { return int64(one.st.Nlink) })
	case "-inum":
		return p.number(word, func(one *found) int64 { return int64(one.st.Ino) })
	case "-type":
		return p.kind(word)
	case "-perm":
		return p.permissions(word)
	case "-flags":
		return p.flagsTest(word)
	case "-size":
		return p.size(word)
	case "-user", "-uid":
		return p.owner(word, users, func(st *unix.Stat_t) uint32 { return st.Uid })
	case "-group", "-gid":
		return p.owner(word, groups, func(st *unix.Stat_t) uint32 { return st.Gid })
	case "-mtime", "-mmin", "-atime", "-amin", "-ctime", "-cmin", "-Btime", "-Bmin":
		return p.age(word)
	case "-newer", "-anewer", "-cnewer", "-mnewer", "-neweraa", "-newerca", "-newermm", "-newermt":
		return p.newer(word)
	case "-samefile":
		st, err := stat(p.argument(word))
		if err != nil {
			p.fail(errorText(err))
		}
		return func(one *found) bool { return one.st.Ino == st.Ino && one.st.Dev == st.Dev }
	}
	return nil
}

func (p *findParser) kind(word string) test {
	kinds := map[string]uint32{
		"b": unix.S_IFBLK, "c": unix.S_IFCHR, "d": unix.S_IFDIR, "f": unix.S_IFREG, "l": unix.S_IFLNK,
		"p": unix.S_IFIFO, "s": unix.S_IFSOCK,
	}
	text := p.argument(word)
	kind, ok := kinds[text]
	if !ok {
		p.fail(word + ": " + text + ": unknown type")
	}
	return func(one *found) bool { return one.st.Mode&unix.S_IFMT == kind }
}

func (p *findParser) permissions(word string) test {
	text := p.argument(word)
	sign := byte(0)
	if text != "" && (text[0] == '-' || text[0] == '+') {
		sign, text = text[0], text[1:]
	}
	change, ok := parseMode(text, 0)
	if !ok {
		p.fail(word + ": " + text + ": illegal mode string")
		return nil
	}
	want := change(0) & 07777
	return func(one *found) bool {
		mode := shownMode(&one.st) & 07777
		switch sign {
		case '-':
			return mode&want == want
		case '+':
			return mode&want != 0
		}
		return mode == want
	}
}

func (p *findParser) flagsTest(word string) test {
	text := p.argument(word)
	sign := byte(0)
	if text != "" && (text[0] == '-' || text[0] == '+') {
		sign, text = text[0], text[1:]
	}
	set, clear, bad := parseFlags(text)
	if bad != "" {
		p.fail(word + ": " + text + ": illegal flags string")
	}
	return func(one *found) bool {
		flags := fileFlags(one.path, one.follow)
		switch sign {
		case '-':
			return (flags|set) == flags && flags&clear == 0
		case '+':
			return flags&set != 0 || flags&clear != clear
		}
		return flags == set
	}
}

func (p *findParser) size(word string) test {
	text := p.argument(word)
	units := map[byte]int64{'c': 1, 'k': 1 << 10, 'M': 1 << 20, 'G': 1 << 30, 'T': 1 << 40, 'P': 1 << 50}
	unit := int64(0)
	if text != "" {
		if u, ok := units[text[len(text)-1]]; ok {
			unit, text = u, text[:len(text)-1]
		}
	}
	sign, want, ok := signedNumber(text)
	if !ok {
		p.fail(word + ": " + text + ": illegal numeric value")
	}
	return func(one *found) bool {
		size := shownSize(one.path, &one.st)
		if unit == 0 {
			return compare(sign, (size+511)/512, want)
		}
		if unit == 1 {
			return compare(sign, size, want)
		}
		return compare(sign, size, want*unit)
	}
}

func (p *findParser) owner(word string, list *accounts, of func(*unix.Stat_t) uint32) test {
	text := p.argument(word)
	if a, ok := list.find(text); ok {
		return func(one *found) bool { return of(&one.st) == a.id }
	}
	sign, want, ok := signedNumber(text)
	if !ok {
		kind := map[bool]string{true: "user", false: "group"}[list == users]
		p.fail(word + ": " + text + ": no such " + kind)
	}
	return func(one *found) bool { return compare(sign, int64(of(&one.st)), want) }
}

func timeOf(one *found, letter byte) time.Time {
	switch letter {
	case 'a':
		return statTime(one.st.Atim)
	case 'c':
		return statTime(one.st.Ctim)
	case 'B':
		return birth(one.path)
	}
	return statTime(one.st.Mtim)
}

func (p *findParser) age(word string) test {
	letter, minutes, now := word[1], strings.HasSuffix(word, "min"), p.f.now
	text := p.argument(word)
	if !minutes && text != "" && strings.IndexByte("smhdw", text[len(text)-1]) >= 0 {
		return p.ageWithUnits(word, letter, text)
	}
	sign, want, ok := signedNumber(text)
	if !ok {
		p.fail(word + ": " + text + ": illegal time value")
	}
	unit := 24 * time.Hour
	if minutes {
		unit = time.Minute
	}
	return func(one *found) bool {
		age := now.Sub(timeOf(one, letter))
		return compare(sign, int64((age+unit-time.Second)/unit), want)
	}
}

func (p *findParser) ageWithUnits(word string, letter byte, text string) test {
	units := map[byte]time.Duration{
		's': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour,
	}
	unit := units[text[len(text)-1]]
	sign, want, ok := signedNumber(text[:len(text)-1])
	if !ok {
		p.fail(word + ": " + text + ": illegal time value")
	}
	now := p.f.now
	return func(one *found) bool {
		return compare(sign, int64(now.Sub(timeOf(one, letter))/time.Second), want*int64(unit/time.Second))
	}
}

func (p *findParser) newer(word string) test {
	letter := map[string]byte{"-anewer": 'a', "-neweraa": 'a', "-cnewer": 'c', "-newerca": 'c'}[word]
	text := p.argument(word)
	var than time.Time
	if word == "-newermt" {
		t, ok := isoTime(text)
		if !ok {
			if t, ok = isoTime(text + "T00:00:00"); !ok {
				p.fail("Can't parse date/time: " + text)
			}
		}
		than = t
	} else {
		st, err := stat(text)
		if err != nil {
			p.fail(text + ": " + errorText(err))
		}
		than = statTime(st.Mtim)
		if word == "-neweraa" || word == "-newerca" {
			than = statTime(st.Atim)
		}
	}
	return func(one *found) bool { return timeOf(one, letter).After(than) }
}
