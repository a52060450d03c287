package kernel

import "net/netip"

// network is the state of interfaces, routes and pf: one stack for the host and one for each vnet jail.
type network struct {
	host  *stack
	vnets map[*Jail]*stack
	pf    packetFilter
}

// stack is a vnet(9): interfaces in the order in which they came, and routes that no address brought.
type stack struct {
	interfaces []*Interface
	routes     []Route
}

// Flags of an interface, as net/if.h of FreeBSD numbers them.
const (
	IfUp          = 0x1
	IfBroadcast   = 0x2
	IfLoopback    = 0x8
	IfKnowsEpoch  = 0x20
	IfRunning     = 0x40
	IfPromiscuous = 0x100
	IfSimplex     = 0x800
	IfMulticast   = 0x8000
)

// Options of neighbour discovery (netinet6/nd6.h).
const (
	ND6PerformNUD    = 0x1
	ND6AcceptRtadv   = 0x2
	ND6IfDisabled    = 0x8
	ND6AutoLinkLocal = 0x20
)

// Interface is one network interface (struct ifnet).
type Interface struct {
	Name        string
	Driver      string // "lo", "epair", "bridge", "vtnet"
	Unit        int
	Index       int
	Flags       uint32
	Metric      int
	MTU         int
	Options     uint32
	Ether       string
	Description string
	Groups      []string
	Addresses   []Address
	ND6         uint32
	Members     []Member `json:",omitempty"`
	Media       string
	Status      string
	Received    int64
	Sent        int64

	peer *Interface // the other end of an epair
	home *stack     // where it goes when its vnet ends
}

// Address is an address of an interface.
type Address struct {
	IP        netip.Addr
	Bits      int
	Broadcast string
	Tentative bool
}

// Member is a member of a bridge.
type Member struct {
	Name string
	Port int
}

func init() {
	OnBoot(func(k *Kernel) {
		k.network.vnets = map[*Jail]*stack{}
		k.network.host = bootNetwork()
	})
	OnJailCreate(func(k *Kernel, j *Jail) error {
		if j.VNET {
			s := &stack{}
			s.attach(newLoopback(0))
			k.network.vnets[j] = s
		}
		return nil
	})
	OnJailRemove(func(k *Kernel, j *Jail) { k.network.endVNET(j) })
}

// bootNetwork is the network before rc runs: one card that DHCP has configured, the loopback, and IPv6's reject routes.
func bootNetwork() *stack {
	s := &stack{}
	s.attach(&Interface{
		Name: "vtnet0", Driver: "vtnet", MTU: 1500, Options: 0x80028, Ether: "52:54:00:12:34:56",
		Flags:  IfUp | IfBroadcast | IfKnowsEpoch | IfRunning | IfSimplex | IfMulticast,
		ND6:    ND6PerformNUD | ND6IfDisabled | ND6AutoLinkLocal,
		Media:  "Ethernet autoselect (10Gbase-T <full-duplex>)",
		Status: "active",
	})
	s.attach(newLoopback(0))
	s.setFlags(s.named("lo0"), IfUp, 0)
	s.addAddress(s.named("vtnet0"), Address{IP: netip.MustParseAddr("10.0.2.15"), Bits: 24})
	s.addAddress(s.named("lo0"), Address{IP: netip.MustParseAddr("127.0.0.1"), Bits: 8})
	s.routes = append(s.routes, Route{Prefix: netip.MustParsePrefix("0.0.0.0/0"), Gateway: "10.0.2.2", Flags: "UGS", Interface: "vtnet0"})
	for _, reject := range []string{"::/96", "::ffff:0.0.0.0/96", "fe80::/10", "ff02::/16"} {
		s.routes = append(s.routes, Route{Prefix: mustPrefix(reject), Gateway: "::1", Flags: "URS", Interface: "lo0"})
	}
	return s
}

// mustPrefix also takes IPv4-mapped networks, which netip refuses.
func mustPrefix(text string) netip.Prefix {
	if text == "::ffff:0.0.0.0/96" {
		return netip.PrefixFrom(netip.MustParseAddr("::ffff:0.0.0.0"), 96)
	}
	return netip.MustParsePrefix(text)
}

// stackOf is the network that a caller lives in.
func (k *Kernel) stackOf(j *Jail) *stack {
	for ; j != nil; j = j.Parent {
		if s := k.network.vnets[j]; s != nil {
			return s
		}
	}
	return k.network.host
}

func (s *stack) named(name string) *Interface {
	for _, ifp := range s.interfaces {
		if ifp.Name == name {
			return ifp
		}
	}
	return nil
}

// attach gives an interface the lowest free index and puts it at the end.
func (s *stack) attach(ifp *Interface) {
	ifp.Index = 1
	for taken := true; taken; {
		taken = false
		for _, other := range s.interfaces {
			if other.Index == ifp.Index {
				taken = true
				ifp.Index++
				break
			}
		}
	}
	s.interfaces = append(s.interfaces, ifp)
}

// detach takes an interface out, with its addresses, its routes and its place in a bridge.
func (s *stack) detach(ifp *Interface) {
	for i, other := range s.interfaces {
		if other == ifp {
			s.interfaces = append(s.interfaces[:i:i], s.interfaces[i+1:]...)
			break
		}
	}
	for _, bridge := range s.interfaces {
		bridge.removeMember(ifp.Name)
	}
	var routes []Route
	for _, r := range s.routes {
		if r.Interface != ifp.Name {
			routes = append(routes, r)
		}
	}
	s.routes = routes
	ifp.Addresses = nil
	ifp.Flags &^= IfPromiscuous
}
