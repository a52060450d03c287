package pf

import (
	"fmt"
	"strconv"
	"strings"
)

// Text is print_rule of pfctl_parser.c.
func (r *Rule) Text(env Environment) string {
	b := &strings.Builder{}
	r.printAction(b)
	word := func(before, text string) {
		if text != "" {
			b.WriteString(before + text)
		}
	}
	word(" ", r.Direction)
	word(" ", r.Log)
	if r.Quick {
		b.WriteString(" quick")
	}
	if r.Interface != "" {
		b.WriteString(" on ")
		if r.NotInterface {
			b.WriteString("! ")
		}
		b.WriteString(r.Interface)
	}
	word(" ", r.Route)
	switch r.AF {
	case 4:
		b.WriteString(" inet")
	case 6:
		b.WriteString(" inet6")
	}
	word(" proto ", r.Proto)
	r.printEnds(b, env)
	word(" ", r.User)
	word(" flags ", r.Flags)
	word(" ", r.ICMP)
	word(" ", r.stateText())
	for _, text := range append(append([]string{}, r.Rest...), r.Scrub...) {
		word(" ", text)
	}
	if len(r.Pool) > 0 {
		b.WriteString(" -> ")
		r.printPool(b)
	}
	return b.String()
}

func (r *Rule) printAction(b *strings.Builder) {
	action := r.Action
	if r.No {
		action = "no " + action
	}
	if r.IsAnchor {
		action = "anchor"
		if r.Action != "pass" {
			action = r.Action + "-anchor"
		}
		if last := r.Anchor[strings.LastIndexByte(r.Anchor, '/')+1:]; !strings.HasPrefix(last, "_") {
			action += ` "` + r.Anchor + `"`
		}
		b.WriteString(action)
		return
	}
	b.WriteString(action)
	if r.NATPass {
		b.WriteString(" pass")
	}
	if r.Action == "block" {
		b.WriteString(" " + r.Block)
	}
}

func (r *Rule) stateText() string {
	switch {
	case r.State == "no" && r.Action == "pass" && !r.IsAnchor:
		return "no state"
	case r.State == "" || r.State == "no":
		return ""
	case r.StateOptions != "":
		return r.State + " state (" + r.StateOptions + ")"
	}
	return r.State + " state"
}

func (e *End) any() bool { return e.Addr.Kind == "" && !e.Not && e.Op == "" }

func (r *Rule) printEnds(b *strings.Builder, env Environment) {
	if r.From.any() && r.To.any() {
		b.WriteString(" all")
		return
	}
	b.WriteString(" from ")
	r.From.print(b, r.Proto, env)
	b.WriteString(" to ")
	r.To.print(b, r.Proto, env)
}

func (e *End) print(b *strings.Builder, proto string, env Environment) {
	if e.Not {
		b.WriteString("! ")
	}
	b.WriteString(e.Addr.Text())
	if e.Op == "" {
		return
	}
	first, second := strconv.Itoa(e.Port[0]), strconv.Itoa(e.Port[1])
	if env != nil && (e.Op == "=" || e.Op == "!=") {
		if name := env.Service(e.Port[0], proto); name != "" {
			first = name
		}
	}
	switch e.Op {
	case ":":
		fmt.Fprintf(b, " port %s:%s", first, second)
	case "><", "<>":
		fmt.Fprintf(b, " port %s %s %s", first, e.Op, second)
	default:
		fmt.Fprintf(b, " port %s %s", e.Op, first)
	}
}

// Text is print_addr.
func (a Addr) Text() string {
	switch a.Kind {
	case "":
		return "any"
	case "prefix":
		if a.Prefix.Bits() == a.Prefix.Addr().BitLen() {
			return a.Prefix.Addr().String()
		}
		return a.Prefix.String()
	case "dynamic":
		return "(" + a.Name + ")"
	case "table":
		return "<" + a.Name + ">"
	}
	return a.Kind
}

// printPool is print_pool.
func (r *Rule) printPool(b *strings.Builder) {
	var names []string
	for _, a := range r.Pool {
		names = append(names, a.Text())
	}
	if len(names) > 1 {
		b.WriteString("{ " + strings.Join(names, ", ") + " }")
	} else {
		b.WriteString(names[0])
	}
	if p := r.PoolPort; p[0] != 0 {
		fmt.Fprintf(b, " port %d", p[0])
		if p[1] != 0 && p[1] != p[0] {
			fmt.Fprintf(b, ":%d", p[1])
		}
	}
	if r.PoolType != "" {
		b.WriteString(" " + r.PoolType)
	}
	if r.Sticky {
		b.WriteString(" sticky-address")
	}
	if r.StaticPort {
		b.WriteString(" static-port")
	}
}

// Text is how pfctl -v shows a table's definition.
func (t *Table) Text() string {
	text := "table <" + t.Name + ">"
	for _, o := range t.Options {
		text += " " + o
	}
	if !t.Defined {
		return text
	}
	text += " {"
	for _, e := range t.Prefixes {
		text += " " + e.Text()
	}
	return text + " }"
}

// Text is an entry as it prints.
func (e Entry) Text() string {
	text := Addr{Kind: "prefix", Prefix: e.Prefix}.Text()
	if e.Not {
		return "!" + text
	}
	return text
}
