package programs

import (
	"io"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"standin/kernel"
	"standin/pf"
)

// pfEnvironment is what rules mean on this machine now.
type pfEnvironment struct {
	p          *Process
	interfaces []kernel.Interface
	services   []string // lines of services(5), read when first asked
}

func (e *pfEnvironment) Addresses(name string) (list []netip.Prefix) {
	if e.interfaces == nil {
		e.interfaces = []kernel.Interface{}
		e.p.Call("if.list", nil, &e.interfaces)
	}
	for _, ifp := range e.interfaces {
		if ifp.Name != name && name != "self" && !inList(ifp.Groups, name) {
			continue
		}
		for _, a := range ifp.Addresses {
			if !a.IP.Is6() || !a.IP.IsLinkLocalUnicast() {
				list = append(list, netip.PrefixFrom(a.IP, a.Bits))
			}
		}
	}
	return list
}

// entry looks a service up, by name or by number.
func (e *pfEnvironment) entry(is func(name, number string, words []string) bool, proto string) (string, string) {
	if e.services == nil {
		data, _ := os.ReadFile("/etc/services")
		e.services = strings.Split(string(data), "\n")
	}
	for _, line := range e.services {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		number, of, _ := strings.Cut(words[1], "/")
		if of == proto && is(words[0], number, words[2:]) {
			return words[0], number
		}
	}
	return "", ""
}

func (e *pfEnvironment) Port(name, proto string) (int, bool) {
	_, number := e.entry(func(have, _ string, aliases []string) bool { return have == name || inList(aliases, name) }, proto)
	n, err := strconv.Atoi(number)
	return n, err == nil
}

func (e *pfEnvironment) Service(port int, proto string) string {
	if proto != "tcp" {
		proto = "udp"
	}
	want := strconv.Itoa(port)
	name, _ := e.entry(func(_, number string, _ []string) bool { return number == want }, proto)
	return name
}

// loadFile is pfctl_rules for the file of -f.
func (r *pfctlRun) loadFile() int {
	if r.anchor != "" && (r.anchor[0] == '_' || strings.Contains(r.anchor, "/_")) {
		return r.p.Errx(1, "anchor names beginning with '_' cannot be modified from the command line")
	}
	loads, ok := r.rules(r.file, r.anchor)
	if !ok {
		return 1
	}
	for _, load := range loads {
		if r.verbose > 0 {
			r.p.Errorf("\nLoading anchor %s from %s\n", load[0], load[1])
		}
		if _, ok := r.rules(load[1], load[0]); !ok {
			r.p.Warnx("load anchors")
			return 1
		}
	}
	return 0
}

// rules reads a file and loads it. false: it was said what is wrong.
func (r *pfctlRun) rules(file, anchor string) (loads [][2]string, ok bool) {
	p := r.p
	name, text, err := p.pfText(file)
	if err != nil {
		p.Warn(err, "%s", file)
		p.Warn(err, "cannot open the main config file!")
		if !r.dry {
			p.Warnx("Syntax error in config file: pf rules not loaded")
		}
		return nil, false
	}
	parser := &pf.Parser{Env: r.environment(), Macros: map[string]string{}, Err: p.Errorf, Out: func(string, ...any) {}}
	for k, v := range r.macros {
		parser.Macros[k] = v
	}
	if r.verbose > 0 {
		parser.Out = p.Printf
	}
	result := parser.Parse(name, text)
	if result.Errors > 0 {
		if !r.dry {
			p.Warnx("Syntax error in config file: pf rules not loaded")
		}
		return nil, false
	}
	parser.Print(result, !r.rulesOnly, !r.natOnly)
	p.Stdout.Flush()
	if r.dry {
		return result.Loads, true
	}
	req := kernel.PFLoad{
		Anchor: anchor, NAT: !r.rulesOnly, Filter: !r.natOnly, Main: result.Main, Inside: result.Inside,
		Skip: result.Skip, HasSkip: result.HasSkip, PID: os.Getpid(),
	}
	if err := p.Call("pf.load", req, nil); err != nil {
		p.Warn(err, "DIOCXBEGIN")
		return nil, false
	}
	return result.Loads, true
}

func (r *pfctlRun) environment() *pfEnvironment { return &pfEnvironment{p: r.p} }

func (p *Process) pfText(file string) (name, text string, err error) {
	var data []byte
	if file == "-" {
		name = "stdin"
		data, err = io.ReadAll(p.Stdin)
	} else {
		name = file
		data, err = os.ReadFile(file)
	}
	return name, string(data), err
}
