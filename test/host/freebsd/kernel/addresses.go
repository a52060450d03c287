package kernel

import (
	"net/netip"
	"strconv"
	"strings"
	"syscall"
)

func init() {
	Handle("if.address", ifAddress)
	Handle("if.unaddress", ifUnaddress)
}

// IfAddressRequest is SIOCAIFADDR and SIOCDIFADDR. An address that isn't valid stands for the first of its family.
type IfAddressRequest struct {
	Name      string
	IP        netip.Addr
	Bits      int
	Broadcast string
}

func ifAddress(k *Kernel, c *Call, req IfAddressRequest) (None, error) {
	ifp, s, err := k.changeable(c, req.Name)
	if err != nil {
		return None{}, err
	}
	s.addAddress(ifp, Address{IP: req.IP, Bits: req.Bits, Broadcast: req.Broadcast})
	return None{}, nil
}

// addAddress follows in_aifaddr_ioctl of sys/netinet/in.c: an address that is there already is taken out and comes
// again at the end; the first address brings the interface up, and only then IPv6's own addresses come.
func (s *stack) addAddress(ifp *Interface, a Address) {
	if a.IP.Is4() && a.Broadcast == "" && ifp.Flags&IfBroadcast != 0 && a.Bits < 31 {
		a.Broadcast = lastAddress(a.IP, a.Bits).String()
	}
	if at := ifp.find(a.IP); at >= 0 && a.IP.Is4() {
		ifp.Addresses = append(ifp.Addresses[:at:at], ifp.Addresses[at+1:]...)
	} else if at >= 0 {
		ifp.Addresses[at].Bits = a.Bits
		return
	}
	ifp.Addresses = append(ifp.Addresses, a)
	if a.IP.Is6() {
		ifp.ND6 &^= ND6IfDisabled
	}
	s.setFlags(ifp, IfUp, 0)
}

func lastAddress(ip netip.Addr, bits int) netip.Addr {
	b := ip.As4()
	for i := bits; i < 32; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	return netip.AddrFrom4(b)
}

func (ifp *Interface) find(ip netip.Addr) int {
	for i, a := range ifp.Addresses {
		if a.IP == ip {
			return i
		}
	}
	return -1
}

func ifUnaddress(k *Kernel, c *Call, req IfAddressRequest) (None, error) {
	ifp, _, err := k.changeable(c, req.Name)
	if err != nil {
		return None{}, err
	}
	at := ifp.find(req.IP)
	if req.IP.IsUnspecified() && req.IP.Is4() {
		for i := len(ifp.Addresses) - 1; i >= 0; i-- {
			if ifp.Addresses[i].IP.Is4() {
				at = i
			}
		}
	}
	if at < 0 {
		return None{}, syscall.EADDRNOTAVAIL
	}
	ifp.Addresses = append(ifp.Addresses[:at:at], ifp.Addresses[at+1:]...)
	return None{}, nil
}

// inet6Up is in6_if_up of sys/netinet6/in6_ifattach.c.
func (s *stack) inet6Up(ifp *Interface) {
	for i := range ifp.Addresses {
		ifp.Addresses[i].Tentative = false
	}
	if ifp.ND6&ND6AutoLinkLocal == 0 || ifp.ND6&ND6IfDisabled != 0 {
		return
	}
	for _, a := range ifp.Addresses {
		if a.IP.IsLinkLocalUnicast() && a.IP.Is6() {
			return
		}
	}
	if ifp.Driver == "lo" && ifp.Unit == 0 && ifp.find(netip.MustParseAddr("::1")) < 0 {
		ifp.Addresses = append(ifp.Addresses, Address{IP: netip.MustParseAddr("::1"), Bits: 128})
	}
	ifp.Addresses = append(ifp.Addresses, Address{IP: ifp.linkLocal(), Bits: 64})
}

// linkLocal is fe80::1 on a loopback and made from the hardware address elsewhere.
func (ifp *Interface) linkLocal() netip.Addr {
	b := [16]byte{0: 0xfe, 1: 0x80}
	parts := strings.Split(ifp.Ether, ":")
	if len(parts) != 6 {
		b[15] = 1
		return netip.AddrFrom16(b)
	}
	for i, at := range []int{8, 9, 10, 13, 14, 15} {
		n, _ := strconv.ParseUint(parts[i], 16, 8)
		b[at] = byte(n)
	}
	b[8] ^= 2
	b[11], b[12] = 0xff, 0xfe
	return netip.AddrFrom16(b)
}
