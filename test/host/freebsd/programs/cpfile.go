package programs

import (
	"bufio"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"standin/bsd"
)

func errorText(err error) string { return bsd.Strerror(err) }

// file copies a regular file's content; bin/cp/utils.c, copy_file.
func (c *copying) file(from, to string, st *unix.Stat_t, exists bool) bool {
	in, err := os.Open(from)
	if err != nil {
		c.warn(err, from)
		return false
	}
	defer in.Close()
	if exists {
		switch {
		case c.keepOld:
			if c.verbose {
				c.p.Printf("%s not overwritten\n", to)
			}
			c.status = 1
			return false
		case c.ask && !c.agreed(to):
			return false
		case c.force:
			unix.Unlink(to)
		}
	}
	if c.hard || c.symbolic {
		make := unix.Link
		if c.symbolic {
			make = unix.Symlink
		}
		if err := make(from, to); err != nil {
			c.warn(err, to)
			return false
		}
		return true
	}
	flags := unix.O_WRONLY | unix.O_TRUNC
	if !exists || c.force {
		flags |= unix.O_CREAT
	}
	fd, err := unix.Open(to, flags|unix.O_CLOEXEC, st.Mode&0777)
	if err != nil {
		c.warn(err, to)
		return false
	}
	out := os.NewFile(uintptr(fd), to)
	err = copyContent(out, in)
	if closeErr := out.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		c.warn(err, to)
		return false
	}
	if c.preserve {
		c.attributes(from, to, st)
	}
	return true
}

func (c *copying) agreed(to string) bool {
	if c.answers == nil {
		c.answers = bufio.NewReader(c.p.Stdin)
	}
	c.p.Stdout.Flush()
	c.p.Errorf("overwrite %s? (y/n [n]) ", to)
	answer, _ := c.answers.ReadString('\n')
	if strings.HasPrefix(answer, "y") || strings.HasPrefix(answer, "Y") {
		return true
	}
	c.p.Errorf("not overwritten\n")
	c.status = 1
	return false
}

// copyContent copies what is data and leaves holes holes, as copy_file_range(2) of FreeBSD does.
func copyContent(out, in *os.File) error {
	st, err := in.Stat()
	if err != nil {
		return err
	}
	if !st.Mode().IsRegular() || st.Size() < 1<<20 {
		_, err = io.Copy(out, in)
		return err
	}
	var at int64
	for at < st.Size() {
		data, err := unix.Seek(int(in.Fd()), at, unix.SEEK_DATA)
		if err == unix.ENXIO {
			break
		}
		if err != nil {
			return err
		}
		hole, err := unix.Seek(int(in.Fd()), data, unix.SEEK_HOLE)
		if err != nil {
			return err
		}
		if err := copyRange(out, in, data, hole); err != nil {
			return err
		}
		at = hole
	}
	return out.Truncate(st.Size())
}

func copyRange(out, in *os.File, from, to int64) error {
	if _, err := in.Seek(from, io.SeekStart); err != nil {
		return err
	}
	if _, err := out.Seek(from, io.SeekStart); err != nil {
		return err
	}
	_, err := io.CopyN(out, in, to-from)
	if err == io.EOF {
		return nil
	}
	return err
}

// attributes gives a copy the times, owner, mode and flags of the original; bin/cp/utils.c, setfile.
func (c *copying) attributes(from, to string, st *unix.Stat_t) {
	times := []unix.Timespec{st.Atim, st.Mtim}
	if err := unix.UtimesNanoAt(unix.AT_FDCWD, to, times, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		c.warnx("utimensat: %s: %s", to, errorText(err))
	}
	there, err := lstat(to)
	mode := st.Mode & 07777
	if err != nil || there.Uid != st.Uid || there.Gid != st.Gid {
		if err := unix.Lchown(to, int(st.Uid), int(st.Gid)); err != nil {
			if err != unix.EPERM {
				c.warnx("chown: %s: %s", to, errorText(err))
			}
			mode &^= 06000
		}
		there, err = lstat(to)
	}
	if !isLink(&there) && (err != nil || there.Mode&07777 != mode) {
		if err := unix.Chmod(to, mode); err != nil {
			c.warnx("chmod: %s: %s", to, errorText(err))
		}
	}
	if isLink(&there) {
		return
	}
	if flags := fileFlags(from, true); flags != fileFlags(to, true) {
		if err := setFileFlags(to, flags); err != nil {
			c.warnx("chflags: %s: %s", to, errorText(err))
		}
	}
}
