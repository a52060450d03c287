package programs

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"standin/kernel"
)

// checkFolder is checkpath of sbin/mount/getmntopts.c: the full name of a folder.
func checkFolder(name string) (string, error) {
	full, err := filepath.EvalSymlinks(name)
	if err != nil {
		return "", err
	}
	if full, err = filepath.Abs(full); err != nil {
		return "", err
	}
	st, err := os.Stat(full)
	if err == nil && !st.IsDir() {
		err = syscall.ENOTDIR
	}
	return full, err
}

// nmount is nmount(2).
func (p *Process) nmount(kind, from, on string, options []string) error {
	req := kernel.MountRequest{Type: kind, From: from, Options: map[string]string{}}
	for _, o := range options {
		name, value, _ := strings.Cut(o, "=")
		flag, clear := mountFlag(name)
		switch {
		case clear:
			req.Flags &^= flag
		case flag != 0:
			req.Flags |= flag
		default:
			req.Options[name] = value
		}
	}
	if size := req.Options["size"]; size != "" {
		n, ok := expandNumber(size)
		if !ok {
			return syscall.EINVAL
		}
		req.Options["size"] = strconv.FormatInt(n, 10)
	}
	dir, err := openPath(on)
	if err != nil {
		return err
	}
	defer dir.Close()
	files := []*os.File{dir}
	if kind == "nullfs" {
		lower, err := openPath(from)
		if err != nil {
			return err
		}
		defer lower.Close()
		files = append(files, lower)
	}
	_, err = p.CallFiles("mount.mount", req, nil, files...)
	return err
}

func openPath(name string) (*os.File, error) {
	fd, err := unix.Open(name, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), name), nil
}

// mountFlag is what getmntopts(3) makes of a standard option.
func mountFlag(name string) (flag uint64, clear bool) {
	switch name {
	case "ro", "rdonly":
		return kernel.MntReadOnly, false
	case "rw", "noro":
		return kernel.MntReadOnly, true
	case "update":
		return kernel.MntUpdate, false
	case "force":
		return kernel.MntForce, false
	}
	plain := strings.TrimPrefix(name, "no")
	switch plain {
	case "async":
		return kernel.MntAsync, plain != name
	case "sync":
		return kernel.MntSynchronous, plain != name
	case "atime":
		return kernel.MntNoATime, plain == name
	case "exec":
		return kernel.MntNoExec, plain == name
	case "suid":
		return kernel.MntNoSuid, plain == name
	case "symfollow":
		return kernel.MntNoSymFollow, plain == name
	case "union":
		return kernel.MntUnion, plain != name
	}
	return 0, false
}
