package kernel

import (
	"os"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"standin/geli"
)

// cipherFile is the clear text of a disk.
type cipherFile struct {
	lower  *os.File
	below  int64 // how long the disk is; atomic
	xts    *geli.XTS
	sector int64
}

// ReadAt and WriteAt pass what lies beyond the disk by: it is longer than it is only while it is being mounted.
func (f *cipherFile) ReadAt(p []byte, off int64) error {
	start := off - off%f.sector
	buf := make([]byte, (off+int64(len(p))-start+f.sector-1)/f.sector*f.sector)
	n, err := unix.Pread(int(f.lower.Fd()), buf, start)
	if err != nil {
		return err
	}
	whole := int64(n) / f.sector * f.sector
	f.xts.Decrypt(buf[:whole], start/f.sector)
	for i := whole; i < int64(len(buf)); i++ {
		buf[i] = 0
	}
	copy(p, buf[off-start:])
	return nil
}

// WriteAt reads the sectors first that are not written whole.
func (f *cipherFile) WriteAt(p []byte, off int64) error {
	start := off - off%f.sector
	buf := make([]byte, (off+int64(len(p))-start+f.sector-1)/f.sector*f.sector)
	if off != start || int64(len(p)) != int64(len(buf)) {
		if err := f.ReadAt(buf, start); err != nil {
			return err
		}
	}
	copy(buf[off-start:], p)
	f.xts.Encrypt(buf, start/f.sector)
	if left := atomic.LoadInt64(&f.below) - 512 - start; int64(len(buf)) > left {
		if left <= 0 {
			return nil
		}
		buf = buf[:left/f.sector*f.sector]
	}
	_, err := unix.Pwrite(int(f.lower.Fd()), buf, start)
	return err
}

// Sync writes everything down.
func (f *cipherFile) Sync() error { return f.lower.Sync() }
