package programs

import (
	"strings"

	"standin/bsd"
	"standin/kernel"
)

// rctl(8), after usr.bin/rctl: rules are kept, where the loader's tunable allows them, but nothing is limited.

func init() { Register(rctl, "rctl") }

const rctlUsage = `usage: rctl [ -h ] [-a rule | -l filter | -r filter | -u filter | filter]
`

func rctl(p *Process) int {
	found, rest, ok := p.options("a:hl:nr:u:")
	if !ok || len(found) > 2 {
		return p.Usage(1, rctlUsage)
	}
	var reply kernel.RCTLReply
	if err := p.Call("rctl.list", nil, &reply); err != nil {
		return p.Errx(1, "RACCT/RCTL present, but disabled; enable using kern.racct.enable=1 tunable")
	}
	if len(found) == 0 {
		filter := ""
		if len(rest) > 0 {
			filter = rest[0]
		}
		return p.rctlShow(reply.Rules, filter)
	}
	for _, o := range found {
		var err error
		switch o.Letter {
		case 'a':
			if len(strings.Split(o.Value, ":")) < 4 {
				return p.Errx(1, "invalid rule '%s'", o.Value)
			}
			err = p.Call("rctl.add", o.Value, nil)
		case 'r':
			err = p.Call("rctl.remove", o.Value, nil)
		case 'l':
			return p.rctlShow(reply.Rules, o.Value)
		case 'u':
			for _, resource := range []string{"cputime", "datasize", "stacksize", "memoryuse", "memorylocked", "maxproc", "openfiles", "vmemoryuse"} {
				p.Printf("%s=0\n", resource)
			}
		}
		if err != nil {
			return p.Errx(1, "failed to %s rule '%s': %s", map[byte]string{'a': "add", 'r': "remove"}[o.Letter], o.Value, bsd.Strerror(err))
		}
	}
	return 0
}

func (p *Process) rctlShow(rules []string, filter string) int {
	for _, rule := range rules {
		if kernel.RCTLMatches(filter, rule) {
			p.Printf("%s\n", rule)
		}
	}
	return 0
}
