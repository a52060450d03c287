package programs

import (
	"strings"

	"standin/ffs"
	"standin/kernel"
)

// newfs follows newfs(8), sbin/newfs/newfs.c and mkfs.c.
func init() { Register(newfs, "newfs") }

const newfsUsage = `usage: newfs [ -fsoptions ] special-device[ device-type]
where fsoptions are:
	-E Erase previous disk content
	-J Enable journaling via gjournal
	-L volume label to add to superblock
	-N do not create file system, just print out parameters
	-O file system format: 1 => UFS1, 2 => UFS2
	-R regression test, suppress random factors
	-S sector size
	-T disktype
	-U enable soft updates
	-a maximum contiguous blocks
	-b block size
	-c blocks per cylinders group
	-d maximum extent size
	-e maximum blocks per file in a cylinder group
	-f frag size
	-g average file size
	-h average files per directory
	-i number of bytes per inode
	-j enable soft updates journaling
	-k space to hold for metadata blocks
	-l enable multilabel MAC
	-m minimum free space %
	-n do not create .snap directory
	-o optimization preference (` + "``space'' or ``time''" + `)
	-p partition name (a..h)
	-r reserved sectors at the end of device
	-s file system size (sectors)
	-t enable TRIM
`

func newfs(p *Process) int {
	found, rest, ok := p.options("EJL:NO:RS:T:UXa:b:c:d:e:f:g:h:i:jk:lm:no:p:r:s:t")
	o := ffs.Options{}
	dry, sectors := false, int64(0)
	for _, option := range found {
		n, valid := expandNumber(option.Value)
		switch option.Letter {
		case 'L':
			o.Label = option.Value
			if strings.Trim(o.Label, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != "" {
				return p.Errx(1, "bad volume label. Valid characters are alphanumerics, dashes, and underscores.")
			}
		case 'N':
			dry = true
		case 'U', 'j':
			o.SoftUpdates = true
		case 'b':
			if !valid || n < 4096 || n&(n-1) != 0 {
				return p.Errx(1, "%s: bad block size", option.Value)
			}
			o.BlockSize = n
		case 'f':
			if !valid || n <= 0 || n&(n-1) != 0 {
				return p.Errx(1, "%s: bad fragment size", option.Value)
			}
			o.FragmentSize = n
		case 'i':
			if !valid || n <= 0 {
				return p.Errx(1, "%s: bad bytes per inode", option.Value)
			}
			o.Density = n
		case 'm':
			if !valid || n < 0 || n > 99 {
				return p.Errx(1, "%s: bad free space %%", option.Value)
			}
			o.MinFree = n
		case 's':
			sectors = n
		}
	}
	if !ok || len(rest) != 1 && len(rest) != 2 {
		return p.Usage(1, newfsUsage)
	}
	return p.newfsOn(rest[0], o, sectors, dry)
}

func (p *Process) newfsOn(special string, o ffs.Options, sectors int64, dry bool) int {
	device := devicePath(special)
	var state kernel.UFSReply
	if err := p.Call("ufs.read", kernel.UFSRequest{Disk: device}, &state); err != nil {
		return p.Err(1, err, "%s", device)
	}
	if !dry && state.MountedOn != "" || p.diskBusy(device) {
		return p.Errx(1, "%s: failed to open disk for writing", device)
	}
	size := state.DiskSize
	if sectors != 0 {
		if sectors*512 > size {
			return p.Errx(1, "%s: maximum file system size is %d", device, size/512)
		}
		size = sectors * 512
	}
	layout, notes, failed := ffs.New(size, o)
	for _, note := range notes {
		p.Printf("%s\n", note)
	}
	if failed != nil {
		p.Printf("%s\n", failed.Text)
		return failed.Status
	}
	p.Printf("%s%s", layout.Describe(device), layout.BackupLines(0))
	if dry {
		return 0
	}
	if layout.TooSmall() {
		p.Printf("first cylinder group ran out of space\n")
		return 39
	}
	p.Stdout.Flush()
	if err := p.Call("ufs.make", kernel.UFSRequest{Disk: device, Layout: layout}, nil); err != nil {
		return p.Errx(36, "wtfs: %d bytes at sector %d: %v", 65536, 128, err)
	}
	return 0
}

// diskBusy says whether something other than a mount holds a disk: a geli provider above it.
func (p *Process) diskBusy(device string) bool {
	var list []kernel.CipherInfo
	if p.Call("geli.list", nil, &list) != nil {
		return false
	}
	for _, c := range list {
		if "/dev/"+c.Below == device {
			return true
		}
	}
	return false
}

// devicePath adds /dev/ to a bare name, as getdiskbyname's callers do.
func devicePath(name string) string {
	if strings.Contains(name, "/") {
		return name
	}
	return "/dev/" + name
}
