package programs

import (
	"errors"
	"net/netip"
	"strings"
	"syscall"

	"standin/kernel"
)

// route follows route(8) and sbin/route/route.c.
func init() { Register(route, "route") }

const routeUsage = "usage: route [-j jail] [-46dnqtv] command [[modifiers] args]\n"

type routing struct {
	p              *Process
	quiet, six     bool
	target, second string
	isNet, isHost  bool
	iface          string
	bits           string
	blackhole      string
}

func route(p *Process) int {
	r := &routing{p: p}
	found, rest, ok := p.options("46dj:nqtv")
	for _, o := range found {
		switch o.Letter {
		case '6':
			r.six = true
		case 'q':
			r.quiet = true
		}
	}
	if !ok || len(rest) == 0 {
		return p.Usage(64, routeUsage)
	}
	if !r.words(rest[1:]) {
		return p.Usage(64, routeUsage)
	}
	switch rest[0] {
	case "add", "delete", "del", "change":
		if rest[0] == "del" {
			rest[0] = "delete"
		}
		return r.change(rest[0])
	case "get", "show":
		return r.get()
	case "flush":
		return 0
	}
	return p.Usage(64, routeUsage)
}

func (r *routing) words(words []string) bool {
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		switch word {
		case "-net":
			r.isNet = true
		case "-host":
			r.isHost = true
		case "-inet", "-4":
		case "-inet6", "-6":
			r.six = true
		case "-n", "-static", "-nostatic", "-q":
		case "-reject", "-blackhole":
			r.blackhole = word[1:]
		case "-interface", "-iface":
			r.iface = "-"
		case "-ifp", "-ifa", "-fib", "-mtu", "-netmask", "-prefixlen":
			if len(words) == 0 {
				return false
			}
			if word == "-prefixlen" {
				r.bits = words[0]
			}
			words = words[1:]
		default:
			if strings.HasPrefix(word, "-") || r.second != "" {
				return false
			}
			if r.target == "" {
				r.target = word
			} else {
				r.second = word
			}
		}
	}
	return r.target != ""
}

// destination is getaddr of route.c: "default", a host, or a network.
func (r *routing) destination() (kernel.Route, bool) {
	text := r.target
	if text == "default" {
		if r.six || strings.Contains(r.second, ":") {
			return kernel.Route{Prefix: netip.MustParsePrefix("::/0")}, true
		}
		return kernel.Route{Prefix: netip.MustParsePrefix("0.0.0.0/0")}, true
	}
	if r.bits != "" {
		text += "/" + r.bits
	}
	if strings.Contains(text, "/") {
		prefix, err := netip.ParsePrefix(text)
		return kernel.Route{Prefix: prefix.Masked()}, err == nil
	}
	ip, err := netip.ParseAddr(text)
	if err != nil {
		return kernel.Route{}, false
	}
	if r.isNet && ip.Is4() {
		return kernel.Route{Prefix: netip.PrefixFrom(ip, classBits(ip)).Masked()}, true
	}
	return kernel.Route{Prefix: netip.PrefixFrom(ip, ip.BitLen()), Host: true}, true
}

func (r *routing) change(verb string) int {
	p := r.p
	dest, ok := r.destination()
	if !ok {
		return p.Errx(68, "bad address: %s", r.target)
	}
	kind := "net"
	if dest.Host {
		kind = "host"
	}
	line := verb + " " + kind + " " + r.target
	dest.Gateway, dest.Flags = r.second, "UGS"
	if r.iface != "" {
		dest.Interface, dest.Gateway, dest.Flags = r.second, "link", "US"
	}
	if dest.Host {
		dest.Flags = strings.Replace(dest.Flags, "S", "HS", 1)
	}
	if r.second != "" {
		line += ": gateway " + r.second
	}
	var err error
	if verb != "add" {
		err = p.Call("route.delete", dest, nil)
	}
	if verb != "delete" && err == nil {
		err = p.Call("route.add", dest, nil)
	}
	why := ""
	switch {
	case err == nil:
		if !r.quiet {
			p.Printf("%s\n", line)
		}
		return 0
	case errors.Is(err, syscall.EEXIST):
		why = "route already in table"
	case errors.Is(err, syscall.ESRCH):
		why = "not in table"
	case errors.Is(err, syscall.ENETUNREACH):
		why = "Network is unreachable"
	default:
		why = "Operation not permitted"
	}
	if !r.quiet {
		p.Printf("%s fib 0: %s\n", line, why)
	}
	return 1
}

// get asks which way a packet would go.
func (r *routing) get() int {
	p := r.p
	dest, ok := r.destination()
	if !ok {
		return p.Errx(68, "bad address: %s", r.target)
	}
	var list []kernel.Route
	if err := p.Call("route.list", nil, &list); err != nil {
		return p.Err(1, err, "sysctl: net.route.0.0.dump.0")
	}
	var best *kernel.Route
	for i := range list {
		c := &list[i]
		if c.Prefix.Addr().Is4() == dest.Prefix.Addr().Is4() && c.Prefix.Contains(dest.Prefix.Addr()) && c.Prefix.Bits() <= dest.Prefix.Bits() &&
			(best == nil || c.Prefix.Bits() > best.Prefix.Bits()) {
			best = c
		}
	}
	if best == nil {
		p.Errorf("route: route has not been found\n")
		return 1
	}
	p.Printf("   route to: %s\ndestination: %s\n", r.target, strings.SplitN(routeName(*best), "/", 2)[0])
	flags := []string{"UP"}
	if best.Prefix.Bits() == 0 {
		p.Printf("       mask: default\n")
	} else if !best.Host {
		p.Printf("       mask: %s\n", maskOf(best.Prefix.Bits()))
	}
	if strings.Contains(best.Flags, "G") {
		p.Printf("    gateway: %s\n", best.Gateway)
		flags = append(flags, "GATEWAY")
	}
	if best.Host {
		flags = append(flags, "HOST")
	}
	flags = append(flags, "DONE")
	if strings.Contains(best.Flags, "S") {
		flags = append(flags, "STATIC")
	}
	p.Printf("        fib: 0\n  interface: %s\n      flags: <%s>\n", best.Interface, strings.Join(flags, ","))
	p.Printf(" recvpipe  sendpipe  ssthresh  rtt,msec    mtu        weight    expire\n")
	p.Printf("%8d  %8d  %8d  %8d  %8d  %8d  %8d \n", 0, 0, 0, 0, 1500, 1, 0)
	return 0
}

func maskOf(n int) string {
	mask := ^uint32(0) << (32 - n)
	return netip.AddrFrom4([4]byte{byte(mask >> 24), byte(mask >> 16), byte(mask >> 8), byte(mask)}).String()
}
