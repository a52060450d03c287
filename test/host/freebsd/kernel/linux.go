package kernel

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/sys/unix"
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
	self, err := os.Open("self/exe")
	if err != nil {
		return nil, err
	}
	defer self.Close()
	root := os.NewFile(uintptr(k.Debian), "debian")
	cmd := exec.Command(FDPath(self), append([]string{"linux-exec", name}, args...)...)
	cmd.Args[0] = "standin"
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
