package programs

import (
	"errors"
	"math/bits"
	"net/netip"
	"strconv"
	"strings"
	"syscall"

	"standin/kernel"
)

// addressWord takes a word that is no command: the address, or the other end of a point-to-point link.
func (r *ifconfigRun) addressWord(word string) int {
	switch r.af {
	case "ether", "link", "lladdr":
		return r.ether(word)
	}
	if r.address != nil {
		r.destination = word
		return 0
	}
	r.address = &ifAddress{}
	if r.af == "inet6" {
		return r.inet6(word)
	}
	return r.inet(word)
}

func (r *ifconfigRun) ether(word string) int {
	parts := strings.FieldsFunc(word, func(c rune) bool { return c == ':' || c == '-' || c == '.' })
	var clean []string
	for _, part := range parts {
		n, err := strconv.ParseUint(part, 16, 8)
		if err != nil {
			return r.p.Errx(1, "malformed link-level address")
		}
		clean = append(clean, strconv.FormatUint(n|0x100, 16)[1:])
	}
	text := strings.Join(clean, ":")
	if len(clean) != 6 {
		return r.p.Err(1, syscall.EINVAL, "ioctl (SIOCSIFLLADDR)")
	}
	return r.set(kernel.IfSetRequest{Ether: &text}, "ioctl (SIOCSIFLLADDR)")
}

// inet is in_getaddr of af_inet.c.
func (r *ifconfigRun) inet(word string) int {
	host, width, has := cutLast(word, '/')
	a := r.address
	if has {
		n, err := strconv.Atoi(width)
		switch {
		case err != nil || width[0] < '0' || width[0] > '9':
			return r.p.Errx(1, "%s: bad value (width %s)", word, "invalid")
		case n > 32:
			return r.p.Errx(1, "%s: bad value (width %s)", word, "too large")
		}
		a.bits, a.explicit = n, true
	}
	ip, ok := inetAton(host)
	if !ok {
		return r.p.Errx(1, "%s: bad value", host)
	}
	a.ip = ip
	if !a.explicit {
		a.bits = classBits(ip)
	}
	return 0
}

func cutLast(text string, c byte) (before, after string, found bool) {
	at := strings.LastIndexByte(text, c)
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+1:], true
}

// classBits is the prefix of the old classes A, B and C.
func classBits(ip netip.Addr) int {
	switch first := ip.As4()[0]; {
	case first < 128:
		return 8
	case first < 192:
		return 16
	}
	return 24
}

// inetAton is inet_aton(3): also "10.1" and "0x7f000001".
func inetAton(text string) (netip.Addr, bool) {
	if text == "localhost" {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}), true
	}
	parts := strings.Split(text, ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	value := uint64(0)
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 0, 32)
		last := i == len(parts)-1
		if err != nil || !last && n > 255 || last && n>>(8*(5-len(parts))) != 0 {
			return netip.Addr{}, false
		}
		if last {
			value = value<<(8*(5-len(parts))) | n
		} else {
			value = value<<8 | n
		}
	}
	return netip.AddrFrom4([4]byte{byte(value >> 24), byte(value >> 16), byte(value >> 8), byte(value)}), true
}

// inet6 is in6_getaddr of af_inet6.c.
func (r *ifconfigRun) inet6(word string) int {
	host, width, has := cutLast(word, '/')
	r.address.bits = 64
	if has {
		if status := r.prefix(width); status != 0 {
			return status
		}
	}
	host, _, _ = strings.Cut(host, "%")
	ip, err := netip.ParseAddr(host)
	if err != nil || !ip.Is6() {
		return r.p.Errx(1, "%s: bad value", host)
	}
	r.address.ip = ip
	return 0
}

func (r *ifconfigRun) prefix(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 128 {
		return r.p.Errx(1, "%s: bad value", text)
	}
	if r.address != nil {
		r.address.bits, r.address.explicit = n, true
	}
	return 0
}

func (r *ifconfigRun) netmask(text string) int {
	ip, ok := inetAton(text)
	if !ok {
		return r.p.Errx(1, "%s: bad value", text)
	}
	if r.address == nil {
		return 0
	}
	b := ip.As4()
	mask := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	r.address.bits = bits.LeadingZeros32(^mask)
	return 0
}

func (r *ifconfigRun) broadcast(text string) int {
	ip, ok := inetAton(text)
	if !ok {
		return r.p.Errx(1, "%s: bad value", text)
	}
	if r.address != nil {
		r.address.broadcast = ip.String()
	}
	return 0
}

// finish hands the address to the kernel: one without "alias" replaces the first.
func (r *ifconfigRun) finish() int {
	a := r.address
	if a == nil {
		if r.alias == 0 {
			return 0
		}
		a = &ifAddress{ip: netip.IPv4Unspecified()}
		if r.alias > 0 {
			return 0
		}
	}
	if r.alias <= 0 {
		gone := a.ip
		if r.alias == 0 && a.ip.Is4() {
			gone = netip.IPv4Unspecified()
		}
		err := r.p.Call("if.unaddress", kernel.IfAddressRequest{Name: r.name, IP: gone}, nil)
		if err != nil && (r.alias < 0 || !errors.Is(err, syscall.EADDRNOTAVAIL)) {
			return r.p.Err(1, err, "ioctl (SIOCDIFADDR)")
		}
	}
	if r.alias < 0 {
		return 0
	}
	req := kernel.IfAddressRequest{Name: r.name, IP: a.ip, Bits: a.bits, Broadcast: a.broadcast}
	if err := r.p.Call("if.address", req, nil); err != nil {
		return r.p.Err(1, err, "ioctl (SIOCAIFADDR)")
	}
	return 0
}
