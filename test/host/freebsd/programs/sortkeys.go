package programs

import (
	"strconv"
	"strings"
)

// The keys of sort(1): -k and the part of a line that it names.

// sortKey is -k: fields and characters count from 1; 0 is the end of the line.
type sortKey struct {
	fromField, fromChar, toField, toChar int
	skipFrom, skipTo, own                bool
	order                                sortOrder
}

func parseSortKey(text string) (key sortKey, ok bool) {
	from, to, hasTo := strings.Cut(text, ",")
	if key.fromField, key.fromChar, key.skipFrom, ok = key.part(from); !ok || key.fromField < 1 {
		return key, false
	}
	if key.fromChar == 0 {
		key.fromChar = 1
	}
	if hasTo {
		if key.toField, key.toChar, key.skipTo, ok = key.part(to); !ok || key.toField < 1 {
			return key, false
		}
	}
	return key, true
}

func (key *sortKey) part(text string) (field, char int, skip, ok bool) {
	number := func() int {
		end := 0
		for end < len(text) && text[end] >= '0' && text[end] <= '9' {
			end++
		}
		n, err := strconv.Atoi(text[:end])
		ok = err == nil
		text = text[end:]
		return n
	}
	if field = number(); !ok {
		return
	}
	if strings.HasPrefix(text, ".") {
		text = text[1:]
		if char = number(); !ok {
			return
		}
	}
	for i := range []byte(text) {
		key.own = true
		if text[i] == 'b' {
			skip = true
		} else if !key.order.set(text[i]) {
			return field, char, skip, false
		}
	}
	return field, char, skip, true
}

// of is the part of a line that a key names.
func (key *sortKey) of(line, separator string) string {
	from := fieldPlace(line, separator, key.fromField, key.fromChar, key.skipFrom)
	to := len(line)
	if key.toField > 0 {
		if key.toChar == 0 {
			to = fieldEnd(line, separator, key.toField)
		} else {
			to = fieldPlace(line, separator, key.toField, key.toChar+1, key.skipTo)
		}
	}
	if to < from {
		return ""
	}
	return line[from:to]
}

func fieldStart(line, separator string, field int) int {
	at := 0
	for n := 1; n < field; n++ {
		at = nextField(line, separator, at)
	}
	return at
}

// nextField is where the field after the one at a place begins; blanks in front belong to a field.
func nextField(line, separator string, at int) int {
	if separator != "" {
		next := strings.Index(line[at:], separator)
		if next < 0 {
			return len(line)
		}
		return at + next + 1
	}
	return fieldEndFrom(line, "", at)
}

func fieldEndFrom(line, separator string, at int) int {
	if separator != "" {
		if end := strings.Index(line[at:], separator); end >= 0 {
			return at + end
		}
		return len(line)
	}
	for at < len(line) && (line[at] == ' ' || line[at] == '\t') {
		at++
	}
	for at < len(line) && line[at] != ' ' && line[at] != '\t' {
		at++
	}
	return at
}

func fieldEnd(line, separator string, field int) int {
	return fieldEndFrom(line, separator, fieldStart(line, separator, field))
}

func fieldPlace(line, separator string, field, char int, skip bool) int {
	at := fieldStart(line, separator, field)
	for skip && at < len(line) && (line[at] == ' ' || line[at] == '\t') {
		at++
	}
	if at += char - 1; at > len(line) {
		at = len(line)
	}
	return at
}
