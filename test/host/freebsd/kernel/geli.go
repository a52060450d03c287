package kernel

import (
	"os"
	"syscall"

	"standin/geli"
)

// cipherDisk is a provider of geli(8): a disk whose sectors lie encrypted on another.
type cipherDisk struct {
	*loop
	below    string // the disk that it encrypts: "md0"
	slot     int
	meta     *geli.Metadata
	lower    *os.File
	served   *servedFile
	detach   bool // at the last close after it was written to
	readOnly bool
}

func init() {
	Handle("geli.read", geliRead)
	Handle("geli.write", geliWrite)
	Handle("geli.attach", geliAttach)
	Handle("geli.detach", geliDetach)
	Handle("geli.list", geliList)
}

// CipherInfo is what is told of a provider.
type CipherInfo struct {
	Name, Below         string
	Algorithm           string
	KeyLength           int
	Slot                int
	Flags               uint32
	Size, BelowSize     int64
	Sector, BelowSector int
	Open                bool
	Master              []byte `json:",omitempty"` // only for setkey, as the kernel does that itself on FreeBSD
}

// GELIRequest names a disk, and what is to happen to its metadata or its provider.
type GELIRequest struct {
	Disk     string
	Sector   []byte // metadata
	Master   []byte
	Slot     int
	Detach   bool // detach at the last close
	ReadOnly bool
	Force    bool
}

// GELIReply is a disk's last sector.
type GELIReply struct {
	Size   int64
	Sector []byte
}

func (k *Kernel) geliDisk(c *Call, name string) (*loop, error) {
	if c.Jail != nil {
		return nil, syscall.EPERM
	}
	if disk := k.diskNamed(name); disk != nil {
		return disk, nil
	}
	return nil, syscall.ENOENT
}

func geliRead(k *Kernel, c *Call, req GELIRequest) (GELIReply, error) {
	disk, err := k.geliDisk(c, req.Disk)
	if err != nil {
		return GELIReply{}, err
	}
	reply := GELIReply{Size: disk.size, Sector: make([]byte, 512)}
	_, err = disk.device.ReadAt(reply.Sector, disk.size-512)
	return reply, err
}

func geliWrite(k *Kernel, c *Call, req GELIRequest) (None, error) {
	disk, err := k.geliDisk(c, req.Disk)
	if err != nil {
		return None{}, err
	}
	for _, cipher := range k.disks.ciphers {
		if cipher.below == disk.name && req.Slot >= 0 {
			// The kernel's own way to the sector of an attached provider (g_eli_ctl_setkey).
			if meta, err := geli.Decode(req.Sector); err == nil {
				cipher.meta = meta
				return None{}, writeLast(disk, req.Sector)
			}
		}
	}
	if k.disks.inUse(disk.name) {
		return None{}, syscall.EPERM
	}
	return None{}, writeLast(disk, req.Sector)
}

func writeLast(disk *loop, sector []byte) error {
	if _, err := disk.device.WriteAt(sector, disk.size-512); err != nil {
		return err
	}
	return disk.device.Sync()
}

func geliAttach(k *Kernel, c *Call, req GELIRequest) (None, error) {
	disk, err := k.geliDisk(c, req.Disk)
	if err != nil {
		return None{}, err
	}
	if k.disks.inUse(disk.name) {
		return None{}, syscall.EPERM
	}
	meta, err := geli.Decode(req.Sector)
	if err != nil || int64(meta.Size) != disk.size {
		return None{}, syscall.EINVAL
	}
	k.autoload("geom_eli")
	d := &cipherDisk{below: disk.name, slot: req.Slot, meta: meta, detach: req.Detach, readOnly: req.ReadOnly}
	if len(req.Master) == 0 {
		return None{}, syscall.EINVAL
	}
	if d.lower, err = os.OpenFile(disk.node(), os.O_RDWR, 0); err != nil {
		return None{}, err
	}
	if d.served, err = k.serve(disk.name, d.lower, meta, req.Master, disk.size); err != nil {
		d.lower.Close()
		return None{}, err
	}
	if d.loop, err = k.attachLoop(disk.name+".eli", d.served, meta.MediaSize(), req.ReadOnly); err != nil {
		d.served.Close()
		d.lower.Close()
		return None{}, err
	}
	d.loop.sector = int(meta.SectorSize)
	d.loop.master = append([]byte{}, req.Master...)
	k.disks.ciphers = append(k.disks.ciphers, d)
	return None{}, nil
}

// cipherNamed finds a provider by its own name or by what it lies on.
func (d *disks) cipherNamed(name string) *cipherDisk {
	for _, c := range d.ciphers {
		if "/dev/"+c.name == name || c.name == name || c.below == name || "/dev/"+c.below == name {
			return c
		}
	}
	return nil
}

func geliDetach(k *Kernel, c *Call, req GELIRequest) (None, error) {
	if c.Jail != nil {
		return None{}, syscall.EPERM
	}
	d := k.disks.cipherNamed(req.Disk)
	if d == nil {
		return None{}, syscall.ENOENT
	}
	if k.disks.inUse(d.name) && !req.Force {
		return None{}, syscall.EBUSY
	}
	k.disks.dropCipher(d)
	return None{}, nil
}

func (d *disks) dropCipher(c *cipherDisk) {
	for i, other := range d.ciphers {
		if other == c {
			d.ciphers = append(d.ciphers[:i:i], d.ciphers[i+1:]...)
			break
		}
	}
	c.loop.device.Sync()
	c.loop.close()
	c.served.Close()
	c.lower.Sync()
	c.lower.Close()
}

// written is told of each last close after writing: newfs, growfs, umount.
func (d *disks) written(disk string) {
	for _, c := range d.ciphers {
		if c.name == disk && c.detach && len(d.onDisk(disk)) == 0 {
			d.dropCipher(c)
			return
		}
	}
}

func geliList(k *Kernel, c *Call, _ None) ([]CipherInfo, error) {
	list := []CipherInfo{}
	for _, d := range k.disks.ciphers {
		info := CipherInfo{
			Name: d.name, Below: d.below, Algorithm: d.meta.AlgorithmName(), KeyLength: int(d.meta.KeyLength), Slot: d.slot,
			Flags: d.meta.Flags, Size: d.size, Sector: d.loop.sector, BelowSector: 512, Open: k.disks.inUse(d.name),
		}
		if below := k.diskNamed(d.below); below != nil {
			info.BelowSize = below.size
		}
		if c.Jail == nil {
			info.Master = d.loop.master
		}
		list = append(list, info)
	}
	return list, nil
}

// follow is g_eli_resize: with AUTORESIZE the metadata goes to the new end.
func (c *cipherDisk) follow(disk *loop, was int64) error {
	if c.meta.Flags&geli.FlagAutoResize == 0 {
		return nil
	}
	grown := *c.meta
	grown.Size = uint64(disk.size)
	if err := writeLast(disk, grown.Encode()); err != nil {
		return err
	}
	if was < disk.size {
		disk.device.WriteAt(make([]byte, 512), was-512)
	}
	c.meta = &grown
	if err := c.served.setSizes(grown.MediaSize(), disk.size); err != nil {
		return err
	}
	return c.loop.resize(grown.MediaSize())
}
