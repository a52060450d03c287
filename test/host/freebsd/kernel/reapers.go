package kernel

import "encoding/json"

// procctl(2)'s reapers. Linux has them within one name space of processes; what a reaper's descendants run in a jail
// that they made belongs to it on FreeBSD as well, and is kept account of here.
type reaper map[int]bool // the jails made by its descendants

// reapers are by process; the kernel's mutex guards them.
var reapers = map[int]reaper{}

func init() {
	Handle("reaper.acquire", reaperAcquire)
	Handle("reaper.jails", reaperJails)
	OnBoot(func(*Kernel) {
		make := handlers["jail.set"]
		handlers["jail.set"] = func(k *Kernel, c *Call, body json.RawMessage) (any, error) {
			before := map[int]bool{}
			for _, j := range k.jails.all {
				before[j.ID] = true
			}
			reply, err := make(k, c, body)
			if id, ok := reply.(int); ok && err == nil && !before[id] {
				k.noteJail(c.PID, id)
			}
			return reply, err
		}
	})
}

// noteJail gives a new jail to the reapers among its maker's ancestors.
func (k *Kernel) noteJail(pid, id int) {
	for ; pid > 1; pid = k.parentOf(pid) {
		if r := reapers[pid]; r != nil {
			r[id] = true
		}
	}
}

// reaperAcquire makes the caller the reaper of its descendants, until it ends.
func reaperAcquire(k *Kernel, c *Call, _ None) (None, error) {
	reapers[c.PID] = reaper{}
	c.OnClose(func() { delete(reapers, c.PID) })
	return None{}, nil
}

// reaperJails are the jails that the caller's descendants made and that are still there.
func reaperJails(k *Kernel, c *Call, _ None) ([]int, error) {
	var list []int
	for _, j := range k.jails.all {
		if reapers[c.PID][j.ID] {
			list = append(list, j.ID)
		}
	}
	return list, nil
}
