package kernel

import (
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"time"
)

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
		k.system.boot, k.system.values = time.Now(), map[string]string{}
		k.bootModules()
	})
}

// HostUUID is kern.hostuuid: what /etc/hostid has, and a new one on a machine's first boot (rc.d/hostid).
func (k *Kernel) HostUUID() string {
	if k.system.hostUUID != "" {
		return k.system.hostUUID
	}
	data, _ := os.ReadFile("/etc/hostid")
	id := strings.TrimSpace(string(data))
	if len(id) != 36 {
		var b [16]byte
		rand.Read(b[:])
		b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
		id = fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
		os.WriteFile("/etc/hostid", []byte(id+"\n"), 0o444)
	}
	k.system.hostUUID = id
	return id
}
