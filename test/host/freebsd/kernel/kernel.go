// Package kernel plays FreeBSD's kernel for one machine: it holds all volatile state in memory and answers the
// machine's programs. What survives a reboot is only what is on the disk.
package kernel

import "sync"

// Kernel is the state of one machine. Handlers run with its mutex held.
type Kernel struct {
	mu    sync.Mutex
	Debug func(format string, args ...any)

	// ProcFS and Debian are descriptors of file systems that the machine's own tree doesn't show: a procfs of its
	// processes, and the Linux system that the stand-in runs on (for mke2fs and the like).
	ProcFS int
	Debian int

	Host HostConfig

	log     commandLog
	jails   jails
	devfs   map[int][]DevfsRule
	racct   bool
	rules   []string
	network network
	system  system
	disks   disks
	pools   pools
}

// HostConfig is what the machine is made of.
type HostConfig struct {
	CPUs       int
	Release    string // "13.2-RELEASE"
	OSRelDate  int    // 1302001
	Machine    string // "amd64"
	RootDevice string // the loop device below /
}

// New makes a kernel that has just booted.
func New(host HostConfig, procfs, debian int) *Kernel {
	k := &Kernel{Host: host, ProcFS: procfs, Debian: debian, Debug: func(string, ...any) {}}
	for _, f := range boots {
		f(k)
	}
	return k
}

var boots []func(*Kernel)

// OnBoot names a function that sets a subsystem's state up. Call it from an init function.
func OnBoot(f func(*Kernel)) { boots = append(boots, f) }

// Unlocked runs f without the kernel's mutex: for what waits.
func (k *Kernel) Unlocked(f func()) {
	k.mu.Unlock()
	defer k.mu.Lock()
	f()
}
