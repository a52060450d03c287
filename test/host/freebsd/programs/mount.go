package programs

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"standin/bsd"
	"standin/wire"
)

// mount follows mount(8) and sbin/mount/mount.c: external programs for the file systems that have one, nmount(2)
// for the others.
func init() { Register(mount, "mount") }

const mountUsage = `usage: mount [-adflpruvw] [-F fstab] [-o options] [-t ufs | external_type]
       mount [-dfpruvw] special | node
       mount [-dfpruvw] [-o options] [-t ufs | external_type] special node
`

type mounting struct {
	p                          *Process
	all, late, fstab, verbose  bool
	dry, force, readOnly, edit bool
	types                      string
	table                      string
	options                    []string
}

func mount(p *Process) int {
	args, json := libxo(p.Args)
	p.Args = args
	found, rest, ok := p.options("adF:fLlno:prt:uvw")
	m := &mounting{p: p}
	for _, o := range found {
		switch o.Letter {
		case 'a':
			m.all = true
		case 'd':
			m.dry = true
		case 'F':
			m.table = o.Value
		case 'f':
			m.force = true
		case 'L', 'l':
			m.late = true
		case 'o':
			m.options = append(m.options, strings.Split(o.Value, ",")...)
		case 'p':
			m.fstab = true
		case 'r':
			m.options = append(m.options, "ro")
		case 't':
			m.types = o.Value
		case 'u':
			m.edit = true
		case 'v':
			m.verbose = true
		case 'w':
			m.options = append(m.options, "rw")
		}
	}
	if !ok || len(rest) > 2 || (m.all && len(rest) > 0) {
		return p.Usage(1, mountUsage)
	}
	switch {
	case m.all:
		return m.mountAll()
	case len(rest) == 0:
		return m.list(json)
	case len(rest) == 1:
		return m.known(rest[0])
	}
	kind := m.types
	if kind == "" {
		kind = "ufs"
		if strings.Contains(rest[0], ":") && !strings.HasPrefix(rest[0], "/") {
			kind = "nfs"
		}
	}
	return m.one(kind, rest[0], rest[1], m.options)
}

// known mounts what fstab(5) has for a device or folder, or changes what is mounted there.
func (m *mounting) known(name string) int {
	if full, err := filepath.EvalSymlinks(name); err == nil {
		name = full
	}
	if m.edit {
		fs := m.p.mountedAt(name)
		if fs == nil {
			return m.p.Errx(1, "not currently mounted %s", name)
		}
		return m.one(fs.Type, fs.From, fs.On, m.options)
	}
	for _, e := range m.p.readFstab(m.table) {
		if e.spec == name || e.file == name {
			return m.one(e.kind, e.spec, e.file, append(strings.Split(e.options, ","), m.options...))
		}
	}
	return m.p.Errx(1, "%s: unknown special file or file system", name)
}

func (m *mounting) mountAll() int {
	status := 0
	for _, e := range m.p.readFstab(m.table) {
		if e.kind == "swap" || e.has("noauto") || e.has("xx") || !typeListed(m.types, e.kind) || m.isMounted(e) {
			continue
		}
		if e.has("late") && !m.late {
			continue
		}
		status |= m.one(e.kind, e.spec, e.file, append(strings.Split(e.options, ","), m.options...))
	}
	return status
}

func (m *mounting) isMounted(e fstabEntry) bool {
	spec, file := resolved(e.spec), resolved(e.file)
	for _, fs := range m.p.mounts() {
		if fs.On == file && (fs.From == spec || e.kind != "nullfs" && e.kind != "ufs") {
			return true
		}
	}
	return false
}

func resolved(name string) string {
	if full, err := filepath.EvalSymlinks(name); err == nil {
		return full
	}
	return name
}

// typeListed is checkvfsname of sbin/mount/vfslist.c.
func typeListed(list, kind string) bool {
	if list == "" {
		return true
	}
	inverse := strings.HasPrefix(list, "no")
	for _, t := range strings.Split(strings.TrimPrefix(list, "no"), ",") {
		if t == kind {
			return !inverse
		}
	}
	return inverse
}

// one is mountfs of mount.c.
func (m *mounting) one(kind, from, on string, options []string) int {
	p := m.p
	full, err := checkFolder(on)
	if err != nil {
		return p.Err(1, err, "%s", on)
	}
	if m.edit {
		options = append(options, "update")
	}
	if external(kind) {
		argv := []string{"mount_" + kind}
		if words := externalOptions(options); words != "" {
			argv = append(argv, "-o", words)
		}
		return m.external(kind, append(argv, from, full))
	}
	if m.dry {
		return 0
	}
	err = p.nmount(kind, from, full, options)
	var worded *wire.Error
	switch {
	case err == nil:
		return 0
	case errors.As(err, &worded):
		return p.Errx(1, "%s: %s: %s", from, worded.Text, bsd.Strerror(worded.Errno))
	}
	return p.Err(1, err, "%s", from)
}

func external(kind string) bool {
	switch kind {
	case "cd9660", "mfs", "msdosfs", "nfs", "nullfs", "smbfs", "udf", "unionfs":
		return true
	}
	return false
}

func externalOptions(options []string) string {
	var words []string
	for _, o := range options {
		if o != "" && o != "rw" && o != "late" && o != "auto" {
			words = append(words, o)
		}
	}
	return strings.Join(words, ",")
}

func (m *mounting) external(kind string, argv []string) int {
	for _, dir := range []string{"/sbin/", "/usr/sbin/"} {
		if _, err := os.Stat(dir + "mount_" + kind); err == nil {
			if m.dry {
				return 0
			}
			return m.p.Wait(m.p.child(dir+"mount_"+kind, argv[1:]...))
		}
	}
	return m.p.Errx(1, "exec mount_%s not found in /sbin:/usr/sbin: No such file or directory", kind)
}
