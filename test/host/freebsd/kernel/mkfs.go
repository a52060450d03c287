package kernel

import (
	"errors"
	"fmt"
	"os"
	"path"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"standin/ffs"
)

func init() {
	Handle("ufs.make", ufsMake)
	Handle("ufs.grow", ufsGrow)
	Handle("ufs.read", ufsRead)
	Handle("ufs.check", ufsCheck)
	Handle("ufs.tune", ufsTune)
}

// UFSRequest names a disk and what is to become of it.
type UFSRequest struct {
	Disk   string
	Layout *ffs.Layout
	Repair bool
}

// UFSReply is what is known of the file system on a disk.
type UFSReply struct {
	DiskSize  int64
	Sector    int
	Found     bool // there is a ufs
	Clean     bool
	Layout    ffs.Layout
	Last      string // where it was mounted last
	MountedOn string
	Writable  bool // it is mounted read-write
	Files     int64
	Used      int64
}

var errNoDisk = syscall.ENOENT

func (k *Kernel) ufsDisk(c *Call, req UFSRequest) (*loop, error) {
	disk := k.diskNamed(req.Disk)
	switch {
	case c.Jail != nil:
		return nil, syscall.EPERM
	case disk == nil:
		return nil, errNoDisk
	}
	return disk, nil
}

func ufsRead(k *Kernel, c *Call, req UFSRequest) (UFSReply, error) {
	disk, err := k.ufsDisk(c, req)
	if err != nil {
		return UFSReply{}, err
	}
	return k.ufsState(disk)
}

func (k *Kernel) ufsState(disk *loop) (UFSReply, error) {
	reply := UFSReply{DiskSize: disk.size, Sector: disk.sector()}
	h, err := readHeader(disk.device)
	if errors.Is(err, errNoSuper) {
		return reply, nil
	}
	if err != nil {
		return reply, err
	}
	reply.Found, reply.Layout, reply.Last, reply.Clean = true, h.Layout, h.Last, isClean(disk.device)
	for _, m := range k.disks.onDisk(disk.name) {
		reply.MountedOn, reply.Writable = m.On, m.Flags&MntReadOnly == 0
	}
	if reply.MountedOn == "" {
		err = k.inside(disk, true, func(root *os.File, st *unix.Statfs_t) error {
			fs := FileSystem{Blocks: int64(st.Blocks), Free: int64(st.Bfree), Files: int64(st.Files), FilesFree: int64(st.Ffree)}
			(&ufs{disk, h}).figures(&fs)
			reply.Files, reply.Used = fs.Files-fs.FilesFree, fs.Blocks-fs.Free
			return nil
		})
	}
	return reply, err
}

func (l *loop) sector() int { return 512 }

// inside mounts a disk where nobody sees it.
func (k *Kernel) inside(disk *loop, readOnly bool, f func(root *os.File, st *unix.Statfs_t) error) error {
	fsfd, err := unix.Fsopen("ext4", unix.FSOPEN_CLOEXEC)
	if err != nil {
		return err
	}
	defer unix.Close(fsfd)
	if err := unix.FsconfigSetString(fsfd, "source", disk.node()); err != nil {
		return err
	}
	unix.FsconfigSetFlag(fsfd, "noinit_itable")
	if readOnly {
		unix.FsconfigSetFlag(fsfd, "ro")
	}
	if err := unix.FsconfigCreate(fsfd); err != nil {
		return err
	}
	attr := 0
	if readOnly {
		attr = unix.MOUNT_ATTR_RDONLY
	}
	fd, err := unix.Fsmount(fsfd, unix.FSMOUNT_CLOEXEC, attr)
	if err != nil {
		return err
	}
	mount := os.NewFile(uintptr(fd), disk.name)
	defer mount.Close()
	root, err := unix.Openat(fd, ".", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return err
	}
	dir := os.NewFile(uintptr(root), disk.name)
	defer dir.Close()
	var st unix.Statfs_t
	if err := unix.Fstatfs(root, &st); err != nil {
		return err
	}
	return f(dir, &st)
}

// ufsMake is newfs(8), the writing part: ext4 made as long as it takes to leave FFS's room.
func ufsMake(k *Kernel, c *Call, req UFSRequest) (None, error) {
	disk, err := k.ufsDisk(c, req)
	if err != nil {
		return None{}, err
	}
	if k.disks.inUse(disk.name) || req.Layout == nil {
		return None{}, syscall.EPERM
	}
	l := req.Layout
	h := &header{Magic: ufsMagic, Layout: *l, Linux: l.Size}
	for try := 0; try < 3; try++ {
		if err := k.mke2fs(disk, h); err != nil {
			return None{}, err
		}
		excess := h.Room - l.Data()
		if excess == 0 {
			break
		}
		if h.Linux-excess > disk.size/l.FragmentSize {
			break
		}
		h.Linux -= excess
	}
	return None{}, h.write(disk.device)
}

func (k *Kernel) mke2fs(disk *loop, h *header) error {
	size := h.Linux * h.Layout.FragmentSize / 4096
	_, err := k.Linux([]*os.File{disk.device}, "mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096", "-I", "256",
		"-O", "^has_journal,^resize_inode,^extent,^64bit,^metadata_csum,uninit_bg,^flex_bg,^orphan_file",
		"-E", "lazy_itable_init=1,nodiscard", "-m", strconv.FormatInt(h.Layout.MinFree, 10),
		"-N", strconv.FormatInt(h.Layout.Groups*h.Layout.InodesPerGroup+reservedInodes, 10),
		"-L", "", "/proc/self/fd/3", strconv.FormatInt(size, 10))
	if err != nil {
		return err
	}
	return k.inside(disk, false, func(root *os.File, st *unix.Statfs_t) error {
		unix.Unlinkat(int(root.Fd()), "lost+found", unix.AT_REMOVEDIR)
		if err := unix.Mkdirat(int(root.Fd()), ".snap", 0o770); err != nil {
			return err
		}
		unix.Fchownat(int(root.Fd()), ".snap", 0, 5, 0)
		if err := unix.Fstatfs(int(root.Fd()), st); err != nil {
			return err
		}
		h.Room, h.Base = int64(st.Blocks), int64(st.Blocks-st.Bfree)
		return nil
	})
}

// ufsGrow is growfs(8), the writing part; it works on a mounted file system too.
func ufsGrow(k *Kernel, c *Call, req UFSRequest) (None, error) {
	disk, err := k.ufsDisk(c, req)
	if err != nil {
		return None{}, err
	}
	h, err := readHeader(disk.device)
	if err != nil {
		return None{}, syscall.EINVAL
	}
	grown := *h
	grown.Layout = *req.Layout
	grow := func(root *os.File, st *unix.Statfs_t) error {
		for try := 0; try < 4; try++ {
			missing := grown.Layout.Data() - int64(st.Blocks)
			most := disk.size / 4096
			if missing <= 0 || grown.Linux >= most {
				break
			}
			if grown.Linux += missing; grown.Linux > most {
				grown.Linux = most
			}
			blocks := uint64(grown.Linux)
			const resize = 0x40086610 // EXT4_IOC_RESIZE_FS
			if _, _, e := unix.Syscall(unix.SYS_IOCTL, root.Fd(), resize, uintptr(unsafe.Pointer(&blocks))); e != 0 {
				return fmt.Errorf("growing to %d blocks: %w", blocks, e)
			}
			if err := unix.Fstatfs(int(root.Fd()), st); err != nil {
				return err
			}
		}
		grown.Room = int64(st.Blocks)
		return nil
	}
	if on := k.disks.onDisk(disk.name); len(on) > 0 {
		err = growMounted(on[0], grow)
		if err == nil {
			on[0].ufs.header = &grown
		}
	} else {
		err = k.inside(disk, false, grow)
	}
	if err != nil {
		return None{}, err
	}
	return None{}, grown.write(disk.device)
}

func growMounted(m *Mount, grow func(*os.File, *unix.Statfs_t) error) error {
	root, err := os.Open(m.On)
	if err != nil {
		return err
	}
	defer root.Close()
	var st unix.Statfs_t
	if err := unix.Fstatfs(int(root.Fd()), &st); err != nil {
		return err
	}
	return grow(root, &st)
}

// ufsCheck is fsck_ffs(8): with Repair it mends, and says what it found.
func ufsCheck(k *Kernel, c *Call, req UFSRequest) (UFSReply, error) {
	disk, err := k.ufsDisk(c, req)
	if err != nil {
		return UFSReply{}, err
	}
	state, err := k.ufsState(disk)
	if err != nil || !state.Found || state.MountedOn != "" || !req.Repair {
		return state, err
	}
	h, err := readHeader(disk.device)
	if err != nil {
		return state, err
	}
	_, err = k.Linux([]*os.File{disk.device}, "e2fsck", "-f", "-y", "/proc/self/fd/3")
	if err := h.write(disk.device); err != nil {
		return state, err
	}
	clean := state.Clean
	state, stateErr := k.ufsState(disk)
	state.Clean = clean
	if stateErr != nil {
		return state, fmt.Errorf("%s: %w (%v)", path.Base(disk.name), stateErr, err)
	}
	return state, nil
}

// ufsTune is tunefs(8): another layout of the same size.
func ufsTune(k *Kernel, c *Call, req UFSRequest) (None, error) {
	disk, err := k.ufsDisk(c, req)
	if err != nil {
		return None{}, err
	}
	h, err := readHeader(disk.device)
	if err != nil || req.Layout == nil {
		return None{}, syscall.EINVAL
	}
	for _, m := range k.disks.onDisk(disk.name) {
		if m.Flags&MntReadOnly == 0 {
			return None{}, syscall.EPERM
		}
	}
	h.Layout = *req.Layout
	return None{}, h.write(disk.device)
}
