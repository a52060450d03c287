package programs

import (
	"regexp"
	"strconv"
	"strings"
)

// escape is a backslash and what follows it.
func (t *translation) escape() error {
	if t.at+1 >= len(t.in) {
		return errEscape
	}
	c := t.in[t.at+1]
	t.at += 2
	if !t.extended {
		switch c {
		case '(':
			t.open()
			return nil
		case ')':
			if t.depth == 0 {
				return errParen
			}
			t.shut()
			return nil
		case '{':
			if !t.atom {
				return errRepeat
			}
			return t.interval("\\}")
		case '}':
			return errBrace
		}
	}
	if c >= '1' && c <= '9' && (!t.extended || t.gnu) {
		return t.reference(int(c - '0'))
	}
	if done := t.gnuEscape(c); done {
		return nil
	}
	switch {
	case c == '<':
		t.put(`\b(?:\b)`, false)
	case c == '>':
		t.put(`\b`, false)
	case c == 'n' || c == '\n':
		t.put(`\n`, true)
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		return errEscape
	default:
		t.put(regexp.QuoteMeta(string(rune(c))), true)
	}
	return nil
}

func (t *translation) gnuEscape(c byte) bool {
	if !t.gnu {
		return false
	}
	switch c {
	case 'w', 'W', 's', 'S':
		t.put("\\"+string(rune(c)), true)
	case 'b', 'B':
		t.put("\\"+string(rune(c)), false)
	case '`':
		t.put(`\A`, false)
	case '\'':
		t.put(`\z`, false)
	case '|':
		if t.extended {
			return false
		}
		t.put("|", false)
	case '+', '?':
		if t.extended || !t.atom {
			return false
		}
		t.repeat(string(rune(c)))
	default:
		return false
	}
	return true
}

func (t *translation) reference(n int) error {
	if !t.closed[n] {
		return errReference
	}
	t.references = true
	t.put("\\"+strconv.Itoa(n), true)
	return nil
}

// interval is {n}, {n,} or {n,m}; the opening brace is behind us.
func (t *translation) interval(end string) error {
	at := strings.Index(t.in[t.at:], end)
	if at < 0 {
		return errBrace
	}
	body := t.in[t.at : t.at+at]
	t.at += at + len(end)
	parts := strings.SplitN(body, ",", 2)
	low, err := strconv.Atoi(parts[0])
	if err != nil || low > 255 {
		return errCount
	}
	if len(parts) == 2 && parts[1] != "" {
		high, err := strconv.Atoi(parts[1])
		if err != nil || high > 255 || high < low {
			return errCount
		}
	}
	t.repeat("{" + body + "}")
	return nil
}

// bracket is a bracket expression.
func (t *translation) bracket() error {
	rest := t.in[t.at+1:]
	for word, go_ := range map[string]string{"[:<:]]": `\b`, "[:>:]]": `\b`} {
		if strings.HasPrefix(rest, word) {
			t.put(go_, false)
			t.at += 1 + len(word)
			return nil
		}
	}
	out := "["
	i := 0
	if strings.HasPrefix(rest, "^") {
		out += "^"
		i++
	}
	for first := true; ; first = false {
		if i >= len(rest) {
			return errBracket
		}
		if rest[i] == ']' && !first {
			break
		}
		text, size, err := bracketItem(rest[i:])
		if err != nil {
			return err
		}
		out += text
		i += size
	}
	t.at += i + 2
	t.put(out+"]", true)
	return nil
}

func bracketItem(rest string) (text string, size int, err error) {
	if strings.HasPrefix(rest, "[:") {
		end := strings.Index(rest, ":]")
		if end < 0 {
			return "", 0, errBracket
		}
		switch rest[2:end] {
		case "alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "xdigit":
			return rest[:end+2], end + 2, nil
		}
		return "", 0, errClass
	}
	if strings.HasPrefix(rest, "[.") || strings.HasPrefix(rest, "[=") {
		end := strings.Index(rest[2:], rest[1:2]+"]")
		if end < 0 {
			return "", 0, errBracket
		}
		return regexp.QuoteMeta(rest[2 : 2+end]), end + 4, nil
	}
	// A hyphen between two is a range; elsewhere it is itself.
	switch c := rest[0]; c {
	case '\\', '[', ']', '^', '&', '~':
		return "\\" + string(rune(c)), 1, nil
	case '-':
		if len(rest) > 1 && rest[1] == ']' {
			return "\\-", 1, nil
		}
		return "-", 1, nil
	}
	size = 1
	for size < len(rest) && rest[size]&0xc0 == 0x80 {
		size++
	}
	return rest[:size], size, nil
}
