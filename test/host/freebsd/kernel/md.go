package kernel

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// memoryDisk is one unit of md(4) (sys/dev/md/md.c).
type memoryDisk struct {
	*loop
	unit     int
	kind     string
	file     string
	label    string
	readOnly bool
	image    *os.File
}

func init() {
	Handle("md.attach", mdAttach)
	Handle("md.detach", mdDetach)
	Handle("md.resize", mdResize)
	Handle("md.list", mdList)
}

// MDRequest is struct md_ioctl. Unit -1 is the lowest that is free. The descriptor is the open file of a vnode.
type MDRequest struct {
	Unit     int
	Kind     string
	File     string
	Label    string
	Size     int64
	ReadOnly bool
	Force    bool
}

// MDUnit is what is told of a unit.
type MDUnit struct {
	Unit  int
	Kind  string
	File  string
	Label string
	Size  int64
}

func (d *disks) unit(n int) *memoryDisk {
	for _, m := range d.units {
		if m.unit == n {
			return m
		}
	}
	return nil
}

func mdAttach(k *Kernel, c *Call, req MDRequest) (MDUnit, error) {
	if c.Jail != nil {
		return MDUnit{}, syscall.EPERM
	}
	unit := req.Unit
	if unit < 0 {
		for unit = 0; k.disks.unit(unit) != nil; unit++ {
		}
	} else if k.disks.unit(unit) != nil {
		return MDUnit{}, syscall.EBUSY
	}
	m := &memoryDisk{unit: unit, kind: req.Kind, file: req.File, label: req.Label, readOnly: req.ReadOnly}
	size := req.Size
	if req.Kind == "vnode" {
		if len(c.In) == 0 {
			return MDUnit{}, syscall.EBADF
		}
		st, err := c.In[0].Stat()
		if err != nil {
			return MDUnit{}, err
		}
		if size == 0 || size > st.Size() {
			size = st.Size()
		}
		if m.image, err = dup(c.In[0]); err != nil {
			return MDUnit{}, err
		}
	} else {
		fd, err := unix.MemfdCreate(mdName(unit), unix.MFD_CLOEXEC)
		if err != nil {
			return MDUnit{}, err
		}
		m.image = os.NewFile(uintptr(fd), mdName(unit))
		if err := m.image.Truncate(size); err != nil {
			return MDUnit{}, err
		}
	}
	size -= size % 512
	if size < 512 {
		m.image.Close()
		return MDUnit{}, syscall.EINVAL
	}
	var err error
	if m.loop, err = k.attachLoop(mdName(unit), plainFile{m.image}, size, req.ReadOnly); err != nil {
		m.image.Close()
		return MDUnit{}, err
	}
	k.disks.units = append(k.disks.units, m)
	return m.told(), nil
}

func dup(f *os.File) (*os.File, error) {
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), f.Name()), nil
}

func (m *memoryDisk) told() MDUnit {
	return MDUnit{Unit: m.unit, Kind: m.kind, File: m.file, Label: m.label, Size: m.size}
}

func mdList(k *Kernel, _ *Call, _ None) ([]MDUnit, error) {
	list := []MDUnit{}
	for _, m := range k.disks.units {
		list = append(list, m.told())
	}
	return list, nil
}

// inUse says whether something is mounted from a disk or keeps it open.
func (d *disks) inUse(disk string) bool {
	if len(d.onDisk(disk)) > 0 {
		return true
	}
	for _, c := range d.ciphers {
		if c.below == disk {
			return true
		}
	}
	return d.inPool != nil && d.inPool(disk)
}

func mdDetach(k *Kernel, c *Call, req MDRequest) (None, error) {
	if c.Jail != nil {
		return None{}, syscall.EPERM
	}
	m := k.disks.unit(req.Unit)
	if m == nil {
		return None{}, syscall.ENOENT
	}
	if k.disks.inUse(m.name) && !req.Force {
		return None{}, syscall.EBUSY
	}
	k.disks.dropUnit(m)
	return None{}, nil
}

func (d *disks) dropUnit(m *memoryDisk) {
	for i, other := range d.units {
		if other == m {
			d.units = append(d.units[:i:i], d.units[i+1:]...)
			break
		}
	}
	m.loop.close()
	m.image.Close()
}

func mdResize(k *Kernel, c *Call, req MDRequest) (None, error) {
	if c.Jail != nil {
		return None{}, syscall.EPERM
	}
	m := k.disks.unit(req.Unit)
	if m == nil {
		return None{}, syscall.ENOENT
	}
	size := req.Size - req.Size%512
	switch {
	case size < 512:
		return None{}, syscall.EDOM
	case size < m.size && !req.Force && k.disks.inUse(m.name):
		return None{}, syscall.EBUSY
	}
	if m.kind != "vnode" {
		if err := m.image.Truncate(size); err != nil {
			return None{}, err
		}
	}
	was := m.size
	if err := m.resize(size); err != nil {
		return None{}, err
	}
	for _, cipher := range k.disks.ciphers {
		if cipher.below == m.name {
			return None{}, cipher.follow(m.loop, was)
		}
	}
	return None{}, nil
}
