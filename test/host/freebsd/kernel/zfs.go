package kernel

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// emptySet is what a data set takes with nothing in it, and ownPool what a pool needs for itself.
const (
	emptySet = 24576
	ownPool  = 115200
)

// find is a data set or a snapshot by its name.
func (k *Kernel) findSet(name string) (*pool, *dataset) {
	first, _, _ := strings.Cut(name, "/")
	first, _, _ = strings.Cut(first, "@")
	p := k.pool(first)
	if p == nil {
		return nil, nil
	}
	return p, p.find(name)
}

func (p *pool) find(name string) *dataset {
	for _, d := range p.data.Sets {
		if d.Name == name {
			return d
		}
	}
	return nil
}

// parentOf is the name of the data set that one lies in; "" for a pool's own.
func parentOf(name string) string {
	if at := strings.LastIndexAny(name, "/@"); at >= 0 {
		return name[:at]
	}
	return ""
}

// children are those below a data set, whole generations of them, parents first; with its snapshots if they are asked for.
func (p *pool) below(d *dataset, snapshots bool) (list []*dataset) {
	for _, other := range p.data.Sets {
		if strings.HasPrefix(other.Name, d.Name+"/") && (snapshots || !other.isSnapshot()) || snapshots && strings.HasPrefix(other.Name, d.Name+"@") {
			list = append(list, other)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	return list
}

func (p *pool) snapshotsOf(d *dataset) (list []*dataset) {
	for _, other := range p.data.Sets {
		if strings.HasPrefix(other.Name, d.Name+"@") {
			list = append(list, other)
		}
	}
	return list
}

// clonesOf are the file systems that were made of a snapshot.
func (p *pool) clonesOf(name string) (list []*dataset) {
	for _, other := range p.data.Sets {
		if other.Origin == name {
			list = append(list, other)
		}
	}
	return list
}

func (p *pool) folder(d *dataset) string { return p.dir + "/" + strconv.Itoa(d.Dir) }

// add makes an empty data set.
func (p *pool) add(name string, props map[string]string) (*dataset, error) {
	d := &dataset{Name: name, Dir: p.data.Next, Txg: p.data.Txg + 1, Created: time.Now().Unix(), GUID: randomNumber(), Props: props}
	p.data.Next++
	os.RemoveAll(p.folder(d))
	if err := os.Mkdir(p.folder(d), 0o755); err != nil {
		return nil, err
	}
	p.data.Sets = append(p.data.Sets, d)
	return d, p.write()
}

// copy makes a data set with what another has.
func (k *Kernel) copySet(p *pool, from *dataset, name, origin string, props map[string]string) (*dataset, error) {
	d := &dataset{Name: name, Origin: origin, Dir: p.data.Next, Txg: p.data.Txg + 1, Created: time.Now().Unix(), GUID: randomNumber(), Props: props}
	p.data.Next++
	os.RemoveAll(p.folder(d))
	root, err := os.Open(p.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if _, err := k.Linux([]*os.File{root}, "cp", "-a", "/proc/self/fd/3/"+strconv.Itoa(from.Dir), "/proc/self/fd/3/"+strconv.Itoa(d.Dir)); err != nil {
		return nil, err
	}
	copyFlags(p.folder(from), p.folder(d))
	p.data.Sets = append(p.data.Sets, d)
	return d, p.write()
}

func (p *pool) removeSet(d *dataset) {
	for i, other := range p.data.Sets {
		if other == d {
			p.data.Sets = append(p.data.Sets[:i:i], p.data.Sets[i+1:]...)
			break
		}
	}
	p.write()
	delete(p.jails, d.Name)
	clearFlags(p.folder(d))
	os.RemoveAll(p.folder(d))
}

// content is how many bytes the files of a data set take.
func (p *pool) content(d *dataset) (bytes int64) {
	filepath.WalkDir(p.folder(d), func(file string, e fs.DirEntry, err error) error {
		if err != nil || file == p.folder(d) {
			return nil
		}
		var st unix.Stat_t
		// A folder with little in it takes no block of its own on ZFS.
		if !e.IsDir() && unix.Lstat(file, &st) == nil {
			bytes += st.Blocks * 512
		}
		return nil
	})
	return bytes
}

func (p *pool) referenced(d *dataset) int64 { return emptySet + p.content(d) }

// own is what would be free without it: of a clone, what it has beside its origin.
func (p *pool) own(d *dataset) int64 {
	if d.isSnapshot() {
		return 0
	}
	own := p.referenced(d)
	if origin := p.find(d.Origin); origin != nil {
		if own -= p.referenced(origin); own < 0 {
			own = 0
		}
	}
	return own
}

func (p *pool) used(d *dataset) int64 {
	sum := p.own(d)
	for _, child := range p.below(d, false) {
		sum += p.own(child)
	}
	if d.Name == p.Name {
		sum += ownPool
	}
	return sum
}

// available is what is left in the pool, or of a quota.
func (p *pool) available(d *dataset) int64 {
	left := p.size() - p.slop() - p.used(p.find(p.Name))
	for name := d.Name; name != ""; name = parentOf(name) {
		if set := p.find(name); set != nil && set.Props["quota"] != "" {
			if room := byteCount(set.Props["quota"]) - p.used(set); room < left {
				left = room
			}
		}
	}
	if quota := d.Props["refquota"]; quota != "" {
		if room := byteCount(quota) - p.referenced(d); room < left {
			left = room
		}
	}
	if left < 0 {
		left = 0
	}
	return left
}

func byteCount(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

// mountPoint is where a file system is to be; "none" and "legacy" are words of its property.
func (p *pool) mountPoint(d *dataset) string {
	value, source := p.value(d, "mountpoint")
	if from := strings.TrimPrefix(source, "inherited from "); from != source && strings.HasPrefix(value, "/") {
		return path.Join(value, strings.TrimPrefix(d.Name, from))
	}
	if source == "default" {
		return path.Join(value, d.Name)
	}
	return value
}

func (k *Kernel) mountOf(d *dataset) *Mount {
	for _, m := range k.disks.mounts {
		if m.Type == "zfs" && m.From == d.Name {
			return m
		}
	}
	return nil
}

// mountSet binds a data set's folder to its place, which is made.
func (k *Kernel) mountSet(p *pool, d *dataset) error {
	on := p.mountPoint(d)
	if err := os.MkdirAll(on, 0o755); err != nil {
		return err
	}
	on, err := filepath.EvalSymlinks(on)
	if err != nil {
		return err
	}
	if err := unix.Mount(p.folder(d), on, "", unix.MS_BIND, ""); err != nil {
		return err
	}
	m := &Mount{Type: "zfs", From: d.Name, On: on, Flags: MntLocal | MntNFS4ACLs}
	for _, pair := range [][3]string{{"readonly", "on"}, {"exec", "off"}, {"setuid", "off"}, {"atime", "off"}} {
		if value, _ := p.value(d, pair[0]); value == pair[1] {
			m.Flags |= map[string]uint64{"readonly": MntReadOnly, "exec": MntNoExec, "setuid": MntNoSuid, "atime": MntNoATime}[pair[0]]
		}
	}
	if flags := linuxFlags(m.Flags); flags != 0 {
		unix.Mount("", on, "", unix.MS_REMOUNT|unix.MS_BIND|flags, "")
	}
	k.disks.add(m)
	return nil
}

func (k *Kernel) unmountSet(d *dataset, force bool) error {
	m := k.mountOf(d)
	if m == nil {
		return nil
	}
	flags := 0
	if force {
		flags = unix.MNT_DETACH
	} else if k.rootOfJail(m) {
		return syscall.EBUSY
	}
	if err := unix.Unmount(m.On, flags); err != nil {
		return err
	}
	k.disks.remove(m)
	return nil
}

// mayMount says whether a file system is mounted by itself.
func (p *pool) mounts(d *dataset) bool {
	can, _ := p.value(d, "canmount")
	jailed, _ := p.value(d, "jailed")
	return !d.isSnapshot() && can == "on" && jailed == "off" && strings.HasPrefix(p.mountPoint(d), "/")
}

// remounted does something to data sets that changes where they are mounted.
func (k *Kernel) remounted(p *pool, sets []*dataset, change func() error) error {
	var again []*dataset
	before := map[*dataset]string{}
	for _, d := range sets {
		before[d] = p.mountPoint(d)
		if k.mountOf(d) != nil {
			again = append(again, d)
		}
	}
	sort.Slice(again, func(i, j int) bool { return again[i].Name < again[j].Name })
	for i := len(again) - 1; i >= 0; i-- {
		if err := k.unmountSet(again[i], false); err != nil {
			for _, d := range again[i+1:] {
				k.mountSet(p, d)
			}
			return err
		}
		if _, source := p.value(again[i], "mountpoint"); source != "local" {
			os.Remove(before[again[i]])
		}
	}
	if err := change(); err != nil {
		return err
	}
	for _, d := range again {
		if p.mounts(d) {
			if err := k.mountSet(p, d); err != nil {
				return err
			}
		}
	}
	return nil
}
