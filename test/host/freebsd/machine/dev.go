package machine

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"standin/kernel"
)

// makeDev mounts the machine's /dev. It plays a devfs, with the nodes that programs need.
func makeDev(dir string) error {
	if err := unix.Mount("devfs", dir, "tmpfs", unix.MS_NOSUID|unix.MS_NOEXEC, "mode=0555,size=1m"); err != nil {
		return err
	}
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	if err := kernel.MakeDevices(int(folder.Fd()), func(string) bool { return true }); err != nil {
		return err
	}
	pts := filepath.Join(dir, "pts")
	if err := os.Mkdir(pts, 0o755); err != nil {
		return err
	}
	if err := unix.Mount("devpts", pts, "devpts", unix.MS_NOSUID|unix.MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,gid=4"); err != nil {
		return err
	}
	for _, name := range []string{privateDir, "/dev/gpt", "/dev/input", "/dev/led", "/dev/usb"} {
		if err := os.Mkdir(name, 0o755); err != nil {
			return err
		}
	}
	return os.Symlink("pts/ptmx", filepath.Join(dir, "ptmx"))
}
