package machine

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"

	"golang.org/x/sys/unix"
)

func init() { Commands["linux-exec"] = linuxExec }

// linuxExec becomes a program of the Linux system outside, with that system's root (descriptor STANDIN_ROOT).
func linuxExec(args []string) int {
	fd, err := strconv.Atoi(os.Getenv("STANDIN_ROOT"))
	if err == nil {
		err = unix.Fchdir(fd)
	}
	if err == nil {
		err = unix.Chroot(".")
	}
	unix.CloseOnExec(fd)
	var path string
	if err == nil {
		path, err = exec.LookPath(args[0])
	}
	if err == nil {
		err = unix.Exec(path, args, os.Environ())
	}
	fmt.Fprintln(os.Stderr, args[0]+":", err)
	return 127
}
