package programs

import (
	"fmt"
	"net/netip"
	"strings"

	"standin/kernel"
)

// show is status() of ifconfig.c.
func (r *ifconfigRun) show(ifp kernel.Interface) {
	p := r.p
	p.Printf("%s: flags=%x%s metric %d mtu %d\n", ifp.Name, ifp.Flags, bitNames(ifp.Flags, ifFlagBits), ifp.Metric, ifp.MTU)
	if ifp.Description != "" {
		p.Printf("\tdescription: %s\n", ifp.Description)
	}
	if ifp.Options != 0 {
		p.Printf("\toptions=%x%s\n", ifp.Options, bitNames(ifp.Options, ifOptionBits))
	}
	if ifp.Ether != "" && (r.family == "" || r.family == "ether" || r.family == "link" || r.family == "lladdr") {
		ether := ifp.Ether
		if r.formatEther == "dash" {
			ether = strings.ReplaceAll(ether, ":", "-")
		}
		p.Printf("\tether %s\n", ether)
	}
	r.showAddresses(ifp)
	if r.family != "" {
		if r.family == "inet6" {
			r.showND6(ifp)
		}
		return
	}
	if ifp.Driver == "bridge" {
		r.showBridge(ifp)
	}
	if len(ifp.Groups) > 0 {
		p.Printf("\tgroups: %s\n", strings.Join(ifp.Groups, " "))
	}
	if ifp.Media != "" {
		p.Printf("\tmedia: %s\n\tstatus: %s\n", ifp.Media, ifp.Status)
	}
	r.showND6(ifp)
}

func (r *ifconfigRun) showND6(ifp kernel.Interface) {
	if ifp.ND6 != 0 {
		r.p.Printf("\tnd6 options=%x%s\n", ifp.ND6, bitNames(ifp.ND6, nd6Bits))
	}
}

const (
	ifFlagBits = "UP BROADCAST DEBUG LOOPBACK POINTOPOINT - RUNNING NOARP PROMISC ALLMULTI OACTIVE SIMPLEX LINK0 LINK1 LINK2 " +
		"MULTICAST - PPROMISC MONITOR STATICARP"
	ifOptionBits = "RXCSUM TXCSUM NETCONS VLAN_MTU VLAN_HWTAGGING JUMBO_MTU POLLING VLAN_HWCSUM TSO4 TSO6 LRO WOL_UCAST " +
		"WOL_MCAST WOL_MAGIC TOE4 TOE6 VLAN_HWFILTER - VLAN_HWTSO LINKSTATE NETMAP RXCSUM_IPV6 TXCSUM_IPV6 HWSTATS"
	nd6Bits = "PERFORMNUD ACCEPT_RTADV PREFER_SOURCE IFDISABLED DONT_SET_IFROUTE AUTO_LINKLOCAL NO_RADR NO_PREFER_IFACE NO_DAD"
)

// bitNames is printb(): the names of the bits that are set, in angle brackets.
func bitNames(value uint32, names string) string {
	var set []string
	for i, name := range strings.Fields(names) {
		if value&(1<<i) != 0 && name != "-" {
			set = append(set, name)
		}
	}
	if len(set) == 0 {
		return ""
	}
	return "<" + strings.Join(set, ",") + ">"
}

// showAddresses prints a family at a time, the one that the kernel lists first in front (cmpifaddrs).
func (r *ifconfigRun) showAddresses(ifp kernel.Interface) {
	if len(ifp.Addresses) == 0 {
		return
	}
	first := ifp.Addresses[0].IP.Is6()
	for _, six := range []bool{first, !first} {
		if r.family != "" && r.family != choose(six, "inet6", "inet") {
			continue
		}
		for _, a := range ifp.Addresses {
			switch {
			case a.IP.Is6() != six:
			case six:
				r.showInet6(ifp, a)
			default:
				r.showInet(a)
			}
		}
	}
}

func (r *ifconfigRun) showInet(a kernel.Address) {
	r.p.Printf("\tinet %s", a.IP)
	mask := uint32(0)
	if a.Bits > 0 {
		mask = ^uint32(0) << (32 - a.Bits)
	}
	switch r.format4 {
	case "cidr":
		r.p.Printf("/%d", a.Bits)
	case "dotted":
		r.p.Printf(" netmask %s", netip.AddrFrom4([4]byte{byte(mask >> 24), byte(mask >> 16), byte(mask >> 8), byte(mask)}))
	default:
		r.p.Printf(" netmask 0x%08x", mask)
	}
	if a.Broadcast != "" {
		r.p.Printf(" broadcast %s", a.Broadcast)
	}
	r.p.Printf("\n")
}

func (r *ifconfigRun) showInet6(ifp kernel.Interface, a kernel.Address) {
	scoped := a.IP.IsLinkLocalUnicast()
	name := a.IP.String()
	if scoped {
		name += "%" + ifp.Name
	}
	if r.format6 == "cidr" {
		r.p.Printf("\tinet6 %s/%d", name, a.Bits)
	} else {
		r.p.Printf("\tinet6 %s prefixlen %d", name, a.Bits)
	}
	if a.Tentative {
		r.p.Printf(" tentative")
	}
	if scoped {
		r.p.Printf(" scopeid 0x%x", ifp.Index)
	}
	r.p.Printf("\n")
}

// showBridge is bridge_status of ifbridge.c.
func (r *ifconfigRun) showBridge(ifp kernel.Interface) {
	none := "00:00:00:00:00:00"
	r.p.Printf("\tid %s priority 32768 hellotime 2 fwddelay 15\n", none)
	r.p.Printf("\tmaxage 20 holdcnt 6 proto rstp maxaddr 2000 timeout 1200\n")
	r.p.Printf("\troot id %s priority 32768 ifcost 0 port 0\n", none)
	for _, m := range ifp.Members {
		r.p.Printf("\tmember: %s flags=143<LEARNING,DISCOVER,AUTOEDGE,AUTOPTP>\n", m.Name)
		r.p.Printf("\t        %s\n", fmt.Sprintf("ifmaxaddr 0 port %d priority 128 path cost 2000", m.Port))
	}
}
