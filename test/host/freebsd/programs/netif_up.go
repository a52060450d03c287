package programs

import (
	"fmt"
	"net/netip"
	"os/exec"
	"strconv"
	"strings"
)

// up is ifn_start of network.subr: an interface is brought up and given what rc.conf(5) has for it.
func (n *netifRun) up(name string) bool {
	config, dhcp := n.ownWords(name)
	six := n.of(name, "ifconfig_IF_ipv6", "")
	lists := append(n.aliases(name, "inet"), n.aliases(name, "inet6")...)
	if six == "" && !strings.HasPrefix(name, "lo") && n.p.jailed() && n.exists(name) {
		n.ifconfig(name, "inet6", "ifdisabled")
	}
	if config == "" && !dhcp && six == "" && len(lists) == 0 {
		return false
	}
	done := false
	if n.exists(name) {
		n.ifconfig(name, "up")
	}
	if config != "" {
		n.ifconfig(append([]string{name}, n.words(config)...)...)
		done = true
	}
	if six != "" {
		if !strings.HasPrefix(six, "inet6") {
			n.p.Errorf("/etc/rc.d/netif: WARNING: $ifconfig_%s_ipv6 needs leading \"inet6\" keyword for an IPv6 address.\n", name)
			six = "inet6 " + six
		}
		n.ifconfig(name, "inet6", "-ifdisabled")
		n.ifconfig(append([]string{name}, n.words(six)...)...)
		done = true
	}
	if dhcp {
		done = n.lease(name) || done
	}
	for _, alias := range lists {
		if n.ifconfig(append(append([]string{name}, alias...), "alias")...) {
			done = true
		}
	}
	return done
}

// ownWords is ifconfig_getargs: ifconfig_IF without the words that are rc's own.
func (n *netifRun) ownWords(name string) (config string, dhcp bool) {
	var words []string
	for _, word := range strings.Fields(n.of(name, "ifconfig_IF", n.rc["ifconfig_DEFAULT"])) {
		switch strings.ToUpper(word) {
		case "DHCP", "SYNCDHCP", "NOSYNCDHCP":
			dhcp = true
		case "NOAUTO", "WPA", "NOWPA", "HOSTAP", "NOHOSTAP", "IPV4LL":
		default:
			words = append(words, word)
		}
	}
	return strings.Join(words, " "), dhcp
}

// lease is what dhclient gets from the network that the machine is in.
func (n *netifRun) lease(name string) bool {
	if name != "vtnet0" {
		return false
	}
	out, _ := exec.Command("/sbin/ifconfig", name).Output()
	if !strings.Contains(string(out), "\tinet 10.0.2.15 ") {
		n.ifconfig(name, "inet", "10.0.2.15", "netmask", "255.255.255.0")
		exec.Command("/sbin/route", "-q", "-n", "add", "default", "10.0.2.2").Run()
	}
	return true
}

// aliases is ifalias_af_common: ifconfig_IF_aliases first, then ipv4_addrs_IF, then ifconfig_IF_alias0 and so on.
func (n *netifRun) aliases(name, family string) (list [][]string) {
	text := n.of(name, "ifconfig_IF_aliases", "")
	for i := 0; ; i++ {
		value := n.of(name, "ifconfig_IF_alias"+strconv.Itoa(i), "")
		if value == "" {
			break
		}
		first, _, _ := strings.Cut(value, " ")
		if !familyKnown(first) {
			n.p.Errorf("/etc/rc.d/netif: WARNING: $ifconfig_%s_alias%d needs leading \"inet\" keyword for an IPv4 address.\n", name, i)
			value = "inet " + value
		}
		text += " " + value
	}
	for _, value := range strings.Fields(n.of(name, "ipv4_addrs_IF", "")) {
		text += " inet " + value
	}
	var current []string
	flush := func() {
		if len(current) > 1 && current[0] == family {
			list = append(list, expandAlias(current)...)
		}
	}
	for _, word := range strings.Fields(text) {
		if familyKnown(word) {
			flush()
			current = nil
		}
		current = append(current, word)
	}
	flush()
	return list
}

// expandAlias is ifalias_expand_addr: "192.168.1.1-3/28" is three addresses, of which only the first has the prefix.
func expandAlias(words []string) (list [][]string) {
	host, bits, has := cutLast(words[1], '/')
	from, to, ranged := cutLast(host, '-')
	start, err := netip.ParseAddr(from)
	if !ranged || words[0] != "inet" || err != nil || !start.Is4() {
		return [][]string{words}
	}
	last, err := strconv.Atoi(to)
	b := start.As4()
	if err != nil || last < int(b[3]) || last > 255 {
		return [][]string{words}
	}
	if !has {
		bits = "32"
	}
	for i := int(b[3]); i <= last; i++ {
		one := fmt.Sprintf("%d.%d.%d.%d/%s", b[0], b[1], b[2], i, bits)
		list = append(list, append([]string{words[0], one}, words[2:]...))
		bits = "32"
	}
	return list
}

// down is ifn_stop: aliases go by their own names first, then whatever IPv4 is left, then the interface.
func (n *netifRun) down(name string) bool {
	for _, family := range []string{"inet6", "inet"} {
		for _, alias := range n.aliases(name, family) {
			n.ifconfig(name, alias[0], alias[1], "-alias")
		}
	}
	out, err := exec.Command("/sbin/ifconfig", name).Output()
	if err != nil {
		return false
	}
	for _, line := range strings.Split(string(out), "\n") {
		if words := strings.Fields(line); len(words) > 1 && words[0] == "inet" {
			n.ifconfig(name, "inet", words[1], "delete")
		}
	}
	return n.ifconfig(name, "down")
}
