package programs

import "testing"

func TestExpressionsMatchAsPOSIXHasIt(t *testing.T) {
	for _, c := range []struct {
		pattern, text, match string
		flags                regexFlags
	}{
		{`a*b`, "xaab", "aab", regexFlags{}},
		{`\(a\|b\)`, "(a|b)", "a|b", regexFlags{}}, // without GNU's additions \| is a bar
		{`\(a\|b\)`, "b", "b", regexFlags{gnu: true}},
		{`a|ab|abc`, "abcd", "abc", regexFlags{extended: true}}, // the longest, not the first
		{`[]x]*`, "]x]y", "]x]", regexFlags{}},
		{`[^]x]`, "]xy", "y", regexFlags{}},
		{`^*a`, "*a", "*a", regexFlags{}},
		{`\(.\)\1`, "abccd", "cc", regexFlags{}},
		{`a\{2,3\}`, "aaaa", "aaa", regexFlags{}},
		{`[[:digit:]]+`, "ab12c", "12", regexFlags{extended: true}},
		{`x$y`, "x$y", "x$y", regexFlags{}},
		{`\<b`, "ab b", "b", regexFlags{}},
		{`ab`, "xAB", "AB", regexFlags{ignoreCase: true}},
	} {
		re, err := compileRegex(c.pattern, c.flags)
		if err != nil {
			t.Errorf("%q: %v", c.pattern, err)
			continue
		}
		found := re.find(c.text, 0)
		if found == nil || c.text[found[0]:found[1]] != c.match {
			t.Errorf("%q in %q: %v, want %q", c.pattern, c.text, found, c.match)
		}
	}
}

func TestWrongExpressionsAreRefusedInRegerrorsWords(t *testing.T) {
	for pattern, want := range map[string]error{
		`\(a`: errParen, `a\)`: errParen, `[a`: errBracket, `a\{1`: errBrace, `a\{2,1\}`: errCount, `a\`: errEscape,
		`\w`: errEscape, `\(a\)\2`: errReference, `[[:nosuch:]]`: errClass,
	} {
		if _, err := compileRegex(pattern, regexFlags{}); err != want {
			t.Errorf("%q: %v, want %v", pattern, err, want)
		}
	}
}
