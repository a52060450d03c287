package programs

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"standin/bsd"
	"standin/kernel"
)

// step is one of the things that jail(8) does in order; "op" is the system call itself.
type step string

const (
	stepOp          step = "op"
	stepStopTimeout step = "stop.timeout"
)

// The orders of usr.sbin/jail/command.c.
func startSteps() []step {
	return []step{
		"exec.prepare", paramIP4, paramIP6, "mount", paramFstab, "mount.devfs", "mount.fdescfs", "mount.procfs", "exec.prestart",
		stepOp, "vnet.interface", "exec.created", "exec.start", "command", "exec.poststart",
	}
}

func stopSteps() []step {
	return []step{
		"exec.prestop", "exec.stop", stepStopTimeout, stepOp, "exec.poststop", "mount.procfs", "mount.fdescfs", "mount.devfs",
		paramFstab, "mount", paramIP6, paramIP4, "exec.release",
	}
}

// action is one command of a step.
type action struct {
	step step
	text string
}

// actions lists what the steps mean for a jail.
func (j *jailConfig) actions(steps []step) (list []action) {
	for _, s := range steps {
		switch s {
		case stepOp, stepStopTimeout:
			list = append(list, action{step: s})
		case "mount.devfs", "mount.fdescfs", "mount.procfs":
			if j.on(string(s)) {
				list = append(list, action{step: s})
			}
		case "command":
			if j.name == "" && len(j.list("command")) > 0 {
				list = append(list, action{step: s})
				break
			}
			fallthrough
		default:
			for _, text := range j.list(string(s)) {
				if text != "" {
					list = append(list, action{s, text})
				}
			}
		}
	}
	return list
}

// reversed is a step whose commands are undone from the last to the first.
func (s step) reversed() bool {
	return s == "mount" || s == paramFstab || s == paramIP4 || s == paramIP6
}

// start is JF_START: it makes a jail, and takes back what it did if a step fails.
func (r *jailer) start(j *jailConfig) bool {
	if j.jid > 0 {
		if !j.depend && !j.wild {
			r.warnQuoted(j, "already exists", "")
			return false
		}
		return true
	}
	list := j.actions(startSteps())
	for i, a := range list {
		if r.do(j, a, false) {
			continue
		}
		for i--; i >= 0; i-- {
			switch list[i].step {
			case "exec.prepare", "exec.prestart", "exec.created", "exec.start", "command", "exec.poststart":
			default:
				r.do(j, list[i], true)
			}
		}
		return false
	}
	if j.persisted {
		r.p.Call("jail.set", kernel.JailSetRequest{Update: true, Params: []kernel.ParamValue{
			{Name: "jid", Values: []string{strconv.Itoa(j.jid)}}, {Name: "nopersist"},
		}}, nil)
	}
	r.writeID(j)
	return true
}

// remove is JF_STOP: it stops a jail and removes it. A step that fails ends it there, but for those after the removal.
func (r *jailer) remove(j *jailConfig) bool {
	if j.jid < 0 {
		if j.depend || j.wild {
			return true
		}
		if r.verbose >= 0 {
			r.warnQuoted(j, "not found", "")
		}
		return false
	}
	list := j.actions(stopSteps())
	good := true
	for i := 0; i < len(list); {
		end := i + 1
		for end < len(list) && list[end].step == list[i].step {
			end++
		}
		run := append([]action{}, list[i:end]...)
		if run[0].step.reversed() {
			for a, b := 0, len(run)-1; a < b; a, b = a+1, b-1 {
				run[a], run[b] = run[b], run[a]
			}
		}
		for _, a := range run {
			ok := r.do(j, a, true)
			if !ok && j.jid > 0 {
				return false
			}
			good = good && ok
		}
		i = end
	}
	return good
}

// do carries one action out, or (down) takes it back.
func (r *jailer) do(j *jailConfig, a action, down bool) bool {
	switch a.step {
	case stepOp:
		if down {
			return r.removeJail(j)
		}
		return r.createJail(j)
	case stepStopTimeout:
		r.terminate(j)
		return true
	case paramIP4, paramIP6:
		return r.command(j, a, interfaceCommand(j, a, down))
	case "vnet.interface":
		word := "vnet"
		if down {
			word = "-vnet"
		}
		name, given := j.text("jid")
		if !given {
			name, _ = j.text("name")
		}
		return r.command(j, a, []string{"/sbin/ifconfig", a.text, word, name})
	case "mount", paramFstab, "mount.devfs", "mount.fdescfs", "mount.procfs":
		argv, ok := r.mountCommand(j, a, down)
		return ok && r.command(j, a, argv)
	}
	return r.command(j, a, nil)
}

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
