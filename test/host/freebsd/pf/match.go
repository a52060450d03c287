package pf

import (
	"net/netip"
	"strings"
)

// Packet is the first packet of a connection.
type Packet struct {
	Direction string // "in", "out"
	Interface string
	Groups    []string // of the interface
	Proto     string
	From, To  netip.AddrPort
}

// State is what a packet filter holds.
type State interface {
	// Ruleset is an anchor's, or nil; "" is the main one.
	Ruleset(path string) *Ruleset
	// Children are the paths one level below an anchor.
	Children(path string) []string
	// Addresses are an interface's now.
	Addresses(name string) []netip.Prefix
}

// Verdict says what becomes of a packet.
type Verdict struct {
	Pass bool
	To   netip.AddrPort // where it goes after translation
}

// Judge follows pf_test(): translation first, then the last filter rule that matches, or the first with quick.
func Judge(s State, pkt Packet) Verdict {
	to, passed := translate(s, "", pkt)
	pkt.To = to
	v := Verdict{Pass: true, To: to}
	if passed {
		return v
	}
	f := &filtering{s: s, pkt: pkt, pass: true}
	f.walk("", 0)
	v.Pass = f.pass
	return v
}

// translate is pf_get_translation for what comes in: rdr, and binat from outside.
func translate(s State, path string, pkt Packet) (to netip.AddrPort, pass bool) {
	if pkt.Direction != "in" {
		return pkt.To, false
	}
	for _, kind := range []string{"rdr", "binat"} {
		if r := firstMatch(s, path, kind, pkt, 0); r != nil {
			if r.No {
				return pkt.To, false
			}
			return r.redirect(s, pkt), r.NATPass
		}
	}
	return pkt.To, false
}

func firstMatch(s State, path, kind string, pkt Packet, depth int) *Rule {
	set := s.Ruleset(path)
	if set == nil || depth > 32 {
		return nil
	}
	rules := *set.list(kind)
	for i := range rules {
		r := &rules[i]
		if r.IsAnchor {
			if !r.matches(s, pkt) {
				continue
			}
			for _, inner := range called(s, path, r.Anchor) {
				if found := firstMatch(s, inner, kind, pkt, depth+1); found != nil {
					return found
				}
			}
			continue
		}
		if kind == "binat" && r.binatMatches(s, pkt) || kind != "binat" && r.matches(s, pkt) {
			return r
		}
	}
	return nil
}

// called are the anchors that a call leads to: "jails/*" is all below jails.
func called(s State, path, anchor string) []string {
	if strings.HasPrefix(anchor, "/") {
		path, anchor = "", strings.TrimPrefix(anchor, "/")
	}
	full := strings.TrimPrefix(path+"/"+anchor, "/")
	if full == "*" {
		return s.Children("")
	}
	if strings.HasSuffix(full, "/*") {
		return s.Children(strings.TrimSuffix(full, "/*"))
	}
	return []string{full}
}

// binatMatches looks at a rule from outside: its own address is the pool's.
func (r *Rule) binatMatches(s State, pkt Packet) bool {
	if r.No || len(r.Pool) == 0 {
		return false
	}
	outside := *r
	outside.From, outside.To = r.To, End{Addr: r.Pool[0]}
	return outside.matches(s, pkt)
}

func (r *Rule) redirect(s State, pkt Packet) netip.AddrPort {
	if r.Action == "binat" {
		return netip.AddrPortFrom(r.From.Addr.Prefix.Addr(), pkt.To.Port())
	}
	ip := pkt.To.Addr()
	switch pool := r.Pool[0]; pool.Kind {
	case "prefix":
		ip = pool.Prefix.Addr()
	case "dynamic":
		name, _, _ := strings.Cut(pool.Name, ":")
		for _, own := range s.Addresses(name) {
			if own.Addr().Is4() == ip.Is4() {
				ip = own.Addr()
				break
			}
		}
	}
	port := pkt.To.Port()
	if r.PoolPort[0] != 0 {
		shift := 0
		if r.PoolPort[1] != 0 && r.To.Op == ":" {
			shift = int(port) - r.To.Port[0]
		}
		port = uint16(r.PoolPort[0] + shift)
	}
	return netip.AddrPortFrom(ip, port)
}

type filtering struct {
	s    State
	pkt  Packet
	pass bool
}

// walk goes through an anchor's filter rules. true: a quick rule has ended it.
func (f *filtering) walk(path string, depth int) bool {
	set := f.s.Ruleset(path)
	if set == nil || depth > 32 {
		return false
	}
	for i := range set.Filter {
		r := &set.Filter[i]
		if !r.matches(f.s, f.pkt) {
			continue
		}
		if r.IsAnchor {
			for _, inner := range called(f.s, path, r.Anchor) {
				if f.walk(inner, depth+1) {
					return true
				}
			}
			if r.Quick {
				return true
			}
			continue
		}
		if r.Action != "match" {
			f.pass = r.Action == "pass"
		}
		if r.Quick {
			return true
		}
	}
	return false
}

func (r *Rule) matches(s State, pkt Packet) bool {
	family := 6
	if pkt.To.Addr().Is4() {
		family = 4
	}
	switch {
	case r.Direction != "" && r.Direction != pkt.Direction,
		r.AF != 0 && r.AF != family,
		r.Proto != "" && r.Proto != pkt.Proto,
		r.Interface != "" && onInterface(r.Interface, pkt) == r.NotInterface,
		!strings.HasPrefix(r.Flags, "S/") && r.Flags != "" && r.Flags != "any" && pkt.Proto == "tcp":
		return false
	}
	return r.From.matches(s, pkt.From) && r.To.matches(s, pkt.To)
}

func onInterface(name string, pkt Packet) bool {
	return name == pkt.Interface || inWords(pkt.Groups, name)
}

func (e *End) matches(s State, at netip.AddrPort) bool {
	return e.Addr.contains(s, at.Addr()) != e.Not && e.portMatches(int(at.Port()))
}

func (e *End) portMatches(n int) bool {
	a, b := e.Port[0], e.Port[1]
	switch e.Op {
	case "=":
		return n == a
	case "!=":
		return n != a
	case "<":
		return n < a
	case "<=":
		return n <= a
	case ">":
		return n > a
	case ">=":
		return n >= a
	case ":":
		return n >= a && n <= b
	case "><":
		return n > a && n < b
	case "<>":
		return n < a || n > b
	}
	return true
}

func (a Addr) contains(s State, ip netip.Addr) bool {
	switch a.Kind {
	case "":
		return true
	case "prefix":
		return a.Prefix.Contains(ip)
	case "dynamic":
		name, modifiers, _ := strings.Cut(a.Name, ":")
		for _, own := range s.Addresses(name) {
			if own.Addr() == ip || strings.Contains(modifiers, "network") && own.Masked().Contains(ip) {
				return true
			}
		}
	case "table":
		return inTable(s, a.Name, ip)
	}
	return false
}

// inTable looks for the narrowest network that has an address.
func inTable(s State, name string, ip netip.Addr) bool {
	set := s.Ruleset("")
	best, found := -1, false
	for _, t := range set.Tables {
		if t.Name != name {
			continue
		}
		for _, e := range t.Prefixes {
			if e.Prefix.Contains(ip) && e.Prefix.Bits() > best {
				best, found = e.Prefix.Bits(), !e.Not
			}
		}
	}
	return found
}
