package kernel

import "testing"

func TestNiceBytes(t *testing.T) {
	for bytes, text := range map[int64]string{0: "0B", 24576: "24K", 1536: "1.50K", 469573120: "448M", 1023: "1023B", 123456789: "118M"} {
		if got := niceBytes(bytes); got != text {
			t.Errorf("%d: %s, not %s", bytes, got, text)
		}
	}
}

func TestPromoteMovesSnapshots(t *testing.T) {
	p := &pool{poolLabel: poolLabel{Name: "t"}, dir: t.TempDir(), jails: map[string]int{}}
	for i, set := range []dataset{{Name: "t"}, {Name: "t/a"}, {Name: "t/a@1"}, {Name: "t/a@2"}, {Name: "t/b", Origin: "t/a@1"}, {Name: "t/c", Origin: "t/a@1"}} {
		set := set
		set.Txg = i
		p.data.Sets = append(p.data.Sets, &set)
	}
	z := &zfsCall{k: &Kernel{}}
	z.k.pools.all = []*pool{p}
	if err := z.promote([]string{"t/b"}); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"t/a": "t/b@1", "t/b": "", "t/b@1": "", "t/a@2": "", "t/c": "t/b@1"}
	for name, origin := range want {
		if d := p.find(name); d == nil || d.Origin != origin {
			t.Errorf("%s: %+v, origin is to be %q", name, d, origin)
		}
	}
}
