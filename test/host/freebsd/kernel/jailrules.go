package kernel

import (
	"net/netip"
	"syscall"
)

// mayMount says whether a process of this jail may mount and unmount a type of file system (allow.mount.TYPE of
// jail(8)); the host may all.
func (j *Jail) mayMount(fs string) bool {
	return j == nil || (j.allow["mount"] && j.allow["mount."+fs] && j.statfs < 2)
}

// enforceStatfs is how little of the host's mounts a jail sees (jail(8)).
func (j *Jail) enforceStatfs() int {
	if j == nil {
		return 0
	}
	return j.statfs
}

// hasAddress says whether an address is one of the jail's.
func (j *Jail) hasAddress(ip netip.Addr) bool {
	if j == nil || (ip.Is4() && j.ip4 == "inherit") || (!ip.Is4() && j.ip6 == "inherit") {
		return true
	}
	for _, list := range [][]netip.Addr{j.addresses4, j.addresses6} {
		for _, own := range list {
			if own == ip.WithZone("") {
				return true
			}
		}
	}
	return false
}

// hasInet6 says whether a jail may use IPv6 at all.
func (j *Jail) hasInet6() bool { return j == nil || j.ip6 == "inherit" || len(j.addresses6) > 0 }

// mayConfigureNetwork says whether interfaces and routes may be changed: on the host and in a vnet jail.
func (j *Jail) mayConfigureNetwork() bool { return j == nil || j.VNET }

// allows is a permission of allow.* (jail(8)): "raw_sockets".
func (j *Jail) allows(name string) bool { return j == nil || j.allow[name] }

func (j *Jail) maySetHostname() bool { return j.allows("set_hostname") }

func (j *Jail) devfsRuleset() int { return j.ruleset }

func (j *Jail) secureLevel() int { return j.secure }

// hostUUID is what kern.hostuuid says in the jail.
func (j *Jail) hostUUID() string { return j.hostuuid }

// setHostname is sethostname(3), on the host or in a jail with one of its own.
func (k *Kernel) setHostname(j *Jail, name string) error {
	for ; j != nil; j = j.Parent {
		if !j.maySetHostname() {
			return syscall.EPERM
		}
		if j.host == "new" {
			j.hostname = name
			return nil
		}
	}
	return syscall.Sethostname([]byte(name))
}

// hostnameOf is the host name that a jail's processes see.
func (k *Kernel) hostnameOf(j *Jail) string {
	for ; j != nil; j = j.Parent {
		if j.host == "new" {
			return j.hostname
		}
	}
	var u syscall.Utsname
	if syscall.Uname(&u) != nil {
		return ""
	}
	var b []byte
	for _, c := range u.Nodename {
		if c == 0 {
			break
		}
		b = append(b, byte(c))
	}
	return string(b)
}
