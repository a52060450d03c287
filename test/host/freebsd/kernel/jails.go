package kernel

import (
	"net/netip"
	"os"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Jail is one prison of sys/kern/kern_jail.c.
type Jail struct {
	ID     int
	Parent *Jail // nil below the host
	Name   string
	Path   string // as the host sees it
	VNET   bool

	hostname, domainname, hostuuid string
	hostid                         int64
	host, ip4, ip6                 string // disable, new or inherit
	addresses4, addresses6         []netip.Addr
	sourceSelect4, sourceSelect6   bool
	persist, dying                 bool
	secure, statfs, ruleset        int
	childrenMax                    int
	release                        string
	reldate                        int
	sysv                           map[string]string
	allow                          map[string]bool
	cpuset                         cpuset

	root  *os.File // its root folder
	init  *jailInit
	using int // who is on the way in or running something in it
}

type jails struct {
	all    []*Jail // in order of their numbers
	last   int
	byNS   map[string]*Jail // by the name of their processes' name space
	hostNS string
}

func init() {
	OnBoot(func(k *Kernel) {
		k.jails.byNS = map[string]*Jail{}
		k.jails.hostNS, _ = k.processNS("self")
	})
}

func (k *Kernel) processNS(pid string) (string, error) {
	buf := make([]byte, 64)
	n, err := unix.Readlinkat(k.ProcFS, pid+"/ns/pid", buf)
	if err != nil {
		return "", err
	}
	return string(buf[:n]), nil
}

// jailOfProcess finds the jail that a process of the machine runs in; nil is the host.
func (k *Kernel) jailOfProcess(pid int) *Jail {
	if pid == 0 || len(k.jails.byNS) == 0 {
		return nil
	}
	ns, err := k.processNS(strconv.Itoa(pid))
	if err != nil || ns == k.jails.hostNS {
		return nil
	}
	return k.jails.byNS[ns]
}

// JailByName finds a jail of the host's by name or number; nil if there is none.
func (k *Kernel) JailByName(name string) *Jail { return k.jailSeenBy(nil, name) }

// jailSeenBy finds a jail as a process in another (nil: the host) names it.
func (k *Kernel) jailSeenBy(who *Jail, name string) *Jail {
	id, err := strconv.Atoi(name)
	for _, j := range k.jails.all {
		if j.below(who) && ((err == nil && j.ID == id) || (err != nil && j.nameSeenBy(who) == name)) {
			return j
		}
	}
	return nil
}

// below says whether a jail is inside another; all are inside the host.
func (j *Jail) below(other *Jail) bool {
	if other == nil {
		return true
	}
	for up := j.Parent; up != nil; up = up.Parent {
		if up == other {
			return true
		}
	}
	return false
}

// fullName is the jail's name with those of the jails around it: "outer.inner".
func (j *Jail) fullName() string {
	if j.Parent == nil {
		return j.Name
	}
	return j.Parent.fullName() + "." + j.Name
}

func (j *Jail) nameSeenBy(who *Jail) string {
	if who == nil {
		return j.fullName()
	}
	return strings.TrimPrefix(j.fullName(), who.fullName()+".")
}

func (j *Jail) pathSeenBy(who *Jail) string {
	if who == nil || who.Path == "/" {
		return j.Path
	}
	if path := strings.TrimPrefix(j.Path, who.Path); path != "" {
		return path
	}
	return "/"
}

func (k *Kernel) childrenOf(j *Jail) (n int) {
	for _, other := range k.jails.all {
		if other.Parent == j {
			n++
		}
	}
	return n
}

// freeID is the next number: they go up, over those in use.
func (k *Kernel) freeID() int {
	for {
		k.jails.last++
		if k.jailSeenBy(nil, strconv.Itoa(k.jails.last)) == nil {
			return k.jails.last
		}
	}
}

func (k *Kernel) insertJail(j *Jail) {
	k.jails.all = append(k.jails.all, j)
	sort.Slice(k.jails.all, func(a, b int) bool { return k.jails.all[a].ID < k.jails.all[b].ID })
}

func (k *Kernel) deleteJail(j *Jail) {
	for i, other := range k.jails.all {
		if other == j {
			k.jails.all = append(k.jails.all[:i:i], k.jails.all[i+1:]...)
			return
		}
	}
}

var (
	onJailCreate []func(*Kernel, *Jail) error
	onJailRemove []func(*Kernel, *Jail)
)

// OnJailCreate has f run when a jail has been made, before any process runs in it (a vnet gets its lo0).
// Call it from an init function.
func OnJailCreate(f func(*Kernel, *Jail) error) { onJailCreate = append(onJailCreate, f) }

// OnJailRemove has f run when a jail has gone (a vnet's interfaces go home). Call it from an init function.
func OnJailRemove(f func(*Kernel, *Jail)) { onJailRemove = append(onJailRemove, f) }
