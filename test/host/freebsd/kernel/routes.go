package kernel

import (
	"net/netip"
	"sort"
	"strconv"
	"syscall"
)

func init() {
	Handle("route.list", routeList)
	Handle("route.add", routeAdd)
	Handle("route.delete", routeDelete)
}

// Route is one line of a routing table. A link's gateway is "link#N".
type Route struct {
	Prefix    netip.Prefix
	Scope     string // the interface of a link-local prefix
	Host      bool
	Gateway   string
	Flags     string
	Interface string
}

func routeList(k *Kernel, c *Call, _ None) ([]Route, error) {
	s := k.stackOf(c.Jail)
	list := append([]Route{}, s.routes...)
	for _, ifp := range s.interfaces {
		for _, a := range ifp.Addresses {
			list = append(list, s.linkRoutes(ifp, a)...)
		}
	}
	return sortRoutes(s, list), nil
}

// linkRoutes are those that an address brings (in_addprefix, in6_ifaddloop): its network, and itself over lo0.
func (s *stack) linkRoutes(ifp *Interface, a Address) (routes []Route) {
	link := "link#" + strconv.Itoa(ifp.Index)
	host := Route{Prefix: netip.PrefixFrom(a.IP, a.IP.BitLen()), Host: true, Gateway: link, Flags: "UHS", Interface: "lo0"}
	if a.IP.IsLinkLocalUnicast() && a.IP.Is6() {
		host.Scope = ifp.Name
	}
	if ifp.Flags&IfLoopback != 0 && a.IP.Is4() {
		host.Flags, host.Interface = "UH", ifp.Name
		return []Route{host}
	}
	if ifp.Flags&IfUp != 0 && a.Bits < a.IP.BitLen() {
		network, _ := a.IP.Prefix(a.Bits)
		routes = append(routes, Route{Prefix: network, Scope: host.Scope, Gateway: link, Flags: "U", Interface: ifp.Name})
	}
	return append(routes, host)
}

// sortRoutes is the order of the radix tree: by address, the wider network first.
func sortRoutes(s *stack, list []Route) []Route {
	key := func(r Route) netip.Addr {
		if ifp := s.named(r.Scope); r.Scope != "" && ifp != nil {
			b := r.Prefix.Addr().As16()
			b[3] = byte(ifp.Index)
			return netip.AddrFrom16(b)
		}
		if r.Prefix.Addr().Is4In6() {
			b := r.Prefix.Addr().As16()
			return netip.AddrFrom16(b)
		}
		return r.Prefix.Addr()
	}
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if a.Prefix.Addr().Is4() != b.Prefix.Addr().Is4() {
			return a.Prefix.Addr().Is4()
		}
		if by := key(a).Compare(key(b)); by != 0 {
			return by < 0
		}
		return a.Prefix.Bits() < b.Prefix.Bits()
	})
	return list
}

func routeAdd(k *Kernel, c *Call, req Route) (None, error) {
	if !c.Jail.mayConfigureNetwork() {
		return None{}, syscall.EPERM
	}
	s := k.stackOf(c.Jail)
	for _, r := range s.routes {
		if r.Prefix == req.Prefix {
			return None{}, syscall.EEXIST
		}
	}
	if req.Interface == "" {
		ifp := s.toward(req.Gateway)
		if ifp == nil {
			return None{}, syscall.ENETUNREACH
		}
		req.Interface = ifp.Name
	} else if s.named(req.Interface) == nil {
		return None{}, syscall.ENETUNREACH
	}
	s.routes = append(s.routes, req)
	return None{}, nil
}

// toward is the interface whose network has an address.
func (s *stack) toward(address string) *Interface {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return nil
	}
	for _, ifp := range s.interfaces {
		for _, a := range ifp.Addresses {
			network, err := a.IP.Prefix(a.Bits)
			if err == nil && ifp.Flags&IfUp != 0 && network.Contains(ip) {
				return ifp
			}
		}
	}
	return nil
}

func routeDelete(k *Kernel, c *Call, req Route) (None, error) {
	if !c.Jail.mayConfigureNetwork() {
		return None{}, syscall.EPERM
	}
	s := k.stackOf(c.Jail)
	for i, r := range s.routes {
		if r.Prefix == req.Prefix {
			s.routes = append(s.routes[:i:i], s.routes[i+1:]...)
			return None{}, nil
		}
	}
	return None{}, syscall.ESRCH
}
