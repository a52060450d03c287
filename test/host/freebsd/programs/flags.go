package programs

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// File flags, as chflags(2) of FreeBSD numbers them.
const (
	ufNodump    = 0x1
	ufImmutable = 0x2
	ufAppend    = 0x4
	ufNounlink  = 0x10
	sfArchived  = 0x10000
	sfImmutable = 0x20000
	sfAppend    = 0x40000
	sfNounlink  = 0x100000

	sfSettable = 0xffff0000
)

// flagNames are those of strtofflags(3), each flag's short name first.
var flagNames = []struct {
	name string
	flag uint32
}{
	{"sappnd", sfAppend}, {"sappend", sfAppend}, {"arch", sfArchived}, {"archived", sfArchived},
	{"schg", sfImmutable}, {"schange", sfImmutable}, {"simmutable", sfImmutable},
	{"sunlnk", sfNounlink}, {"sunlink", sfNounlink}, {"snapshot", 0x200000},
	{"uappnd", ufAppend}, {"uappend", ufAppend}, {"uarch", 0x800}, {"uarchive", 0x800},
	{"hidden", 0x8000}, {"uhidden", 0x8000},
	{"uchg", ufImmutable}, {"uchange", ufImmutable}, {"uimmutable", ufImmutable}, {"nodump", ufNodump},
	{"uunlnk", ufNounlink}, {"uunlink", ufNounlink}, {"offline", 0x200}, {"uoffline", 0x200}, {"opaque", 0x8},
	{"rdonly", 0x1000}, {"urdonly", 0x1000}, {"readonly", 0x1000}, {"reparse", 0x400}, {"ureparse", 0x400},
	{"sparse", 0x100}, {"usparse", 0x100}, {"system", 0x80}, {"usystem", 0x80},
}

// flagsText is fflagstostr(3).
func flagsText(flags uint32) string {
	var names []string
	for _, f := range flagNames {
		if flags&f.flag != 0 {
			names, flags = append(names, f.name), flags&^f.flag
		}
	}
	return strings.Join(names, ",")
}

// parseFlags is strtofflags(3): flags to set and flags to clear. bad is the word that is no flag.
func parseFlags(text string) (set, clear uint32, bad string) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\t ,", r) }) {
		flag, on, ok := oneFlag(word)
		switch {
		case !ok:
			return set, clear, word
		case on:
			set |= flag
		default:
			clear |= flag
		}
	}
	return set, clear, ""
}

func oneFlag(word string) (flag uint32, on, ok bool) {
	for _, f := range flagNames {
		switch {
		case f.name == "nodump" && word == "nodump":
			return f.flag, true, true
		case f.name == "nodump" && word == "dump":
			return f.flag, false, true
		case word == f.name:
			return f.flag, true, true
		case word == "no"+f.name:
			return f.flag, false, true
		}
	}
	return 0, false, false
}

// Linux keeps three of the flags as attributes of the inode; the others, and which of two names an attribute
// has, stand in an extended attribute.
const (
	flagsAttribute  = "trusted.freebsd.flags"
	linuxImmutable  = 0x10
	linuxAppend     = 0x20
	linuxNodump     = 0x40
	linuxAttributes = linuxImmutable | linuxAppend | linuxNodump
)

// fileFlags are a file's flags; those of what a symbolic link names if follow is set.
func fileFlags(path string, follow bool) uint32 {
	mode := unix.AT_SYMLINK_NOFOLLOW
	if follow {
		mode = 0
	}
	var st unix.Statx_t
	if unix.Statx(unix.AT_FDCWD, path, mode, unix.STATX_TYPE, &st) != nil {
		return 0
	}
	has := uint32(st.Attributes) & linuxAttributes
	noted := notedFlags(path, follow)
	if noted != 0 && linuxOf(noted) == has {
		return noted
	}
	return bsdOf(has) | noted&^bsdOf(linuxAttributes)&^(ufImmutable|ufAppend)
}

func notedFlags(path string, follow bool) uint32 {
	var buf [16]byte
	get := unix.Lgetxattr
	if follow {
		get = unix.Getxattr
	}
	n, err := get(path, flagsAttribute, buf[:])
	if err != nil {
		return 0
	}
	flags, _ := strconv.ParseUint(string(buf[:n]), 16, 32)
	return uint32(flags)
}

func linuxOf(flags uint32) (has uint32) {
	if flags&(sfImmutable|ufImmutable) != 0 {
		has |= linuxImmutable
	}
	if flags&(sfAppend|ufAppend) != 0 {
		has |= linuxAppend
	}
	if flags&ufNodump != 0 {
		has |= linuxNodump
	}
	return has
}

func bsdOf(has uint32) (flags uint32) {
	if has&linuxImmutable != 0 {
		flags |= sfImmutable
	}
	if has&linuxAppend != 0 {
		flags |= sfAppend
	}
	if has&linuxNodump != 0 {
		flags |= ufNodump
	}
	return flags
}

// setFileFlags is chflags(2). Linux has no flags for links and devices: nothing is set there.
func setFileFlags(path string, flags uint32) error {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err == unix.ELOOP || err == unix.ENXIO {
		return unix.EOPNOTSUPP
	}
	if err != nil {
		return &os.PathError{Op: "chflags", Path: path, Err: err}
	}
	defer unix.Close(fd)
	had, err := unix.IoctlGetInt(fd, unix.FS_IOC_GETFLAGS)
	if err != nil {
		if err == unix.ENOTTY {
			return unix.EOPNOTSUPP
		}
		return err
	}
	return setLinuxFlags(fd, uint32(had), flags)
}

func setLinuxFlags(fd int, had, flags uint32) error {
	want := had&^linuxAttributes | linuxOf(flags)
	noted := flags
	if bsdOf(linuxOf(flags)) == flags {
		noted = 0
	}
	var buf [16]byte
	n, err := unix.Fgetxattr(fd, flagsAttribute, buf[:])
	differs := noted != 0 && (err != nil || string(buf[:n]) != strconv.FormatUint(uint64(noted), 16))
	if (err == nil && noted == 0) || differs {
		if err := putLinuxFlags(fd, had&^(linuxImmutable|linuxAppend)); err != nil {
			return err
		}
		if noted == 0 {
			unix.Fremovexattr(fd, flagsAttribute)
		} else if err := unix.Fsetxattr(fd, flagsAttribute, []byte(strconv.FormatUint(uint64(noted), 16)), 0); err != nil {
			return err
		}
	}
	return putLinuxFlags(fd, want)
}

func putLinuxFlags(fd int, flags uint32) error {
	return unix.IoctlSetPointerInt(fd, unix.FS_IOC_SETFLAGS, int(flags))
}
