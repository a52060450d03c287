package machine

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// makeDev mounts the machine's /dev. It plays a devfs, with the nodes that programs need.
func makeDev(dir string, debian int) error {
	if err := unix.Mount("devfs", dir, "tmpfs", unix.MS_NOSUID|unix.MS_NOEXEC, "mode=0555,size=1m"); err != nil {
		return err
	}
	nodes := []struct {
		name         string
		mode         uint32
		major, minor uint32
	}{
		{"null", 0o666, 1, 3}, {"zero", 0o666, 1, 5}, {"full", 0o666, 1, 7}, {"random", 0o644, 1, 9},
		{"urandom", 0o644, 1, 9}, {"tty", 0o666, 5, 0}, {"console", 0o600, 1, 3},
	}
	for _, n := range nodes {
		path := filepath.Join(dir, n.name)
		if err := unix.Mknod(path, unix.S_IFCHR|n.mode, int(unix.Mkdev(n.major, n.minor))); err != nil {
			return err
		}
		if err := os.Chmod(path, os.FileMode(n.mode)); err != nil {
			return err
		}
	}
	pts := filepath.Join(dir, "pts")
	if err := os.Mkdir(pts, 0o755); err != nil {
		return err
	}
	if err := unix.Mount("devpts", pts, "devpts", unix.MS_NOSUID|unix.MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=4"); err != nil {
		return err
	}
	if err := os.Mkdir(privateDir, 0o755); err != nil {
		return err
	}
	return os.Symlink("pts/ptmx", filepath.Join(dir, "ptmx"))
}
