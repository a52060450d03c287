package programs

import (
	"testing"

	"golang.org/x/sys/unix"
)

func TestModesAreChangedAsSetmodeDoes(t *testing.T) {
	for _, c := range []struct {
		text         string
		before, want uint32
	}{
		{"755", 0, 0755}, {"u+x", 0644, 0744}, {"go-rwx", 0777, 0700}, {"a=r", 0777, 0444}, {"u=rwx,g=u", 0, 0770},
		{"+x", 0644, 0755}, {"u+s", 0755, 04755}, {"+t", 0777, 01777}, {"g=rX", unix.S_IFDIR | 02755, 0755}, {"X", 0, 0},
	} {
		change, ok := parseMode(c.text, 022)
		if c.text == "X" {
			if ok {
				t.Error("X alone is no mode")
			}
			continue
		}
		if !ok || change(c.before)&07777 != c.want {
			t.Errorf("%s of %o is %o, want %o", c.text, c.before, change(c.before)&07777, c.want)
		}
	}
}

func TestModesAreShownAsStrmodeDoes(t *testing.T) {
	for mode, want := range map[uint32]string{
		unix.S_IFDIR | 01777: "drwxrwxrwt ", unix.S_IFREG | 04755: "-rwsr-xr-x ", unix.S_IFREG | 02644: "-rw-r-Sr-- ",
		unix.S_IFLNK | 0755: "lrwxr-xr-x ",
	} {
		if text := modeText(mode); text != want {
			t.Errorf("%o is %q, want %q", mode, text, want)
		}
	}
}

func TestFlagsHaveFreeBSDsNames(t *testing.T) {
	set, clear, bad := parseFlags("schg,nouchg,nodump,dump")
	if set != sfImmutable|ufNodump || clear != ufImmutable|ufNodump || bad != "" {
		t.Errorf("%x %x %q", set, clear, bad)
	}
	if _, _, bad := parseFlags("schg,immutable"); bad != "immutable" {
		t.Errorf("%q", bad)
	}
	if text := flagsText(sfImmutable | ufAppend); text != "schg,uappnd" {
		t.Error(text)
	}
}
