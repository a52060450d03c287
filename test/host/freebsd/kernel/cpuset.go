package kernel

import (
	"sort"
	"strconv"
	"syscall"
)

func init() {
	Handle("cpuset.get", cpusetGet)
	Handle("cpuset.set", cpusetSet)
}

// cpuset is a set of processors (cpuset(2)).
type cpuset struct {
	id   int
	cpus []int
}

// The sets below this number are the kernel's own.
const firstCPUSet = 3

// newCPUSet makes the set of a new jail: its parent's processors, under the first free number.
func (k *Kernel) newCPUSet(parent *Jail) cpuset {
	used := map[int]bool{}
	for _, j := range k.jails.all {
		used[j.cpuset.id] = true
	}
	id := firstCPUSet
	for used[id] {
		id++
	}
	return cpuset{id, k.cpusOf(parent)}
}

func (k *Kernel) cpusOf(j *Jail) []int {
	if j != nil {
		return j.cpuset.cpus
	}
	all := make([]int, k.Host.CPUs)
	for i := range all {
		all[i] = i
	}
	return all
}

// CPUSetRequest is about a jail's processors.
type CPUSetRequest struct {
	Jail int
	CPUs []int
}

func cpusetGet(k *Kernel, c *Call, id int) ([]int, error) {
	j := k.jailSeenBy(c.Jail, strconv.Itoa(id))
	if id != 0 && j == nil {
		return nil, syscall.ESRCH
	}
	if id == 0 {
		j = c.Jail
	}
	return k.cpusOf(j), nil
}

func cpusetSet(k *Kernel, c *Call, req CPUSetRequest) (None, error) {
	j := k.jailSeenBy(c.Jail, strconv.Itoa(req.Jail))
	if j == nil {
		return None{}, syscall.ESRCH
	}
	for _, cpu := range req.CPUs {
		if cpu < 0 || cpu >= k.Host.CPUs {
			return None{}, syscall.EINVAL
		}
	}
	if len(req.CPUs) == 0 {
		return None{}, syscall.EINVAL
	}
	sort.Ints(req.CPUs)
	j.cpuset.cpus = req.CPUs
	return None{}, nil
}
