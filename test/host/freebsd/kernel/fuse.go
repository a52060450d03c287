package kernel

import (
	"encoding/binary"
	"os"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// There is no device mapper in a container, so an encrypted disk is a loop device on a file that a process of ours
// serves: a FUSE file system whose root is that one file, mounted nowhere. This is the serving side.

// diskServer answers what Linux asks of the file.
type diskServer struct {
	device *os.File // /dev/fuse
	size   int64    // atomic
	inside *cipherFile
}

// Operations and constants of linux/fuse.h.
const (
	fuseForget, fuseGetattr, fuseSetattr       = 2, 3, 4
	fuseOpen, fuseRead, fuseWrite, fuseStatfs  = 14, 15, 16, 17
	fuseRelease, fuseFsync, fuseFlush          = 18, 20, 25
	fuseInit, fuseInterrupt, fuseBatchForget   = 26, 36, 42
	fuseMaxWrite                               = 128 << 10
	fuseBigWrites, fuseMaxPages, fuseAsyncRead = 1 << 5, 1 << 22, 1 << 0
)

func (s *diskServer) loop() {
	buf := make([]byte, fuseMaxWrite+4096)
	fd := int(s.device.Fd())
	for {
		n, err := unix.Read(fd, buf)
		switch {
		case err == unix.EINTR || err == unix.ENOENT || err == unix.EAGAIN:
			continue
		case err != nil || n < 40:
			return
		}
		opcode, unique := binary.LittleEndian.Uint32(buf[4:]), buf[8:16]
		out, errno := s.answer(opcode, buf[40:n])
		if opcode == fuseForget || opcode == fuseBatchForget || opcode == fuseInterrupt {
			continue
		}
		reply := make([]byte, 16, 16+len(out))
		binary.LittleEndian.PutUint32(reply, uint32(16+len(out)))
		binary.LittleEndian.PutUint32(reply[4:], uint32(-int32(errno)))
		copy(reply[8:], unique)
		unix.Write(fd, append(reply, out...))
	}
}

func (s *diskServer) answer(opcode uint32, in []byte) ([]byte, syscall.Errno) {
	switch opcode {
	case fuseInit:
		out := make([]byte, 64)
		binary.LittleEndian.PutUint32(out, 7)
		binary.LittleEndian.PutUint32(out[4:], 31)
		binary.LittleEndian.PutUint32(out[8:], binary.LittleEndian.Uint32(in[8:]))
		binary.LittleEndian.PutUint32(out[12:], fuseBigWrites|fuseMaxPages|fuseAsyncRead)
		binary.LittleEndian.PutUint32(out[20:], fuseMaxWrite)
		binary.LittleEndian.PutUint32(out[24:], 1)
		binary.LittleEndian.PutUint16(out[28:], fuseMaxWrite/4096)
		return out, 0
	case fuseGetattr, fuseSetattr:
		return s.attributes(), 0
	case fuseOpen:
		out := make([]byte, 16)
		binary.LittleEndian.PutUint64(out, 1)
		binary.LittleEndian.PutUint32(out[8:], 2) // FOPEN_KEEP_CACHE
		return out, 0
	case fuseRead:
		return s.read(in)
	case fuseWrite:
		return s.write(in)
	case fuseFsync, fuseFlush:
		if s.inside.Sync() != nil {
			return nil, syscall.EIO
		}
		return nil, 0
	case fuseRelease:
		return nil, 0
	case fuseStatfs:
		return make([]byte, 80), 0
	case fuseForget, fuseBatchForget, fuseInterrupt:
		return nil, 0
	}
	return nil, syscall.ENOSYS
}

// attributes is struct fuse_attr_out; nothing may be remembered of it.
func (s *diskServer) attributes() []byte {
	out := make([]byte, 16+88)
	a := out[16:]
	size := uint64(atomic.LoadInt64(&s.size))
	binary.LittleEndian.PutUint64(a, 1)
	binary.LittleEndian.PutUint64(a[8:], size)
	binary.LittleEndian.PutUint64(a[16:], size/512)
	binary.LittleEndian.PutUint32(a[60:], unix.S_IFREG|0o600)
	binary.LittleEndian.PutUint32(a[64:], 1)
	binary.LittleEndian.PutUint32(a[80:], 4096)
	return out
}

func (s *diskServer) read(in []byte) ([]byte, syscall.Errno) {
	offset, n := int64(binary.LittleEndian.Uint64(in[8:])), int64(binary.LittleEndian.Uint32(in[16:]))
	if left := atomic.LoadInt64(&s.size) - offset; n > left {
		n = left
	}
	if n <= 0 {
		return nil, 0
	}
	out := make([]byte, n)
	if err := s.inside.ReadAt(out, offset); err != nil {
		return nil, syscall.EIO
	}
	return out, 0
}

func (s *diskServer) write(in []byte) ([]byte, syscall.Errno) {
	offset, n := int64(binary.LittleEndian.Uint64(in[8:])), binary.LittleEndian.Uint32(in[16:])
	if err := s.inside.WriteAt(in[40:40+n], offset); err != nil {
		return nil, syscall.EIO
	}
	out := make([]byte, 8)
	binary.LittleEndian.PutUint32(out, n)
	return out, 0
}
