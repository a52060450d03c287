package kernel

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// procFile reads a small file of the machine's procfs.
func (k *Kernel) procFile(path string) (string, error) {
	fd, err := unix.Openat(k.ProcFS, path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", err
	}
	f := os.NewFile(uintptr(fd), path)
	defer f.Close()
	buf := make([]byte, 64<<10)
	n, err := f.Read(buf)
	if n == 0 && err != nil {
		return "", err
	}
	return string(buf[:n]), nil
}

// parentOf is a process's parent, 0 if it has none.
func (k *Kernel) parentOf(pid int) int {
	text, err := k.procFile(fmt.Sprintf("%d/stat", pid))
	if err != nil {
		return 0
	}
	field := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(field) < 2 {
		return 0
	}
	parent, _ := strconv.Atoi(field[1])
	return parent
}
