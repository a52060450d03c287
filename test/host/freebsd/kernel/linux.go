package kernel

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/sys/unix"
)

// SelfFD is the descriptor of this binary, in the first process and in the kernel; SelfPath leads to it.
const (
	SelfFD   = 900
	SelfPath = "self/fd/900"
)

// FDPath is a path by which a system call of the kernel's own process reaches an open file, also where no path
// leads: its working directory is its private procfs.
func FDPath(f *os.File) string { return fmt.Sprintf("self/fd/%d", f.Fd()) }

// OpenDebian opens a file of the Linux system that the stand-in runs on: "dev/loop-control".
func (k *Kernel) OpenDebian(path string, flags int) (*os.File, error) {
	fd, err := unix.Openat(k.Debian, path, flags|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return os.NewFile(uintptr(fd), path), nil
}

// Linux runs a program of the Linux system that the stand-in runs on, as mke2fs, with that system's root. It
// reaches files as /proc/self/fd/3 and so on, in their order. The output is both streams.
func (k *Kernel) Linux(files []*os.File, name string, args ...string) ([]byte, error) {
	fd, err := unix.FcntlInt(uintptr(k.Debian), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	root := os.NewFile(uintptr(fd), "debian")
	defer root.Close()
	cmd := &exec.Cmd{Path: SelfPath, Args: append([]string{"standin", "linux-exec", name}, args...)}
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"}
	cmd.ExtraFiles = append(append([]*os.File{}, files...), root)
	cmd.Env = append(cmd.Env, fmt.Sprintf("STANDIN_ROOT=%d", 3+len(files)))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return out.Bytes(), fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(out.String()))
	}
	return out.Bytes(), nil
}
