package kernel

import (
	"fmt"
	"os"
	"path"
	"sort"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

func init() {
	Handle("devfs.rules", devfsRules)
	Handle("devfs.add", devfsAdd)
	Handle("devfs.delete", devfsDelete)
	Handle("devfs.apply", devfsApply)
}

// DevfsRule is one rule of a rule set (sys/fs/devfs/devfs_rule.c): "path null unhide", "include 1".
type DevfsRule struct {
	Number int
	Text   string
}

// DevfsRequest names a rule set, and a rule in it (0: the next number, or all).
type DevfsRequest struct {
	Set  int
	Rule DevfsRule
}

// devfsRules lists a rule set, or with 0 the sets' numbers (each as a rule's number).
func devfsRules(k *Kernel, _ *Call, set int) ([]DevfsRule, error) {
	if set != 0 {
		return k.devfs[set], nil
	}
	var list []DevfsRule
	for number := range k.devfs {
		list = append(list, DevfsRule{Number: number})
	}
	sort.Slice(list, func(a, b int) bool { return list[a].Number < list[b].Number })
	return list, nil
}

func devfsAdd(k *Kernel, c *Call, req DevfsRequest) (None, error) {
	if c.Jail != nil {
		return None{}, syscall.EPERM
	}
	if k.devfs == nil {
		k.devfs = map[int][]DevfsRule{}
	}
	rules := k.devfs[req.Set]
	if req.Rule.Number == 0 {
		req.Rule.Number = 100
		if len(rules) > 0 {
			req.Rule.Number = rules[len(rules)-1].Number/100*100 + 100
		}
	}
	for _, r := range rules {
		if r.Number == req.Rule.Number {
			return None{}, syscall.EEXIST
		}
	}
	rules = append(rules, req.Rule)
	sort.SliceStable(rules, func(a, b int) bool { return rules[a].Number < rules[b].Number })
	k.devfs[req.Set] = rules
	return None{}, nil
}

func devfsDelete(k *Kernel, c *Call, req DevfsRequest) (None, error) {
	if c.Jail != nil {
		return None{}, syscall.EPERM
	}
	rules := k.devfs[req.Set]
	if req.Rule.Number == 0 {
		delete(k.devfs, req.Set)
		return None{}, nil
	}
	for i, r := range rules {
		if r.Number == req.Rule.Number {
			k.devfs[req.Set] = append(rules[:i:i], rules[i+1:]...)
			return None{}, nil
		}
	}
	return None{}, syscall.ENOENT
}

// devfsApply applies a rule set to a mounted devfs, the descriptor that comes along.
func devfsApply(k *Kernel, c *Call, set int) (None, error) {
	if c.Jail != nil || len(c.In) == 0 {
		return None{}, syscall.EPERM
	}
	return None{}, k.populateDevfs(c.In[0], set)
}

// populateDevfs fills a fresh file system with the device nodes that a devfs with this ruleset shows (devfs(8)).
func (k *Kernel) populateDevfs(dir *os.File, ruleset int) error {
	return MakeDevices(int(dir.Fd()), func(name string) bool {
		shown := true
		k.applyRules(ruleset, name, &shown, 0)
		return shown
	})
}

// applyRules goes through a rule set for one node.
func (k *Kernel) applyRules(set int, name string, shown *bool, depth int) {
	if depth > 8 {
		return
	}
	for _, rule := range k.devfs[set] {
		words := strings.Fields(rule.Text)
		matches := true
		for i := 0; i < len(words); i++ {
			switch words[i] {
			case "include":
				if i+1 < len(words) && matches {
					number, _ := strconv.Atoi(words[i+1])
					k.applyRules(number, name, shown, depth+1)
				}
				i++
			case "path":
				if i+1 < len(words) {
					ok, _ := path.Match(strings.Trim(words[i+1], "'\""), name)
					matches = matches && ok
				}
				i++
			case "hide":
				*shown = *shown && !matches
			case "unhide":
				*shown = *shown || matches
			}
		}
	}
}

// device is a node of /dev: what it is on Linux, or nothing that answers.
type device struct {
	name         string
	mode         uint32
	major, minor uint32
	link         string
}

func devices() []device {
	silent := func(name string, mode uint32) device { return device{name: name, mode: mode, major: 1, minor: 3} }
	return []device{
		{name: "null", mode: 0o666, major: 1, minor: 3}, {name: "zero", mode: 0o666, major: 1, minor: 5}, {name: "full", mode: 0o666, major: 1, minor: 7},
		{name: "random", mode: 0o644, major: 1, minor: 9}, {name: "urandom", mode: 0o644, major: 1, minor: 9}, {name: "tty", mode: 0o666, major: 5},
		{name: "fd/0", mode: 0o666, major: 5}, {name: "fd/1", mode: 0o666, major: 5}, {name: "fd/2", mode: 0o666, major: 5},
		{name: "stdin", link: "fd/0"}, {name: "stdout", link: "fd/1"}, {name: "stderr", link: "fd/2"},
		silent("console", 0o600), silent("ctty", 0o666), silent("klog", 0o600), silent("mem", 0o640), silent("kmem", 0o640),
		silent("mdctl", 0o600), silent("geom.ctl", 0o640), silent("devctl", 0o600), silent("bpf", 0o600), silent("pci", 0o644),
	}
}

// MakeDevices makes the nodes of a devfs in a folder: those that show says are seen.
func MakeDevices(dir int, show func(name string) bool) error {
	folder := show("fd")
	if folder {
		if err := unix.Mkdirat(dir, "fd", 0o555); err != nil && err != unix.EEXIST {
			return fmt.Errorf("fd: %w", err)
		}
	}
	for _, d := range devices() {
		inFolder := strings.HasPrefix(d.name, "fd/")
		if !show(d.name) || inFolder && !folder {
			unix.Unlinkat(dir, d.name, 0)
			continue
		}
		var err error
		if d.link != "" {
			err = unix.Symlinkat(d.link, dir, d.name)
		} else if err = unix.Mknodat(dir, d.name, unix.S_IFCHR|d.mode, int(unix.Mkdev(d.major, d.minor))); err == nil {
			err = unix.Fchmodat(dir, d.name, d.mode, 0)
		}
		if err != nil && err != unix.EEXIST {
			return fmt.Errorf("%s: %w", d.name, err)
		}
	}
	return nil
}
