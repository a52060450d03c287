package programs

import (
	"os"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// descendants are the processes that came of this one. The machine shows no procfs; one is mounted where nobody
// sees it.
func descendants() (pids []int) {
	proc, err := hiddenProcfs()
	if err != nil {
		return nil
	}
	defer proc.Close()
	list, _ := proc.Readdirnames(-1)
	children := map[int][]int{}
	for _, name := range list {
		if pid, err := strconv.Atoi(name); err == nil {
			parent := parentIn(proc, name)
			children[parent] = append(children[parent], pid)
		}
	}
	for next := children[os.Getpid()]; len(next) > 0; {
		var after []int
		for _, pid := range next {
			pids = append(pids, pid)
			after = append(after, children[pid]...)
		}
		next = after
	}
	return pids
}

func parentIn(proc *os.File, pid string) int {
	fd, err := unix.Openat(int(proc.Fd()), pid+"/stat", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0
	}
	defer unix.Close(fd)
	buf := make([]byte, 1024)
	n, _ := unix.Read(fd, buf)
	if n < 0 {
		return 0
	}
	text := string(buf[:n])
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(fields) < 2 {
		return 0
	}
	parent, _ := strconv.Atoi(fields[1])
	return parent
}

// hiddenProcfs mounts a procfs that has no place in the tree.
func hiddenProcfs() (*os.File, error) {
	kind, _ := unix.BytePtrFromString("proc")
	fs, _, errno := unix.Syscall(unix.SYS_FSOPEN, uintptr(unsafe.Pointer(kind)), unix.FSOPEN_CLOEXEC, 0)
	if errno != 0 {
		return nil, errno
	}
	defer unix.Close(int(fs))
	if _, _, errno = unix.Syscall6(unix.SYS_FSCONFIG, fs, unix.FSCONFIG_CMD_CREATE, 0, 0, 0, 0); errno != 0 {
		return nil, errno
	}
	mount, _, errno := unix.Syscall(unix.SYS_FSMOUNT, fs, unix.FSMOUNT_CLOEXEC, 0)
	if errno != 0 {
		return nil, errno
	}
	defer unix.Close(int(mount))
	fd, err := unix.Openat(int(mount), ".", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "procfs"), nil
}
