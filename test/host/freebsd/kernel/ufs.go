package kernel

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"standin/ffs"
	"standin/wire"
)

// A ufs of the stand-in is Linux's ext4 without a journal, in which just as many blocks are free as FFS would leave.
// The form that FFS would have stands in the boot block, which neither uses. ext4 is made longer than its disk (it
// doesn't look again once it is mounted); an inode that no name leads to holds all blocks beyond the end, and gives
// some of them back when the disk grows: Linux's own way of growing wants more rights than a container has.

// header is what the boot block says.
type header struct {
	Magic  string
	Layout ffs.Layout
	Blocks int64 // ext4's length, of 4096 bytes
	Inodes int64 // that were in use when it was new
	Last   string
}

const (
	ufsMagic  = "stand-in ufs 1"
	bootBlock = 1024
	// linuxBlock is ext4's; a file of a file system with smaller fragments takes more here than FFS would give it.
	linuxBlock = 4096
	ext4Super  = 1024
	ext4Magic  = ext4Super + 0x38
	ext4State  = ext4Super + 0x3a
)

// ufs is a mounted image.
type ufs struct {
	disk   *loop
	header *header
}

var errNoSuper = errors.New("no super block")

func readHeader(device *os.File) (*header, error) {
	buf := make([]byte, 2*bootBlock)
	if _, err := device.ReadAt(buf, 0); err != nil {
		return nil, err
	}
	h := &header{}
	text, _, _ := strings.Cut(string(buf[:bootBlock]), "\n")
	if json.Unmarshal([]byte(text), h) != nil || h.Magic != ufsMagic {
		return nil, errNoSuper
	}
	if buf[ext4Magic] != 0x53 || buf[ext4Magic+1] != 0xef {
		return nil, errNoSuper
	}
	return h, nil
}

func (h *header) write(device *os.File) error {
	data, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if len(data) >= bootBlock {
		return fmt.Errorf("boot block of %d bytes", len(data))
	}
	block := make([]byte, bootBlock)
	copy(block, append(data, '\n'))
	if _, err = device.WriteAt(block, 0); err != nil {
		return err
	}
	return device.Sync()
}

// isClean says whether the file system was unmounted in order.
func isClean(device *os.File) bool {
	var state [2]byte
	if _, err := device.ReadAt(state[:], ext4State); err != nil {
		return false
	}
	return state[0]&1 != 0
}

// diskNamed is a disk by its name in /dev.
func (k *Kernel) diskNamed(name string) *loop {
	name = strings.TrimPrefix(name, "/dev/")
	for _, m := range k.disks.units {
		if m.name == name {
			return m.loop
		}
	}
	for _, c := range k.disks.ciphers {
		if c.name == name {
			return c.loop
		}
	}
	return nil
}

const ufsOptions = "noinit_itable,nodelalloc"

func (k *Kernel) mountUFS(m *Mount, dir *os.File, from string) error {
	bad := wire.Errorf(syscall.EINVAL, "Invalid fstype")
	disk := k.diskNamed(from)
	if disk == nil {
		return bad
	}
	if len(k.disks.onDisk(disk.name)) > 0 {
		return syscall.EBUSY
	}
	h, err := readHeader(disk.device)
	if err != nil || h.Layout.Bytes() > disk.size {
		return bad
	}
	if unit := k.unitOf(disk.name); unit != nil && unit.readOnly && m.Flags&MntReadOnly == 0 {
		return syscall.EROFS
	}
	err = disk.stretched(h.Blocks*4096, func() error {
		return unix.Mount(disk.node(), FDPath(dir), "ext4", linuxFlags(m.Flags), ufsOptions)
	})
	if err == nil {
		err = k.noReserve(disk)
	}
	if err != nil {
		k.Debug("mount %s: %v", disk.name, err)
		return bad
	}
	m.From, m.disk, m.ufs = "/dev/"+disk.name, disk.name, &ufs{disk, h}
	m.Flags |= MntLocal
	if h.Layout.SoftUpdates {
		m.Flags |= MntSoftDep
	}
	if m.Flags&MntReadOnly == 0 {
		h.Last = m.On
		h.write(disk.device)
	}
	return nil
}

func (k *Kernel) unitOf(disk string) *memoryDisk {
	for _, m := range k.disks.units {
		if m.name == disk {
			return m
		}
	}
	return nil
}

func (u *ufs) close() { u.disk.device.Sync() }

// room is what files can have, in blocks of ext4.
func room(l *ffs.Layout) int64 { return l.Data() * l.FragmentSize / linuxBlock }

// figures puts FFS's figures in the place of Linux's: what is free is the same.
func (u *ufs) figures(fs *FileSystem) {
	l := u.header.Layout
	files := fs.Files - fs.FilesFree - u.header.Inodes + 2
	fs.Free = fs.Free * linuxBlock / l.FragmentSize
	fs.BlockSize, fs.Blocks = l.FragmentSize, l.Data()
	fs.Avail = fs.Free - l.Reserve()
	fs.Files = l.Inodes()
	fs.FilesFree = fs.Files - files
}
