package kernel

import (
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"standin/wire"
)

func (k *Kernel) createJail(c *Call, params map[string]ParamValue) (int, error) {
	parent, name, err := k.placeOf(c.Jail, params["name"].text())
	if err != nil {
		return 0, err
	}
	if parent != nil && k.childrenOf(parent) >= parent.childrenMax {
		return 0, syscall.EPERM
	}
	if !params["persist"].on() {
		return 0, wire.Errorf(syscall.EINVAL, "new jail must persist or attach")
	}
	j := &Jail{
		Parent: parent, Name: name, host: "new", ip4: "disable", ip6: "disable", sourceSelect4: true, sourceSelect6: true,
		hostuuid: "00000000-0000-0000-0000-000000000000", secure: -1, statfs: 2, release: k.Host.Release, reldate: k.Host.OSRelDate,
		sysv:  map[string]string{"sysvmsg": "disable", "sysvsem": "disable", "sysvshm": "disable"},
		allow: map[string]bool{"set_hostname": true, "reserved_ports": true, "suser": true, "unprivileged_proc_debug": true},
	}
	if err := j.findRoot(k, c); err != nil {
		return 0, err
	}
	if j.ID, err = k.idFor(params["jid"].text(), name); err != nil {
		return 0, err
	}
	if j.Name == "" {
		j.Name = strconv.Itoa(j.ID)
	}
	j.cpuset = k.newCPUSet(parent)
	if err := j.apply(k, params); err != nil {
		return 0, err
	}
	k.insertJail(j)
	for _, f := range onJailCreate {
		if err := f(k, j); err != nil {
			k.deleteJail(j)
			return 0, err
		}
	}
	return j.ID, nil
}

// placeOf finds the jail that a new one goes into: that of its maker, or the one that its name begins with.
func (k *Kernel) placeOf(who *Jail, name string) (*Jail, string, error) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return who, name, nil
	}
	parent := k.jailSeenBy(who, name[:i])
	if parent == nil {
		return nil, "", wire.Errorf(syscall.ENOENT, "jail \"%s\" not found", name[:i])
	}
	return parent, name[i+1:], nil
}

// idFor gives a new jail its number: the one asked for, or that its name is, or the next.
func (k *Kernel) idFor(asked, name string) (int, error) {
	if asked == "" || asked == "0" {
		asked = name
		if _, err := strconv.Atoi(name); err != nil {
			return k.freeID(), nil
		}
	} else if n, err := strconv.Atoi(name); err == nil && strconv.Itoa(n) != asked {
		return 0, wire.Errorf(syscall.EINVAL, "name cannot be numeric (unless it is the jid)")
	}
	id, err := strconv.Atoi(asked)
	if err != nil || id <= 0 || id > 999999 {
		return 0, syscall.EINVAL
	}
	return id, nil
}

func (j *Jail) findRoot(k *Kernel, c *Call) (err error) {
	if len(c.In) == 0 {
		j.Path = "/"
		if j.Parent != nil {
			j.Path = j.Parent.Path
		}
		j.root, err = os.OpenFile(j.Path, unix.O_PATH|unix.O_DIRECTORY, 0)
		return err
	}
	if j.Path, err = hostPath(c.In[0]); err != nil {
		return err
	}
	fd, err := unix.FcntlInt(c.In[0].Fd(), unix.F_DUPFD_CLOEXEC, 0)
	j.root = os.NewFile(uintptr(fd), j.Path)
	return err
}
