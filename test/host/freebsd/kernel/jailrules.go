package kernel

import "net/netip"

// mayMount says whether a process of this jail may mount and unmount a type of file system (allow.mount.TYPE of
// jail(8)); the host may all.
func (j *Jail) mayMount(string) bool { return j == nil }

// enforceStatfs is how little of the host's mounts a jail sees (jail(8)).
func (j *Jail) enforceStatfs() int { return 2 }

// hasAddress says whether an address is one of the jail's.
func (j *Jail) hasAddress(netip.Addr) bool { return true }

// hasInet6 says whether a jail may use IPv6 at all.
func (j *Jail) hasInet6() bool { return true }

// mayConfigureNetwork says whether interfaces and routes may be changed: on the host and in a vnet jail.
func (j *Jail) mayConfigureNetwork() bool { return j == nil || j.VNET }

// allows is a permission of allow.* (jail(8)): "raw_sockets".
func (j *Jail) allows(string) bool { return j == nil }

func (j *Jail) maySetHostname() bool { return j.allows("set_hostname") }

func (j *Jail) devfsRuleset() int { return 0 }

func (j *Jail) secureLevel() int { return -1 }

func (j *Jail) hostUUID() string { return "00000000-0000-0000-0000-000000000000" }
