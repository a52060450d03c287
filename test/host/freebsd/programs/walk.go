package programs

import (
	"os"
	"sort"

	"golang.org/x/sys/unix"
)

// lstat and stat are the system calls, with errors that name nothing but the errno.
func lstat(path string) (st unix.Stat_t, err error) {
	err = unix.Lstat(path, &st)
	return st, err
}

func stat(path string) (st unix.Stat_t, err error) {
	err = unix.Stat(path, &st)
	return st, err
}

// shownMode is a file's mode; a link has that of a new file, which Linux doesn't keep.
func shownMode(st *unix.Stat_t) uint32 {
	if isLink(st) {
		return unix.S_IFLNK | 0755
	}
	return st.Mode
}

func isDir(st *unix.Stat_t) bool  { return st.Mode&unix.S_IFMT == unix.S_IFDIR }
func isLink(st *unix.Stat_t) bool { return st.Mode&unix.S_IFMT == unix.S_IFLNK }
func isFile(st *unix.Stat_t) bool { return st.Mode&unix.S_IFMT == unix.S_IFREG }

// join puts a name below a folder as fts(3) does: one slash between.
func join(dir, name string) string {
	if dir != "" && dir[len(dir)-1] == '/' {
		return dir + name
	}
	return dir + "/" + name
}

// names lists a folder in the order of names.
func names(dir string) ([]string, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	list, err := f.Readdirnames(-1)
	sort.Strings(list)
	return list, err
}

// namesAsMade lists a folder as FFS keeps it: in the order in which its entries were made.
func namesAsMade(dir string) ([]string, error) {
	list, err := names(dir)
	if err != nil {
		return nil, err
	}
	times := make(map[string]int64, len(list))
	fd, err := unix.Open(dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return list, nil
	}
	defer unix.Close(fd)
	for _, name := range list {
		var st unix.Statx_t
		if unix.Statx(fd, name, unix.AT_SYMLINK_NOFOLLOW, unix.STATX_BTIME, &st) == nil {
			times[name] = st.Btime.Sec*1e9 + int64(st.Btime.Nsec)
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return times[list[i]] < times[list[j]] })
	return list, nil
}
