package kernel

// Jail is one prison of sys/kern/kern_jail.c.
type Jail struct {
	ID     int
	Parent *Jail // nil below the host
	Name   string
	Path   string // as jls shows it on the host
	VNET   bool
}

type jails struct {
	byID map[int]*Jail
}

// jailOfProcess finds the jail that a process of the machine runs in; nil is the host.
func (k *Kernel) jailOfProcess(pid int) *Jail { return nil }

// JailByName finds a jail by name or number; nil if there is none.
func (k *Kernel) JailByName(name string) *Jail { return nil }

var (
	onJailCreate []func(*Kernel, *Jail) error
	onJailRemove []func(*Kernel, *Jail)
)

// OnJailCreate has f run when a jail has been made, before any process runs in it (a vnet gets its lo0).
// Call it from an init function.
func OnJailCreate(f func(*Kernel, *Jail) error) { onJailCreate = append(onJailCreate, f) }

// OnJailRemove has f run when a jail has gone (a vnet's interfaces go home). Call it from an init function.
func OnJailRemove(f func(*Kernel, *Jail)) { onJailRemove = append(onJailRemove, f) }
