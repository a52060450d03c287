package kernel

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// What FreeBSD's flags are to Linux: cp(1) leaves them out, and nothing removes such a file (programs/flags.go).
const unchangeable = unix.STATX_ATTR_IMMUTABLE | unix.STATX_ATTR_APPEND

// flagged calls f for each file below a folder that has some of them.
func flagged(folder string, f func(path string, attributes uint64)) {
	filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		var st unix.Statx_t
		if err == nil && unix.Statx(unix.AT_FDCWD, path, unix.AT_SYMLINK_NOFOLLOW, unix.STATX_TYPE, &st) == nil && st.Attributes&unchangeable != 0 {
			f(path, st.Attributes)
		}
		return nil
	})
}

func setAttributes(path string, attributes uint64) {
	file, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer file.Close()
	now, err := unix.IoctlGetUint32(int(file.Fd()), unix.FS_IOC_GETFLAGS)
	if err == nil {
		unix.IoctlSetPointerInt(int(file.Fd()), unix.FS_IOC_SETFLAGS, int(uint64(now)&^unchangeable|attributes&unchangeable))
	}
}

func copyFlags(from, to string) {
	flagged(from, func(path string, attributes uint64) { setAttributes(to+strings.TrimPrefix(path, from), attributes) })
}

func clearFlags(folder string) {
	flagged(folder, func(path string, _ uint64) { setAttributes(path, 0) })
}
