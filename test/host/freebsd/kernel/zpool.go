package kernel

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"math/bits"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// A ZFS pool of the stand-in is an ext4 on the pool's one device, with a folder for each data set and each snapshot, and
// a file that says which there are. A clone is a copy. Who it is stands in the boot block, which ext4 doesn't use.
// Its names, figures and complaints follow sys/contrib/openzfs of 13.2.

const (
	poolMagic  = "stand-in zpool 1"
	poolFolder = "/dev/.zfs/"
	poolCache  = "/etc/zfs/zpool.cache"
)

// pools is what is imported.
type pools struct{ all []*pool }

type poolLabel struct {
	Magic, Name string
	GUID        uint64
}

type pool struct {
	poolLabel
	vdev  string
	image *os.File // of a device that is a file
	disk  *loop
	dir   string // where its ext4 is mounted
	data  poolData
	jails map[string]int // data sets that were handed to jails
}

type poolData struct {
	Next, Txg int
	Sets      []*dataset
}

// dataset is a file system or, with an @ in its name, a snapshot.
type dataset struct {
	Name, Origin string
	Dir, Txg     int
	Created      int64
	GUID         uint64
	Props        map[string]string
}

func (d *dataset) isSnapshot() bool { return strings.Contains(d.Name, "@") }

func init() {
	OnBoot(func(k *Kernel) {
		k.disks.inPool = func(disk string) bool {
			for _, p := range k.pools.all {
				if p.disk.name == disk {
					return true
				}
			}
			return false
		}
	})
}

func randomNumber() uint64 {
	var b [8]byte
	rand.Read(b[:])
	return binary.LittleEndian.Uint64(b[:])
}

func (k *Kernel) pool(name string) *pool {
	for _, p := range k.pools.all {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// createPool makes a pool on an empty device.
func (k *Kernel) createPool(name, vdev string) (*pool, error) {
	p := &pool{poolLabel: poolLabel{poolMagic, name, randomNumber()}}
	if err := p.attach(k, vdev); err != nil {
		return nil, err
	}
	_, err := k.Linux([]*os.File{p.disk.device}, "mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096", "-m", "0", "-J", "size=4",
		"-E", "lazy_itable_init=1,lazy_journal_init=1,nodiscard", "/proc/self/fd/3")
	if err == nil {
		label, _ := json.Marshal(p.poolLabel)
		block := make([]byte, bootBlock)
		copy(block, append(label, '\n'))
		_, err = p.disk.device.WriteAt(block, 0)
	}
	if err == nil {
		err = p.open(k)
	}
	if err != nil {
		p.detach(k)
		return nil, err
	}
	k.pools.all = append(k.pools.all, p)
	return p, nil
}

// attach opens the device: a file, or a disk of the machine's.
func (p *pool) attach(k *Kernel, vdev string) (err error) {
	p.vdev, p.jails = vdev, map[string]int{}
	if p.disk = k.diskNamed(vdev); p.disk != nil {
		return nil
	}
	if p.image, err = os.OpenFile(vdev, os.O_RDWR, 0); err != nil {
		return err
	}
	st, err := p.image.Stat()
	if err == nil {
		p.disk, err = k.attachLoop(".zpool."+p.Name, plainFile{p.image}, st.Size()-st.Size()%512, false)
	}
	if err != nil {
		p.image.Close()
	}
	return err
}

func (p *pool) open(k *Kernel) error {
	p.dir = poolFolder + p.Name
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return err
	}
	if err := unix.Mount(p.disk.node(), p.dir, "ext4", 0, "noinit_itable"); err != nil {
		return err
	}
	text, err := os.ReadFile(p.dir + "/sets")
	if err == nil {
		err = json.Unmarshal(text, &p.data)
	} else if os.IsNotExist(err) {
		p.data = poolData{Next: 1}
		_, err = p.add(p.Name, map[string]string{})
	}
	return err
}

func (p *pool) detach(k *Kernel) {
	unix.Unmount(p.dir, unix.MNT_DETACH)
	os.Remove(p.dir)
	if p.image != nil {
		p.disk.close()
		p.image.Close()
	}
}

// readLabel says which pool a device has, if it has one.
func readLabel(device *os.File) (label poolLabel, ok bool) {
	block := make([]byte, bootBlock)
	device.ReadAt(block, 0)
	text, _, _ := strings.Cut(string(block), "\n")
	return label, json.Unmarshal([]byte(text), &label) == nil && label.Magic == poolMagic
}

// importPool takes a pool in that is on a device.
func (k *Kernel) importPool(label poolLabel, vdev string) error {
	p := &pool{poolLabel: label}
	if err := p.attach(k, vdev); err != nil {
		return err
	}
	if err := p.open(k); err != nil {
		p.detach(k)
		return err
	}
	k.pools.all = append(k.pools.all, p)
	return nil
}

// found are the pools on the files of a folder that aren't imported.
func (k *Kernel) found(folder string) (labels []poolLabel, vdevs []string) {
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		file := filepath.Join(folder, e.Name())
		st, err := os.Stat(file)
		if err != nil || !st.Mode().IsRegular() && st.Mode()&os.ModeDevice == 0 {
			continue
		}
		f, err := os.Open(file)
		if err != nil {
			continue
		}
		if label, ok := readLabel(f); ok && k.pool(label.Name) == nil {
			labels, vdevs = append(labels, label), append(vdevs, file)
		}
		f.Close()
	}
	return labels, vdevs
}

// forgetPool unmounts all of a pool and lets its device go.
func (k *Kernel) forgetPool(p *pool, force bool) error {
	for i := len(p.data.Sets) - 1; i >= 0; i-- {
		if err := k.unmountSet(p.data.Sets[i], force); err != nil {
			return err
		}
	}
	for _, d := range p.data.Sets {
		if _, source := p.value(d, "mountpoint"); source != "local" && !d.isSnapshot() {
			os.Remove(p.mountPoint(d))
		}
	}
	for i, other := range k.pools.all {
		if other == p {
			k.pools.all = append(k.pools.all[:i:i], k.pools.all[i+1:]...)
			break
		}
	}
	p.sync()
	p.detach(k)
	k.writePoolCache()
	return nil
}

// destroyPool also takes the label away.
func (k *Kernel) destroyPool(p *pool, force bool) error {
	file := p.vdev
	if err := k.forgetPool(p, force); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteAt(make([]byte, 2*bootBlock), 0)
	return err
}

// writePoolCache says which pools are imported again at boot (rc.d/zpool).
func (k *Kernel) writePoolCache() {
	if len(k.pools.all) == 0 {
		os.Remove(poolCache)
		return
	}
	var text strings.Builder
	for _, p := range k.pools.all {
		text.WriteString(p.Name + " " + p.vdev + "\n")
	}
	os.MkdirAll(filepath.Dir(poolCache), 0o755)
	f, err := os.Create(poolCache)
	if err != nil {
		return
	}
	defer f.Close()
	f.WriteString(text.String())
	f.Sync()
}

// readPoolCache is zpool import -c.
func (k *Kernel) readPoolCache() {
	text, _ := os.ReadFile(poolCache)
	for _, line := range strings.Split(string(text), "\n") {
		name, vdev, ok := strings.Cut(line, " ")
		if !ok || k.pool(name) != nil {
			continue
		}
		f, err := os.Open(vdev)
		if err != nil {
			continue
		}
		if label, ok := readLabel(f); ok {
			k.importPool(label, vdev)
		}
		f.Close()
	}
}

// sync is the end of a transaction group: what was done is on the disk.
func (p *pool) sync() {
	if dir, err := os.Open(p.dir); err == nil {
		unix.Syncfs(int(dir.Fd()))
		dir.Close()
	}
}

// write puts down which data sets there are, whole or not at all.
func (p *pool) write() error {
	p.data.Txg++
	text, _ := json.Marshal(p.data)
	p.sync() // what a name is for is there before the name
	if err := os.WriteFile(p.dir+"/sets.new", text, 0o600); err != nil {
		return err
	}
	p.sync()
	err := os.Rename(p.dir+"/sets.new", p.dir+"/sets")
	p.sync()
	return err
}

// size is what vdev_metaslab_set_size and the labels leave of the device; slop what spa_get_slop_space keeps.
func (p *pool) size() int64 {
	whole := p.disk.size - (4<<18 + 7<<19)
	shift := bits.Len64(uint64(whole / 16))
	return whole >> shift << shift
}

func (p *pool) slop() int64 {
	slop := int64(128 << 20)
	if half := p.size() / 2; half < slop {
		slop = half
	}
	if part := p.size() / 32; part > slop {
		slop = part
	}
	return slop
}
