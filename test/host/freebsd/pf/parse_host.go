package pf

import (
	"net/netip"
	"os"
	"strconv"
	"strings"
)

type hostItem struct {
	Addr
	not bool
}

type portItem struct {
	op   string
	port [2]int
	name string // of a service whose number depends on the protocol
}

// end is ipportspec: addresses and ports.
func (p *Parser) end(hosts *[]hostItem, ports *[]portItem, d *draft) {
	if !p.is("port") {
		if p.accept("any") {
			*hosts = nil
		} else {
			p.list(func() {
				not := p.accept("!")
				if p.accept("any") {
					*hosts = append(*hosts, hostItem{not: not})
					return
				}
				for _, h := range p.host() {
					h.not = h.not != not
					*hosts = append(*hosts, h)
				}
			})
		}
	}
	if p.accept("port") {
		p.list(func() { *ports = append(*ports, p.port()) })
	}
}

// port is port_item: a port, a range, or a comparison.
func (p *Parser) port() portItem {
	op := "="
	for _, sign := range []string{"=", "!=", "<=", ">=", "<", ">"} {
		if p.is(sign) {
			op = p.advance().text
			return portItem{op: op, port: [2]int{p.portNumber(p.word())}}
		}
	}
	word := p.word()
	if from, to, ok := strings.Cut(word, ":"); ok {
		return portItem{op: ":", port: [2]int{p.portNumber(from), p.portNumber(to)}}
	}
	first := p.portNumber(word)
	if p.is("><") || p.is("<>") {
		op = p.advance().text
		return portItem{op: op, port: [2]int{first, p.portNumber(p.word())}}
	}
	return portItem{op: op, port: [2]int{first}}
}

// portNumber is getport and its callers.
func (p *Parser) portNumber(word string) int {
	if n, err := strconv.Atoi(word); err == nil {
		if n < 0 || n > 65535 {
			fail("illegal port value %d", n)
		}
		return n
	}
	for _, proto := range []string{"tcp", "udp"} {
		if n, ok := p.Env.Port(word, proto); ok {
			return n
		}
	}
	fail("unknown port %s", word)
	return 0
}

// starPorts is portstar: the second is -1 for "80:*".
func (p *Parser) starPorts() [2]int {
	word := p.word()
	from, to, ranged := strings.Cut(word, ":")
	first := p.portNumber(from)
	switch {
	case !ranged:
		return [2]int{first, 0}
	case to == "*":
		return [2]int{first, -1}
	}
	return [2]int{first, p.portNumber(to)}
}

// host is an address, a network, an interface's addresses, a table.
func (p *Parser) host() []hostItem {
	switch {
	case p.accept("("):
		name := p.word()
		p.checkModifiers(name)
		p.expect(")")
		if p.accept("/") {
			p.word()
		}
		return []hostItem{{Addr: Addr{Kind: "dynamic", Name: name}}}
	case p.accept("<"):
		name := p.word()
		p.expect(">")
		return []hostItem{{Addr: Addr{Kind: "table", Name: name}}}
	case p.is("no-route"), p.is("urpf-failed"):
		return []hostItem{{Addr: Addr{Kind: p.advance().text}}}
	case p.accept("!"):
		list := p.host()
		for i := range list {
			list[i].not = !list[i].not
		}
		return list
	}
	word := p.word()
	bits := -1
	if p.accept("/") {
		n, err := strconv.Atoi(p.word())
		if err != nil {
			syntax()
		}
		bits = n
	}
	return p.lookup(word, bits)
}

func (p *Parser) checkModifiers(name string) {
	parts := strings.Split(name, ":")
	for _, m := range parts[1:] {
		switch m {
		case "network", "broadcast", "peer", "0":
		default:
			fail("illegal interface modifiers")
		}
	}
}

// lookup is host() of pfctl_parser.c: an interface, IPv4 or IPv6.
func (p *Parser) lookup(word string, bits int) []hostItem {
	name, modifiers, _ := strings.Cut(word, ":")
	if ip, err := netip.ParseAddr(word); err == nil {
		return []hostItem{prefixItem(ip, bits)}
	}
	if ip, ok := shortIPv4(word); ok && bits >= 0 {
		return []hostItem{prefixItem(ip, bits)}
	}
	var items []hostItem
	first := map[bool]bool{}
	for _, own := range p.Env.Addresses(name) {
		ip := own.Addr()
		if strings.Contains(modifiers, "0") && first[ip.Is4()] {
			continue
		}
		first[ip.Is4()] = true
		width := bits
		if strings.Contains(modifiers, "network") {
			own = own.Masked()
			ip, width = own.Addr(), own.Bits()
		}
		items = append(items, prefixItem(ip, width))
	}
	if len(items) == 0 {
		if bits >= 0 {
			word += "/" + strconv.Itoa(bits)
		}
		p.Err("no IP address found for %s\n", word)
		fail("could not parse host specification")
	}
	return items
}

func prefixItem(ip netip.Addr, bits int) hostItem {
	if bits < 0 {
		bits = ip.BitLen()
	}
	if bits > ip.BitLen() {
		fail("illegal netmask value /%d", bits)
	}
	prefix := netip.PrefixFrom(ip.WithZone(""), bits).Masked()
	return hostItem{Addr: Addr{Kind: "prefix", Prefix: prefix}}
}

// shortIPv4 is "10" or "192.168", as inet_net_pton(3) takes them.
func shortIPv4(word string) (netip.Addr, bool) {
	parts := strings.Split(word, ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	var b [4]byte
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 8)
		if err != nil {
			return netip.Addr{}, false
		}
		b[i] = byte(n)
	}
	return netip.AddrFrom4(b), true
}

// entries is an address of a table.
func (p *Parser) entries() (list []Entry) {
	not := p.accept("!")
	for _, h := range p.host() {
		if h.Kind != "prefix" {
			syntax()
		}
		list = append(list, Entry{h.Prefix, h.not != not})
	}
	return list
}

// ReadEntries reads a file of addresses, one a word.
func ReadEntries(file string) ([]Entry, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var list []Entry
	for _, line := range strings.Split(string(data), "\n") {
		line, _, _ = strings.Cut(line, "#")
		for _, word := range strings.Fields(line) {
			if e, ok := ParseEntry(word); ok {
				list = append(list, e)
			}
		}
	}
	return list, nil
}

// ParseEntry reads "!10.0.0.0/8".
func ParseEntry(word string) (Entry, bool) {
	plain := strings.TrimPrefix(word, "!")
	e := Entry{Not: plain != word}
	if prefix, err := netip.ParsePrefix(plain); err == nil {
		e.Prefix = prefix.Masked()
		return e, true
	}
	ip, err := netip.ParseAddr(plain)
	if err != nil {
		return e, false
	}
	e.Prefix = netip.PrefixFrom(ip, ip.BitLen())
	return e, true
}
