package kernel

import (
	"strings"
)

// set is zfs set: NAME=VALUE … DATASET ….
func (z *zfsCall) set(args []string) error {
	props, names := args, []string{}
	for i, word := range args {
		if !strings.Contains(word, "=") {
			props, names = args[:i], args[i:]
			break
		}
	}
	if len(props) == 0 || len(names) == 0 {
		return usage("missing property=value argument(s)")
	}
	for _, name := range names {
		p, d, err := z.open(name)
		if err != nil {
			return err
		}
		for _, one := range props {
			property, value, _ := strings.Cut(one, "=")
			if err := z.setOne(p, d, property, value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (z *zfsCall) setOne(p *pool, d *dataset, name, value string) error {
	value, complaint := settable(name, value)
	if complaint == "" && d.isSnapshot() && !userProperty.MatchString(name) {
		complaint = "this property can not be modified for snapshots"
	}
	if at, _ := p.value(d, "jailed"); complaint == "" && name == "mountpoint" && at == "on" && z.jail == nil {
		complaint = "'mountpoint' cannot be set on dataset in a non-global zone"
	}
	if complaint == "" && isSize(name) && value != "" {
		least := p.used(d)
		if name == "refquota" {
			least = p.referenced(d)
		}
		if strings.HasSuffix(name, "quota") && byteCount(value) < least {
			complaint = "size is less than current used or reserved space"
		}
	}
	if complaint != "" {
		return fail("cannot set property for '%s': %s", d.Name, complaint)
	}
	change := func() error {
		d.Props[name] = value
		return p.write()
	}
	return z.mountChange(p, d, name, change)
}

// mountChange has a change of what mounts depend on take effect on those that are mounted, and on one that wasn't to be.
func (z *zfsCall) mountChange(p *pool, d *dataset, name string, change func() error) error {
	if jailed, _ := p.value(d, "jailed"); name == "jailed" && jailed == "off" {
		// changelist_gather takes all that lies in it; what is a jail's already is left alone.
		if err := z.k.remounted(p, append([]*dataset{d}, p.below(d, false)...), change); err != nil {
			return fail("cannot unmount '%s': %s", p.mountPoint(d), errorWords(err))
		}
		return nil
	}
	if name != "mountpoint" && name != "canmount" {
		return change()
	}
	was, point := p.mounts(d), p.mountPoint(d)
	sets := []*dataset{d}
	if name == "mountpoint" {
		for _, child := range p.below(d, false) {
			if _, source := p.value(child, name); source == "inherited from "+d.Name {
				sets = append(sets, child)
			}
		}
	}
	if err := z.k.remounted(p, sets, change); err != nil {
		return fail("cannot unmount '%s': %s", point, errorWords(err))
	}
	if !was && p.mounts(d) && name == "mountpoint" && z.k.mountOf(d) == nil {
		return z.afterwards(p, d, "property may be set but unable to remount filesystem")
	}
	return nil
}

func (z *zfsCall) inherit(args []string) error {
	found, rest, err := flags(args, "rS")
	if err != nil {
		return err
	}
	if len(rest) < 2 {
		return usage("missing dataset argument")
	}
	name := rest[0]
	if isSize(name) {
		return usage("'%s' property cannot be inherited", name)
	}
	if !userProperty.MatchString(name) && words[name] == "" && name != "mountpoint" {
		return usage("invalid property '%s'", name)
	}
	for _, one := range rest[1:] {
		p, d, err := z.open(one)
		if err != nil {
			return err
		}
		sets := []*dataset{d}
		if has(found, 'r') {
			sets = append(sets, p.below(d, false)...)
		}
		for _, set := range sets {
			set := set
			err := z.mountChange(p, set, name, func() error {
				delete(set.Props, name)
				return p.write()
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (z *zfsCall) mount(args []string) error {
	found, rest, err := flags(args, "avo:Ol")
	if err != nil {
		return err
	}
	if err := z.outside("mount"); err != nil {
		return err
	}
	if has(found, 'a') {
		return z.mountAll()
	}
	if len(rest) == 0 {
		for _, p := range z.k.pools.all {
			for _, d := range p.data.Sets {
				if m := z.k.mountOf(d); m != nil {
					z.out.WriteString(padded(d.Name, 30) + "  " + m.On + "\n")
				}
			}
		}
		return nil
	}
	p, d, err := z.open(rest[0])
	if err != nil {
		return err
	}
	can, _ := p.value(d, "canmount")
	jailed, _ := p.value(d, "jailed")
	switch point := p.mountPoint(d); {
	case d.isSnapshot():
		return fail("cannot open '%s': operation not applicable to datasets of this type", d.Name)
	case point == "legacy":
		return fail("cannot mount '%s': legacy mountpoint\nuse mount(8) to mount this filesystem", d.Name)
	case point == "none":
		return fail("cannot mount '%s': no mountpoint set", d.Name)
	case jailed == "on":
		return fail("cannot mount '%s': dataset is exported to a local zone", d.Name)
	case can == "off":
		return fail("cannot mount '%s': 'canmount' property is set to 'off'", d.Name)
	case z.k.mountOf(d) != nil:
		return fail("cannot mount '%s': filesystem already mounted", d.Name)
	}
	if err := z.k.mountSet(p, d); err != nil {
		return fail("cannot mount '%s': %s", d.Name, errorWords(err))
	}
	return nil
}

// mountAll is zfs mount -a, parents first.
func (z *zfsCall) mountAll() error {
	for _, p := range z.k.pools.all {
		root := p.find(p.Name)
		for _, d := range append([]*dataset{root}, p.below(root, false)...) {
			if !p.mounts(d) || z.k.mountOf(d) != nil {
				continue
			}
			if err := z.k.mountSet(p, d); err != nil {
				z.err.WriteString("cannot mount '" + p.mountPoint(d) + "': " + errorWords(err) + "\n")
			}
		}
	}
	return nil
}

func (z *zfsCall) unmount(args []string) error {
	found, rest, err := flags(args, "afu")
	if err != nil {
		return err
	}
	if err := z.outside("unmount"); err != nil {
		return err
	}
	if has(found, 'a') {
		for _, p := range z.k.pools.all {
			for i := len(p.data.Sets) - 1; i >= 0; i-- {
				z.k.unmountSet(p.data.Sets[i], has(found, 'f'))
			}
		}
		return nil
	}
	if len(rest) != 1 {
		return usage("missing filesystem argument")
	}
	p, d, err := z.open(rest[0])
	if err != nil {
		return err
	}
	if z.k.mountOf(d) == nil {
		return fail("cannot unmount '%s': not currently mounted", d.Name)
	}
	if err := z.k.unmountSet(d, has(found, 'f')); err != nil {
		return fail("cannot unmount '%s': %s", p.mountPoint(d), errorWords(err))
	}
	return nil
}

const jailUsage = `usage:
	jail <jailid|jailname> <filesystem>

For the property list, run: zfs set|get

For the delegated permission list, run: zfs allow|unallow`

func (z *zfsCall) toJail(args []string) error { return z.jailed(args, true) }

func (z *zfsCall) fromJail(args []string) error { return z.jailed(args, false) }

// jailed is zfs_do_jail_impl.
func (z *zfsCall) jailed(args []string, attach bool) error {
	if len(args) != 2 {
		return usage("missing argument(s)\n%s", jailUsage)
	}
	j := z.k.jailSeenBy(z.jail, args[0])
	if j == nil {
		return usage("invalid jail id or name\n%s", strings.Replace(jailUsage, "\tjail", map[bool]string{true: "\tjail", false: "\tunjail"}[attach], 1))
	}
	p, d, err := z.open(args[1])
	if err != nil {
		return err
	}
	if attach {
		p.jails[d.Name] = j.ID
	} else {
		delete(p.jails, d.Name)
	}
	return nil
}
