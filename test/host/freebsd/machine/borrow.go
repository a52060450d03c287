package machine

import (
	"debug/elf"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"standin/programs"
)

const (
	linker     = "libexec/ld-elf.so.1"
	privateDir = "/dev/sshd" // sshd's privilege separation folder; its user's name is the end of the same text
)

// borrowed collects Linux programs and their libraries for the tree.
type borrowed struct {
	files map[string][]byte // by path in the tree
	names map[string]string // a library's own name to its file name in the tree
	free  []string          // library names of the tree that are still free, as paths
}

// wording are texts in programs that have to be others: FreeBSD's sh names no line in its complaints, and a builtin's
// name instead of its own.
var wording = map[string][][2]string{
	"sshd": {{"/run/sshd", privateDir}},
	"dash": {{"%s: %d: ", "%s: "}, {"%s: %d: %s: ", "%.0s%*s: "}},
}

// preferred are the FreeBSD names that mean the same.
var preferred = [][2]string{
	{"libc.so.", "lib/libc.so.7"}, {"libm.so.", "lib/libm.so.5"}, {"libcrypt.so.", "lib/libcrypt.so.5"},
	{"libtinfo.so.", "lib/libedit.so.8"}, {"libarchive.so.", "usr/lib/libarchive.so.7"}, {"liblzma.so.", "usr/lib/liblzma.so.5"},
	{"libz.so.", "lib/libz.so.6"}, {"libbz2.so.", "usr/lib/libbz2.so.4"}, {"libpam.so.", "usr/lib/libpam.so.6"},
	{"libwrap.so.", "usr/lib/libwrap.so.6"},
}

func newBorrowed(tree []entry) *borrowed {
	b := &borrowed{files: map[string][]byte{}, names: map[string]string{}}
	for _, e := range tree {
		dir := filepath.Dir(e.path)
		if e.kind == "file" && (dir == "lib" || dir == "usr/lib") && strings.Contains(e.path, ".so.") {
			b.free = append(b.free, e.path)
		}
	}
	sort.Slice(b.free, func(i, j int) bool { return len(filepath.Base(b.free[i])) > len(filepath.Base(b.free[j])) })
	return b
}

// sharedPrograms lie in base.txz, for the host and its jails alike.
func (b *borrowed) sharedPrograms() error {
	for _, p := range [][2]string{
		{"/bin/dash", "bin/sh"}, {"/bin/tcsh", "bin/csh"}, {"/bin/tcsh", "bin/tcsh"},
		{"/usr/bin/original-awk", programs.Borrowed["awk"]}, {"/usr/bin/bsdtar", programs.Borrowed["bsdtar"]},
	} {
		if err := b.program(p[0], strings.TrimPrefix(p[1], "/")); err != nil {
			return err
		}
	}
	box, err := os.ReadFile("/bin/busybox")
	b.files[strings.TrimPrefix(programs.Borrowed["busybox"], "/")] = box
	return err
}

// hostPrograms lie in the host's own tree alone.
func (b *borrowed) hostPrograms() error {
	if err := b.program("/usr/lib/openssh/sftp-server", "usr/libexec/sftp-server"); err != nil {
		return err
	}
	return b.program("/usr/sbin/sshd", "usr/sbin/sshd")
}

func (b *borrowed) program(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	e, err := newEditor(data)
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	interpreter := ""
	for _, p := range e.file.Progs {
		if p.Type == elf.PT_INTERP {
			text := make([]byte, p.Filesz-1)
			if _, err := p.ReadAt(text, 0); err != nil {
				return err
			}
			interpreter = string(text)
		}
	}
	if interpreter != "" && b.files[linker] == nil {
		if b.files[linker], err = os.ReadFile(interpreter); err != nil {
			return err
		}
	}
	if err := e.setInterpreter("/" + linker); err != nil {
		return err
	}
	for _, change := range wording[filepath.Base(from)] {
		if err := e.replaceText(change[0], change[1]); err != nil {
			return fmt.Errorf("%s: %w", from, err)
		}
	}
	b.files[to] = e.data
	return b.needs(e, from)
}

// needs takes over the libraries of a file, and has it look for them under their new names.
func (b *borrowed) needs(e *editor, what string) error {
	needed, err := e.file.ImportedLibraries()
	if err != nil {
		return err
	}
	for _, name := range needed {
		if strings.HasPrefix(name, "ld-linux") {
			continue
		}
		if strings.HasPrefix(name, "libxml2.so") {
			if err := e.without(name); err != nil {
				return fmt.Errorf("%s: %w", what, err)
			}
			continue
		}
		if err := b.library(name); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		if err := e.rename(name, filepath.Base(b.names[name])); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	return nil
}

func (b *borrowed) library(name string) error {
	if b.names[name] != "" {
		return nil
	}
	to, err := b.place(name)
	if err != nil {
		return err
	}
	b.names[name] = to
	found, _ := filepath.Glob("/lib/*-linux-gnu/" + name)
	more, _ := filepath.Glob("/usr/lib/*-linux-gnu/" + name)
	found = append(found, more...)
	if len(found) == 0 {
		return fmt.Errorf("library %s not found", name)
	}
	data, err := os.ReadFile(found[0])
	if err != nil {
		return err
	}
	e, err := newEditor(data)
	if err != nil {
		return fmt.Errorf("%s: %w", found[0], err)
	}
	if strings.HasPrefix(name, "libc.so.") {
		// getspnam(3) reads what pwd_mkdb made: relative, for it has to be as short; sshd stands in /.
		if err := e.replaceText("/etc/shadow", "etc/spwd.db"); err != nil {
			return err
		}
	}
	b.files[to] = e.data
	return b.needs(e, found[0])
}

func (b *borrowed) place(name string) (string, error) {
	for _, p := range preferred {
		if strings.HasPrefix(name, p[0]) && len(filepath.Base(p[1])) <= len(name) {
			return b.take(p[1]), nil
		}
	}
	wanted := map[string]bool{}
	for _, p := range preferred {
		wanted[p[1]] = true
	}
	for _, path := range b.free {
		if len(filepath.Base(path)) <= len(name) && !wanted[path] {
			return b.take(path), nil
		}
	}
	return "", fmt.Errorf("no name in the tree for %s", name)
}

func (b *borrowed) take(path string) string {
	for i, p := range b.free {
		if p == path {
			b.free = append(b.free[:i:i], b.free[i+1:]...)
			break
		}
	}
	return path
}
