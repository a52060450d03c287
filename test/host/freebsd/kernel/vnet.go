package kernel

import (
	"syscall"
)

func init() {
	Handle("if.vnet", ifVNET)
	Handle("if.reclaim", ifReclaim)
	Handle("bridge.add", bridgeAdd)
	Handle("bridge.remove", bridgeRemove)
}

// IfVNETRequest moves an interface into a jail's network, or back.
type IfVNETRequest struct{ Name, Jail string }

// ifVNET is SIOCSIFVNET (if_vmove_loan of sys/net/if.c).
func ifVNET(k *Kernel, c *Call, req IfVNETRequest) (None, error) {
	ifp, from, err := k.changeable(c, req.Name)
	if err != nil {
		return None{}, err
	}
	j := k.JailByName(req.Jail)
	if j == nil {
		return None{}, syscall.ESRCH
	}
	to := k.stackOf(j)
	if to == from || to.named(ifp.Name) != nil {
		return None{}, syscall.EEXIST
	}
	move(ifp, from, to)
	if ifp.home == nil {
		ifp.home = from
	}
	return None{}, nil
}

func move(ifp *Interface, from, to *stack) {
	from.detach(ifp)
	ifp.Flags &^= IfUp
	to.attach(ifp)
}

// ifReclaim is SIOCSIFRVNET: an interface comes back from a jail's network.
func ifReclaim(k *Kernel, c *Call, req IfVNETRequest) (None, error) {
	j := k.JailByName(req.Jail)
	if j == nil {
		return None{}, syscall.ESRCH
	}
	from, to := k.stackOf(j), k.stackOf(c.Jail)
	ifp := from.named(req.Name)
	if ifp == nil {
		return None{}, syscall.ENXIO
	}
	if to == from || to.named(ifp.Name) != nil {
		return None{}, syscall.EEXIST
	}
	move(ifp, from, to)
	ifp.home = nil
	return None{}, nil
}

// endVNET is vnet_destroy: interfaces that came from elsewhere go home, cloned ones of its own go.
func (n *network) endVNET(j *Jail) {
	s := n.vnets[j]
	if s == nil {
		return
	}
	delete(n.vnets, j)
	for _, ifp := range append([]*Interface{}, s.interfaces...) {
		if home := ifp.home; home != nil {
			ifp.home = nil
			move(ifp, s, home)
		}
	}
}

// BridgeRequest is BRDGADD and BRDGDEL (sys/net/if_bridge.c).
type BridgeRequest struct{ Bridge, Member string }

func bridgeAdd(k *Kernel, c *Call, req BridgeRequest) (None, error) {
	bridge, s, err := k.changeable(c, req.Bridge)
	if err != nil {
		return None{}, err
	}
	member := s.named(req.Member)
	switch {
	case bridge.Driver != "bridge":
		return None{}, syscall.EINVAL
	case member == nil:
		return None{}, syscall.ENOENT
	case member == bridge || member.Ether == "" || member.Driver == "bridge":
		return None{}, syscall.EINVAL
	}
	for _, other := range s.interfaces {
		for _, m := range other.Members {
			if m.Name == member.Name {
				if other == bridge {
					return None{}, syscall.EEXIST
				}
				return None{}, syscall.EBUSY
			}
		}
	}
	bridge.Members = append([]Member{{member.Name, member.Index}}, bridge.Members...)
	member.Flags |= IfPromiscuous
	return None{}, nil
}

func bridgeRemove(k *Kernel, c *Call, req BridgeRequest) (None, error) {
	bridge, s, err := k.changeable(c, req.Bridge)
	if err != nil {
		return None{}, err
	}
	if !bridge.removeMember(req.Member) {
		return None{}, syscall.ENOENT
	}
	s.leaveBridge(req.Member)
	return None{}, nil
}

func (ifp *Interface) removeMember(name string) bool {
	for i, m := range ifp.Members {
		if m.Name == name {
			ifp.Members = append(ifp.Members[:i:i], ifp.Members[i+1:]...)
			return true
		}
	}
	return false
}

func (s *stack) leaveBridge(name string) {
	if ifp := s.named(name); ifp != nil {
		ifp.Flags &^= IfPromiscuous
	}
}
