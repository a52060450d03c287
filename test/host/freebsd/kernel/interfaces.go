package kernel

import (
	"crypto/sha1"
	"fmt"
	"strconv"
	"strings"
	"syscall"
)

func init() {
	Handle("if.list", ifList)
	Handle("if.create", ifCreate)
	Handle("if.destroy", ifDestroy)
	Handle("if.set", ifSet)
	Handle("if.rename", ifRename)
}

// ifList is getifaddrs(3): a jail without a network of its own sees only its own addresses.
func ifList(k *Kernel, c *Call, _ None) ([]Interface, error) {
	var list []Interface
	s := k.stackOf(c.Jail)
	for _, ifp := range s.interfaces {
		seen := *ifp
		if c.Jail != nil && k.network.vnets[c.Jail] == nil {
			seen.Addresses = nil
			for _, a := range ifp.Addresses {
				if c.Jail.hasAddress(a.IP) {
					seen.Addresses = append(seen.Addresses, a)
				}
			}
			if !c.Jail.hasInet6() {
				seen.ND6 = 0
			}
		}
		list = append(list, seen)
	}
	return list, nil
}

// IfName names an interface, and what is done with it.
type IfName struct{ Name string }

func newLoopback(unit int) *Interface {
	return &Interface{
		Name: "lo" + strconv.Itoa(unit), Driver: "lo", Unit: unit, MTU: 16384, Options: 0x680003,
		Flags: IfLoopback | IfMulticast, Groups: []string{"lo"}, ND6: ND6PerformNUD | ND6AutoLinkLocal,
	}
}

func newBridge(unit int, seed string) *Interface {
	name := "bridge" + strconv.Itoa(unit)
	sum := sha1.Sum([]byte(seed + name))
	return &Interface{
		Name: name, Driver: "bridge", Unit: unit, MTU: 1500,
		Ether: fmt.Sprintf("58:9c:fc:10:%02x:%02x", sum[0], sum[1]),
		Flags: IfBroadcast | IfSimplex | IfMulticast, Groups: []string{"bridge"}, ND6: ND6PerformNUD | ND6IfDisabled,
	}
}

func newEpair(unit int, seed string) (a, b *Interface) {
	end := func(side string) *Interface {
		sum := sha1.Sum([]byte(seed + "epair" + strconv.Itoa(unit)))
		return &Interface{
			Name: "epair" + strconv.Itoa(unit) + side, Driver: "epair", Unit: unit, MTU: 1500, Options: 0x8,
			Ether: fmt.Sprintf("02:%02x:%02x:%02x:%02x:0%s", sum[0], sum[1], sum[2], sum[3], side),
			Flags: IfBroadcast | IfKnowsEpoch | IfRunning | IfSimplex | IfMulticast, Groups: []string{"epair"},
			ND6:   ND6PerformNUD | ND6IfDisabled | ND6AutoLinkLocal,
			Media: "Ethernet 10Gbase-T (10Gbase-T <full-duplex>)", Status: "active",
		}
	}
	a, b = end("a"), end("b")
	a.peer, b.peer = b, a
	return a, b
}

// ifCreate is if_clone_create of sys/net/if_clone.c: "lo" finds a free number, "lo7" is that one.
func ifCreate(k *Kernel, c *Call, req IfName) (IfName, error) {
	if !c.Jail.mayConfigureNetwork() {
		return IfName{}, syscall.EPERM
	}
	driver := strings.TrimRight(req.Name, "0123456789")
	number := req.Name[len(driver):]
	if driver != "lo" && driver != "bridge" && driver != "epair" || len(number) > 1 && number[0] == '0' {
		return IfName{}, syscall.EINVAL
	}
	s := k.stackOf(c.Jail)
	unit := 0
	if number != "" {
		var err error
		if unit, err = strconv.Atoi(number); err != nil || unit > 0x7fff {
			return IfName{}, syscall.EINVAL
		}
		if k.unitTaken(driver, unit) || s.named(req.Name) != nil {
			return IfName{}, syscall.EEXIST
		}
	} else {
		for k.unitTaken(driver, unit) || s.named(driver+strconv.Itoa(unit)) != nil {
			unit++
		}
	}
	if driver != "lo" {
		k.autoload("if_" + driver)
	}
	switch driver {
	case "lo":
		s.attach(newLoopback(unit))
	case "bridge":
		s.attach(newBridge(unit, k.HostUUID()))
	case "epair":
		a, b := newEpair(unit, k.HostUUID())
		s.attach(a)
		s.attach(b)
		return IfName{a.Name}, nil
	}
	return IfName{driver + strconv.Itoa(unit)}, nil
}

// unitTaken looks through all networks: an interface keeps its number wherever it goes and however it is called.
func (k *Kernel) unitTaken(driver string, unit int) bool {
	for _, s := range k.stacks() {
		for _, ifp := range s.interfaces {
			if ifp.Driver == driver && ifp.Unit == unit && (driver != "lo" || s == k.network.host) {
				return true
			}
		}
	}
	return false
}

func (k *Kernel) stacks() []*stack {
	all := []*stack{k.network.host}
	for _, s := range k.network.vnets {
		all = append(all, s)
	}
	return all
}

func ifDestroy(k *Kernel, c *Call, req IfName) (None, error) {
	ifp, s, err := k.changeable(c, req.Name)
	if err != nil {
		return None{}, err
	}
	if ifp.Driver == "vtnet" || ifp.Driver == "lo" && ifp.Unit == 0 {
		return None{}, syscall.EINVAL
	}
	s.detach(ifp)
	if ifp.Driver == "bridge" {
		for _, m := range ifp.Members {
			s.leaveBridge(m.Name)
		}
	}
	if ifp.peer != nil {
		for _, other := range k.stacks() {
			if other.named(ifp.peer.Name) == ifp.peer {
				other.detach(ifp.peer)
			}
		}
	}
	return None{}, nil
}

// changeable finds an interface of the caller's network that the caller may change.
func (k *Kernel) changeable(c *Call, name string) (*Interface, *stack, error) {
	s := k.stackOf(c.Jail)
	ifp := s.named(name)
	if ifp == nil {
		return nil, nil, syscall.ENXIO
	}
	if c.Jail != nil && k.network.vnets[c.Jail] == nil {
		return nil, nil, syscall.EPERM
	}
	return ifp, s, nil
}
