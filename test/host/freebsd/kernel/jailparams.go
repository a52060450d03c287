package kernel

import (
	"net/netip"
	"strconv"
	"strings"
	"syscall"

	"standin/wire"
)

// ParamKind is what a jail parameter holds.
type ParamKind string

// The kinds of parameters (lib/libjail).
const (
	ParamInt  ParamKind = "int"
	ParamBool ParamKind = "bool"
	ParamText ParamKind = "text"
	ParamSys  ParamKind = "sys" // disable, new or inherit
	ParamIP4  ParamKind = "ip4"
	ParamIP6  ParamKind = "ip6"
)

// JailParam describes one parameter of jail_set(2), as security.jail.param does.
type JailParam struct {
	Name     string
	Kind     ParamKind
	ReadOnly bool // jail_set does not take it
	Creation bool // only when the jail is made
}

func init() { Handle("jail.params", jailParams) }

// jailParams lists the parameters there are, in the order in which jls(8) shows them.
func jailParams(k *Kernel, _ *Call, _ None) ([]JailParam, error) { return k.jailParamTable(), nil }

func (k *Kernel) jailParamTable() []JailParam {
	list := []JailParam{
		{Name: "devfs_ruleset", Kind: ParamInt}, {Name: "dying", Kind: ParamBool, ReadOnly: true},
		{Name: "enforce_statfs", Kind: ParamInt}, {Name: "host", Kind: ParamSys}, {Name: "ip4", Kind: ParamSys, Creation: true},
		{Name: "ip6", Kind: ParamSys, Creation: true}, {Name: "jid", Kind: ParamInt, Creation: true}, {Name: "name", Kind: ParamText},
		{Name: "osreldate", Kind: ParamInt, Creation: true}, {Name: "osrelease", Kind: ParamText, Creation: true},
		{Name: "parent", Kind: ParamInt, ReadOnly: true}, {Name: "path", Kind: ParamText, Creation: true},
		{Name: "persist", Kind: ParamBool}, {Name: "securelevel", Kind: ParamInt}, {Name: "sysvmsg", Kind: ParamSys},
		{Name: "sysvsem", Kind: ParamSys}, {Name: "sysvshm", Kind: ParamSys}, {Name: "vnet", Kind: ParamSys, Creation: true},
	}
	for _, name := range k.allowNames() {
		list = append(list, JailParam{Name: "allow." + name, Kind: ParamBool})
	}
	return append(list,
		JailParam{Name: "children.cur", Kind: ParamInt, ReadOnly: true}, JailParam{Name: "children.max", Kind: ParamInt},
		JailParam{Name: "cpuset.id", Kind: ParamInt, ReadOnly: true}, JailParam{Name: "host.domainname", Kind: ParamText},
		JailParam{Name: "host.hostid", Kind: ParamInt}, JailParam{Name: "host.hostname", Kind: ParamText},
		JailParam{Name: "host.hostuuid", Kind: ParamText}, JailParam{Name: "ip4.addr", Kind: ParamIP4},
		JailParam{Name: "ip4.saddrsel", Kind: ParamBool}, JailParam{Name: "ip6.addr", Kind: ParamIP6},
		JailParam{Name: "ip6.saddrsel", Kind: ParamBool})
}

// allowNames are the permissions of allow.*; file systems bring theirs along when they are loaded.
func (k *Kernel) allowNames() []string {
	list := []string{"chflags", "mlock", "mount", "mount.devfs"}
	for _, fs := range []string{"fdescfs", "fusefs", "linprocfs", "linsysfs", "nullfs"} {
		if k.hasModule(fs) {
			list = append(list, "mount."+fs)
		}
	}
	list = append(list, "mount.procfs", "mount.tmpfs")
	if k.hasModule("zfs") {
		list = append(list, "mount.zfs")
	}
	return append(list, "quotas", "raw_sockets", "read_msgbuf", "reserved_ports", "set_hostname", "socket_af", "suser", "sysvipc",
		"unprivileged_proc_debug")
}

// ParamValue is a parameter with its value, as jailparam_import(3) reads it.
type ParamValue struct {
	Name   string
	Values []string // none: a boolean that is set, or an empty list
}

// FindParam finds a parameter by its name, also as "nopersist" or "allow.noraw_sockets" (then off is true).
func FindParam(table []JailParam, name string) (param JailParam, off, ok bool) {
	for _, p := range table {
		if p.Name == name {
			return p, false, true
		}
	}
	prefix, last := "", name
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		prefix, last = name[:i+1], name[i+1:]
	}
	if !strings.HasPrefix(last, "no") {
		return JailParam{}, false, false
	}
	for _, p := range table {
		if p.Name == prefix+last[2:] && (p.Kind == ParamBool || p.Kind == ParamSys) {
			return p, true, true
		}
	}
	return JailParam{}, false, false
}

// ImportParam checks a value and brings it into one form: "1" or "0", disable, new or inherit, addresses.
func ImportParam(table []JailParam, v ParamValue) (ParamValue, error) {
	p, off, ok := FindParam(table, v.Name)
	if !ok {
		return v, wire.Errorf(syscall.ENOENT, "unknown parameter: %s", v.Name)
	}
	out := ParamValue{Name: p.Name, Values: v.Values}
	text := strings.Join(v.Values, ",")
	switch p.Kind {
	case ParamBool:
		return importBool(out, text, off)
	case ParamSys:
		return importSys(out, text, off)
	case ParamInt:
		if _, err := strconv.ParseInt(text, 0, 64); err != nil {
			return v, wire.Errorf(syscall.EINVAL, "%s: non-integer value \"%s\"", p.Name, text)
		}
	case ParamIP4, ParamIP6:
		return importAddresses(out, p.Kind)
	case ParamText:
		out.Values = []string{text}
	}
	return out, nil
}

func importBool(v ParamValue, text string, off bool) (ParamValue, error) {
	switch strings.ToLower(text) {
	case "", "true":
		text = "1"
	case "false":
		text = "0"
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return v, wire.Errorf(syscall.EINVAL, "%s: unknown boolean value \"%s\"", v.Name, text)
	}
	if (n != 0) == off {
		v.Values = []string{"0"}
	} else {
		v.Values = []string{"1"}
	}
	return v, nil
}

func importSys(v ParamValue, text string, off bool) (ParamValue, error) {
	switch {
	case off:
		text = "disable"
	case text == "":
		text = "new"
	}
	switch text {
	case "disable", "0":
		text = "disable"
	case "new", "1":
		text = "new"
	case "inherit", "2":
		text = "inherit"
	default:
		return v, wire.Errorf(syscall.EINVAL, "%s: unknown value \"%s\"", v.Name, text)
	}
	v.Values = []string{text}
	return v, nil
}

func importAddresses(v ParamValue, kind ParamKind) (ParamValue, error) {
	var list []string
	for _, text := range v.Values {
		for _, one := range strings.Split(text, ",") {
			one = strings.TrimSpace(one)
			if one == "" {
				continue
			}
			ip, err := netip.ParseAddr(one)
			family := "IPv4"
			if kind == ParamIP6 {
				family = "IPv6"
			}
			if err != nil || ip.Is4() != (kind == ParamIP4) {
				return v, wire.Errorf(syscall.EINVAL, "%s: not an %s address: %s", v.Name, family, one)
			}
			list = append(list, ip.String())
		}
	}
	v.Values = list
	return v, nil
}
