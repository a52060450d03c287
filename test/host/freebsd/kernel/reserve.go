package kernel

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sort"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The blocks that a ufs must not use belong to ext4's boot loader inode, which no name leads to and which e2fsck
// knows. EXT4_IOC_SWAP_BOOT trades a file's blocks with it.

var errNoRoom = errors.New("too many blocks of the file system's own")

const (
	swapBoot     = 0x6611     // EXT4_IOC_SWAP_BOOT
	fiemapIoctl  = 0xc020660b // FS_IOC_FIEMAP
	fiemapHeader = 32
	fiemapExtent = 56
	reserveName  = ".stand-in"
	reserveSize  = 1 << 43
)

// noReserve tells ext4 not to keep blocks back for itself, each time that it is mounted.
func (k *Kernel) noReserve(disk *loop) error {
	fsfd, err := unix.Fsopen("sysfs", unix.FSOPEN_CLOEXEC)
	if err != nil {
		return err
	}
	defer unix.Close(fsfd)
	if err := unix.FsconfigCreate(fsfd); err != nil {
		return err
	}
	sysfs, err := unix.Fsmount(fsfd, unix.FSMOUNT_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(sysfs)
	fd, err := unix.Openat(sysfs, "fs/ext4/loop"+strconv.Itoa(disk.number)+"/reserved_clusters", unix.O_WRONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	_, err = unix.Write(fd, []byte("0\n"))
	return err
}

type extent struct{ logical, physical, length int64 }

// reserve takes blocks until so many are free, none of them beyond the end of the disk. The block in which the
// file's extents are listed must not lie there either: so another file has all others while that block is chosen.
func reserve(root *os.File, free, end int64) error {
	const few = 16
	other, err := create(root, reserveName+".other")
	if err != nil {
		return err
	}
	defer other.Close()
	if err := manyExtents(other); err != nil {
		return err
	}
	if err := takeAll(other); err != nil {
		return err
	}
	if err := giveBack(other, few, end); err != nil {
		return err
	}
	f, err := create(root, reserveName)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := manyExtents(f); err != nil {
		return err
	}
	if err := unix.Unlinkat(int(root.Fd()), reserveName+".other", 0); err != nil {
		return err
	}
	other.Close()
	if err := takeAll(f); err != nil {
		return err
	}
	if err := giveBack(f, free, end); err != nil {
		return err
	}
	return hide(root, f)
}

func create(root *os.File, name string) (*os.File, error) {
	fd, err := unix.Openat(int(root.Fd()), name, unix.O_RDWR|unix.O_CREAT|unix.O_EXCL|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), name)
	return f, f.Truncate(reserveSize) // holes are punched only before the end
}

func hide(root, f *os.File) error {
	if err := unix.IoctlSetInt(int(f.Fd()), swapBoot, 0); err != nil {
		return fmt.Errorf("boot loader inode: %w", err)
	}
	return unix.Unlinkat(int(root.Fd()), reserveName, 0)
}

// manyExtents gives a file more lone blocks than its inode can list.
func manyExtents(f *os.File) error {
	const far, apart = 1 << 42, 1 << 20
	for i := int64(0); i < 6; i++ {
		if err := unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_KEEP_SIZE, far+i*apart, 4096); err != nil {
			return err
		}
	}
	return nil
}

// takeAll gives every free block to a file.
func takeAll(f *os.File) error {
	at := int64(0)
	for {
		n, err := freeBlocks(f)
		if n == 0 || err != nil {
			return err
		}
		for ; n > 0; n /= 2 {
			if err = unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_KEEP_SIZE, at, n*4096); err == nil {
				break
			}
			at += n * 4096 // what it got of these it keeps
		}
		if err != nil {
			return fmt.Errorf("reserving blocks: %w", err)
		}
		at += n * 4096
	}
}

func freeBlocks(f *os.File) (int64, error) {
	var st unix.Statfs_t
	err := unix.Fstatfs(int(f.Fd()), &st)
	return int64(st.Bfree), err
}

// giveBack frees a file's first blocks on the disk until so many are free.
func giveBack(f *os.File, free, end int64) error {
	extents, err := extentsOf(f)
	if err != nil {
		return err
	}
	sort.Slice(extents, func(i, j int) bool { return extents[i].physical < extents[j].physical })
	for _, e := range extents {
		now, err := freeBlocks(f)
		if err != nil {
			return err
		}
		n := free - now
		if n <= 0 {
			return nil
		}
		if n > e.length {
			n = e.length
		}
		if e.physical+n > end {
			return errNoRoom
		}
		if err := unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_KEEP_SIZE|unix.FALLOC_FL_PUNCH_HOLE, e.logical*4096, n*4096); err != nil {
			return err
		}
	}
	return nil
}

// release frees so many blocks more, for a disk that ends further out now.
func release(root *os.File, blocks, end int64) error {
	f, err := create(root, reserveName)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := unix.IoctlSetInt(int(f.Fd()), swapBoot, 0); err != nil {
		unix.Unlinkat(int(root.Fd()), reserveName, 0)
		return fmt.Errorf("boot loader inode: %w", err)
	}
	free, err := freeBlocks(f)
	if err == nil {
		err = giveBack(f, free+blocks, end)
	}
	if again := hide(root, f); err == nil {
		err = again
	}
	if errors.Is(err, errNoRoom) {
		return syscall.EFBIG
	}
	return err
}

// extentsOf is where a file's blocks lie.
func extentsOf(f *os.File) (all []extent, err error) {
	const count = 256
	buf := make([]byte, fiemapHeader+count*fiemapExtent)
	for start := uint64(0); ; {
		for i := range buf {
			buf[i] = 0
		}
		binary.LittleEndian.PutUint64(buf, start)
		binary.LittleEndian.PutUint64(buf[8:], ^uint64(0)-start)
		binary.LittleEndian.PutUint32(buf[24:], count)
		if _, _, e := unix.Syscall(unix.SYS_IOCTL, f.Fd(), fiemapIoctl, uintptr(unsafe.Pointer(&buf[0]))); e != 0 {
			return nil, e
		}
		mapped := int(binary.LittleEndian.Uint32(buf[20:]))
		last := mapped == 0
		for i := 0; i < mapped; i++ {
			at := buf[fiemapHeader+i*fiemapExtent:]
			logical, length := binary.LittleEndian.Uint64(at), binary.LittleEndian.Uint64(at[16:])
			all = append(all, extent{int64(logical / 4096), int64(binary.LittleEndian.Uint64(at[8:]) / 4096), int64(length / 4096)})
			start = logical + length
			last = last || binary.LittleEndian.Uint32(at[40:])&1 != 0
		}
		if last {
			return all, nil
		}
	}
}
