package ffs

import "testing"

// The figures are those of a real newfs, growfs and df (FreeBSD 13.2).
func TestLayoutIsNewfs(t *testing.T) {
	for _, c := range []struct {
		bytes, groups, blocks, inodes, data int64
	}{
		{64 << 20, 4, 513, 2176, 63004 / 4},
		{64<<20 - 4096, 4, 512, 2048, 0},
		{5 << 20, 4, 41, 256, 4508 / 4},
		{128 << 20, 4, 1025, 4224, 126492 / 4},
		{20 << 30, 33, 20035, 80256, 0},
		{256 << 10, 1, 8, 128, 0},
	} {
		l, _, err := New(c.bytes, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if l.Groups != c.groups || l.FragsPerGroup/l.frag() != c.blocks || l.InodesPerGroup != c.inodes {
			t.Errorf("%d bytes: %d groups of %d blocks and %d inodes", c.bytes, l.Groups, l.FragsPerGroup/l.frag(), l.InodesPerGroup)
		}
		if c.data != 0 && l.Data() != c.data {
			t.Errorf("%d bytes: %d fragments of data, not %d", c.bytes, l.Data(), c.data)
		}
	}
}

func TestGrowIsGrowfs(t *testing.T) {
	l, _, _ := New(64<<20, Options{})
	grown, _ := l.Grow(96 << 20)
	if got := grown.BackupLines(l.Groups); got != "super-block backups (for fsck_ffs -b #) at:\n 131520, 164352\n" {
		t.Error(got)
	}
	if grown.Data() != 94556/4 {
		t.Error(grown.Data())
	}
	if more, _ := grown.Grow(128 << 20); more.Data() != 126108/4 {
		t.Error(more.Data())
	}
	if l.Inodes()-2 != 8700 || l.Reserve() != 1260 {
		t.Error(l.Inodes(), l.Reserve())
	}
}
