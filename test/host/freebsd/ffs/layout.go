// Package ffs is the arithmetic of FreeBSD's file system: where newfs(8) and growfs(8) put what. It follows
// mkfs() of sbin/newfs/mkfs.c and growfs() of sbin/growfs/growfs.c.
package ffs

import "fmt"

const (
	sector     = 512
	inodeSize  = 256
	cgFixed    = 196 // a cylinder group's header and cluster summary
	superblock = 64 << 10
	sbSize     = 8 << 10
	minGroups  = 4
)

// Layout is what a super block says of the file system's form. Sizes are in fragments unless they say otherwise.
type Layout struct {
	Size           int64 // fragments
	BlockSize      int64 // bytes
	FragmentSize   int64 // bytes
	FragsPerGroup  int64
	InodesPerGroup int64
	Groups         int64
	MinFree        int64 // per cent
	SoftUpdates    bool
	Label          string
}

// Options are newfs's. Zero stands for the default.
type Options struct {
	BlockSize, FragmentSize, Density, MinFree int64
	SoftUpdates                               bool
	Label                                     string
}

// Error is how newfs ends when it can't: its words and its status.
type Error struct {
	Text   string
	Status int
}

func (e *Error) Error() string { return e.Text }

func roundUp(n, to int64) int64 { return (n + to - 1) / to * to }

func max(a, b int64) int64 {
	if a > b {
		return a
	}
	return b
}

func (l *Layout) frag() int64           { return l.BlockSize / l.FragmentSize }
func (l *Layout) inodesPerBlock() int64 { return l.BlockSize / inodeSize }
func (l *Layout) inodesPerFrag() int64  { return l.FragmentSize / inodeSize }

// offsets within a cylinder group: its super block, its own block, its inodes, its data.
func (l *Layout) sblkno() int64 {
	return roundUp((superblock+sbSize+l.FragmentSize-1)/l.FragmentSize, l.frag())
}
func (l *Layout) cblkno() int64 {
	return l.sblkno() + roundUp((sbSize+l.FragmentSize-1)/l.FragmentSize, l.frag())
}
func (l *Layout) iblkno() int64 { return l.cblkno() + l.frag() }
func (l *Layout) dblkno() int64 { return l.iblkno() + l.InodesPerGroup/l.inodesPerFrag() }

// groupSize is CGSIZE: what a cylinder group's block must hold.
func (l *Layout) groupSize() int64 {
	blocks := l.FragsPerGroup / l.frag()
	return cgFixed + (l.InodesPerGroup+7)/8 + (l.FragsPerGroup+7)/8 + (blocks+7)/8
}

func (l *Layout) setInodes(fragsPerInode int64) {
	l.InodesPerGroup = roundUp((l.FragsPerGroup+fragsPerInode-1)/fragsPerInode, l.inodesPerBlock())
}

// smallestGroup is the least that a cylinder group can have.
func (l *Layout) smallestGroup() int64 { return roundUp(l.dblkno(), l.frag()) }

// New is the layout of a new file system on so many bytes. notes are lines that newfs prints on its way.
func New(bytes int64, o Options) (l *Layout, notes []string, err *Error) {
	l = &Layout{
		BlockSize: orElse(o.BlockSize, 32<<10), FragmentSize: orElse(o.FragmentSize, 4<<10),
		MinFree: orElse(o.MinFree, 8), SoftUpdates: o.SoftUpdates, Label: o.Label,
	}
	l.Size = bytes / l.FragmentSize
	fragsPerInode, note := l.startGroup(orElse(o.Density, 2*l.FragmentSize))
	if note != "" {
		notes = append(notes, note)
	}
	l.packGroup(fragsPerInode)
	optimal := l.FragsPerGroup
	for {
		l.Groups = (l.Size + l.FragsPerGroup - 1) / l.FragsPerGroup
		least := l.smallestGroup()
		if l.Size < least {
			return nil, notes, &Error{fmt.Sprintf("Filesystem size %d < minimum size of %d", l.Size, least), 28}
		}
		if last := l.Size % l.FragsPerGroup; last == 0 || last >= least {
			break
		}
		l.FragsPerGroup -= l.frag()
		l.setInodes(fragsPerInode)
	}
	if optimal != l.FragsPerGroup {
		notes = append(notes, fmt.Sprintf("Reduced frags per cylinder group from %d to %d to enlarge last cyl group",
			optimal, l.FragsPerGroup))
	}
	return l, notes, nil
}

func orElse(n, otherwise int64) int64 {
	if n == 0 {
		return otherwise
	}
	return n
}

// startGroup finds the smallest number of fragments that a group may have, with fewer inodes if that is too many.
func (l *Layout) startGroup(density int64) (fragsPerInode int64, note string) {
	wanted := density
	for ; ; density -= l.FragmentSize {
		fragsPerInode = max(density/l.FragmentSize, 1)
		least := fragsPerInode * l.inodesPerBlock()
		if least > l.Size {
			least = l.Size
		}
		l.InodesPerGroup = l.inodesPerBlock()
		for i := 0; i < 2; i++ {
			l.FragsPerGroup = max(l.smallestGroup(), least)
			l.setInodes(fragsPerInode)
		}
		if l.groupSize() < l.BlockSize || density <= l.FragmentSize {
			break
		}
	}
	if density != wanted {
		note = fmt.Sprintf("density reduced from %d to %d", wanted, density)
	}
	return fragsPerInode, note
}

// packGroup makes groups as big as their map allows while there are at least four.
func (l *Layout) packGroup(fragsPerInode int64) {
	for ; ; l.FragsPerGroup += l.frag() {
		l.setInodes(fragsPerInode)
		if l.Size/l.FragsPerGroup < minGroups {
			return
		}
		size := l.groupSize()
		if size < l.BlockSize {
			continue
		}
		if size > l.BlockSize {
			l.FragsPerGroup -= l.frag()
			l.setInodes(fragsPerInode)
		}
		return
	}
}

// Grow is the layout after growfs to so many bytes. lost are sectors at the end that no group can use.
func (l *Layout) Grow(bytes int64) (grown *Layout, lost int64) {
	g := *l
	g.Size = bytes / l.FragmentSize
	if last := g.Size % g.FragsPerGroup; last != 0 && last < g.smallestGroup() {
		lost = last * l.FragmentSize / sector
		g.Size -= last
	}
	g.Groups = (g.Size + g.FragsPerGroup - 1) / g.FragsPerGroup
	return &g, lost
}

// Bytes is how long the file system is.
func (l *Layout) Bytes() int64 { return l.Size * l.FragmentSize }

// Data is fs_dsize: the fragments that files can have.
func (l *Layout) Data() int64 {
	const summary = 16
	perFrag := l.FragmentSize / summary
	return l.Size - l.sblkno() - l.Groups*(l.dblkno()-l.sblkno()) - (l.Groups+perFrag-1)/perFrag
}

// TooSmall says that nothing is left for the first folder.
func (l *Layout) TooSmall() bool { return l.Data() < 2*l.frag() }

// Reserve are the fragments that only root may use.
func (l *Layout) Reserve() int64 { return l.Data() * l.MinFree / 100 }

// Inodes is how many there are, less the two that are never used.
func (l *Layout) Inodes() int64 { return l.Groups*l.InodesPerGroup - 2 }

// Backups are the sectors of the spare super blocks, from a group on.
func (l *Layout) Backups(from int64) (sectors []int64) {
	for g := from; g < l.Groups; g++ {
		sectors = append(sectors, (g*l.FragsPerGroup+l.sblkno())*l.FragmentSize/sector)
	}
	return sectors
}

// Describe are the lines in which newfs tells what it makes.
func (l *Layout) Describe(device string) string {
	const megabyte = 1 << 20
	text := fmt.Sprintf("%s: %.1fMB (%d sectors) block size %d, fragment size %d\n", device,
		float32(l.Bytes())/megabyte, l.Bytes()/sector, l.BlockSize, l.FragmentSize)
	text += fmt.Sprintf("\tusing %d cylinder groups of %.2fMB, %d blks, %d inodes.\n", l.Groups,
		float32(l.FragsPerGroup*l.FragmentSize)/megabyte, l.FragsPerGroup/l.frag(), l.InodesPerGroup)
	if l.SoftUpdates {
		text += "\twith soft updates\n"
	}
	return text
}

// BackupLines are the sectors of the spare super blocks as newfs and growfs print them, in lines of 80 characters.
func (l *Layout) BackupLines(from int64) string {
	text, column := "super-block backups (for fsck_ffs -b #) at:\n", 0
	sectors := l.Backups(from)
	for i, at := range sectors {
		word := fmt.Sprintf(" %d", at)
		if i < len(sectors)-1 {
			word += ","
		}
		if column > 0 && column+len(word) >= 80 {
			text, column = text+"\n", 0
		}
		text, column = text+word, column+len(word)
	}
	return text + "\n"
}
