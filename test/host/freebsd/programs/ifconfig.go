package programs

import (
	"strings"

	"standin/kernel"
)

// ifconfig follows ifconfig(8) and sbin/ifconfig/ifconfig.c: words are carried out one after another as they are
// read; an address is given to the kernel after the last of them.
func init() { Register(ifconfig, "ifconfig") }

const ifconfigUsage = `usage: ifconfig [-f type:format] %sinterface address_family [address [dest_address]]
                [parameters]
       ifconfig interface create
       ifconfig -a %s[-d] [-m] [-u] [-v] [address_family]
       ifconfig -l [-d] [-u] [address_family]
       ifconfig %s[-d] [-m] [-u] [-v]
`

type ifconfigRun struct {
	p                    *Process
	up, down, all, names bool
	group, notGroup      string
	family               string
	format4, format6     string
	formatEther          string
	list                 []kernel.Interface

	name        string // the interface at hand
	printName   bool
	af          string
	alias       int // 1 alias, -1 -alias
	address     *ifAddress
	destination string
}

func ifconfig(p *Process) int {
	r := &ifconfigRun{p: p}
	rest, ok := r.options()
	if !ok {
		return r.usage()
	}
	if r.group != "" && !r.all {
		return r.groupMembers()
	}
	if len(rest) > 0 && !r.all && !r.names {
		return r.interfaceNamed(rest[0], rest[1:])
	}
	if len(rest) > 0 {
		r.family, rest = rest[0], rest[1:]
		if !familyKnown(r.family) || len(rest) > 0 {
			return r.usage()
		}
	}
	return r.showAll()
}

func (r *ifconfigRun) usage() int {
	return r.p.Usage(1, strings.ReplaceAll(ifconfigUsage, "%s", ""))
}

func (r *ifconfigRun) options() (rest []string, ok bool) {
	found, rest, ok := r.p.options("adf:G:g:klLmnuv")
	for _, o := range found {
		switch o.Letter {
		case 'a':
			r.all = true
		case 'd':
			r.down = true
		case 'f':
			ok = ok && r.setFormat(o.Value)
		case 'g':
			r.group = o.Value
		case 'G':
			r.notGroup = o.Value
		case 'l':
			r.names = true
		case 'u':
			r.up = true
		}
	}
	if r.names && r.all || r.up && r.down {
		return nil, false
	}
	return rest, ok
}

func (r *ifconfigRun) setFormat(list string) bool {
	for _, word := range strings.Split(list, ",") {
		family, format, _ := strings.Cut(word, ":")
		switch family {
		case "inet":
			r.format4 = format
		case "inet6":
			r.format6 = format
		case "ether":
			r.formatEther = format
		default:
			return false
		}
	}
	return true
}

func familyKnown(name string) bool {
	switch name {
	case "inet", "inet6", "link", "ether", "lladdr":
		return true
	}
	return false
}

func (r *ifconfigRun) load() {
	r.list = nil
	if err := r.p.Call("if.list", nil, &r.list); err != nil {
		r.p.Exit(r.p.Err(1, err, "getifaddrs"))
	}
}

func (r *ifconfigRun) find(name string) *kernel.Interface {
	for i := range r.list {
		if r.list[i].Name == name {
			return &r.list[i]
		}
	}
	return nil
}

// groupMembers is ifconfig -g GROUP.
func (r *ifconfigRun) groupMembers() int {
	r.load()
	for _, ifp := range r.list {
		if inGroup(ifp, r.group) {
			r.p.Printf("%s\n", ifp.Name)
		}
	}
	return 0
}

func inGroup(ifp kernel.Interface, group string) bool {
	for _, g := range ifp.Groups {
		if g == group {
			return true
		}
	}
	return group == "all"
}

func (r *ifconfigRun) showAll() int {
	r.load()
	var names []string
	for _, ifp := range r.list {
		up := ifp.Flags&kernel.IfUp != 0
		switch {
		case r.up && !up || r.down && up:
		case r.group != "" && !inGroup(ifp, r.group) || r.notGroup != "" && inGroup(ifp, r.notGroup):
		case r.names && r.family == "ether" && ifp.Ether == "":
		case r.names && (r.family == "inet" || r.family == "inet6") && !hasFamily(ifp, r.family == "inet6"):
		case r.names:
			names = append(names, ifp.Name)
		default:
			r.show(ifp)
		}
	}
	if r.names {
		r.p.Printf("%s\n", strings.Join(names, " "))
	}
	return 0
}

func hasFamily(ifp kernel.Interface, six bool) bool {
	for _, a := range ifp.Addresses {
		if a.IP.Is6() == six {
			return true
		}
	}
	return false
}

// interfaceNamed is main's last part: an interface that need not be there to be created or brought back.
func (r *ifconfigRun) interfaceNamed(name string, words []string) int {
	p := r.p
	r.load()
	r.name = name
	create := len(words) > 0 && (words[0] == "create" || words[0] == "plumb")
	if r.find(name) == nil {
		switch {
		case create && len(name) > 15:
			return p.Errx(1, "%s: cloning name too long", name)
		case create || len(words) > 0 && words[0] == "-vnet":
			return r.perform(words)
		}
		return p.Errx(1, "interface %s does not exist", name)
	}
	if create {
		if len(words) == 1 {
			return p.Errx(1, "interface %s already exists", name)
		}
		words = words[1:]
	}
	if len(words) > 0 && familyKnown(words[0]) {
		r.family, words = words[0], words[1:]
		r.af = r.family
	}
	if len(words) == 0 {
		r.show(*r.find(name))
		return 0
	}
	return r.perform(words)
}
