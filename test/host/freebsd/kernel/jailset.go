package kernel

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"standin/wire"
)

func init() { Handle("jail.set", jailSet) }

// JailSetRequest is jail_set(2). The values are as ImportParam leaves them. If there is a path, its folder comes as
// the first descriptor.
type JailSetRequest struct {
	Create bool
	Update bool
	Params []ParamValue
}

// jailSet makes or changes a jail and returns its number; it follows kern_jail_set.
func jailSet(k *Kernel, c *Call, req JailSetRequest) (int, error) {
	params := map[string]ParamValue{}
	for _, v := range req.Params {
		v, err := ImportParam(k.jailParamTable(), v)
		if err != nil {
			return 0, err
		}
		params[v.Name] = v
	}
	if err := checkLengths(params); err != nil {
		return 0, err
	}
	j, err := k.lookup(c.Jail, params, req.Create, req.Update)
	if err != nil {
		return 0, err
	}
	if j != nil {
		return j.ID, k.updateJail(j, params)
	}
	return k.createJail(c, params)
}

func (v ParamValue) text() string { return strings.Join(v.Values, ",") }

func (v ParamValue) on() bool { return v.text() == "1" }

func checkLengths(params map[string]ParamValue) error {
	for name, room := range map[string]int{
		"name": 256, "path": 1024, "host.hostname": 256, "host.domainname": 256, "host.hostuuid": 64, "osrelease": 32,
	} {
		if len(params[name].text()) >= room {
			return syscall.ENAMETOOLONG
		}
	}
	return nil
}

// lookup finds the jail that jid or name mean; nil is one to be made.
func (k *Kernel) lookup(who *Jail, params map[string]ParamValue, create, update bool) (*Jail, error) {
	id, byID := params["jid"]
	name, byName := params["name"]
	if byID && id.text() != "0" {
		j := k.jailSeenBy(who, id.text())
		switch {
		case j != nil && !update:
			return nil, wire.Errorf(syscall.EEXIST, "jail %s already exists", id.text())
		case j == nil && !create:
			return nil, wire.Errorf(syscall.ENOENT, "jail %s not found", id.text())
		}
		return j, nil
	}
	if !byName || name.text() == "" {
		if !create {
			return nil, wire.Errorf(syscall.ENOENT, "update specified no jail")
		}
		return nil, nil
	}
	j := k.jailSeenBy(who, name.text())
	switch {
	case j != nil && !update:
		return nil, wire.Errorf(syscall.EEXIST, "jail \"%s\" already exists", name.text())
	case j == nil && !create:
		return nil, wire.Errorf(syscall.ENOENT, "jail \"%s\" not found", name.text())
	}
	return j, nil
}

func (k *Kernel) updateJail(j *Jail, params map[string]ParamValue) error {
	for _, p := range k.jailParamTable() {
		if v, set := params[p.Name]; set && p.Creation && p.Name != "jid" && v.text() != k.jailValue(j, nil, p.Name).text() {
			return wire.Errorf(syscall.EINVAL, "%s cannot be changed after creation", p.Name)
		}
	}
	if name, set := params["name"]; set && name.text() != j.fullName() {
		if err := k.renameJail(j, name.text()); err != nil {
			return err
		}
	}
	if err := j.apply(k, params); err != nil {
		return err
	}
	k.endIfEmpty(j)
	return nil
}

func (k *Kernel) renameJail(j *Jail, name string) error {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		if j.Parent == nil || name[:i] != j.Parent.fullName() {
			return wire.Errorf(syscall.EINVAL, "cannot change jail's parent")
		}
		name = name[i+1:]
	}
	if n, err := strconv.Atoi(name); err == nil && n != j.ID {
		return wire.Errorf(syscall.EINVAL, "name cannot be numeric (unless it is the jid)")
	}
	for _, other := range k.jails.all {
		if other != j && other.Parent == j.Parent && other.Name == name {
			return wire.Errorf(syscall.EEXIST, "jail \"%s\" already exists", name)
		}
	}
	j.Name = name
	return nil
}

// apply sets what is the same for a new jail and a running one.
func (j *Jail) apply(k *Kernel, params map[string]ParamValue) error {
	for _, p := range k.jailParamTable() {
		v, set := params[p.Name]
		if !set {
			continue
		}
		if p.ReadOnly {
			return wire.Errorf(syscall.EINVAL, "%s cannot be set", p.Name)
		}
		if err := j.set(p, v); err != nil {
			return err
		}
	}
	if j.VNET {
		if len(j.addresses4)+len(j.addresses6) > 0 {
			return wire.Errorf(syscall.EINVAL, "vnet jails cannot have IP address restrictions")
		}
		j.ip4, j.ip6 = "inherit", "inherit"
	}
	return nil
}

func (j *Jail) set(p JailParam, v ParamValue) error {
	text := v.text()
	number, _ := strconv.ParseInt(text, 0, 64)
	switch p.Name {
	case "persist":
		j.persist = v.on()
	case "devfs_ruleset":
		if number < 0 || number > 65535 {
			return syscall.EINVAL
		}
		j.ruleset = int(number)
	case "enforce_statfs":
		if number < 0 || number > 2 {
			return syscall.EINVAL
		}
		j.statfs = int(number)
	case "securelevel":
		j.secure = int(number)
	case "children.max":
		j.childrenMax = int(number)
	case "osrelease":
		j.release = text
	case "osreldate":
		j.reldate = int(number)
	case "host":
		j.host = text
	case "host.hostname":
		j.hostname = text
	case "host.domainname":
		j.domainname = text
	case "host.hostuuid":
		j.hostuuid = text
	case "host.hostid":
		j.hostid = number
	case "sysvmsg", "sysvsem", "sysvshm":
		j.sysv[p.Name] = text
	case "vnet":
		j.VNET = text == "new"
	case "ip4", "ip6":
		j.setFamily(p.Name, text)
	case "ip4.addr", "ip6.addr":
		return j.setAddresses(p.Name, v.Values)
	case "ip4.saddrsel":
		j.sourceSelect4 = v.on()
	case "ip6.saddrsel":
		j.sourceSelect6 = v.on()
	default:
		if strings.HasPrefix(p.Name, "allow.") {
			j.allow[strings.TrimPrefix(p.Name, "allow.")] = v.on()
		}
	}
	return nil
}

// setFamily is ip4 and ip6: a jail with addresses of its own reads as "disable", as on FreeBSD 13.
func (j *Jail) setFamily(name, mode string) {
	if mode == "new" {
		mode = "disable"
	}
	if name == "ip4" {
		j.ip4 = mode
	} else {
		j.ip6 = mode
	}
}

func (j *Jail) setAddresses(name string, values []string) error {
	if len(values) > 255 {
		return syscall.EINVAL
	}
	var list []netip.Addr
	for _, text := range values {
		ip, err := netip.ParseAddr(text)
		if err != nil {
			return syscall.EINVAL
		}
		for _, other := range list {
			if other == ip {
				return syscall.EINVAL
			}
		}
		list = append(list, ip)
	}
	// The first one stays the primary one; the others are sorted (kern_jail.c, prison_qcmp_v4 and _v6).
	if len(list) > 2 {
		slices.SortFunc(list[1:], netip.Addr.Compare)
	}
	if name == "ip4.addr" {
		j.addresses4 = list
	} else {
		j.addresses6 = list
	}
	return nil
}
