package kernel

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
)

// zfs(8) and zpool(8) are the kernel's here: all that they know lies there. Their words are those of zfs_main.c,
// zpool_main.c and libzfs_util.c.

func init() {
	Handle("zfs.run", zfsRun)
	Handle("zfs.boot", func(k *Kernel, c *Call, _ None) (None, error) {
		k.autoload("zfs")
		k.readPoolCache()
		return None{}, nil
	})
}

// ZFSRequest is a command line.
type ZFSRequest struct {
	Program string
	Args    []string
}

// ZFSReply is what it gives.
type ZFSReply struct {
	Out, Err string
	Status   int
}

// zfsCall is one run of zfs(8) or zpool(8).
type zfsCall struct {
	k        *Kernel
	jail     *Jail
	out, err strings.Builder
}

// failure is a complaint of libzfs: "cannot WHAT: WHY" with lines behind it.
type failure struct {
	text   string
	status int
}

func (f *failure) Error() string { return f.text }

func fail(format string, args ...any) error { return &failure{fmt.Sprintf(format, args...), 1} }

func usage(format string, args ...any) error { return &failure{fmt.Sprintf(format, args...), 2} }

func zfsRun(k *Kernel, c *Call, req ZFSRequest) (ZFSReply, error) {
	if c.Jail == nil {
		k.autoload("zfs") // libzfs_init
	}
	z := &zfsCall{k: k, jail: c.Jail}
	table := zfsCommands
	if req.Program == "zpool" {
		table = zpoolCommands
	}
	if len(req.Args) == 0 {
		return ZFSReply{Err: "missing command\n", Status: 2}, nil
	}
	run := table[req.Args[0]]
	if run == nil {
		return ZFSReply{Err: fmt.Sprintf("unrecognized command '%s'\n", req.Args[0]), Status: 2}, nil
	}
	err := run(z, req.Args[1:])
	reply := ZFSReply{Out: z.out.String(), Err: z.err.String()}
	var f *failure
	switch {
	case errors.As(err, &f):
		if f.text != "" {
			reply.Err += f.text + "\n"
		}
		reply.Status = f.status
	case err != nil:
		reply.Err += "internal error: " + err.Error() + "\n"
		reply.Status = 1
	}
	return reply, nil
}

var zfsCommands = map[string]func(*zfsCall, []string) error{}
var zpoolCommands = map[string]func(*zfsCall, []string) error{}

func init() {
	for name, run := range map[string]func(*zfsCall, []string) error{
		"list": (*zfsCall).list, "get": (*zfsCall).get, "set": (*zfsCall).set, "inherit": (*zfsCall).inherit, "create": (*zfsCall).create,
		"destroy": (*zfsCall).destroy, "snapshot": (*zfsCall).snapshot, "snap": (*zfsCall).snapshot, "clone": (*zfsCall).clone,
		"promote": (*zfsCall).promote, "rename": (*zfsCall).rename, "rollback": (*zfsCall).rollback, "mount": (*zfsCall).mount,
		"unmount": (*zfsCall).unmount, "umount": (*zfsCall).unmount, "jail": (*zfsCall).toJail, "unjail": (*zfsCall).fromJail,
	} {
		zfsCommands[name] = run
	}
	for name, run := range map[string]func(*zfsCall, []string) error{
		"list": (*zfsCall).poolList, "create": (*zfsCall).poolCreate, "destroy": (*zfsCall).poolDestroy,
		"export": (*zfsCall).poolExport, "import": (*zfsCall).poolImport,
	} {
		zpoolCommands[name] = run
	}
}

// flags takes getopt(3)'s options off: letters with ":" behind them take a value.
func flags(args []string, spec string) (found map[byte][]string, rest []string, err error) {
	found = map[byte][]string{}
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		word := args[0][1:]
		args = args[1:]
		for i := 0; i < len(word); i++ {
			at := strings.IndexByte(spec, word[i])
			if at < 0 || word[i] == ':' {
				return nil, nil, usage("invalid option '%c'", word[i])
			}
			if at+1 == len(spec) || spec[at+1] != ':' {
				found[word[i]] = append(found[word[i]], "")
				continue
			}
			value := word[i+1:]
			if value == "" {
				if len(args) == 0 {
					return nil, nil, usage("missing argument for '%c' option", word[i])
				}
				value, args = args[0], args[1:]
			}
			found[word[i]] = append(found[word[i]], value)
			break
		}
	}
	return found, args, nil
}

func has(found map[byte][]string, letter byte) bool { return found[letter] != nil }

func last(found map[byte][]string, letter byte, otherwise string) string {
	if values := found[letter]; values != nil {
		return values[len(values)-1]
	}
	return otherwise
}

// open is a data set that the caller sees.
func (z *zfsCall) open(name string) (*pool, *dataset, error) {
	p, d := z.k.findSet(name)
	if d == nil || !z.sees(p, d) {
		return nil, nil, fail("cannot open '%s': dataset does not exist", name)
	}
	return p, d, nil
}

// sees follows zone_dataset_visible: in a jail what was handed to it, what is below that, and the way there.
func (z *zfsCall) sees(p *pool, d *dataset) bool {
	if z.jail == nil {
		return true
	}
	for name, jid := range p.jails {
		if jid == z.jail.ID && (d.Name == name || strings.HasPrefix(d.Name, name+"/") || strings.HasPrefix(d.Name, name+"@") || strings.HasPrefix(name, d.Name+"/")) {
			return true
		}
	}
	return false
}

// outside refuses what only the host may do.
func (z *zfsCall) outside(what string) error {
	if z.jail != nil {
		return fail("cannot %s: permission denied", what)
	}
	return nil
}

// properties are those of -o, checked.
func properties(given []string, what string) (map[string]string, error) {
	props := map[string]string{}
	for _, one := range given {
		name, value, ok := strings.Cut(one, "=")
		if !ok {
			return nil, usage("missing '=' for property=value argument")
		}
		value, complaint := settable(name, value)
		if complaint != "" {
			return nil, fail("cannot create '%s': %s", what, complaint)
		}
		if !isSize(name) || value != "" {
			props[name] = value
		}
	}
	return props, nil
}

// place checks where a new data set is to be.
func (z *zfsCall) place(name, what string) (*pool, error) {
	if at := strings.IndexFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.: /", r))
	}); at >= 0 {
		return nil, fail("cannot %s '%s': invalid character '%c' in name", what, name, name[at])
	}
	first, _, _ := strings.Cut(name, "/")
	p := z.k.pool(first)
	if p == nil {
		return nil, fail("cannot %s '%s': no such pool '%s'", what, name, first)
	}
	if p.find(name) != nil {
		return nil, fail("cannot %s '%s': dataset already exists", what, name)
	}
	if p.find(parentOf(name)) == nil {
		return nil, fail("cannot %s '%s': parent does not exist", what, name)
	}
	return p, nil
}

func (z *zfsCall) create(args []string) error {
	found, rest, err := flags(args, "pno:uPv")
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usage("missing filesystem argument")
	}
	if err := z.outside("create '" + rest[0] + "'"); err != nil {
		return err
	}
	props, err := properties(found['o'], rest[0])
	if err != nil {
		return err
	}
	if has(found, 'p') {
		if p, d := z.k.findSet(rest[0]); d != nil && p != nil {
			return nil
		}
		if err := z.ancestors(rest[0]); err != nil {
			return err
		}
	}
	p, err := z.place(rest[0], "create")
	if err != nil {
		return err
	}
	d, err := p.add(rest[0], props)
	if err != nil {
		return err
	}
	if has(found, 'u') {
		return nil
	}
	return z.afterwards(p, d, "filesystem successfully created, but not mounted")
}

// ancestors is create_parents.
func (z *zfsCall) ancestors(name string) error {
	up := parentOf(name)
	if up == "" {
		return nil
	}
	if _, d := z.k.findSet(up); d != nil {
		return nil
	}
	if err := z.ancestors(up); err != nil {
		return err
	}
	p, err := z.place(up, "create")
	if err != nil {
		return err
	}
	d, err := p.add(up, map[string]string{})
	if err != nil {
		return err
	}
	return z.afterwards(p, d, "filesystem successfully created, but not mounted")
}

// afterwards mounts what was made.
func (z *zfsCall) afterwards(p *pool, d *dataset, otherwise string) error {
	if !p.mounts(d) {
		return nil
	}
	if err := z.k.mountSet(p, d); err != nil {
		return fail("cannot mount '%s': %s\n%s", p.mountPoint(d), errorWords(err), otherwise)
	}
	return nil
}

func errorWords(err error) string {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		switch errno {
		case syscall.EBUSY:
			return "pool or dataset is busy"
		case syscall.ENOTDIR:
			return "Not a directory"
		}
		return errno.Error()
	}
	return err.Error()
}

func (z *zfsCall) snapshot(args []string) error {
	found, rest, err := flags(args, "ro:")
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return usage("missing snapshot argument")
	}
	for _, name := range rest {
		parent, tag, _ := strings.Cut(name, "@")
		if tag == "" {
			return fail("cannot create snapshot '%s': missing '@' delimiter in snapshot name", name)
		}
		props, err := properties(found['o'], name)
		if err != nil {
			return err
		}
		p, d, err := z.open(parent)
		if err != nil {
			return err
		}
		sets := []*dataset{d}
		if has(found, 'r') {
			sets = append(sets, p.below(d, false)...)
		}
		for _, set := range sets {
			if p.find(set.Name+"@"+tag) != nil {
				return fail("cannot create snapshot '%s@%s': dataset already exists", set.Name, tag)
			}
		}
		for _, set := range sets {
			p.sync()
			if _, err := z.k.copySet(p, set, set.Name+"@"+tag, "", props); err != nil {
				return err
			}
		}
	}
	return nil
}

func (z *zfsCall) clone(args []string) error {
	found, rest, err := flags(args, "po:")
	if err != nil {
		return err
	}
	if len(rest) != 2 {
		return usage("missing source dataset argument")
	}
	p, from, err := z.open(rest[0])
	if err != nil {
		return err
	}
	props, err := properties(found['o'], rest[1])
	if err != nil {
		return err
	}
	if has(found, 'p') {
		if _, d := z.k.findSet(rest[1]); d != nil {
			return nil
		}
		if err := z.ancestors(rest[1]); err != nil {
			return err
		}
	}
	if to, err := z.place(rest[1], "create"); err != nil {
		return err
	} else if to != p {
		return fail("cannot create '%s': source and target pools differ", rest[1])
	}
	d, err := z.k.copySet(p, from, rest[1], from.Name, props)
	if err != nil {
		return err
	}
	return z.afterwards(p, d, "filesystem successfully cloned, but not mounted")
}

// promote follows dsl_dataset_promote_sync: the snapshots up to the origin change sides.
func (z *zfsCall) promote(args []string) error {
	if len(args) != 1 {
		return usage("missing clone filesystem argument")
	}
	p, d, err := z.open(args[0])
	if err != nil {
		return err
	}
	origin := p.find(d.Origin)
	if origin == nil {
		return fail("cannot promote '%s': not a cloned filesystem", d.Name)
	}
	parent := p.find(parentOf(origin.Name))
	var moved []*dataset
	for _, snapshot := range p.snapshotsOf(parent) {
		if snapshot.Txg > origin.Txg {
			continue
		}
		tag := snapshot.Name[len(parent.Name):]
		if p.find(d.Name+tag) != nil {
			return fail("cannot promote '%s': snapshot name '%s' from origin \n\tconflicts with '%s' from target", d.Name, snapshot.Name, d.Name+tag)
		}
		moved = append(moved, snapshot)
	}
	for _, snapshot := range moved {
		name := d.Name + snapshot.Name[len(parent.Name):]
		for _, clone := range p.clonesOf(snapshot.Name) {
			clone.Origin = name
		}
		snapshot.Name = name
	}
	d.Origin, parent.Origin = parent.Origin, origin.Name
	return p.write()
}

func (z *zfsCall) rename(args []string) error {
	found, rest, err := flags(args, "fpur")
	if err != nil {
		return err
	}
	if len(rest) != 2 {
		return usage("missing source dataset argument")
	}
	p, d, err := z.open(rest[0])
	if err != nil {
		return err
	}
	if d.isSnapshot() {
		return z.renameSnapshot(p, d, rest[1])
	}
	if has(found, 'p') {
		if err := z.ancestors(rest[1]); err != nil {
			return err
		}
	}
	if _, err := z.place(rest[1], "rename to"); err != nil {
		return err
	}
	old := d.Name
	var moving []*dataset
	for _, set := range append([]*dataset{d}, p.below(d, false)...) {
		if _, source := p.value(set, "mountpoint"); source != "local" {
			moving = append(moving, set)
		}
	}
	err = z.k.remounted(p, moving, func() error {
		for _, set := range p.data.Sets {
			if m := z.k.mountOf(set); m != nil && (set == d || strings.HasPrefix(set.Name, old+"/")) {
				m.From = rest[1] + set.Name[len(old):]
			}
			set.Name = renamed(set.Name, old, rest[1])
			set.Origin = renamed(set.Origin, old, rest[1])
		}
		return p.write()
	})
	if err != nil {
		return fail("cannot unmount '%s': %s", p.mountPoint(d), errorWords(err))
	}
	return nil
}

// renamed is a name after old became another.
func renamed(name, old, other string) string {
	if name == old || strings.HasPrefix(name, old+"/") || strings.HasPrefix(name, old+"@") {
		return other + name[len(old):]
	}
	return name
}

func (z *zfsCall) renameSnapshot(p *pool, d *dataset, to string) error {
	parent := parentOf(d.Name)
	if !strings.Contains(to, "@") {
		to = parent + "@" + to
	}
	if parentOf(to) != parent {
		return fail("cannot rename to '%s': snapshots must be part of same dataset", to)
	}
	if p.find(to) != nil {
		return fail("cannot rename '%s': dataset already exists", d.Name)
	}
	for _, clone := range p.clonesOf(d.Name) {
		clone.Origin = to
	}
	d.Name = to
	return p.write()
}

func (z *zfsCall) rollback(args []string) error {
	found, rest, err := flags(args, "rRf")
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usage("missing dataset argument")
	}
	p, snapshot, err := z.open(rest[0])
	if err != nil {
		return err
	}
	d := p.find(parentOf(snapshot.Name))
	var newer []*dataset
	for _, other := range p.snapshotsOf(d) {
		if other.Txg > snapshot.Txg {
			newer = append(newer, other)
		}
	}
	if len(newer) > 0 && !has(found, 'r') && !has(found, 'R') {
		text := fmt.Sprintf("cannot rollback to '%s': more recent snapshots or bookmarks exist\nuse '-r' to force deletion of the following\nsnapshots and bookmarks:", snapshot.Name)
		for _, other := range newer {
			text += "\n" + other.Name
		}
		return fail("%s", text)
	}
	for _, other := range newer {
		p.removeSet(other)
	}
	return z.k.remounted(p, []*dataset{d}, func() error {
		fresh, err := z.k.copySet(p, snapshot, d.Name, d.Origin, d.Props)
		if err != nil {
			return err
		}
		d.Dir, fresh.Dir = fresh.Dir, d.Dir
		p.removeSet(fresh)
		return nil
	})
}
