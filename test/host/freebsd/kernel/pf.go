package kernel

import (
	"net/netip"
	"sort"
	"strings"
	"syscall"
	"time"

	"standin/pf"
)

// packetFilter is pf(4): whether it runs, and what is loaded, by path of the anchor.
type packetFilter struct {
	enabled bool
	since   time.Time
	sets    map[string]*pf.Ruleset
	skip    []string
}

func init() {
	Handle("pf.status", pfStatus)
	Handle("pf.enable", pfEnable)
	Handle("pf.load", pfLoad)
	Handle("pf.rules", pfRules)
	Handle("pf.flush", pfFlush)
	Handle("pf.anchors", pfAnchors)
	Handle("pf.tables", pfTables)
	Handle("pf.table", pfTable)
	Handle("pf.allows", pfAllows)
}

// PFStatus is what pfctl -s info begins with.
type PFStatus struct {
	Enabled bool
	Seconds int64
}

// pfReady refuses who can't open /dev/pf.
func (k *Kernel) pfReady(c *Call) error {
	if !k.hasModule("pf") || c.Jail != nil {
		return syscall.ENOENT
	}
	if k.network.pf.sets == nil {
		k.network.pf.sets = map[string]*pf.Ruleset{"": {}}
	}
	return nil
}

func pfStatus(k *Kernel, c *Call, _ None) (PFStatus, error) {
	if err := k.pfReady(c); err != nil {
		return PFStatus{}, err
	}
	f := &k.network.pf
	s := PFStatus{Enabled: f.enabled}
	if f.enabled {
		s.Seconds = int64(time.Since(f.since) / time.Second)
	}
	return s, nil
}

func pfEnable(k *Kernel, c *Call, on bool) (None, error) {
	if err := k.pfReady(c); err != nil {
		return None{}, err
	}
	f := &k.network.pf
	switch {
	case on && f.enabled:
		return None{}, syscall.EEXIST
	case !on && !f.enabled:
		return None{}, syscall.ENOENT
	}
	f.enabled, f.since = on, time.Now()
	return None{}, nil
}

// PFLoad is a transaction: what is in it replaces what was there. NAT and Filter say which kinds.
type PFLoad struct {
	Anchor      string
	NAT, Filter bool
	Main        pf.Ruleset
	Inside      map[string]*pf.Ruleset
	Skip        []string
	HasSkip     bool
	PID         int
}

func pfLoad(k *Kernel, c *Call, req PFLoad) (None, error) {
	if err := k.pfReady(c); err != nil {
		return None{}, err
	}
	f := &k.network.pf
	f.replace(req.Anchor, &req.Main, req)
	for path, set := range req.Inside {
		f.replace(strings.Trim(req.Anchor+"/"+path, "/"), set, req)
	}
	if req.HasSkip || req.Anchor == "" {
		f.skip = req.Skip
	}
	f.prune()
	return None{}, nil
}

func (f *packetFilter) replace(path string, with *pf.Ruleset, req PFLoad) {
	set := f.sets[path]
	if set == nil {
		set = &pf.Ruleset{}
		f.sets[path] = set
	}
	for _, list := range [][]pf.Rule{with.Scrub, with.NAT, with.RDR, with.Binat, with.Filter} {
		for i := range list {
			list[i].PID = req.PID
		}
	}
	if req.NAT {
		set.NAT, set.RDR, set.Binat = with.NAT, with.RDR, with.Binat
	}
	if req.Filter {
		set.Scrub, set.Filter = with.Scrub, with.Filter
	}
	for _, t := range with.Tables {
		set.Define(t)
	}
}

// prune forgets anchors that hold nothing.
func (f *packetFilter) prune() {
	for path, set := range f.sets {
		if path != "" && set.Empty() {
			delete(f.sets, path)
		}
	}
}

// exists follows pf_find_ruleset: an anchor is there while something is in it or below it, or a rule calls it.
func (f *packetFilter) exists(path string) bool {
	for _, have := range f.paths() {
		if have == path {
			return true
		}
	}
	return path == ""
}

// paths are those of all anchors, in order.
func (f *packetFilter) paths() []string {
	seen := map[string]bool{}
	note := func(path string) {
		for path != "" && !seen[path] {
			seen[path] = true
			at := strings.LastIndexByte(path, '/')
			if at < 0 {
				break
			}
			path = path[:at]
		}
	}
	for path, set := range f.sets {
		if path != "" && !set.Empty() {
			note(path)
		}
		for _, list := range [][]pf.Rule{set.NAT, set.RDR, set.Binat, set.Filter} {
			for _, r := range list {
				if r.IsAnchor {
					note(strings.Trim(strings.TrimSuffix(path+"/"+r.Anchor, "/*"), "/"))
				}
			}
		}
	}
	var all []string
	for path := range seen {
		all = append(all, path)
	}
	sort.Strings(all)
	return all
}

// PFAnchor names an anchor.
type PFAnchor struct{ Path string }

func pfRules(k *Kernel, c *Call, req PFAnchor) (pf.Ruleset, error) {
	if err := k.pfReady(c); err != nil {
		return pf.Ruleset{}, err
	}
	f := &k.network.pf
	if !f.exists(req.Path) {
		return pf.Ruleset{}, syscall.EINVAL
	}
	if set := f.sets[req.Path]; set != nil {
		return *set, nil
	}
	return pf.Ruleset{}, nil
}

// PFFlush says what of an anchor goes: "nat", "rules", "tables".
type PFFlush struct{ Path, What string }

func pfFlush(k *Kernel, c *Call, req PFFlush) (int, error) {
	if err := k.pfReady(c); err != nil {
		return 0, err
	}
	f := &k.network.pf
	set, n := f.sets[req.Path], 0
	if req.What == "tables" && !f.exists(req.Path) {
		return 0, syscall.ESRCH
	}
	if set == nil {
		return 0, nil
	}
	switch req.What {
	case "nat":
		set.NAT, set.RDR, set.Binat = nil, nil, nil
	case "rules":
		set.Scrub, set.Filter = nil, nil
	case "tables":
		n, set.Tables = len(set.Tables), nil
	}
	f.prune()
	return n, nil
}

// pfAnchors are the paths of the anchors below one, at any depth.
func pfAnchors(k *Kernel, c *Call, req PFAnchor) ([]string, error) {
	if err := k.pfReady(c); err != nil {
		return nil, err
	}
	f := &k.network.pf
	if !f.exists(req.Path) {
		return nil, syscall.EINVAL
	}
	list := []string{}
	for _, path := range f.paths() {
		if req.Path == "" || strings.HasPrefix(path, req.Path+"/") {
			list = append(list, path)
		}
	}
	return list, nil
}

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
