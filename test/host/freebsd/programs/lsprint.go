package programs

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// bin/ls/print.c.

func (l *listing) print(list []*listed, inDir bool) {
	if inDir && (l.long || l.blocks) && len(list) > 0 {
		l.total(list)
	}
	switch {
	case l.long:
		l.printLong(list)
	case l.commas:
		l.printCommas(list)
	case l.columns:
		l.printColumns(list)
	default:
		width := l.widths(list)
		for _, f := range list {
			l.p.Printf("%s%s\n", l.prefix(f, width), l.shownName(f))
		}
	}
}

func (l *listing) total(list []*listed) {
	var sum int64
	for _, f := range list {
		sum += f.blocks
	}
	if l.human {
		l.p.Printf("total %s\n", humanSize(sum*512))
		return
	}
	l.p.Printf("total %d\n", l.inBlocks(sum))
}

func (l *listing) inBlocks(halfK int64) int64 {
	unit := l.blockSize / 512
	return (halfK + unit - 1) / unit
}

type lsWidths struct{ inode, blocks, links, user, group, flags, size int }

func widen(width *int, text string) {
	if len(text) > *width {
		*width = len(text)
	}
}

func (l *listing) widths(list []*listed) (w lsWidths) {
	for _, f := range list {
		widen(&w.inode, strconv.FormatUint(f.st.Ino, 10))
		widen(&w.blocks, strconv.FormatInt(l.inBlocks(f.blocks), 10))
		if !l.long {
			continue
		}
		widen(&w.links, strconv.FormatUint(uint64(f.st.Nlink), 10))
		widen(&w.user, l.userName(f))
		widen(&w.group, l.groupName(f))
		widen(&w.flags, f.flags)
		widen(&w.size, l.sizeText(f))
	}
	if l.human {
		w.size = 5
	}
	return w
}

func (l *listing) userName(f *listed) string {
	if l.numeric {
		return strconv.FormatUint(uint64(f.st.Uid), 10)
	}
	return users.name(f.st.Uid)
}

func (l *listing) groupName(f *listed) string {
	if l.numeric {
		return strconv.FormatUint(uint64(f.st.Gid), 10)
	}
	return groups.name(f.st.Gid)
}

func (l *listing) sizeText(f *listed) string {
	switch f.st.Mode & unix.S_IFMT {
	case unix.S_IFCHR, unix.S_IFBLK:
		return fmt.Sprintf("%#x", deviceNumber(f.st.Rdev))
	}
	if l.human {
		return humanSize(f.size)
	}
	return strconv.FormatInt(f.size, 10)
}

// deviceNumber shows a device of the machine as devfs numbers them: small and without a major number.
func deviceNumber(dev uint64) uint64 {
	return uint64(unix.Major(dev))<<4 + uint64(unix.Minor(dev))
}

func (l *listing) prefix(f *listed, w lsWidths) string {
	text := ""
	if l.inode {
		text += fmt.Sprintf("%*d ", w.inode, f.st.Ino)
	}
	if l.blocks {
		text += fmt.Sprintf("%*d ", w.blocks, l.inBlocks(f.blocks))
	}
	return text
}

func (l *listing) printLong(list []*listed) {
	w := l.widths(list)
	for _, f := range list {
		l.p.Printf("%s%s %*d %-*s  %-*s  ", l.prefix(f, w), modeText(shownMode(&f.st)), w.links, f.st.Nlink,
			w.user, l.userName(f), w.group, l.groupName(f))
		if l.flags {
			l.p.Printf("%-*s ", w.flags, f.flags)
		}
		l.p.Printf("%*s %s %s", w.size, l.sizeText(f), l.timeText(f.time), l.shownName(f))
		if isLink(&f.st) {
			l.p.Printf(" -> %s", f.link)
		}
		l.p.Printf("\n")
	}
}

func (l *listing) timeText(t time.Time) string {
	if l.format != "" {
		return strftime(l.format, t)
	}
	if l.fullTime {
		return t.Format("Jan _2 15:04:05 2006")
	}
	const sixMonths = 365 / 2 * 24 * time.Hour
	if age := time.Since(t); age < sixMonths && age > -sixMonths {
		return t.Format("Jan _2 15:04")
	}
	return t.Format("Jan _2  2006")
}

func (l *listing) shownName(f *listed) string {
	name := f.name
	if l.printable {
		name = strings.Map(func(r rune) rune {
			if r < 32 || r == 127 {
				return '?'
			}
			return r
		}, name)
	}
	return name + l.kind(f)
}

func (l *listing) kind(f *listed) string {
	if isDir(&f.st) && (l.kinds || l.slash) {
		return "/"
	}
	if !l.kinds {
		return ""
	}
	switch {
	case isLink(&f.st):
		return "@"
	case f.st.Mode&unix.S_IFMT == unix.S_IFIFO:
		return "|"
	case f.st.Mode&unix.S_IFMT == unix.S_IFSOCK:
		return "="
	case isFile(&f.st) && f.st.Mode&0111 != 0:
		return "*"
	}
	return ""
}

func (l *listing) printCommas(list []*listed) {
	var parts []string
	for _, f := range list {
		parts = append(parts, l.shownName(f))
	}
	if len(parts) > 0 {
		l.p.Printf("%s\n", strings.Join(parts, ", "))
	}
}

// printColumns is what a terminal of 80 columns gets.
func (l *listing) printColumns(list []*listed) {
	width := 0
	w := l.widths(list)
	var cells []string
	for _, f := range list {
		cells = append(cells, l.prefix(f, w)+l.shownName(f))
		widen(&width, cells[len(cells)-1])
	}
	width = (width + 8) &^ 7
	columns := 80 / width
	if columns < 1 {
		columns = 1
	}
	rows := (len(cells) + columns - 1) / columns
	for row := 0; row < rows; row++ {
		line := ""
		for column := 0; column < columns; column++ {
			at := column*rows + row
			if l.across {
				at = row*columns + column
			}
			if at < len(cells) {
				line = padTabs(line, column*width) + cells[at]
			}
		}
		l.p.Printf("%s\n", line)
	}
}

func padTabs(line string, to int) string {
	width := 0
	for _, r := range line {
		if r == '\t' {
			width = width&^7 + 8
		} else {
			width++
		}
	}
	for width < to {
		line += "\t"
		width = width&^7 + 8
	}
	return line
}

// humanSize is humanize_number(3) as ls -h, du -h and df -h call it: at most four digits and a unit.
func humanSize(n int64) string {
	const units = "BKMGTPE"
	value, unit := n, 0
	remainder := int64(0)
	for value >= 1000 && unit < len(units)-1 {
		remainder = value % 1024
		value /= 1024
		unit++
	}
	if unit > 0 && value < 10 {
		tenth := (remainder*10 + 512) / 1024
		if tenth == 10 {
			value, tenth = value+1, 0
		}
		if value < 10 {
			return fmt.Sprintf("%d.%d%c", value, tenth, units[unit])
		}
	} else if unit > 0 && remainder >= 512 {
		value++
	}
	return fmt.Sprintf("%d%c", value, units[unit])
}
