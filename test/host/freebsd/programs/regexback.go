package programs

import (
	"regexp/syntax"
	"strings"
)

// backtracker matches an expression with back references: each alternative is tried, the longest match is kept.
type backtracker struct {
	node       *syntax.Regexp
	references map[rune]int
	fold       bool
	text       string
	groups     []int
}

// A back reference is hidden from Go's parser as a private character.
const firstReference = '\U000F0000'

func newBacktracker(pattern string, fold bool) *backtracker {
	var out strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] == '\\' && i+1 < len(pattern) {
			i++
			if c := pattern[i]; c >= '1' && c <= '9' {
				out.WriteRune(firstReference + rune(c-'0'))
			} else {
				out.WriteByte('\\')
				out.WriteByte(c)
			}
			continue
		}
		out.WriteByte(pattern[i])
	}
	node, err := syntax.Parse("(?s)"+out.String(), syntax.Perl)
	if err != nil {
		node, _ = syntax.Parse("$^", syntax.Perl)
	}
	return &backtracker{node: node, fold: fold}
}

func (b *backtracker) find(text string, from int) []int {
	b.text = text
	for start := from; start <= len(text); start++ {
		b.groups = make([]int, 2*(b.node.MaxCap()+1))
		for i := range b.groups {
			b.groups[i] = -1
		}
		var best []int
		b.match(b.node, start, func(end int) bool {
			if best == nil || end > best[1] {
				best = append([]int{}, b.groups...)
				best[0], best[1] = start, end
			}
			return false
		})
		if best != nil {
			return best
		}
	}
	return nil
}

// match calls then for every place where the node can end; it stops when then says so.
func (b *backtracker) match(n *syntax.Regexp, at int, then func(int) bool) bool {
	switch n.Op {
	case syntax.OpEmptyMatch:
		return then(at)
	case syntax.OpLiteral:
		return b.literal(n.Rune, at, then)
	case syntax.OpCharClass:
		return at < len(b.text) && inClass(n.Rune, b.char(at)) && then(at+b.size(at))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return at < len(b.text) && then(at+b.size(at))
	case syntax.OpBeginText, syntax.OpBeginLine:
		return at == 0 && then(at)
	case syntax.OpEndText, syntax.OpEndLine:
		return at == len(b.text) && then(at)
	case syntax.OpCapture:
		return b.capture(n, at, then)
	case syntax.OpConcat:
		return b.sequence(n.Sub, at, then)
	case syntax.OpAlternate:
		for _, sub := range n.Sub {
			if b.match(sub, at, then) {
				return true
			}
		}
		return false
	case syntax.OpStar:
		return b.repeat(n.Sub[0], 0, -1, at, then)
	case syntax.OpPlus:
		return b.repeat(n.Sub[0], 1, -1, at, then)
	case syntax.OpQuest:
		return b.repeat(n.Sub[0], 0, 1, at, then)
	case syntax.OpRepeat:
		return b.repeat(n.Sub[0], n.Min, n.Max, at, then)
	}
	return false
}

func (b *backtracker) char(at int) rune {
	for _, r := range b.text[at:] {
		return r
	}
	return 0
}

func (b *backtracker) size(at int) int {
	for i := range b.text[at:] {
		if i > 0 {
			return i
		}
	}
	return len(b.text) - at
}

func inClass(ranges []rune, r rune) bool {
	for i := 0; i+1 < len(ranges); i += 2 {
		if r >= ranges[i] && r <= ranges[i+1] {
			return true
		}
	}
	return false
}

func (b *backtracker) literal(runes []rune, at int, then func(int) bool) bool {
	for _, r := range runes {
		want := string(r)
		if r > firstReference && r <= firstReference+9 {
			group := int(r - firstReference)
			if b.groups[2*group] < 0 {
				return false
			}
			want = b.text[b.groups[2*group]:b.groups[2*group+1]]
		}
		if at+len(want) > len(b.text) {
			return false
		}
		has := b.text[at : at+len(want)]
		if has != want && !(b.fold && strings.EqualFold(has, want)) {
			return false
		}
		at += len(want)
	}
	return then(at)
}

func (b *backtracker) capture(n *syntax.Regexp, at int, then func(int) bool) bool {
	from, to := b.groups[2*n.Cap], b.groups[2*n.Cap+1]
	done := b.match(n.Sub[0], at, func(end int) bool {
		oldFrom, oldTo := b.groups[2*n.Cap], b.groups[2*n.Cap+1]
		b.groups[2*n.Cap], b.groups[2*n.Cap+1] = at, end
		if then(end) {
			return true
		}
		b.groups[2*n.Cap], b.groups[2*n.Cap+1] = oldFrom, oldTo
		return false
	})
	if !done {
		b.groups[2*n.Cap], b.groups[2*n.Cap+1] = from, to
	}
	return done
}

func (b *backtracker) sequence(subs []*syntax.Regexp, at int, then func(int) bool) bool {
	if len(subs) == 0 {
		return then(at)
	}
	return b.match(subs[0], at, func(end int) bool { return b.sequence(subs[1:], end, then) })
}

func (b *backtracker) repeat(sub *syntax.Regexp, low, high, at int, then func(int) bool) bool {
	if high != 0 {
		more := func(end int) bool {
			if end == at && low <= 0 {
				return false
			}
			return b.repeat(sub, low-1, high-1, end, then)
		}
		if b.match(sub, at, more) {
			return true
		}
	}
	return low <= 0 && then(at)
}
