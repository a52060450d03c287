// Package pf has pf.conf(5): its grammar, how pfctl(8) prints rules, and what rules do with a packet. It follows
// sbin/pfctl/parse.y, pfctl_parser.c and sys/netpfil/pf/pf.c.
package pf

import "net/netip"

// Rule is one rule after expansion (struct pf_rule).
type Rule struct {
	Action       string `json:",omitempty"` // pass block match scrub nat rdr binat; of an anchor: what it is for
	No           bool   `json:",omitempty"` // "no nat"
	IsAnchor     bool   `json:",omitempty"`
	Anchor       string `json:",omitempty"` // "jails/*"
	NATPass      bool   `json:",omitempty"`
	Block        string `json:",omitempty"` // drop, return, return-rst, return-icmp(...)
	Direction    string `json:",omitempty"`
	Log          string `json:",omitempty"` // "log", "log (all)"
	Quick        bool   `json:",omitempty"`
	Interface    string `json:",omitempty"`
	NotInterface bool   `json:",omitempty"`
	Route        string `json:",omitempty"` // "route-to (em0 10.0.0.1)"
	AF           int    `json:",omitempty"` // 4, 6
	Proto        string `json:",omitempty"`
	From, To     End
	User         string   `json:",omitempty"`
	Flags        string   `json:",omitempty"` // "S/SA", "any"
	ICMP         string   `json:",omitempty"`
	State        string   `json:",omitempty"` // keep, modulate, synproxy, no
	StateOptions string   `json:",omitempty"`
	Rest         []string `json:",omitempty"` // further options as they print
	Pool         []Addr   `json:",omitempty"`
	PoolPort     [2]int
	PoolStar     bool     `json:",omitempty"`
	PoolType     string   `json:",omitempty"`
	Sticky       bool     `json:",omitempty"`
	StaticPort   bool     `json:",omitempty"`
	Scrub        []string `json:",omitempty"`
	PID          int      `json:",omitempty"` // who loaded it
}

// End is the source or destination of a rule.
type End struct {
	Addr Addr
	Not  bool   `json:",omitempty"`
	Op   string `json:",omitempty"` // = != < <= > >= >< <> :
	Port [2]int
}

// Addr is an address of a rule. The zero value is any.
type Addr struct {
	Kind   string `json:",omitempty"` // "" (any), prefix, dynamic, table, no-route, urpf-failed
	Name   string `json:",omitempty"` // of an interface with its modifiers, or of a table
	Prefix netip.Prefix
}

// Table is a set of addresses.
type Table struct {
	Name     string
	Options  []string `json:",omitempty"` // const, persist, counters
	Prefixes []Entry  `json:",omitempty"`
	Defined  bool     `json:",omitempty"` // it says what is in it
}

// Entry is one address or network of a table.
type Entry struct {
	Prefix netip.Prefix
	Not    bool `json:",omitempty"`
}

// Ruleset is what one anchor holds; the main one has no name.
type Ruleset struct {
	Scrub, NAT, RDR, Binat, Filter []Rule
	Tables                         []Table
}

// Lists are the rules of a set, by kind.
func (s *Ruleset) list(kind string) *[]Rule {
	switch kind {
	case "scrub":
		return &s.Scrub
	case "nat":
		return &s.NAT
	case "rdr":
		return &s.RDR
	case "binat":
		return &s.Binat
	}
	return &s.Filter
}

// Add puts a rule where it belongs.
func (s *Ruleset) Add(r Rule) {
	l := s.list(r.Action)
	*l = append(*l, r)
}

// Empty says whether nothing is in it.
func (s *Ruleset) Empty() bool {
	return len(s.Scrub)+len(s.NAT)+len(s.RDR)+len(s.Binat)+len(s.Filter)+len(s.Tables) == 0
}

// Environment is what the meaning of a rule depends on when it is loaded.
type Environment interface {
	// Addresses are those of an interface or a group of them, with their networks.
	Addresses(name string) []netip.Prefix
	// Port is a service's number, Service a port's name ("" if it has none).
	Port(name, proto string) (int, bool)
	Service(port int, proto string) string
}
