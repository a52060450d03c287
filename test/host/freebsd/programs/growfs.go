package programs

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"standin/kernel"
)

// growfs follows growfs(8) and sbin/growfs/growfs.c.
func init() { Register(growfs, "growfs") }

const growfsUsage = "usage: growfs [-Ny] [-s size] special | filesystem\n"

func growfs(p *Process) int {
	yes, dry, wanted := false, false, ""
	found, rest, ok := p.options("Ns:vy")
	for _, o := range found {
		switch o.Letter {
		case 'N':
			dry = true
		case 's':
			wanted = o.Value
		case 'y':
			yes = true
		}
	}
	if !ok || len(rest) != 1 {
		return p.Usage(1, growfsUsage)
	}
	device := devicePath(rest[0])
	if fs := p.mountedAt(strings.TrimSuffix(rest[0], "/")); fs != nil && fs.Type == "ufs" {
		device = fs.From
	} else if st, err := os.Stat(device); err == nil && st.IsDir() {
		return p.Errx(1, "%s: not mounted", device)
	}
	var state kernel.UFSReply
	if err := p.Call("ufs.read", kernel.UFSRequest{Disk: device}, &state); err != nil {
		return p.Err(1, err, "%s", device)
	}
	if !state.Found {
		return p.Errx(1, "superblock not recognized")
	}
	size := state.DiskSize - state.DiskSize%state.Layout.FragmentSize
	if wanted != "" {
		n, ok := mdSize(wanted)
		if !ok {
			return p.Errx(1, "%s: invalid size", wanted)
		}
		if n > size {
			return p.Errx(1, "requested size %s is larger than the available %s", bytesText(n), bytesText(size))
		}
		size = n
	}
	now := state.Layout.Bytes()
	switch {
	case size == now:
		return p.Errx(0, "requested size %s is equal to the current filesystem size %s", bytesText(size), bytesText(now))
	case size < now:
		return p.Errx(1, "requested size %s is smaller than the current filesystem size %s", bytesText(size), bytesText(now))
	}
	if !yes && !p.agreed(device, state, size) {
		return p.Errx(0, "Response other than \"yes\"; exiting")
	}
	grown, lost := state.Layout.Grow(size)
	if lost > 0 {
		p.Printf("Warning: %d sector(s) cannot be allocated.\n", lost)
	}
	p.Printf("%s", grown.BackupLines(state.Layout.Groups))
	if dry {
		return 0
	}
	p.Stdout.Flush()
	if err := p.Call("ufs.grow", kernel.UFSRequest{Disk: device, Layout: grown}, nil); err != nil {
		return p.Err(1, err, "%s: error while growing", device)
	}
	return 0
}

func bytesText(n int64) string { return humanize(n, 5, false) + "B" }

func (p *Process) agreed(device string, state kernel.UFSReply, size int64) bool {
	mounted := ""
	if state.MountedOn != "" {
		mounted = ", mounted on " + state.MountedOn + ","
		if state.Writable {
			p.Printf("Device is mounted read-write; resizing will result in temporary write suspension for %s.\n", state.MountedOn)
		}
	}
	p.Printf("It's strongly recommended to make a backup before growing the file system.\n")
	p.Printf("%s", fmt.Sprintf("OK to grow filesystem on %s%s from %s to %s? [yes/no] ", device, mounted,
		bytesText(state.Layout.Bytes()), bytesText(size)))
	p.Stdout.Flush()
	line, _ := bufio.NewReader(p.Stdin).ReadString('\n')
	return strings.TrimSpace(line) == "yes"
}
