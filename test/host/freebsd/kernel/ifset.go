package kernel

import "syscall"

// IfSetRequest changes what is not nil.
type IfSetRequest struct {
	Name             string
	SetFlags, Clear  uint32
	SetND6, ClearND6 uint32
	MTU, Metric      *int
	Ether            *string
	Description      *string
	AddGroup         string
	DropGroup        string
}

func ifSet(k *Kernel, c *Call, req IfSetRequest) (None, error) {
	ifp, s, err := k.changeable(c, req.Name)
	if err != nil {
		return None{}, err
	}
	if req.MTU != nil {
		if *req.MTU < 72 || *req.MTU > 65535 {
			return None{}, syscall.EINVAL
		}
		ifp.MTU = *req.MTU
	}
	if req.Metric != nil {
		ifp.Metric = *req.Metric
	}
	if req.Ether != nil {
		if ifp.Ether == "" {
			return None{}, syscall.EINVAL
		}
		ifp.Ether = *req.Ether
	}
	if req.Description != nil {
		ifp.Description = *req.Description
	}
	if err := ifp.regroup(req.AddGroup, req.DropGroup); err != nil {
		return None{}, err
	}
	ifp.ND6 = ifp.ND6&^req.ClearND6 | req.SetND6
	s.setFlags(ifp, req.SetFlags, req.Clear)
	return None{}, nil
}

func (ifp *Interface) regroup(add, drop string) error {
	at := -1
	for i, g := range ifp.Groups {
		if g == add {
			return syscall.EEXIST
		}
		if g == drop {
			at = i
		}
	}
	switch {
	case add != "":
		ifp.Groups = append(ifp.Groups, add)
	case drop != "" && at < 0:
		return syscall.ENOENT
	case drop != "":
		ifp.Groups = append(ifp.Groups[:at:at], ifp.Groups[at+1:]...)
	}
	return nil
}

// setFlags is SIOCSIFFLAGS: an interface that comes up gets its IPv6 addresses of itself.
func (s *stack) setFlags(ifp *Interface, set, clear uint32) {
	was := ifp.Flags
	ifp.Flags = ifp.Flags&^clear | set
	switch {
	case ifp.Flags&IfUp != 0:
		if was&IfUp == 0 || set&IfUp != 0 {
			ifp.Flags |= IfRunning
			s.inet6Up(ifp)
		}
	case was&IfUp != 0:
		if ifp.Driver == "bridge" {
			ifp.Flags &^= IfRunning
		}
		for i := range ifp.Addresses {
			ifp.Addresses[i].Tentative = ifp.Addresses[i].IP.Is6()
		}
	}
}

// IfRenameRequest gives an interface another name.
type IfRenameRequest struct{ Name, To string }

func ifRename(k *Kernel, c *Call, req IfRenameRequest) (None, error) {
	ifp, s, err := k.changeable(c, req.Name)
	switch {
	case err != nil:
		return None{}, err
	case len(req.To) > 15:
		return None{}, syscall.ENAMETOOLONG
	case req.To == "":
		return None{}, syscall.EINVAL
	case req.To == req.Name:
		return None{}, nil
	case s.named(req.To) != nil:
		return None{}, syscall.EEXIST
	}
	for _, other := range s.interfaces {
		for i := range other.Members {
			if other.Members[i].Name == ifp.Name {
				other.Members[i].Name = req.To
			}
		}
	}
	for i := range s.routes {
		if s.routes[i].Interface == ifp.Name {
			s.routes[i].Interface = req.To
		}
	}
	ifp.Name = req.To
	return None{}, nil
}
