package kernel

import (
	"os"
	"strings"
	"syscall"
)

func init() {
	OnBoot(func(k *Kernel) {
		conf, _ := os.ReadFile("/boot/loader.conf")
		for _, line := range strings.Split(string(conf), "\n") {
			name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			if name == "kern.racct.enable" {
				k.racct = strings.Trim(value, `"`) == "1"
			}
		}
	})
	Handle("rctl.list", rctlList)
	Handle("rctl.add", rctlAdd)
	Handle("rctl.remove", rctlRemove)
}

// RCTLReply are the rules of rctl(8), in the order in which they came.
type RCTLReply struct{ Rules []string }

// rctlList is rctl_get_rules(2); ENOSYS says that the loader's tunable is not set.
func rctlList(k *Kernel, _ *Call, _ None) (RCTLReply, error) {
	if !k.racct {
		return RCTLReply{}, syscall.ENOSYS
	}
	return RCTLReply{k.rules}, nil
}

func rctlAdd(k *Kernel, c *Call, rule string) (None, error) {
	if !k.racct {
		return None{}, syscall.ENOSYS
	}
	if c.Jail != nil {
		return None{}, syscall.EPERM
	}
	k.rules = append(k.rules, rule)
	return None{}, nil
}

// rctlRemove removes the rules that a filter matches.
func rctlRemove(k *Kernel, c *Call, filter string) (None, error) {
	if !k.racct {
		return None{}, syscall.ENOSYS
	}
	if c.Jail != nil {
		return None{}, syscall.EPERM
	}
	var left []string
	for _, rule := range k.rules {
		if !RCTLMatches(filter, rule) {
			left = append(left, rule)
		}
	}
	if len(left) == len(k.rules) {
		return None{}, syscall.ESRCH
	}
	k.rules = left
	return None{}, nil
}

// RCTLMatches says whether a rule is one that a filter means: parts that it leaves out match all.
func RCTLMatches(filter, rule string) bool {
	want, have := strings.Split(filter, ":"), strings.Split(rule, ":")
	for i, part := range want {
		if part == "" {
			continue
		}
		if i >= len(have) || part != have[i] && !(i == 3 && strings.HasPrefix(have[i], part+"=")) {
			return false
		}
	}
	return true
}

func bit(on bool) int64 {
	if on {
		return 1
	}
	return 0
}
