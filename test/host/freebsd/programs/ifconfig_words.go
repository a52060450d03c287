package programs

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"syscall"

	"standin/kernel"
)

// ifAddress is the address that the words have named so far.
type ifAddress struct {
	ip        netip.Addr
	bits      int
	explicit  bool
	broadcast string
}

// perform carries out words, as ifconfig() of ifconfig.c does.
func (r *ifconfigRun) perform(words []string) int {
	defer func() {
		if r.printName {
			r.p.Printf("%s\n", r.name)
		}
	}()
	for len(words) > 0 {
		used, status := r.word(words)
		if status != 0 {
			return status
		}
		words = words[used:]
	}
	return r.finish()
}

// word carries out one word with its values. used is how many words that were.
func (r *ifconfigRun) word(words []string) (used, status int) {
	word := words[0]
	if run, values := r.command(word); run != nil {
		if len(words) <= values {
			return 0, r.p.Errx(1, "'%s' requires argument", word)
		}
		return 1 + values, run(words[1 : 1+values])
	}
	if set, clear, ok := flagWord(word); ok {
		return 1, r.set(kernel.IfSetRequest{SetFlags: set, Clear: clear}, "ioctl SIOCSIFFLAGS (set flags)")
	}
	if set, clear, ok := nd6Word(word); ok {
		return 1, r.set(kernel.IfSetRequest{SetND6: set, ClearND6: clear}, "ioctl(SIOCSIFINFO_IN6)")
	}
	if familyKnown(word) {
		r.af = word
		return 1, 0
	}
	return 1, r.addressWord(word)
}

// command are the words of ifconfig.c's tables that do something, and how many values follow.
func (r *ifconfigRun) command(word string) (func([]string) int, int) {
	switch word {
	case "create", "plumb":
		return func([]string) int { return r.create() }, 0
	case "destroy", "unplumb":
		return func([]string) int { return r.destroy() }, 0
	case "name":
		return func(v []string) int { return r.rename(v[0]) }, 1
	case "alias":
		return func([]string) int { r.alias = 1; return 0 }, 0
	case "-alias", "delete", "remove":
		return func([]string) int { r.alias = -1; return 0 }, 0
	case "netmask":
		return func(v []string) int { return r.netmask(v[0]) }, 1
	case "prefixlen":
		return func(v []string) int { return r.prefix(v[0]) }, 1
	case "broadcast":
		return func(v []string) int { return r.broadcast(v[0]) }, 1
	case "mtu", "metric":
		return func(v []string) int { return r.count(word, v[0]) }, 1
	case "description", "descr":
		return func(v []string) int {
			return r.set(kernel.IfSetRequest{Description: &v[0]}, "ioctl (set descr)")
		}, 1
	case "-description", "-descr":
		none := ""
		return func([]string) int { return r.set(kernel.IfSetRequest{Description: &none}, "ioctl (set descr)") }, 0
	case "group":
		return func(v []string) int { return r.set(kernel.IfSetRequest{AddGroup: v[0]}, "setifgroup: SIOCAIFGROUP") }, 1
	case "-group":
		return func(v []string) int { return r.set(kernel.IfSetRequest{DropGroup: v[0]}, "unsetifgroup: SIOCDIFGROUP") }, 1
	case "vnet":
		return func(v []string) int { return r.vnet("if.vnet", v[0], "SIOCSIFVNET") }, 1
	case "-vnet":
		return func(v []string) int { return r.vnet("if.reclaim", v[0], "SIOCSIFRVNET") }, 1
	case "addm":
		return func(v []string) int { return r.member("bridge.add", "BRDGADD", v[0]) }, 1
	case "deletem":
		return func(v []string) int { return r.member("bridge.remove", "BRDGDEL", v[0]) }, 1
	case "fib", "media", "mediaopt", "-mediaopt", "pltime", "vltime", "maxaddr", "timeout", "priority", "stp", "-stp", "vhid":
		return func([]string) int { return 0 }, 1
	case "anycast", "-anycast", "tentative", "autoconf", "no_dad", "eui64", "arp", "-arp", "rxcsum", "-rxcsum", "txcsum",
		"-txcsum", "tso", "-tso", "lro", "-lro", "rxcsum6", "-rxcsum6", "txcsum6", "-txcsum6", "monitor", "-monitor", "debug",
		"-debug", "link0", "-link0", "link1", "-link1", "link2", "-link2", "-promisc", "promisc":
		return func([]string) int { return 0 }, 0
	}
	return nil, 0
}

func flagWord(word string) (set, clear uint32, ok bool) {
	switch word {
	case "up":
		return kernel.IfUp, 0, true
	case "down":
		return 0, kernel.IfUp, true
	}
	return 0, 0, false
}

func nd6Word(word string) (set, clear uint32, ok bool) {
	flag := uint32(0)
	switch strings.TrimPrefix(word, "-") {
	case "ifdisabled":
		flag = kernel.ND6IfDisabled
	case "accept_rtadv":
		flag = kernel.ND6AcceptRtadv
	case "auto_linklocal":
		flag = kernel.ND6AutoLinkLocal
	case "performnud", "nud":
		flag = kernel.ND6PerformNUD
	case "no_radr":
		flag = 0x40
	case "no_prefer_iface":
		flag = 0x80
	default:
		return 0, 0, false
	}
	if word[0] == '-' {
		return 0, flag, true
	}
	return flag, 0, true
}

func (r *ifconfigRun) set(req kernel.IfSetRequest, what string) int {
	req.Name = r.name
	if err := r.p.Call("if.set", req, nil); err != nil {
		return r.p.Err(1, err, "%s", what)
	}
	return 0
}

func (r *ifconfigRun) count(word, value string) int {
	n, err := strconv.Atoi(value)
	if err != nil {
		n = 0
	}
	if word == "mtu" {
		return r.set(kernel.IfSetRequest{MTU: &n}, "ioctl SIOCSIFMTU (set mtu)")
	}
	return r.set(kernel.IfSetRequest{Metric: &n}, "ioctl SIOCSIFMETRIC (set metric)")
}

func (r *ifconfigRun) create() int {
	var made kernel.IfName
	err := r.p.Call("if.create", kernel.IfName{Name: r.name}, &made)
	switch {
	case errors.Is(err, syscall.EEXIST):
		return r.p.Errx(1, "interface %s already exists", r.name)
	case err != nil:
		return r.p.Err(1, err, "SIOCIFCREATE2 (%s)", r.name)
	}
	r.printName = made.Name != r.name
	r.name = made.Name
	return 0
}

func (r *ifconfigRun) destroy() int {
	if err := r.p.Call("if.destroy", kernel.IfName{Name: r.name}, nil); err != nil {
		return r.p.Err(1, err, "SIOCIFDESTROY")
	}
	return 0
}

func (r *ifconfigRun) rename(to string) int {
	if err := r.p.Call("if.rename", kernel.IfRenameRequest{Name: r.name, To: to}, nil); err != nil {
		return r.p.Err(1, err, "ioctl SIOCSIFNAME (set name)")
	}
	r.name, r.printName = to, true
	return 0
}

func (r *ifconfigRun) vnet(method, jail, what string) int {
	err := r.p.Call(method, kernel.IfVNETRequest{Name: r.name, Jail: jail}, nil)
	switch {
	case errors.Is(err, syscall.ESRCH):
		return r.p.Errx(1, "jail \"%s\" not found", jail)
	case err != nil:
		return r.p.Err(1, err, "%s", what)
	}
	return 0
}

func (r *ifconfigRun) member(method, what, name string) int {
	if err := r.p.Call(method, kernel.BridgeRequest{Bridge: r.name, Member: name}, nil); err != nil {
		return r.p.Err(1, err, "%s %s", what, name)
	}
	return 0
}
