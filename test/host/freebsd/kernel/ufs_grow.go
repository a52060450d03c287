package kernel

import (
	"fmt"
	"os"
	"path"
	"syscall"

	"golang.org/x/sys/unix"
)

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
	if grown.Layout.Bytes()/4096 > grown.Blocks {
		return None{}, syscall.EFBIG
	}
	grow := func(root *os.File, st *unix.Statfs_t) error {
		return release(root, room(&grown.Layout)-room(&h.Layout), grown.Layout.Bytes()/4096)
	}
	if on := k.disks.onDisk(disk.name); len(on) > 0 {
		if err = growMounted(on[0], grow); err == nil {
			on[0].ufs.header = &grown
		}
	} else {
		err = k.inside(disk, h.Blocks, false, grow)
	}
	if err == nil {
		err = grown.write(disk.device)
	}
	k.disks.written(disk.name)
	return None{}, err
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
	err = disk.stretched(h.Blocks*4096, func() error {
		_, err := k.Linux([]*os.File{disk.device}, "e2fsck", "-f", "-y", "/proc/self/fd/3")
		return err
	})
	if err := h.write(disk.device); err != nil {
		return state, err
	}
	k.inside(disk, h.Blocks, false, func(root *os.File, _ *unix.Statfs_t) error {
		return unix.Unlinkat(int(root.Fd()), "lost+found", unix.AT_REMOVEDIR) // made by e2fsck; it stays if it is needed
	})
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
