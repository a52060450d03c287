package kernel

import (
	"net/netip"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

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

func (k *Kernel) createJail(c *Call, params map[string]ParamValue) (int, error) {
	parent, name, err := k.placeOf(c.Jail, params["name"].text())
	if err != nil {
		return 0, err
	}
	if parent != nil && k.childrenOf(parent) >= parent.childrenMax {
		return 0, syscall.EPERM
	}
	if !params["persist"].on() {
		return 0, wire.Errorf(syscall.EINVAL, "new jail must persist or attach")
	}
	j := &Jail{
		Parent: parent, Name: name, host: "new", ip4: "disable", ip6: "disable", sourceSelect4: true, sourceSelect6: true,
		hostuuid: "00000000-0000-0000-0000-000000000000", secure: -1, statfs: 2, release: k.Host.Release, reldate: k.Host.OSRelDate,
		sysv:  map[string]string{"sysvmsg": "disable", "sysvsem": "disable", "sysvshm": "disable"},
		allow: map[string]bool{"set_hostname": true, "reserved_ports": true, "suser": true, "unprivileged_proc_debug": true},
	}
	if err := j.findRoot(k, c); err != nil {
		return 0, err
	}
	if j.ID, err = k.idFor(params["jid"].text(), name); err != nil {
		return 0, err
	}
	if j.Name == "" {
		j.Name = strconv.Itoa(j.ID)
	}
	j.cpuset = k.newCPUSet(parent)
	if err := j.apply(k, params); err != nil {
		return 0, err
	}
	k.insertJail(j)
	for _, f := range onJailCreate {
		if err := f(k, j); err != nil {
			k.deleteJail(j)
			return 0, err
		}
	}
	return j.ID, nil
}

// placeOf finds the jail that a new one goes into: that of its maker, or the one that its name begins with.
func (k *Kernel) placeOf(who *Jail, name string) (*Jail, string, error) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return who, name, nil
	}
	parent := k.jailSeenBy(who, name[:i])
	if parent == nil {
		return nil, "", wire.Errorf(syscall.ENOENT, "jail \"%s\" not found", name[:i])
	}
	return parent, name[i+1:], nil
}

// idFor gives a new jail its number: the one asked for, or that its name is, or the next.
func (k *Kernel) idFor(asked, name string) (int, error) {
	if asked == "" || asked == "0" {
		asked = name
		if _, err := strconv.Atoi(name); err != nil {
			return k.freeID(), nil
		}
	} else if n, err := strconv.Atoi(name); err == nil && strconv.Itoa(n) != asked {
		return 0, wire.Errorf(syscall.EINVAL, "name cannot be numeric (unless it is the jid)")
	}
	id, err := strconv.Atoi(asked)
	if err != nil || id <= 0 || id > 999999 {
		return 0, syscall.EINVAL
	}
	return id, nil
}

func (j *Jail) findRoot(k *Kernel, c *Call) (err error) {
	if len(c.In) == 0 {
		j.Path = "/"
		if j.Parent != nil {
			j.Path = j.Parent.Path
		}
		j.root, err = os.OpenFile(j.Path, unix.O_PATH|unix.O_DIRECTORY, 0)
		return err
	}
	if j.Path, err = hostPath(c.In[0]); err != nil {
		return err
	}
	fd, err := unix.FcntlInt(c.In[0].Fd(), unix.F_DUPFD_CLOEXEC, 0)
	j.root = os.NewFile(uintptr(fd), j.Path)
	return err
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
	if name == "ip4.addr" {
		j.addresses4 = list
	} else {
		j.addresses6 = list
	}
	return nil
}
