package programs

import (
	"errors"
	"regexp"
	"strings"
)

// Regular expressions of re_format(7): they are put into Go's syntax and matched leftmost-longest. Those with a back
// reference, which Go's can't have, are matched by regexback.go.

type regexFlags struct {
	extended, ignoreCase bool
	gnu                  bool // libregex's additions, which grep has and sed has not
}

// regex is a compiled expression.
type regex struct {
	re     *regexp.Regexp
	back   *backtracker
	groups int
}

// Errors have regerror(3)'s words.
var (
	errParen     = errors.New("parentheses not balanced")
	errBracket   = errors.New("brackets ([ ]) not balanced")
	errBrace     = errors.New("braces not balanced")
	errRepeat    = errors.New("repetition-operator operand invalid")
	errEscape    = errors.New("trailing backslash (\\)")
	errCount     = errors.New("invalid repetition count(s)")
	errRange     = errors.New("invalid character range")
	errClass     = errors.New("invalid character class")
	errReference = errors.New("invalid backreference number")
)

func compileRegex(pattern string, flags regexFlags) (*regex, error) {
	t := &translation{in: pattern, regexFlags: flags}
	if err := t.run(); err != nil {
		return nil, err
	}
	text := t.out.String()
	prefix := "(?s)"
	if flags.ignoreCase {
		prefix = "(?si)"
	}
	if t.references {
		return &regex{back: newBacktracker(text, flags.ignoreCase), groups: t.opened}, nil
	}
	re, err := regexp.Compile(prefix + text)
	if err != nil {
		if strings.Contains(err.Error(), "range") {
			return nil, errRange
		}
		return nil, errRepeat
	}
	re.Longest()
	return &regex{re: re, groups: t.opened}, nil
}

func (r *regex) matches(text string) bool { return r.find(text, 0) != nil }

// find gives the places of the first match at or after a place, and of its groups; nil if there is none.
// A match after the text's beginning isn't at its beginning: ^ doesn't match there.
func (r *regex) find(text string, from int) []int {
	if r.back != nil {
		return r.back.find(text, from)
	}
	if from == 0 {
		return r.re.FindStringSubmatchIndex(text)
	}
	for _, match := range r.re.FindAllStringSubmatchIndex(text, -1) {
		if match[0] >= from {
			return match
		}
	}
	return nil
}

// translation writes a BRE or ERE in Go's syntax.
type translation struct {
	regexFlags
	in  string
	at  int
	out strings.Builder

	opened, depth int
	closed        map[int]bool
	stack         []int
	atom          bool // there is something that can be repeated
	references    bool
}

func (t *translation) run() error {
	t.closed = map[int]bool{}
	for t.at < len(t.in) {
		if err := t.step(); err != nil {
			return err
		}
	}
	if t.depth != 0 {
		return errParen
	}
	return nil
}

func (t *translation) put(text string, atom bool) {
	t.out.WriteString(text)
	t.atom = atom
}

func (t *translation) step() error {
	c := t.in[t.at]
	switch {
	case c == '\\':
		return t.escape()
	case c == '[':
		return t.bracket()
	case c == '.':
		t.put(".", true)
	case c == '^':
		t.caret()
	case c == '$':
		t.dollar()
	case c == '*':
		return t.star()
	case t.extended:
		return t.extendedStep(c)
	default:
		t.literal()
		return nil
	}
	t.at++
	return nil
}

func (t *translation) literal() {
	size := 1
	for t.at+size < len(t.in) && t.in[t.at+size]&0xc0 == 0x80 {
		size++
	}
	t.put(regexp.QuoteMeta(t.in[t.at:t.at+size]), true)
	t.at += size
}

func (t *translation) caret() {
	if t.extended || t.at == 0 || strings.HasSuffix(t.in[:t.at], "\\(") || (t.gnu && strings.HasSuffix(t.in[:t.at], "\\|")) {
		t.put("^", false)
	} else {
		t.put("\\^", true)
	}
}

func (t *translation) dollar() {
	rest := t.in[t.at+1:]
	if t.extended || rest == "" || strings.HasPrefix(rest, "\\)") || (t.gnu && strings.HasPrefix(rest, "\\|")) {
		t.put("$", false)
	} else {
		t.put("\\$", true)
	}
}

func (t *translation) star() error {
	t.at++
	switch {
	case t.atom:
		t.repeat("*")
	case t.extended:
		return errRepeat
	default:
		t.put("\\*", true)
	}
	return nil
}

// repeat writes a repetition; one on another repeats what the other made.
func (t *translation) repeat(operator string) {
	text := t.out.String()
	if text != "" && strings.ContainsRune("*+?}", rune(text[len(text)-1])) && !strings.HasSuffix(text, "\\"+text[len(text)-1:]) {
		if operator == "*" && strings.HasSuffix(text, "*") {
			return
		}
		start := t.atomStart(text)
		t.out.Reset()
		t.out.WriteString(text[:start] + "(?:" + text[start:] + ")")
	}
	t.out.WriteString(operator)
	t.atom = true
}

// atomStart finds where the last repeated atom begins.
func (t *translation) atomStart(text string) int {
	for start := len(text) - 1; start >= 0; start-- {
		if _, err := regexp.Compile(text[start:]); err == nil && (start == 0 || text[start-1] != '\\') {
			return start
		}
	}
	return 0
}

func (t *translation) extendedStep(c byte) error {
	switch c {
	case '(':
		t.open()
		t.at++
	case ')':
		if t.depth == 0 {
			return errParen
		}
		t.shut()
		t.at++
	case '|':
		t.put("|", false)
		t.at++
	case '+', '?':
		if !t.atom {
			return errRepeat
		}
		t.at++
		t.repeat(string(rune(c)))
	case '{':
		if t.at+1 < len(t.in) && t.in[t.at+1] >= '0' && t.in[t.at+1] <= '9' {
			if !t.atom {
				return errRepeat
			}
			t.at++
			return t.interval("}")
		}
		t.literal()
	default:
		t.literal()
	}
	return nil
}

func (t *translation) open() {
	t.opened++
	t.depth++
	t.stack = append(t.stack, t.opened)
	t.put("(", false)
}

func (t *translation) shut() {
	t.depth--
	t.closed[t.stack[len(t.stack)-1]] = true
	t.stack = t.stack[:len(t.stack)-1]
	t.put(")", true)
}
