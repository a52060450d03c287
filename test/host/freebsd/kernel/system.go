package kernel

import "time"

// system is the state of sysctls and modules.
type system struct {
	hostUUID string
	boot     time.Time
	values   map[string]string // of the sysctls that can be changed
	modules  []*Module
	nextID   int
	nextAddr uint64
	devfs    map[int][]DevfsRule // rule sets by number
}

func init() {
	OnBoot(func(k *Kernel) {
		k.system.hostUUID, k.system.boot, k.system.values = "", time.Now(), map[string]string{}
		k.bootModules()
	})
}

// HostUUID is kern.hostuuid: what rc.d/hostid has set, and zeros before that.
func (k *Kernel) HostUUID() string {
	if k.system.hostUUID == "" {
		return "00000000-0000-0000-0000-000000000000"
	}
	return k.system.hostUUID
}
