package kernel

import (
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
