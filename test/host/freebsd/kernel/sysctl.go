package kernel

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"standin/wire"
)

func init() {
	Handle("sysctl.get", sysctlGet)
	Handle("sysctl.set", sysctlSet)
}

// OID is one variable of sysctl(3).
type OID struct {
	Name        string
	Value       string
	Text        bool // a string, not a number
	Writable    bool
	Tunable     bool // settable by the loader alone
	Description string
}

// SysctlRequest names a variable or the part of the tree below a name; "" is all.
type SysctlRequest struct{ Name, Value string }

func sysctlGet(k *Kernel, c *Call, req SysctlRequest) ([]OID, error) {
	var list []OID
	prefix := strings.TrimSuffix(req.Name, ".")
	for _, o := range k.oids(c.Jail) {
		if prefix == "" || o.Name == prefix || strings.HasPrefix(o.Name, prefix+".") {
			if o.Value == "\x00" {
				continue
			}
			if v, ok := k.system.values[o.Name]; ok {
				o.Value = v
			}
			list = append(list, o)
		}
	}
	if len(list) == 0 {
		return nil, syscall.ENOENT
	}
	return list, nil
}

func sysctlSet(k *Kernel, c *Call, req SysctlRequest) (None, error) {
	for _, o := range k.oids(c.Jail) {
		if o.Name != req.Name {
			continue
		}
		switch {
		case !o.Writable:
			return None{}, syscall.EPERM
		case c.Jail != nil && (o.Name != "kern.hostname" || !c.Jail.maySetHostname()):
			return None{}, syscall.EPERM
		}
		if err := k.sysctlEffect(c, o.Name, req.Value); err != nil {
			return None{}, err
		}
		if o.Name != "kern.hostname" { // which each jail has for itself
			k.system.values[o.Name] = req.Value
		}
		return None{}, nil
	}
	return None{}, syscall.ENOENT
}

// sysctlEffect is what a change does besides being there.
func (k *Kernel) sysctlEffect(c *Call, name, value string) error {
	switch name {
	case "kern.securelevel":
		now, _ := strconv.Atoi(k.system.values[name])
		if k.system.values[name] == "" {
			now = -1
		}
		if want, err := strconv.Atoi(value); err != nil || want < now {
			return syscall.EPERM
		}
	case "kern.hostuuid":
		k.system.hostUUID = value
	case "kern.hostname":
		if len(value) > 255 {
			return wire.Errorf(syscall.EINVAL, "Invalid argument")
		}
		return k.setHostname(c.Jail, value)
	}
	return nil
}

// oids is the tree, in the order in which sysctl(8) walks it.
func (k *Kernel) oids(j *Jail) []OID {
	var list []OID
	for _, part := range [][]OID{k.kernOIDs(j), vmOIDs(), vfsOIDs(), netOIDs(), k.hwOIDs(), userOIDs(), k.jailOIDs(j)} {
		list = append(list, part...)
	}
	return list
}

func number(name string, value int64, description string) OID {
	return OID{Name: name, Value: strconv.FormatInt(value, 10), Description: description}
}

func text(name, value, description string) OID {
	return OID{Name: name, Value: value, Text: true, Description: description}
}

func (o OID) writable() OID { o.Writable = true; return o }
func (o OID) tunable() OID  { o.Tunable = true; return o }

func (k *Kernel) kernOIDs(j *Jail) []OID {
	uuid, level := k.HostUUID(), int64(-1)
	if j != nil {
		uuid, level = j.hostUUID(), int64(j.secureLevel())
	}
	boot := k.system.boot
	release := k.Host.Release
	version := fmt.Sprintf("FreeBSD %s GENERIC", release)
	if j != nil && j.release != "" {
		release = j.release
	}
	return []OID{
		text("kern.ostype", "FreeBSD", "Operating system type"),
		text("kern.osrelease", release, "Operating system release"),
		number("kern.osrevision", 199506, "Operating system revision"),
		text("kern.version", version+"\n", "Kernel version"),
		number("kern.maxvnodes", 66983, "Target for maximum number of vnodes").writable(),
		number("kern.maxproc", 6653, "Maximum number of processes").tunable(),
		number("kern.maxfiles", 65055, "Maximum number of files").writable(),
		number("kern.argmax", 524288, "Maximum bytes of argument to execve(2)"),
		number("kern.securelevel", level, "Current secure level").writable(),
		text("kern.hostname", k.hostnameOf(j), "Hostname").writable(),
		number("kern.hostid", 0, "Host ID").writable(),
		text("kern.boottime", fmt.Sprintf("{ sec = %d, usec = %d } %s", boot.Unix(), boot.Nanosecond()/1000,
			boot.UTC().Format("Mon Jan _2 15:04:05 2006")), "System boottime"),
		text("kern.domainname", "", "Name of the current YP/NIS domain").writable(),
		number("kern.osreldate", int64(k.Host.OSRelDate), "Kernel release date"),
		text("kern.bootfile", "/boot/kernel/kernel", "Name of kernel file booted"),
		number("kern.maxfilesperproc", 58527, "Maximum files allowed open per process").writable(),
		number("kern.maxprocperuid", 5987, "Maximum processes allowed per userid").writable(),
		text("kern.hostuuid", uuid, "Host UUID").writable(),
		number("kern.coredump", 1, "Enable/Disable coredumps").writable(),
		number("kern.racct.enable", bit(k.racct), "Enable RACCT/RCTL").tunable(),
		number("kern.smp.cpus", int64(k.Host.CPUs), "Number of CPUs online"),
		number("kern.ipc.shmmax", 536870912, "Maximum shared memory segment size").writable(),
		number("kern.ipc.shmall", 131072, "Maximum number of pages available for shared memory").writable(),
		number("kern.ipc.maxsockets", 65055, "Maximum number of sockets available").writable(),
		number("kern.ipc.somaxconn", 128, "Maximum listen socket pending connection accept queue size").writable(),
		text("kern.conftxt", "options\tCONFIG_AUTOGENERATED\nident\tGENERIC\nmachine\tamd64\ncpu\tHAMMER\n", "Kernel configuration file"),
		number("kern.features.vimage", 1, "VIMAGE kernel virtualization"),
		number("kern.features.racct", 1, "Resource Accounting"),
		number("kern.features.rctl", 1, "Resource Limits"),
		text("kern.geom.label.disk_ident.enable", "1", "Create device nodes for drives which export a disk identification string").tunable(),
	}
}

func vmOIDs() []OID {
	return []OID{
		number("vm.swap_total", 536870912, "Total amount of available swap storage."),
		number("vm.overcommit", 0, "Configure virtual memory overcommit behavior.").writable(),
	}
}

func vfsOIDs() []OID {
	return []OID{
		number("vfs.usermount", 0, "Unprivileged users may mount and unmount file systems").writable(),
		number("vfs.ffs.doasyncfree", 1, "do not force synchronous writes when blocks are reallocated").writable(),
		number("vfs.read_max", 64, "Cluster read-ahead max block count").writable(),
	}
}

func netOIDs() []OID {
	return []OID{
		number("net.inet.ip.forwarding", 0, "Enable IP forwarding between interfaces").writable(),
		number("net.inet.ip.redirect", 1, "Enable sending IP redirects").writable(),
		number("net.inet.ip.portrange.first", 10000, "").writable(),
		number("net.inet.ip.portrange.last", 65535, "").writable(),
		number("net.inet.tcp.blackhole", 0, "Do not send RST on segments to closed ports").writable(),
		number("net.inet.udp.blackhole", 0, "Do not send port unreachables for refused connects").writable(),
		number("net.inet6.ip6.forwarding", 0, "Enable forwarding of IPv6 packets between interfaces").writable(),
		number("net.inet6.ip6.accept_rtadv", 0, "Default value of per-interface flag for accepting ICMPv6 RA messages").writable(),
		number("net.link.bridge.pfil_member", 0, "Packet filter on the member interface").writable(),
		number("net.link.bridge.pfil_bridge", 0, "Packet filter on the bridge interface").writable(),
		number("net.fibs", 1, "Set initial number of FIBs"),
		number("net.my_fibnum", 0, "default FIB of caller"),
	}
}

func (k *Kernel) hwOIDs() []OID {
	memory := int64(1 << 30)
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) == nil {
		memory = int64(info.Totalram) * int64(info.Unit)
	}
	return []OID{
		text("hw.machine", k.Host.Machine, "Machine class"),
		text("hw.model", "QEMU Virtual CPU version 2.5+", "Machine model"),
		number("hw.ncpu", int64(k.Host.CPUs), "Number of active CPUs"),
		number("hw.byteorder", 1234, "System byte order"),
		number("hw.physmem", memory, "Amount of physical memory (in bytes)"),
		number("hw.usermem", memory*9/10, "Amount of memory (in bytes) which is not wired"),
		number("hw.pagesize", int64(os.Getpagesize()), "System memory page size"),
		text("hw.machine_arch", k.Host.Machine, "System architecture"),
		number("hw.realmem", memory, "Amount of memory (in bytes) reported by the firmware"),
	}
}

func userOIDs() []OID {
	return []OID{
		text("user.cs_path", "/usr/bin:/bin:/usr/sbin:/sbin", "PATH that finds all the standard utilities"),
		text("user.localbase", "/usr/local", "Prefix used to install and locate add-on packages").writable(),
	}
}
