package kernel

import "strings"

// jailOIDs are security.jail.* in the order of sys/kern/kern_jail.c's own list, seen from the end as sysctl(8) does.
func (k *Kernel) jailOIDs(j *Jail) []OID {
	inside := int64(0)
	vnet := int64(0)
	if j != nil {
		inside = 1
		if j.VNET {
			vnet = 1
		}
	}
	var list []OID
	for _, name := range []string{"devfs", "procfs", "tmpfs"} {
		list = append(list, number("security.jail.mount_"+name+"_allowed", allowed(j, "mount."+name, 0),
			"Jail may mount the "+name+" file system"))
	}
	// prison_add_allow: a file system that is loaded brings its permission along.
	for _, name := range k.allowNames() {
		if fs := strings.TrimPrefix(name, "mount."); fs != name && !known("allow."+name) {
			list = append(list, OID{Name: "security.jail.param.allow." + name, Value: "0", Description: "Jail may mount the " + fs + " file system"})
		}
	}
	for _, p := range jailParameters {
		list = append(list, OID{Name: "security.jail.param." + p.name, Value: p.size, Description: p.about})
	}
	ruleset, statfs := int64(0), int64(2)
	if j != nil {
		ruleset, statfs = int64(j.devfsRuleset()), int64(j.enforceStatfs())
	}
	return append(list,
		number("security.jail.devfs_ruleset", ruleset, "Ruleset for the devfs filesystem in jail"),
		number("security.jail.enforce_statfs", statfs, "Processes in jail cannot see all mounted file systems").writable(),
		number("security.jail.mount_allowed", allowed(j, "mount", 0), "Processes in jail can mount/unmount jail-friendly file systems").writable(),
		number("security.jail.chflags_allowed", allowed(j, "chflags", 0), "Processes in jail can alter system file flags").writable(),
		number("security.jail.allow_raw_sockets", allowed(j, "raw_sockets", 0), "Prison root can create raw sockets").writable(),
		number("security.jail.sysvipc_allowed", allowed(j, "sysvipc", 0), "Processes in jail can use System V IPC primitives").writable(),
		number("security.jail.socket_unixiproute_only", 1-allowed(j, "socket_af", 0), "Processes in jail are limited to creating UNIX/IP/route sockets only").writable(),
		number("security.jail.set_hostname_allowed", allowed(j, "set_hostname", 1), "Processes in jail can set their hostnames").writable(),
		number("security.jail.jail_max_af_ips", 255, "Number of IP addresses a jail may have at most per address family").writable(),
		number("security.jail.vnet", vnet, "Jail owns vnet?"),
		number("security.jail.jailed", inside, "Process in jail?"),
	)
}

// known says whether a parameter is one of the kernel's own.
func known(name string) bool {
	for _, p := range jailParameters {
		if p.name == name {
			return true
		}
	}
	return false
}

// allowed is a permission of the caller's jail; on the host, the default of new jails.
func allowed(j *Jail, name string, host int64) int64 {
	if j == nil {
		return host
	}
	if j.allows(name) {
		return 1
	}
	return 0
}

// jailParameters are the parameters that jail_set(2) knows, with the room that a string has.
var jailParameters = []struct{ name, size, about string }{
	{"sysvshm.", "0", "SYSV shared memory"}, {"sysvsem.", "0", "SYSV semaphores"}, {"sysvmsg.", "0", "SYSV message queues"},
	{"allow.mount.devfs", "0", "Jail may mount the devfs file system"},
	{"allow.mount.procfs", "0", "Jail may mount the procfs file system"},
	{"allow.mount.tmpfs", "0", "Jail may mount the tmpfs file system"},
	{"allow.mount.", "0", "Jail may mount/unmount jail-friendly file systems"},
	{"allow.suser", "0", "Processes in jail with uid 0 have privilege"},
	{"allow.unprivileged_proc_debug", "0", "Unprivileged processes may use process debugging facilities"},
	{"allow.read_msgbuf", "0", "Jail may read the kernel message buffer"},
	{"allow.reserved_ports", "0", "Jail may bind sockets to reserved ports"},
	{"allow.mlock", "0", "Jail may lock (unlock) physical pages in memory"},
	{"allow.socket_af", "0", "Jail may create sockets other than just UNIX/IPv4/IPv6/route"},
	{"allow.quotas", "0", "Jail may set file quotas"}, {"allow.chflags", "0", "Jail may alter system file flags"},
	{"allow.raw_sockets", "0", "Jail may create raw sockets"}, {"allow.sysvipc", "0", "Jail may use SYSV IPC"},
	{"allow.set_hostname", "0", "Jail may set hostname"},
	{"ip6.saddrsel", "0", "Do (not) use IPv6 source address selection rather than the primary jail IPv6 address."},
	{"ip6.", "0", "Jail IPv6 address virtualization"},
	{"ip4.saddrsel", "0", "Do (not) use IPv4 source address selection rather than the primary jail IPv4 address."},
	{"ip4.", "0", "Jail IPv4 address virtualization"}, {"cpuset.id", "0", "Jail cpuset ID"},
	{"host.hostid", "0", "Jail host ID"}, {"host.hostuuid", "64", "Jail host UUID"},
	{"host.domainname", "256", "Jail NIS domainname"}, {"host.hostname", "256", "Jail hostname"},
	{"host.", "0", "Jail host info"}, {"children.max", "0", "Maximum number of child jails"},
	{"children.cur", "0", "Current number of child jails"}, {"dying", "0", "Jail is in the process of shutting down"},
	{"vnet", "0", "Virtual network stack"}, {"persist", "0", "Jail persistence"},
	{"devfs_ruleset", "0", "Ruleset for in-jail devfs mounts"},
	{"enforce_statfs", "0", "Jail cannot see all mounted file systems"},
	{"osrelease", "32", "Jail value for kern.osrelease and uname -r"},
	{"osreldate", "0", "Jail value for kern.osreldate and uname -K"}, {"securelevel", "0", "Jail secure level"},
	{"path", "1024", "Jail root path"}, {"name", "256", "Jail name"}, {"parent", "0", "Jail parent ID"}, {"jid", "0", "Jail ID"},
}
