package kernel

import (
	"errors"
	"os"
	"strconv"
	"syscall"

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
	reply := UFSReply{DiskSize: disk.size, Sector: disk.sector}
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
		err = k.inside(disk, h.Blocks, true, func(root *os.File, st *unix.Statfs_t) error {
			fs := FileSystem{Blocks: int64(st.Blocks), Free: int64(st.Bfree), Files: int64(st.Files), FilesFree: int64(st.Ffree)}
			(&ufs{disk, h}).figures(&fs)
			reply.Files, reply.Used = fs.Files-fs.FilesFree, fs.Blocks-fs.Free
			return nil
		})
	}
	return reply, err
}

// inside mounts a disk where nobody sees it.
func (k *Kernel) inside(disk *loop, blocks int64, readOnly bool, f func(root *os.File, st *unix.Statfs_t) error) error {
	return disk.stretched(blocks*4096, func() error { return k.insideStretched(disk, readOnly, f) })
}

func (k *Kernel) insideStretched(disk *loop, readOnly bool, f func(root *os.File, st *unix.Statfs_t) error) error {
	fsfd, err := unix.Fsopen("ext4", unix.FSOPEN_CLOEXEC)
	if err != nil {
		return err
	}
	defer unix.Close(fsfd)
	if err := unix.FsconfigSetString(fsfd, "source", disk.node()); err != nil {
		return err
	}
	unix.FsconfigSetFlag(fsfd, "noinit_itable")
	attr := 0
	if readOnly {
		unix.FsconfigSetFlag(fsfd, "ro")
		attr = unix.MOUNT_ATTR_RDONLY
	}
	if err := unix.FsconfigCreate(fsfd); err != nil {
		return err
	}
	fd, err := unix.Fsmount(fsfd, unix.FSMOUNT_CLOEXEC, attr)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	if err := k.noReserve(disk); err != nil {
		return err
	}
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

// ufsMake is newfs(8), the writing part.
func ufsMake(k *Kernel, c *Call, req UFSRequest) (None, error) {
	disk, err := k.ufsDisk(c, req)
	if err != nil {
		return None{}, err
	}
	if k.disks.inUse(disk.name) || req.Layout == nil {
		return None{}, syscall.EPERM
	}
	h := &header{Magic: ufsMagic, Layout: *req.Layout}
	for groups := startGroups(req.Layout); ; groups /= 2 {
		h.Blocks = groups * groupBlocks
		if least := req.Layout.Bytes() / 4096; h.Blocks < least {
			h.Blocks = least
		}
		err = disk.stretched(h.Blocks*4096, func() error { return k.makeExt4(disk, h) })
		if !errors.Is(err, errNoRoom) || groups <= 1 {
			break
		}
	}
	if err == nil {
		err = h.write(disk.device)
	}
	k.disks.written(disk.name)
	return None{}, err
}

const (
	groupBlocks = 32768 // of ext4
	mostGroups  = 320
)

// startGroups is how long ext4 is to be: some growth, and no more bitmaps than FFS has room that is no file's.
func startGroups(l *ffs.Layout) int64 {
	groups := l.Bytes() / 4096 * 8 / groupBlocks
	if least := 8*l.Groups + 8; groups < least {
		groups = least
	}
	if groups > mostGroups {
		groups = mostGroups
	}
	return groups
}

func (k *Kernel) makeExt4(disk *loop, h *header) error {
	l := &h.Layout
	_, err := k.Linux([]*os.File{disk.device}, "mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096", "-I", "256", "-m", "0",
		"-O", "none,extent,filetype,dir_index,ext_attr,flex_bg,uninit_bg,sparse_super2,large_file,huge_file,extra_isize,dir_nlink",
		"-G", "4096", "-E", "lazy_itable_init=1,nodiscard,num_backup_sb=0",
		"-N", strconv.FormatInt(l.Groups*l.InodesPerGroup+12, 10),
		"/proc/self/fd/3", strconv.FormatInt(h.Blocks, 10))
	if err != nil {
		return err
	}
	return k.insideStretched(disk, false, func(root *os.File, st *unix.Statfs_t) error {
		unix.Unlinkat(int(root.Fd()), "lost+found", unix.AT_REMOVEDIR)
		if err := reserve(root, room(l)-1, l.Bytes()/4096); err != nil {
			return err
		}
		if err := unix.Mkdirat(int(root.Fd()), ".snap", 0o770); err != nil { // it takes a block of its own
			return err
		}
		unix.Fchownat(int(root.Fd()), ".snap", 0, 5, 0)
		err := unix.Fstatfs(int(root.Fd()), st)
		h.Inodes = int64(st.Files - st.Ffree)
		return err
	})
}
