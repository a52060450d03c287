package kernel

import (
	"net/netip"
	"strings"
	"syscall"

	"standin/pf"
)

func pfTables(k *Kernel, c *Call, req PFAnchor) ([]pf.Table, error) {
	if err := k.pfReady(c); err != nil {
		return nil, err
	}
	if set := k.network.pf.sets[req.Path]; set != nil {
		return set.Tables, nil
	}
	return []pf.Table{}, nil
}

// PFTable is what pfctl -T does with a table.
type PFTable struct {
	Path, Name, Command string
	Entries             []pf.Entry
}

// PFTableReply counts: changed of how many, and whether the table was made.
type PFTableReply struct {
	Changed, Matched int
	Created          bool
	Table            pf.Table
}

func pfTable(k *Kernel, c *Call, req PFTable) (PFTableReply, error) {
	if err := k.pfReady(c); err != nil {
		return PFTableReply{}, err
	}
	f := &k.network.pf
	set := f.sets[req.Path]
	if set == nil {
		set = &pf.Ruleset{}
		f.sets[req.Path] = set
	}
	reply := PFTableReply{}
	t := set.Table(req.Name)
	if t == nil {
		if req.Command != "add" && req.Command != "replace" {
			return reply, syscall.ESRCH
		}
		t = set.Define(pf.Table{Name: req.Name, Options: []string{"persist"}})
		reply.Created = true
	}
	reply.Changed, reply.Matched = t.Do(req.Command, req.Entries)
	reply.Table = *t
	if req.Command == "kill" {
		set.Drop(req.Name)
		f.prune()
	}
	return reply, nil
}

// filterState lets rules look at the machine.
type filterState struct{ k *Kernel }

func (s filterState) Ruleset(path string) *pf.Ruleset { return s.k.network.pf.sets[path] }

func (s filterState) Children(path string) (list []string) {
	for _, p := range s.k.network.pf.paths() {
		rest := strings.TrimPrefix(p, path+"/")
		if path == "" {
			rest = p
		}
		if (path == "" || rest != p) && !strings.Contains(rest, "/") {
			list = append(list, p)
		}
	}
	return list
}

func (s filterState) Addresses(name string) (list []netip.Prefix) {
	for _, ifp := range s.k.network.host.interfaces {
		if ifp.Name == name || contains(ifp.Groups, name) {
			for _, a := range ifp.Addresses {
				list = append(list, netip.PrefixFrom(a.IP, a.Bits))
			}
		}
	}
	return list
}

// PFConnection is a new TCP connection that comes in over the machine's network card.
type PFConnection struct{ From, To netip.AddrPort }

// pfAllows answers whether a connection reaches where it wants to: translation first, then the filter.
func pfAllows(k *Kernel, _ *Call, req PFConnection) (bool, error) {
	return k.tcpAllowed(req.From, req.To), nil
}

// TCPAllowed is pfAllows for the machine's own relay.
func (k *Kernel) TCPAllowed(from, to netip.AddrPort) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.tcpAllowed(from, to)
}

func (k *Kernel) tcpAllowed(from, to netip.AddrPort) bool {
	f := &k.network.pf
	const card = "vtnet0"
	if ifp := k.network.host.named(card); ifp == nil || ifp.Flags&IfUp == 0 || ifp.find(to.Addr()) < 0 {
		return false
	}
	if !f.enabled || contains(f.skip, card) {
		return true
	}
	v := pf.Judge(filterState{k}, pf.Packet{Direction: "in", Interface: card, Proto: "tcp", From: from, To: to})
	return v.Pass && v.To == to
}
