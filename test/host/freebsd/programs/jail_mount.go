package programs

import (
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"standin/bsd"
)

// interfaceCommand is the ifconfig command for an address: "if|address/prefix", or an address on the interface.
func interfaceCommand(j *jailConfig, a action, down bool) []string {
	fields := strings.Fields(a.text)
	ifp, address, found := strings.Cut(fields[0], "|")
	if !found {
		address = ifp
		ifp, _ = j.text("interface")
	}
	argv := []string{"/sbin/ifconfig", ifp, "inet"}
	mask, width := "netmask", "255.255.255.255"
	if a.step == paramIP6 {
		argv[2], mask, width = "inet6", "prefixlen", "128"
	}
	plain, prefix, found := strings.Cut(address, "/")
	switch {
	case !found:
		argv = append(argv, address, mask, width)
	case strings.Contains(prefix, "."):
		argv = append(argv, plain, mask, prefix)
	default:
		argv = append(argv, address)
	}
	if down {
		return append(argv, "-alias")
	}
	return append(append(argv, fields[1:]...), "alias")
}

// mountCommand is the mount or umount command of a step; it refuses what links lead elsewhere.
func (r *jailer) mountCommand(j *jailConfig, a action, down bool) ([]string, bool) {
	path, _ := j.text("path")
	fs := strings.TrimPrefix(string(a.step), "mount.")
	from, on, options := ".", path+"/dev", ""
	switch a.step {
	case "mount.devfs":
		if ruleset, given := j.text("devfs_ruleset"); given {
			options = "ruleset=" + ruleset
		}
	case "mount.fdescfs":
		on = path + "/dev/fd"
	case "mount.procfs":
		on = path + "/proc"
	default:
		f := strings.Fields(a.text)
		if len(f) < 3 {
			r.warn(j, "%s: %s: missing information", a.step, a.text)
			return nil, false
		}
		from, on, fs = unvis(f[0]), unvis(f[1]), f[2]
		if len(f) > 3 {
			options = f[3]
		}
	}
	if path == "" && from == "." {
		r.warn(j, "%s: no jail root path defined", a.step)
		return nil, false
	}
	name := string(a.step)
	if a.step == paramFstab {
		name = "mount.fstab"
	}
	kind := ""
	if down {
		kind = fs
	}
	if !r.checkPath(j, name, on, false, kind) {
		return nil, false
	}
	switch {
	case down && from == ".":
		return []string{"/sbin/umount", on}, true
	case down:
		return []string{"/sbin/umount", "-t", fs, on}, true
	case from == "." && options != "":
		return []string{"/sbin/mount", "-t", fs, "-o" + options, from, on}, true
	case options != "":
		return []string{"/sbin/mount", "-t", fs, "-o", options, from, on}, true
	}
	return []string{"/sbin/mount", "-t", fs, from, on}, true
}

// checkPath refuses a path with a symbolic link below the jail's root, and to unmount what is not mounted there.
func (r *jailer) checkPath(j *jailConfig, what, path string, isFile bool, mounted string) bool {
	if !strings.HasPrefix(path, "/") {
		r.warn(j, "%s: %s: not an absolute pathname", what, path)
		return false
	}
	root, _ := j.text("path")
	if strings.HasPrefix(path, root+"/") {
		parts := strings.Split(path[len(root)+1:], "/")
		for i := range parts {
			up := root + "/" + strings.Join(parts[:i+1], "/")
			var st unix.Stat_t
			err := unix.Lstat(up, &st)
			if err == unix.ENOENT && isFile && i == len(parts)-1 {
				break
			}
			if err != nil {
				r.warn(j, "%s: %s: %s", what, up, bsd.Strerror(err))
				return false
			}
			if st.Mode&unix.S_IFMT == unix.S_IFLNK {
				r.warn(j, "%s: %s is a symbolic link", what, up)
				return false
			}
		}
	}
	if mounted == "" {
		return true
	}
	if _, err := os.Stat(path); err != nil {
		r.warn(j, "%s: %s: %s", what, path, bsd.Strerror(err))
		return false
	}
	if !r.p.isMounted(path, mounted) {
		r.warn(j, "%s: not a %s mount", path, mounted)
		return false
	}
	return true
}
