package machine

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// writeImage makes a disk with a host installed on it: the base unpacked, and what the host has of its own.
func (r *release) writeImage(tree []entry, image string, size int64, archive, manifest string) error {
	if err := makeDisk(image, size); err != nil {
		return err
	}
	runtime.LockOSThread() // and never let go: the name space is this thread's
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		return fmt.Errorf("a mount name space: %w", err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	root, err := os.MkdirTemp("", "freebsd-image-")
	if err != nil {
		return err
	}
	defer os.Remove(root)
	if err := mountImage(image, root, 0); err != nil {
		return err
	}
	defer unix.Unmount(root, unix.MNT_DETACH)
	if err := r.install(tree, root); err != nil {
		return err
	}
	for _, file := range []string{archive, manifest} {
		if err := copyFile(file, filepath.Join(root, "usr/freebsd-dist", distName(file))); err != nil {
			return err
		}
	}
	return nil
}

func distName(file string) string {
	if strings.HasSuffix(file, ".txz") {
		return "base.txz"
	}
	return "MANIFEST"
}

func copyFile(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o644)
}

// install unpacks the base, with the host's own programs in it, and lays the host's files over it.
func (r *release) install(tree []entry, root string) error {
	var plain bytes.Buffer
	if err := r.writeTar(&plain, tree); err != nil {
		return err
	}
	cmd := exec.Command("bsdtar", "-xpf", "-", "-C", root)
	cmd.Stdin, cmd.Stderr = &plain, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("bsdtar: %w", err)
	}
	if err := os.Remove(filepath.Join(root, "lost+found")); err != nil && !os.IsNotExist(err) {
		return err
	}
	files, err := hostFiles()
	if err != nil {
		return err
	}
	for path, data := range files {
		to := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, data, 0o644); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Join(root, "root/bin"), 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, "entropy"), make([]byte, 4096), 0o600)
}

// makeDisk makes an empty file system in a sparse file.
func makeDisk(image string, size int64) error {
	f, err := os.Create(image)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Truncate(size); err != nil {
		return err
	}
	out, err := exec.Command("/sbin/mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096", "-I", "256", "-m", "8", "-J", "size=16",
		"-E", "lazy_itable_init=1,lazy_journal_init=1,root_owner=0:0", image).CombinedOutput()
	if err != nil {
		return fmt.Errorf("mke2fs: %w: %s", err, out)
	}
	return nil
}
