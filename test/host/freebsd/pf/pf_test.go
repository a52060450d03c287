package pf

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
)

// world is a host with a card, a loopback for jails, and a few services.
type world struct{}

func (world) Addresses(name string) []netip.Prefix {
	switch name {
	case "vtnet0":
		return []netip.Prefix{netip.MustParsePrefix("10.0.2.15/24")}
	case "lo1":
		return []netip.Prefix{netip.MustParsePrefix("192.168.1.1/28"), netip.MustParsePrefix("192.168.1.2/32")}
	}
	return nil
}

var services = map[string]int{"ssh": 22, "http": 80, "https": 443}

func (world) Port(name, _ string) (int, bool) { n, ok := services[name]; return n, ok }

func (world) Service(port int, _ string) string {
	for name, n := range services {
		if n == port {
			return name
		}
	}
	return ""
}

func parse(text string) (out, complaints string, result *Result) {
	var o, e strings.Builder
	p := &Parser{
		Env: world{}, Out: func(f string, a ...any) { fmt.Fprintf(&o, f, a...) }, Err: func(f string, a ...any) { fmt.Fprintf(&e, f, a...) },
	}
	result = p.Parse("stdin", text)
	if result.Errors == 0 {
		p.Print(result, true, true)
	}
	return o.String(), e.String(), result
}

func TestRulesPrintAsPfctlPrintsThem(t *testing.T) {
	for _, c := range [][2]string{
		{"pass all", "pass all flags S/SA keep state"},
		{"pass in quick on vtnet0 proto tcp to port 22", "pass in quick on vtnet0 proto tcp from any to any port = ssh flags S/SA keep state"},
		{"pass out proto udp to any port 53 keep state", "pass out proto udp from any to any port = 53 keep state"},
		{"block return in log on ! lo0 from <bad> to any", "block return in log on ! lo0 from <bad> to any"},
		{"block drop in quick inet6 all", "block drop in quick inet6 all"},
		{"pass in proto tcp from 10/8 to (vtnet0) port { 80, 443 } no state",
			"pass in inet proto tcp from 10.0.0.0/8 to (vtnet0) port = http no state\npass in inet proto tcp from 10.0.0.0/8 to (vtnet0) port = https no state"},
		{"nat on vtnet0 from lo1:network to any -> (vtnet0)",
			"nat on vtnet0 inet from 192.168.1.0/28 to any -> (vtnet0) round-robin\nnat on vtnet0 inet from 192.168.1.2 to any -> (vtnet0) round-robin"},
		{"no nat on vtnet0 from any to 10.0.0.0/8", "no nat on vtnet0 inet from any to 10.0.0.0/8"},
		{"rdr pass on vtnet0 proto tcp to port 8000:8010 -> 192.168.1.3 port 9000:*",
			"rdr pass on vtnet0 inet proto tcp from any to any port 8000:8010 -> 192.168.1.3 port 9000:9010"},
		{"ext = \"vtnet0\"\npass on $ext all", "ext = \"vtnet0\"\npass on vtnet0 all flags S/SA keep state"},
		{"table <t> persist { 10.0.0.1, !10.0.0.2 }", "table <t> persist { 10.0.0.1 !10.0.0.2 }"},
		{"set skip on lo0", "set skip on { lo0 }"},
		{"antispoof for vtnet0", "block drop in on ! vtnet0 inet from 10.0.2.0/24 to any\nblock drop in inet from 10.0.2.15 to any"},
		{"anchor \"x\" in on vtnet0 {\n block all\n}", "anchor \"x\" in on vtnet0 all {\n  block drop all\n}"},
		{"pass in proto tcp to port 22 keep state (max-src-conn 10, overload <bad> flush global)",
			"pass in proto tcp from any to any port = ssh flags S/SA keep state (max-src-conn 10, overload <bad> flush global)"},
		{"scrub in all no-df", "scrub in all no-df fragment reassemble"},
		{"pass # why \\\n", "pass all flags S/SA keep state"},
	} {
		out, complaints, _ := parse(c[0] + "\n")
		if strings.TrimSuffix(out, "\n") != c[1] || complaints != "" {
			t.Errorf("%q:\n%s%swanted:\n%s", c[0], out, complaints, c[1])
		}
	}
}

func TestWhatIsWrongIsSaidInPfctlsWords(t *testing.T) {
	for _, c := range [][2]string{
		{"garbage here", "stdin:1: syntax error\n"},
		{"pass all\nnat-anchor \"x\"", "stdin:2: Rules must be in order: options, normalization, queueing, translation, filtering\n"},
		{"pass from lo7:network", "no IP address found for lo7:network\nstdin:1: could not parse host specification\n"},
		{"pass proto tcp to port 70000", "stdin:1: illegal port value 70000\n"},
		{"pass proto tcp to port nosuch", "stdin:1: unknown port nosuch\n"},
		{"pass to port 80", "stdin:1: port only applies to tcp/udp\n"},
		{"rdr on vtnet0 to port 80 -> 1.2.3.4", "stdin:1: dst port only applies to tcp/udp\n"},
		{"nat on vtnet0 from any to any", "stdin:1: translation rule requires '-> address'\n"},
		{"pass inet from fd00::1", "stdin:1: rule expands to no valid combination\n"},
		{"pass on $x\nbad", "stdin:1: macro 'x' not defined\nstdin:1: syntax error\nstdin:2: syntax error\n"},
	} {
		if _, complaints, _ := parse(c[0] + "\n"); complaints != c[1] {
			t.Errorf("%q: %q", c[0], complaints)
		}
	}
}

// loaded is a packet filter with these rules, by anchor.
type loaded map[string]*Ruleset

func (l loaded) Ruleset(path string) *Ruleset               { return l[path] }
func (l loaded) Addresses(name string) (all []netip.Prefix) { return world{}.Addresses(name) }
func (l loaded) Children(path string) (list []string) {
	for p := range l {
		if p != "" && (path == "" || strings.HasPrefix(p, path+"/")) {
			list = append(list, p)
		}
	}
	return list
}

func TestWhoGetsThroughToTheSSHPort(t *testing.T) {
	own := netip.MustParseAddrPort("10.0.2.15:22")
	for _, c := range []struct {
		main, jails string
		through     bool
	}{
		{"", "", true},
		{"block in all", "", false},
		{"block in all\npass in proto tcp to port 22", "", true},
		{"block in quick all\npass in proto tcp to port 22", "", false},
		{"block out all", "", true},
		{"block in on lo0", "", true},
		{"block in inet6", "", true},
		{"block in from 10.0.2.2", "", false},
		{"block in from ! 10.0.2.0/24", "", true},
		{"table <ok> { 10.0.2.2 }\nblock in\npass in from <ok>", "", true},
		{"rdr on vtnet0 proto tcp to port 22 -> 192.168.1.3", "", false},
		{"rdr on vtnet0 proto tcp to port 1:1024 -> 192.168.1.3", "", false},
		{"rdr on vtnet0 proto tcp to (vtnet0) port 2222 -> 192.168.1.3 port 22", "", true},
		{"rdr-anchor \"jails/*\"", "rdr pass on vtnet0 proto tcp from any to any port ssh -> 192.168.1.3", false},
		{"no rdr on vtnet0 proto tcp to port 22\nrdr-anchor \"jails/*\"", "rdr pass on vtnet0 proto tcp to port 22 -> 192.168.1.3", true},
		{"binat-anchor \"jails/*\"", "binat on vtnet0 from 192.168.1.3 to any -> 10.0.2.15", false},
		{"anchor \"jails/*\"", "block in quick", false},
		{"anchor \"jails/*\" out", "block in quick", true},
	} {
		state := loaded{}
		for path, text := range map[string]string{"": c.main, "jails/web": c.jails} {
			_, complaints, result := parse(text + "\n")
			if complaints != "" {
				t.Fatal(text, complaints)
			}
			state[path] = &result.Main
		}
		v := Judge(state, Packet{Direction: "in", Interface: "vtnet0", Proto: "tcp", From: netip.MustParseAddrPort("10.0.2.2:40000"), To: own})
		if got := v.Pass && v.To == own; got != c.through {
			t.Errorf("%q, %q: %v %v", c.main, c.jails, v.Pass, v.To)
		}
	}
}
