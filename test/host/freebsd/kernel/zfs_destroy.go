package kernel

import (
	"fmt"
	"os"
)

// destroy follows zfs_do_destroy and destroy_callback.
func (z *zfsCall) destroy(args []string) error {
	found, rest, err := flags(args, "dfnpRrv")
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usage("missing dataset argument")
	}
	p, d, err := z.open(rest[0])
	if err != nil {
		return err
	}
	all, dependents := has(found, 'R'), has(found, 'r') || has(found, 'R')
	if d.Name == p.Name {
		return fail("cannot destroy '%s': operation does not apply to pools\nuse 'zfs destroy -r %s' to destroy all datasets in the pool\nuse 'zpool destroy %s' to destroy the pool itself", p.Name, p.Name, p.Name)
	}
	doomed := append([]*dataset{d}, p.below(d, true)...)
	if clones := z.clones(p, doomed); len(clones) > 0 && !all && (dependents || d.isSnapshot()) {
		return refusal(d, map[bool]string{true: "snapshot", false: "filesystem"}[d.isSnapshot()]+" has dependent clones", "-R", clones)
	} else if all {
		for _, clone := range clones {
			doomed = append(doomed, append([]*dataset{clone}, p.below(clone, true)...)...)
		}
	}
	if len(doomed) > 1 && !dependents {
		return refusal(d, "filesystem has children", "-r", doomed[1:])
	}
	for i := len(doomed) - 1; i >= 0; i-- {
		if err := z.k.unmountSet(doomed[i], has(found, 'f')); err != nil {
			return fail("cannot unmount '%s': %s", p.mountPoint(doomed[i]), errorWords(err))
		}
	}
	for i := len(doomed) - 1; i >= 0; i-- {
		one := doomed[i]
		_, source := p.value(one, "mountpoint")
		point := p.mountPoint(one)
		p.removeSet(one)
		if !one.isSnapshot() && source != "local" {
			os.Remove(point)
		}
	}
	return nil
}

// clones are those of the doomed that would be left.
func (z *zfsCall) clones(p *pool, doomed []*dataset) (list []*dataset) {
	going := map[*dataset]bool{}
	for _, d := range doomed {
		going[d] = true
	}
	for _, d := range doomed {
		for _, clone := range p.clonesOf(d.Name) {
			if !going[clone] {
				list = append(list, clone)
			}
		}
	}
	return list
}

func refusal(d *dataset, why, option string, names []*dataset) error {
	text := fmt.Sprintf("cannot destroy '%s': %s\nuse '%s' to destroy the following datasets:", d.Name, why, option)
	for _, one := range names {
		text += "\n" + one.Name
	}
	return fail("%s", text)
}
