package programs

import (
	"fmt"
	"os"
	"os/exec"
	"strings"

	"standin/kernel"
)

// child is a command that runs with this program's own streams.
func (p *Process) child(path string, args ...string) *exec.Cmd {
	cmd := exec.Command(path, args...)
	cmd.Args[0] = path[strings.LastIndexByte(path, '/')+1:]
	cmd.Stdin, cmd.Stdout, cmd.Stderr = p.Stdin, os.Stdout, p.Stderr
	return cmd
}

// choose is C's ?: for words.
func choose(which bool, yes, no string) string {
	if which {
		return yes
	}
	return no
}

// libxo takes --libxo out of arguments, as xo_parse_args(3) does, and says whether it asked for JSON.
func libxo(args []string) (rest []string, json bool) {
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "--":
			return append(rest, args[i:]...), json
		case arg == "--libxo" && i+1 < len(args):
			i++
			json = json || strings.HasPrefix(args[i], "json")
		case strings.HasPrefix(arg, "--libxo=") || strings.HasPrefix(arg, "--libxo:"):
			json = json || strings.Contains(arg[8:], "json") || strings.HasPrefix(arg, "--libxo:J")
		default:
			rest = append(rest, arg)
		}
	}
	return rest, json
}

// jsonString is a string as libxo writes it.
func jsonString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// mounts is getmntinfo(3).
func (p *Process) mounts() (list []kernel.FileSystem) {
	if err := p.Call("mount.list", nil, &list); err != nil {
		p.Exit(p.Err(1, err, "getmntinfo"))
	}
	return list
}

// mountedAt is what was mounted last on a folder, or from a device.
func (p *Process) mountedAt(name string) *kernel.FileSystem {
	list := p.mounts()
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].On == name || list[i].From == name {
			return &list[i]
		}
	}
	return nil
}

func (m *mounting) list(json bool) int {
	p := m.p
	var entries []string
	for _, fs := range p.mounts() {
		if !typeListed(m.types, fs.Type) {
			continue
		}
		switch {
		case json:
			entries = append(entries, mountJSON(fs))
		case m.fstab:
			m.printFstab(fs)
		default:
			p.Printf("%s on %s (%s)\n", fs.From, fs.On, strings.Join(append([]string{fs.Type}, mountWords(fs.Flags)...), ", "))
		}
	}
	if json {
		p.Printf("{\"mount\": {\"mounted\": [%s]}}\n", strings.Join(entries, ", "))
	}
	return 0
}

func mountJSON(fs kernel.FileSystem) string {
	text := fmt.Sprintf(`{"special":%s,"node":%s,"fstype":%s`, jsonString(fs.From), jsonString(fs.On), jsonString(fs.Type))
	if words := mountWords(fs.Flags); len(words) > 0 {
		text += `, "opts": ["` + strings.Join(words, `","`) + `"]`
	}
	return text + "}"
}

// mountWords are optnames of mount.c, in its order.
func mountWords(flags uint64) (words []string) {
	for _, o := range []struct {
		flag uint64
		word string
	}{
		{kernel.MntAsync, "asynchronous"}, {kernel.MntLocal, "local"}, {kernel.MntNoATime, "noatime"},
		{kernel.MntNoExec, "noexec"}, {kernel.MntNoSuid, "nosuid"}, {kernel.MntNoSymFollow, "nosymfollow"},
		{kernel.MntReadOnly, "read-only"}, {kernel.MntSynchronous, "synchronous"}, {kernel.MntUnion, "union"},
		{kernel.MntSoftDep, "soft-updates"}, {kernel.MntNFS4ACLs, "nfsv4acls"},
	} {
		if flags&o.flag != 0 {
			words = append(words, o.word)
		}
	}
	return words
}

// printFstab is putfsent of mount.c.
func (m *mounting) printFstab(fs kernel.FileSystem) {
	options := "rw"
	if fs.Flags&kernel.MntReadOnly != 0 {
		options = "ro"
	}
	for _, o := range []struct {
		flag uint64
		word string
	}{
		{kernel.MntSynchronous, "sync"}, {kernel.MntNoExec, "noexec"}, {kernel.MntNoSuid, "nosuid"},
		{kernel.MntUnion, "union"}, {kernel.MntAsync, "async"}, {kernel.MntNoATime, "noatime"},
		{kernel.MntNoSymFollow, "nosymfollow"}, {kernel.MntNFS4ACLs, "nfsv4acls"},
	} {
		if fs.Flags&o.flag != 0 {
			options += "," + o.word
		}
	}
	freq, pass := m.frequency(fs)
	m.p.Printf("%s%s%s%s%s\t%s%s\t%d %d\n", fs.From, tabs(fs.From, 3), fs.On, tabs(fs.On, 3), fs.Type,
		options, tabs(options, 1), freq, pass)
}

// tabs fills a column of so many tab stops; behind what is longer stands a space.
func tabs(text string, stops int) string {
	if n := stops - len(text)/8; n > 0 {
		return strings.Repeat("\t", n)
	}
	return " "
}

// frequency asks fstab(5) twice, by device and by folder, as putfsent does: it shows where fstab can't be read.
func (m *mounting) frequency(fs kernel.FileSystem) (freq, pass int) {
	for _, by := range []func(fstabEntry) bool{
		func(e fstabEntry) bool { return e.spec == fs.From },
		func(e fstabEntry) bool { return e.file == fs.On },
	} {
		for _, e := range m.p.readFstab("") {
			if by(e) {
				return e.freq, e.pass
			}
		}
	}
	switch {
	case fs.Type != "ufs":
		return 0, 0
	case fs.On == "/":
		return 1, 1
	}
	return 2, 2
}
