package pf

import (
	"net/netip"
	"sort"
)

// Table finds a table by name; nil if there is none.
func (s *Ruleset) Table(name string) *Table {
	for i := range s.Tables {
		if s.Tables[i].Name == name {
			return &s.Tables[i]
		}
	}
	return nil
}

// Define makes a table, or gives one that is there what it is said to have.
func (s *Ruleset) Define(t Table) *Table {
	old := s.Table(t.Name)
	if old == nil {
		s.Tables = append(s.Tables, t)
		return &s.Tables[len(s.Tables)-1]
	}
	old.Options = t.Options
	if t.Defined {
		old.Prefixes = t.Prefixes
	}
	return old
}

// Drop takes a table away.
func (s *Ruleset) Drop(name string) {
	for i := range s.Tables {
		if s.Tables[i].Name == name {
			s.Tables = append(s.Tables[:i:i], s.Tables[i+1:]...)
			return
		}
	}
}

// Do is pfctl -T: how many entries changed, and how many of those asked for are in the table.
func (t *Table) Do(command string, entries []Entry) (changed, matched int) {
	switch command {
	case "add":
		return t.add(entries), 0
	case "delete":
		for _, e := range entries {
			if at := t.index(e.Prefix); at >= 0 {
				t.Prefixes = append(t.Prefixes[:at:at], t.Prefixes[at+1:]...)
				changed++
			}
		}
	case "replace":
		before := t.Prefixes
		t.Prefixes = nil
		t.add(entries)
		for _, e := range t.Prefixes {
			if (&Table{Prefixes: before}).index(e.Prefix) < 0 {
				changed++
			}
		}
		for _, e := range before {
			if t.index(e.Prefix) < 0 {
				changed++
			}
		}
	case "flush", "kill":
		changed = len(t.Prefixes)
		t.Prefixes = nil
	case "test":
		for _, e := range entries {
			if t.holds(e.Prefix) {
				matched++
			}
		}
	}
	return changed, matched
}

func (t *Table) index(p netip.Prefix) int {
	for i, e := range t.Prefixes {
		if e.Prefix == p {
			return i
		}
	}
	return -1
}

func (t *Table) add(entries []Entry) (added int) {
	for _, e := range entries {
		if t.index(e.Prefix) < 0 {
			t.Prefixes = append(t.Prefixes, e)
			added++
		}
	}
	sort.SliceStable(t.Prefixes, func(i, j int) bool { return t.Prefixes[i].Prefix.Addr().Less(t.Prefixes[j].Prefix.Addr()) })
	return added
}

func (t *Table) holds(p netip.Prefix) bool {
	best, found := -1, false
	for _, e := range t.Prefixes {
		if e.Prefix.Bits() <= p.Bits() && e.Prefix.Contains(p.Addr()) && e.Prefix.Bits() > best {
			best, found = e.Prefix.Bits(), !e.Not
		}
	}
	return found
}
