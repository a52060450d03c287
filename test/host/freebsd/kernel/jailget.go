package kernel

import (
	"net/netip"
	"strconv"
	"strings"
)

func init() {
	Handle("jail.list", jailList)
	Handle("jail.find", jailFind)
}

// JailInfo is what jail_get(2) tells of a jail: all its parameters.
type JailInfo struct {
	ID     int
	Values map[string][]string
}

// jailList is jail_get(2) over all jails that the caller sees.
func jailList(k *Kernel, c *Call, _ None) ([]JailInfo, error) {
	var list []JailInfo
	for _, j := range k.jails.all {
		if !j.below(c.Jail) {
			continue
		}
		info := JailInfo{ID: j.ID, Values: map[string][]string{}}
		for _, p := range k.jailParamTable() {
			info.Values[p.Name] = k.jailValue(j, c.Jail, p.Name).Values
		}
		list = append(list, info)
	}
	return list, nil
}

// jailFind is jail_getid(3): the number of a jail, 0 if there is none of that name or number.
func jailFind(k *Kernel, c *Call, name string) (int, error) {
	if j := k.jailSeenBy(c.Jail, name); j != nil {
		return j.ID, nil
	}
	return 0, nil
}

func one(text string) ParamValue { return ParamValue{Values: []string{text}} }

func number10(n int) ParamValue { return one(strconv.Itoa(n)) }

func flag(on bool) ParamValue {
	if on {
		return one("1")
	}
	return one("0")
}

// jailValue reads one parameter, as a process in another jail (nil: the host) sees it.
func (k *Kernel) jailValue(j, who *Jail, name string) ParamValue {
	switch name {
	case "jid":
		return number10(j.ID)
	case "name":
		return one(j.nameSeenBy(who))
	case "path":
		return one(j.pathSeenBy(who))
	case "parent":
		if j.Parent == nil || j.Parent == who {
			return one("0")
		}
		return number10(j.Parent.ID)
	case "persist":
		return flag(j.persist)
	case "dying":
		return flag(j.dying)
	case "devfs_ruleset":
		return number10(j.ruleset)
	case "enforce_statfs":
		return number10(j.statfs)
	case "securelevel":
		return number10(j.secure)
	case "osrelease":
		return one(j.release)
	case "osreldate":
		return number10(j.reldate)
	case "children.cur":
		return number10(k.childrenOf(j))
	case "children.max":
		return number10(j.childrenMax)
	case "cpuset.id":
		return number10(j.cpuset.id)
	case "sysvmsg", "sysvsem", "sysvshm":
		return one(j.sysv[name])
	case "vnet":
		if j.VNET {
			return one("new")
		}
		return one("inherit")
	}
	if allow := strings.TrimPrefix(name, "allow."); allow != name {
		return flag(j.allow[allow])
	}
	return k.jailHostValue(j, name)
}

// jailHostValue reads host.* and ip*.
func (k *Kernel) jailHostValue(j *Jail, name string) ParamValue {
	switch name {
	case "host":
		return one(j.host)
	case "host.hostname":
		return one(k.hostnameOf(j))
	case "host.domainname":
		return one(j.domainname)
	case "host.hostuuid":
		return one(j.hostUUID())
	case "host.hostid":
		return one(strconv.FormatInt(j.hostid, 10))
	case "ip4":
		return one(j.ip4)
	case "ip6":
		return one(j.ip6)
	case "ip4.addr":
		return addresses(j.addresses4)
	case "ip6.addr":
		return addresses(j.addresses6)
	case "ip4.saddrsel":
		return flag(j.sourceSelect4)
	case "ip6.saddrsel":
		return flag(j.sourceSelect6)
	}
	return ParamValue{}
}

func addresses(list []netip.Addr) (v ParamValue) {
	for _, ip := range list {
		v.Values = append(v.Values, ip.String())
	}
	return v
}
