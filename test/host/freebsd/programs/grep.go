package programs

import (
	"strconv"
	"strings"
)

// grep(1), usr.bin/grep. Expressions are libregex's, with GNU's additions, as FreeBSD's grep has them; -P is refused.
func init() { Register(grep, "grep", "egrep", "fgrep", "zgrep") }

const grepUsage = `usage: grep [-abcDEFGHhIiLlmnOoPqRSsUVvwxz] [-A num] [-B num] [-C num]
	[-e pattern] [-f file] [--binary-files=value] [--color=when]
	[--context=num] [--directories=action] [--label] [--line-buffered]
	[--null] [pattern] [file ...]
`

type grepping struct {
	p *Process

	extended, fixed, ignoreCase, invert, word, whole        bool
	count, listMatching, listOther, numbers, quiet, silent  bool
	onlyMatching, recursive, withName, noName, null, offset bool
	binaryText, binaryNone, zero                            bool
	after, before                                           int
	most                                                    int
	label                                                   string
	patterns                                                []string
	include, exclude, excludeDir                            []string

	given   bool
	regexes []*regex
	matched bool
	failed  bool
}

var grepLong = []longOption{
	{"after-context", 'A', true}, {"before-context", 'B', true}, {"context", 'C', true}, {"regexp", 'e', true},
	{"file", 'f', true}, {"binary-files", 'X', true}, {"color", 'Y', false}, {"colour", 'Y', false}, {"label", 'L' + 128, true},
	{"count", 'c', false}, {"extended-regexp", 'E', false}, {"fixed-strings", 'F', false}, {"basic-regexp", 'G', false},
	{"no-filename", 'h', false}, {"with-filename", 'H', false}, {"ignore-case", 'i', false}, {"files-with-matches", 'l', false},
	{"files-without-match", 'L', false}, {"max-count", 'm', true}, {"line-number", 'n', false}, {"only-matching", 'o', false},
	{"quiet", 'q', false}, {"silent", 'q', false}, {"recursive", 'r', false}, {"no-messages", 's', false}, {"text", 'a', false},
	{"invert-match", 'v', false}, {"version", 'V', false}, {"word-regexp", 'w', false}, {"line-regexp", 'x', false},
	{"null", 'N', false}, {"null-data", 'z', false}, {"line-buffered", 'u', false}, {"byte-offset", 'b', false},
	{"include", 'I' + 128, true}, {"exclude", 'E' + 128, true}, {"exclude-dir", 'D' + 128, true}, {"include-dir", 'Q' + 128, true},
	{"directories", 'd', true}, {"devices", 'D', true},
}

func grep(p *Process) int {
	g := &grepping{p: p, most: -1, extended: p.Name == "egrep", fixed: p.Name == "fgrep"}
	errors := p.Stderr
	p.Stderr = nil // grep says no more than its usage
	opts, args, ok := p.longOptions("0123456789A:B:C:D:EFGHILOSRUVabcd:e:f:hilm:nopqrsuvwxyz", grepLong)
	p.Stderr = errors
	if !ok {
		return p.Usage(2, grepUsage)
	}
	for _, o := range opts {
		if status := g.take(o); status >= 0 {
			return status
		}
	}
	if !g.given {
		if len(args) == 0 {
			return p.Usage(2, grepUsage)
		}
		g.patterns, args = append(g.patterns, strings.Split(args[0], "\n")...), args[1:]
	}
	if err := g.compile(); err != nil {
		return p.Errx(2, "%s", err)
	}
	g.files(args)
	switch {
	case g.matched && (g.quiet || !g.failed):
		return 0
	case g.failed:
		return 2
	}
	return 1
}

func (g *grepping) take(o Option) int {
	number := func(to *int) int {
		n, err := strconv.Atoi(o.Value)
		if err != nil || n < 0 {
			return g.p.Errx(2, "Invalid argument")
		}
		*to = n
		return -1
	}
	switch o.Letter {
	case 'A':
		return number(&g.after)
	case 'B':
		return number(&g.before)
	case 'C':
		g.before = 0
		status := number(&g.after)
		g.before = g.after
		return status
	case 'm':
		return number(&g.most)
	case 'e':
		g.given, g.patterns = true, append(g.patterns, strings.Split(o.Value, "\n")...)
	case 'f':
		g.given = true
		text, err := readScript(g.p, o.Value)
		if err != nil {
			return g.p.Err(2, err, "%s", o.Value)
		}
		if text != "" {
			g.patterns = append(g.patterns, strings.Split(text, "\n")...)
		}
	case 'V':
		g.p.Printf("%s (BSD grep, GNU compatible) 2.6.0-FreeBSD\n", g.p.Name)
		return 0
	case 'X':
		g.binaryText, g.binaryNone = o.Value == "text", o.Value == "without-match"
	case 'L' + 128:
		g.label = o.Value
	case 'I' + 128:
		g.include = append(g.include, o.Value)
	case 'E' + 128:
		g.exclude = append(g.exclude, o.Value)
	case 'D' + 128:
		g.excludeDir = append(g.excludeDir, o.Value)
	case 'd':
		g.recursive = g.recursive || o.Value == "recurse"
	default:
		g.flag(o.Letter)
	}
	return -1
}

func (g *grepping) flag(letter byte) {
	switch letter {
	case 'E':
		g.extended, g.fixed = true, false
	case 'F':
		g.fixed, g.extended = true, false
	case 'G':
		g.fixed, g.extended = false, false
	case 'H':
		g.withName, g.noName = true, false
	case 'h':
		g.noName, g.withName = true, false
	case 'I':
		g.binaryNone = true
	case 'a':
		g.binaryText = true
	case 'b':
		g.offset = true
	case 'c':
		g.count = true
	case 'i', 'y':
		g.ignoreCase = true
	case 'L':
		g.listOther = true
	case 'l':
		g.listMatching = true
	case 'N':
		g.null = true
	case 'n':
		g.numbers = true
	case 'o':
		g.onlyMatching = true
	case 'q':
		g.quiet = true
	case 'R', 'r':
		g.recursive = true
	case 's':
		g.silent = true
	case 'v':
		g.invert = true
	case 'w':
		g.word = true
	case 'x':
		g.whole = true
	case 'z':
		g.zero = true
	}
}

func (g *grepping) compile() error {
	for _, pattern := range g.patterns {
		text := pattern
		if g.fixed {
			text = literalPattern(pattern)
		}
		if g.whole {
			text = map[bool]string{true: "^(" + text + ")$", false: "^\\(" + text + "\\)$"}[g.extended]
			if pattern == "" {
				text = "^$"
			}
		}
		re, err := compileRegex(text, regexFlags{extended: g.extended, ignoreCase: g.ignoreCase, gnu: true})
		if err != nil {
			return err
		}
		g.regexes = append(g.regexes, re)
	}
	return nil
}

// literalPattern is a basic expression that matches a text as it is.
func literalPattern(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if strings.IndexByte(`\.[]*^$`, text[i]) >= 0 {
			out.WriteByte('\\')
		}
		out.WriteByte(text[i])
	}
	return out.String()
}
