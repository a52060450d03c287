package kernel

import (
	"os"
	"syscall"
)

// ufs is a mounted image.
type ufs struct{}

func (u *ufs) close() {}

func (u *ufs) figures(fs *FileSystem) {}

func (k *Kernel) mountUFS(m *Mount, dir *os.File, from string) error { return syscall.EINVAL }
