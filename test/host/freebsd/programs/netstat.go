package programs

import (
	"fmt"
	"strings"

	"standin/kernel"
)

// netstat follows netstat(1), usr.bin/netstat/route.c and if.c: the routing table (-r) and the interfaces (-i).
func init() { Register(netstat, "netstat") }

const netstatUsage = `usage: netstat [-46AaCLnPRSTWx] [-f protocol_family | -p protocol]
               [-M core] [-N system]
       netstat -i | -I interface [-46abdhnW] [-f address_family]
               [-M core] [-N system]
       netstat -r [-46nW] [-F fibnum] [-f address_family]
               [-M core] [-N system]
`

func netstat(p *Process) int {
	args, json := libxo(p.Args)
	p.Args = args
	routes, interfaces, only, family := false, false, "", ""
	found, rest, ok := p.options("46AaBbCdF:f:ghI:iLlM:mN:nPp:QqRrSTsuWw:xz")
	for _, o := range found {
		switch o.Letter {
		case '4':
			family = "inet"
		case '6':
			family = "inet6"
		case 'f':
			family = o.Value
		case 'I':
			interfaces, only = true, o.Value
		case 'i':
			interfaces = true
		case 'r':
			routes = true
		}
	}
	switch {
	case !ok || len(rest) > 0:
		return p.Usage(1, netstatUsage)
	case family != "" && family != "inet" && family != "inet6" && family != "unix" && family != "link":
		return p.Errx(1, "%s: unknown address family", family)
	case interfaces:
		return p.netstatInterfaces(only, family, json)
	case routes:
		return p.netstatRoutes(family, json)
	}
	return p.Errx(1, "kvm not available: /dev/mem: Operation not permitted")
}

func (p *Process) netstatRoutes(family string, json bool) int {
	var list []kernel.Route
	if err := p.Call("route.list", nil, &list); err != nil {
		return p.Err(1, err, "sysctl: net.route.0.0.dump.0")
	}
	if json {
		return p.routesJSON(list, family)
	}
	p.Printf("Routing tables\n")
	for _, six := range []bool{false, true} {
		title, width := "Internet", [2]int{18, 18}
		if six {
			title, width = "Internet6", [2]int{33, 29}
		}
		var lines []string
		for _, r := range list {
			if r.Prefix.Addr().Is4() == six {
				continue
			}
			lines = append(lines, fmt.Sprintf("%-*s %-*s %-6s %8s\n", width[0], routeName(r), width[1], r.Gateway, r.Flags, r.Interface))
		}
		if len(lines) == 0 || family == "inet" && six || family == "inet6" && !six {
			continue
		}
		p.Printf("\n%s:\n%-*s %-*s %-6s %8s Expire\n%s", title, width[0], "Destination", width[1], "Gateway", "Flags", "Netif",
			strings.Join(lines, ""))
	}
	return 0
}

func routeName(r kernel.Route) string {
	name := r.Prefix.Addr().String()
	if r.Prefix.Addr().Is4In6() {
		name = "::ffff:" + r.Prefix.Addr().Unmap().String()
	}
	if r.Scope != "" {
		name += "%" + r.Scope
	}
	switch {
	case r.Host:
		return name
	case r.Prefix.Bits() == 0:
		return "default"
	}
	return fmt.Sprintf("%s/%d", name, r.Prefix.Bits())
}

func (p *Process) routesJSON(list []kernel.Route, family string) int {
	var tables []string
	for _, title := range []string{"Internet", "Internet6"} {
		var entries []string
		for _, r := range list {
			if r.Prefix.Addr().Is4() == (title == "Internet") {
				entries = append(entries, fmt.Sprintf(`{"destination":%s,"gateway":%s,"flags":%s,"interface-name":%s}`,
					jsonString(routeName(r)), jsonString(r.Gateway), jsonString(r.Flags), jsonString(r.Interface)))
			}
		}
		if len(entries) > 0 && (family == "" || family == strings.ToLower(strings.Replace(title, "Internet", "inet", 1))) {
			tables = append(tables, fmt.Sprintf(`{"address-family":"%s","rt-entry": [%s]}`, title, strings.Join(entries, ", ")))
		}
	}
	p.Printf("{\"statistics\": {\"route-information\": {\"route-table\": {\"rt-family\": [%s]}}}}\n", strings.Join(tables, ", "))
	return 0
}

func (p *Process) netstatInterfaces(only, family string, json bool) int {
	var list []kernel.Interface
	if err := p.Call("if.list", nil, &list); err != nil {
		return p.Err(1, err, "getifaddrs")
	}
	var entries []string
	if !json {
		p.Printf("Name    Mtu Network       Address              Ipkts Ierrs Idrop    Opkts Oerrs  Coll\n")
	}
	for _, ifp := range list {
		if only != "" && ifp.Name != only {
			continue
		}
		if family == "" || family == "link" {
			entries = append(entries, p.linkLine(ifp, json))
		}
		for _, a := range orderedAddresses(ifp) {
			if family == "" || family == "inet" && a.IP.Is4() || family == "inet6" && a.IP.Is6() {
				entries = append(entries, p.addressLine(ifp, a, json))
			}
		}
	}
	if json {
		p.Printf("{\"statistics\": {\"interface\": [%s]}}\n", strings.Join(entries, ", "))
	}
	return 0
}

// orderedAddresses are an interface's, a family at a time.
func orderedAddresses(ifp kernel.Interface) (list []kernel.Address) {
	for _, six := range []bool{false, true} {
		for _, a := range ifp.Addresses {
			if (a.IP.Is6() == ifp.Addresses[0].IP.Is6()) != six {
				list = append(list, a)
			}
		}
	}
	return list
}

func (p *Process) linkLine(ifp kernel.Interface, json bool) string {
	address := ifp.Ether
	if address == "" {
		address = ifp.Name
	}
	network := fmt.Sprintf("<Link#%d>", ifp.Index)
	if json {
		return fmt.Sprintf(`{"name":%s,"flags":"0x%x","mtu":%d,"network":"%s","address":"%s","received-packets":%d,`+
			`"received-errors":0,"dropped-packets":0,"sent-packets":%d,"send-errors":0,"collisions":0}`,
			jsonString(ifp.Name), ifp.Flags, ifp.MTU, network, address, ifp.Received, ifp.Sent)
	}
	p.Printf("%-6.6s %5d %-13.13s %-17.17s %8d %5d %5d %8d %5d %5d\n", ifp.Name, ifp.MTU, network, address, ifp.Received, 0, 0, ifp.Sent, 0, 0)
	return ""
}

func (p *Process) addressLine(ifp kernel.Interface, a kernel.Address, json bool) string {
	network, _ := a.IP.Prefix(a.Bits)
	scope := ""
	if a.IP.Is6() && a.IP.IsLinkLocalUnicast() {
		scope = "%" + ifp.Name
	}
	name := fmt.Sprintf("%s%s/%d", network.Addr(), scope, a.Bits)
	if json {
		return fmt.Sprintf(`{"name":%s,"flags":"0x%x","network":"%s","address":"%s","received-packets":%d,"sent-packets":%d}`,
			jsonString(ifp.Name), ifp.Flags, name, a.IP.String()+scope, 0, 0)
	}
	p.Printf("%-6.6s %5s %-13.13s %-17.17s %8d %5s %5s %8d %5s %5s\n", ifp.Name, "-", name, a.IP.String()+scope, 0, "-", "-", 0, "-", "-")
	return ""
}
