package programs

import (
	"fmt"
	"strconv"

	"standin/kernel"
)

// tunefs follows tunefs(8) and sbin/tunefs/tunefs.c; dumpfs prints what little of the super block there is.
func init() {
	Register(tunefs, "tunefs")
	Register(dumpfs, "dumpfs")
}

const tunefsUsage = `usage: tunefs [-A] [-a enable | disable] [-e maxbpg] [-f avgfilesize]
              [-J enable | disable] [-j enable | disable] [-k metaspace]
              [-L volname] [-l enable | disable] [-m minfree]
              [-N enable | disable] [-n enable | disable]
              [-o space | time] [-p]
              [-s avgfpdir] [-t enable | disable]
              special | filesystem
`

func tunefs(p *Process) int {
	found, rest, ok := p.options("Aa:e:f:j:J:k:L:l:m:N:n:o:ps:S:t:")
	if !ok || len(rest) != 1 || len(found) == 0 {
		return p.Usage(2, tunefsUsage)
	}
	device := devicePath(rest[0])
	if fs := p.mountedAt(rest[0]); fs != nil {
		device = fs.From
	}
	var state kernel.UFSReply
	if err := p.Call("ufs.read", kernel.UFSRequest{Disk: device}, &state); err != nil || !state.Found {
		return p.Errx(1, "%s: could not read superblock to fill out disk: No such file or directory", device)
	}
	change := false
	for _, o := range found {
		switch o.Letter {
		case 'p':
			p.tunefsPrint(state)
			return 0
		case 'L':
			state.Layout.Label, change = o.Value, true
		case 'm':
			n, err := strconv.ParseInt(o.Value, 10, 64)
			if err != nil || n < 0 || n > 99 {
				return p.Errx(10, "bad minimum percentage of free space (%s)", o.Value)
			}
			p.Warnx("minimum percentage of free space changes from %d%% to %d%%", state.Layout.MinFree, n)
			state.Layout.MinFree, change = n, true
		case 'n':
			if o.Value != "enable" && o.Value != "disable" {
				return p.Errx(10, "bad soft updates (options are `enable' or `disable')")
			}
			on := o.Value == "enable"
			if on == state.Layout.SoftUpdates {
				p.Warnx("soft updates remains unchanged as %sd", o.Value)
				continue
			}
			p.Warnx("soft updates set")
			state.Layout.SoftUpdates, change = on, true
		}
	}
	if !change {
		return 0
	}
	if err := p.Call("ufs.tune", kernel.UFSRequest{Disk: device, Layout: &state.Layout}, nil); err != nil {
		return p.Errx(9, "%s: failed to write superblock", device)
	}
	return 0
}

func (p *Process) tunefsPrint(state kernel.UFSReply) {
	onOff := func(on bool) string { return choose(on, "enabled", "disabled") }
	l := state.Layout
	for _, line := range [][2]string{
		{"POSIX.1e ACLs: (-a)", onOff(false)}, {"NFSv4 ACLs: (-N)", onOff(false)}, {"MAC multilabel: (-l)", onOff(false)},
		{"soft updates: (-n)", onOff(l.SoftUpdates)}, {"soft update journaling: (-j)", onOff(false)}, {"gjournal: (-J)", onOff(false)},
		{"trim: (-t)", onOff(false)}, {"maximum blocks per file in a cylinder group: (-e)", "4096"},
		{"average file size: (-f)", "16384"}, {"average number of files in a directory: (-s)", "64"},
		{"minimum percentage of free space: (-m)", fmt.Sprintf("%d%%", l.MinFree)}, {"space to hold for metadata blocks: (-k)", "0"},
		{"optimization preference: (-o)", "time"}, {"volume label: (-L)", l.Label},
	} {
		p.Warnx("%-58s %s", line[0], line[1])
	}
}

func dumpfs(p *Process) int {
	const usage = "usage: dumpfs [-flm] filesys | device\n"
	found, rest, ok := p.options("flm")
	if !ok || len(rest) == 0 {
		return p.Usage(1, usage)
	}
	short := len(found) > 0
	status := 0
	for _, name := range rest {
		device := devicePath(name)
		if fs := p.mountedAt(name); fs != nil {
			device = fs.From
		}
		var state kernel.UFSReply
		if err := p.Call("ufs.read", kernel.UFSRequest{Disk: device}, &state); err != nil || !state.Found {
			p.Printf("\ndumpfs: %s: could not read superblock to fill out disk: No such file or directory\n", device)
			status = 1
			continue
		}
		l := state.Layout
		if short {
			flag := choose(l.SoftUpdates, "-U ", "")
			p.Printf("# newfs command for %s (%s)\nnewfs -O 2 %s-a 4 -b %d -d %d -e 4096 -f %d -g 16384 -h 64 -i 8192 -k 0 -m %d -o time -s %d %s\n",
				name, device, flag, l.BlockSize, l.BlockSize, l.FragmentSize, l.MinFree, l.Bytes()/512, device)
			continue
		}
		p.Printf("magic\t19540119 (UFS2)\nncg\t%d\tsize\t%d\tblocks\t%d\nbsize\t%d\tfsize\t%d\nminfree\t%d%%\tipg\t%d\tfpg\t%d\nvolname\t%s\n",
			l.Groups, l.Size, l.Data(), l.BlockSize, l.FragmentSize, l.MinFree, l.InodesPerGroup, l.FragsPerGroup, l.Label)
	}
	return status
}
