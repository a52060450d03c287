package kernel

import (
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Module is a file that the kernel's linker has loaded (kldstat(2)), and the modules in it.
type Module struct {
	ID      int
	Refs    int
	Address uint64
	Size    uint64
	Name    string // "nullfs.ko"
	Modules []string
}

func init() {
	Handle("kld.list", kldList)
	Handle("kld.load", kldLoad)
	Handle("kld.unload", kldUnload)
}

// loadable are the files of /boot/kernel that one can load here: their size and what they need.
func loadable(name string) (size uint64, needs []string, ok bool) {
	switch name {
	case "nullfs":
		return 0x4700, nil, true
	case "fdescfs":
		return 0x3530, nil, true
	case "unionfs", "cd9660", "accf_http", "accf_data", "accf_dns", "if_vlan", "if_gif", "if_wg", "carp", "nmdm":
		return 0x5a10, nil, true
	case "linprocfs", "linsysfs", "linux_common", "linux", "linux64":
		return 0x8f28, nil, true
	case "pf":
		return 0x51b50, nil, true
	case "pflog", "pfsync":
		return 0x7a8c, []string{"pf"}, true
	case "ipfw", "dummynet", "ipfw_nat", "libalias":
		return 0x2a170, nil, true
	case "bridgestp":
		return 0x50a8, nil, true
	case "if_bridge":
		return 0xc750, []string{"bridgestp"}, true
	case "if_epair":
		return 0x4690, nil, true
	case "geom_eli":
		return 0x1de80, []string{"crypto"}, true
	case "crypto":
		return 0xd240, nil, true
	case "zfs":
		return 0x5db2d0, []string{"opensolaris", "cryptodev"}, true
	case "opensolaris", "cryptodev":
		return 0xa5a0, nil, true
	case "fusefs", "coretemp", "aesni", "cpuctl", "mac_bsdextended", "mac_portacl", "sem", "cuse":
		return 0x9318, nil, true
	}
	return 0, nil, false
}

// inKernel are modules of the kernel itself, as GENERIC has them.
var inKernel = []string{
	"ufs", "devfs", "tmpfs", "procfs", "pseudofs", "nfs", "nfscl", "msdosfs", "if_lo", "ether", "g_md", "md", "g_part",
	"g_label", "g_disk", "sysvshm", "sysvsem", "sysvmsg", "random_device", "mem", "vtnet", "virtio_blk", "xpt",
}

func (k *Kernel) bootModules() {
	s := &k.system
	s.modules = []*Module{{ID: 1, Address: 0xffffffff80200000, Size: 0xd6f3e0, Name: "kernel", Modules: inKernel}}
	s.nextID, s.nextAddr = 6, 0xffffffff81118000
}

func (k *Kernel) module(name string) *Module {
	name = strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], ".ko")
	for _, m := range k.system.modules {
		if m.Name == name || m.Name == name+".ko" {
			return m
		}
	}
	return nil
}

// has says whether a module is there: in the kernel or loaded.
func (k *Kernel) hasModule(name string) bool {
	for _, m := range k.system.modules {
		for _, in := range m.Modules {
			if in == name {
				return true
			}
		}
	}
	return false
}

func kldList(k *Kernel, _ *Call, _ None) ([]Module, error) {
	var list []Module
	for _, m := range k.system.modules {
		seen := *m
		seen.Refs = 1
		for _, other := range k.system.modules {
			if _, needs, _ := loadable(strings.TrimSuffix(other.Name, ".ko")); contains(needs, strings.TrimSuffix(m.Name, ".ko")) {
				seen.Refs++
			}
		}
		if m.ID == 1 {
			seen.Refs = 1 + len(k.system.modules)
		}
		list = append(list, seen)
	}
	return list, nil
}

func contains(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}

// KldRequest names a file or a module.
type KldRequest struct{ Name string }

func kldLoad(k *Kernel, c *Call, req KldRequest) (Module, error) {
	// kern_kldload: not from a jail, and not with kern.securelevel above 0.
	if level, _ := strconv.Atoi(k.system.values["kern.securelevel"]); c.Jail != nil || level > 0 {
		return Module{}, syscall.EPERM
	}
	m, err := k.load(req.Name)
	if err != nil {
		return Module{}, err
	}
	return *m, nil
}

func (k *Kernel) load(name string) (*Module, error) {
	name = strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], ".ko")
	if k.module(name) != nil || k.hasModule(name) {
		return nil, syscall.EEXIST
	}
	size, needs, ok := loadable(name)
	if !ok {
		return nil, syscall.ENOENT
	}
	for _, need := range needs {
		if k.module(need) == nil {
			if _, err := k.load(need); err != nil {
				return nil, err
			}
		}
	}
	s := &k.system
	m := &Module{ID: s.nextID, Address: s.nextAddr, Size: size, Name: name + ".ko", Modules: []string{name}}
	switch name {
	case "geom_eli":
		m.Modules = []string{"g_eli"}
	case "zfs":
		m.Modules = []string{"zfs", "zfsctrl"}
	}
	s.nextID++
	s.nextAddr += (size + 0xfff) &^ 0xfff
	s.modules = append(s.modules, m)
	k.deviceOf(name, true)
	return m, nil
}

// autoload loads a module that some call needs, as vfs_byname_kld and ifmaybeload do.
func (k *Kernel) autoload(name string) {
	if !k.hasModule(name) {
		k.load(name)
	}
}

// deviceOf makes or removes the device node that comes with a module.
func (k *Kernel) deviceOf(module string, there bool) {
	node, number, mode := "", 0, uint32(0o600)
	switch module {
	case "pf":
		node, number = "/dev/pf", 0x34
	case "zfs":
		node, number, mode = "/dev/zfs", 0x35, 0o666
	default:
		return
	}
	os.Remove(node)
	if there {
		unix.Mknod(node, unix.S_IFCHR|mode, number)
		os.Chmod(node, os.FileMode(mode))
	}
}

func kldUnload(k *Kernel, c *Call, req KldRequest) (None, error) {
	if c.Jail != nil {
		return None{}, syscall.EPERM
	}
	m := k.module(req.Name)
	if m == nil {
		return None{}, syscall.ENOENT
	}
	name := strings.TrimSuffix(m.Name, ".ko")
	if m.ID == 1 || k.moduleInUse(name) {
		return None{}, syscall.EBUSY
	}
	for i, other := range k.system.modules {
		if other == m {
			k.system.modules = append(k.system.modules[:i:i], k.system.modules[i+1:]...)
			break
		}
	}
	k.deviceOf(name, false)
	if name == "pf" {
		k.network.pf = packetFilter{}
	}
	return None{}, nil
}

func (k *Kernel) moduleInUse(name string) bool {
	for _, m := range k.disks.mounts {
		if m.Type == name {
			return true
		}
	}
	for _, s := range k.stacks() {
		for _, ifp := range s.interfaces {
			if "if_"+ifp.Driver == name {
				return true
			}
		}
	}
	for _, other := range k.system.modules {
		if _, needs, _ := loadable(strings.TrimSuffix(other.Name, ".ko")); contains(needs, name) {
			return true
		}
	}
	return name == "geom_eli" && len(k.disks.ciphers) > 0
}
