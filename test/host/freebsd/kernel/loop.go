package kernel

import (
	"errors"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// loop is a Linux loop device that plays a disk of FreeBSD's: /dev/md0 or /dev/md0.eli.
type loop struct {
	name   string // "md0"
	number int
	size   int64
	device *os.File // kept open: without it the device goes away of itself
}

// node is the disk's name in /dev.
func (l *loop) node() string { return "/dev/" + l.name }

// attachLoop makes a disk of a file and its node, which shows as FreeBSD's do.
func (k *Kernel) attachLoop(name string, backing *os.File, size int64, readOnly bool) (*loop, error) {
	control, err := k.OpenDebian("dev/loop-control", unix.O_RDWR)
	if err != nil {
		return nil, err
	}
	defer control.Close()
	for try := 0; ; try++ {
		n, err := unix.IoctlRetInt(int(control.Fd()), unix.LOOP_CTL_GET_FREE)
		if err != nil {
			return nil, err
		}
		l := &loop{name: name, number: n, size: size}
		if err = l.open(); err != nil {
			return nil, err
		}
		config := unix.LoopConfig{Fd: uint32(backing.Fd())}
		config.Info.Flags = unix.LO_FLAGS_AUTOCLEAR
		config.Info.Sizelimit = uint64(size)
		if readOnly {
			config.Info.Flags |= unix.LO_FLAGS_READ_ONLY
		}
		err = unix.IoctlLoopConfigure(int(l.device.Fd()), &config)
		if err == nil {
			return l, nil
		}
		l.close()
		if !errors.Is(err, unix.EBUSY) || try > 50 {
			return nil, err
		}
	}
}

func (l *loop) open() error {
	os.Remove(l.node())
	if err := unix.Mknod(l.node(), unix.S_IFBLK|0o640, int(unix.Mkdev(7, uint32(l.number)))); err != nil {
		return err
	}
	os.Chown(l.node(), 0, 5)
	f, err := os.OpenFile(l.node(), os.O_RDWR, 0)
	if err != nil {
		os.Remove(l.node())
		return err
	}
	l.device = f
	return nil
}

// close takes the disk away. What still uses it keeps the device until it is done.
func (l *loop) close() {
	os.Remove(l.node())
	unix.IoctlSetInt(int(l.device.Fd()), unix.LOOP_CLR_FD, 0)
	l.device.Close()
}

// resize follows a backing file that has another size now.
func (l *loop) resize(size int64) error {
	info, err := unix.IoctlLoopGetStatus64(int(l.device.Fd()))
	if err != nil {
		return err
	}
	info.Sizelimit = uint64(size)
	if err := unix.IoctlLoopSetStatus64(int(l.device.Fd()), info); err != nil {
		return err
	}
	if err := unix.IoctlSetInt(int(l.device.Fd()), unix.LOOP_SET_CAPACITY, 0); err != nil {
		return err
	}
	l.size = size
	return nil
}

func mdName(unit int) string { return "md" + strconv.Itoa(unit) }
