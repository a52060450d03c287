package machine

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// rootOptions make a disk that forgets as FreeBSD's soft updates do: nothing is written early for a rename's sake. What
// is synced goes to the image; that the image itself gets to the real disk nobody waits for.
const rootOptions = "nobarrier,noauto_da_alloc,commit=30,noinit_itable,errors=remount-ro"

// mountImage mounts a disk's image through a loop device that goes away with the mount.
func mountImage(image, dir string, flags uintptr) error {
	for try := 0; ; try++ {
		device, err := attach(image)
		if errors.Is(err, unix.EBUSY) && try < 50 {
			continue
		}
		if err != nil {
			return err
		}
		defer device.Close()
		if err := unix.Mount(device.Name(), dir, "ext4", flags, rootOptions); err != nil {
			return fmt.Errorf("mount %s: %w", image, err)
		}
		return nil
	}
}

func attach(image string) (*os.File, error) {
	control, err := os.OpenFile("/dev/loop-control", os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("loop devices: %w", err)
	}
	defer control.Close()
	n, err := unix.IoctlRetInt(int(control.Fd()), unix.LOOP_CTL_GET_FREE)
	if err != nil {
		return nil, fmt.Errorf("loop devices: %w", err)
	}
	disk, err := os.OpenFile(image, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer disk.Close()
	name := fmt.Sprintf("/dev/loop%d", n)
	if _, err := os.Stat(name); err != nil {
		if err := unix.Mknod(name, unix.S_IFBLK|0o660, int(unix.Mkdev(7, uint32(n)))); err != nil && err != unix.EEXIST {
			return nil, err
		}
	}
	device, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	config := unix.LoopConfig{Fd: uint32(disk.Fd()), Size: 4096}
	config.Info.Flags = unix.LO_FLAGS_AUTOCLEAR
	if err := unix.IoctlLoopConfigure(int(device.Fd()), &config); err != nil {
		device.Close()
		return nil, fmt.Errorf("loop device %s: %w", name, err)
	}
	return device, nil
}
