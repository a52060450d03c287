package kernel

import (
	"errors"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// loop is a Linux loop device that plays a disk of FreeBSD's: /dev/md0 or /dev/md0.eli.
type loop struct {
	name    string // "md0"
	number  int
	size    int64
	sector  int
	device  *os.File // kept open: without it the device goes away of itself
	backing stretchable
	master  []byte // of an encrypted disk
}

// stretchable is what lies below a disk: an image file, or a cipher's.
type stretchable interface {
	Fd() uintptr
	// Length says how long it is, SetLength changes that.
	Length() (int64, error)
	SetLength(int64) error
}

// plainFile is an image file.
type plainFile struct{ *os.File }

// Length is the file's size.
func (f plainFile) Length() (int64, error) {
	st, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return st.Size(), nil
}

// SetLength truncates, also where the file was opened for reading.
func (f plainFile) SetLength(n int64) error {
	w, err := os.OpenFile(FDPath(f.File), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer w.Close()
	return w.Truncate(n)
}

// node is the disk's name in /dev.
func (l *loop) node() string { return "/dev/" + l.name }

// attachLoop makes a disk of a file and its node, which shows as FreeBSD's do.
func (k *Kernel) attachLoop(name string, backing stretchable, size int64, readOnly bool) (*loop, error) {
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
		l := &loop{name: name, number: n, size: size, sector: 512, backing: backing}
		if err = l.open(); err != nil {
			return nil, err
		}
		config := unix.LoopConfig{Fd: uint32(backing.Fd())}
		config.Info.Flags = unix.LO_FLAGS_AUTOCLEAR
		config.Info.Sizelimit = l.limit(size)
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

// limit is Linux's size limit for a disk that is shorter than its file; 0 is none.
func (l *loop) limit(size int64) uint64 {
	if n, err := l.backing.Length(); err != nil || n-n%512 <= size {
		return 0
	}
	return uint64(size)
}

func (l *loop) open() error {
	os.Remove(l.node())
	if err := unix.Mknod(l.node(), unix.S_IFBLK|0o640, int(unix.Mkdev(7, uint32(l.number)))); err != nil {
		return err
	}
	os.Chown(l.node(), 0, 5)
	f, err := os.OpenFile(l.node(), os.O_RDWR, 0)
	if errors.Is(err, unix.EROFS) || errors.Is(err, unix.EACCES) {
		f, err = os.Open(l.node())
	}
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
	if limit := l.limit(size); limit != info.Sizelimit {
		info.Sizelimit = limit
		if err := unix.IoctlLoopSetStatus64(int(l.device.Fd()), info); err != nil {
			return err
		}
	}
	if err := unix.IoctlSetInt(int(l.device.Fd()), unix.LOOP_SET_CAPACITY, 0); err != nil {
		return err
	}
	l.size = size
	return nil
}

// stretched runs f while the disk is longer than it is.
func (l *loop) stretched(size int64, f func() error) error {
	length, err := l.backing.Length()
	if err != nil {
		return err
	}
	was := l.size
	if size <= was {
		return f()
	}
	if err := l.backing.SetLength(size); err != nil {
		return err
	}
	err = l.resize(size)
	if err == nil {
		err = f()
	}
	if back := l.backing.SetLength(length); err == nil {
		err = back
	}
	if back := l.resize(was); err == nil {
		err = back
	}
	return err
}

func mdName(unit int) string { return "md" + strconv.Itoa(unit) }
