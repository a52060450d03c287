package kernel

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

var errSaid = &failure{"", 1}

func (z *zfsCall) poolList(args []string) error {
	options, operands, err := flags(args, "Hpo:vT:LP")
	if err != nil {
		return err
	}
	chosen := z.k.pools.all
	if len(operands) > 0 {
		chosen = nil
		for _, name := range operands {
			p := z.k.pool(name)
			if p == nil {
				return fail("cannot open '%s': no such pool", name)
			}
			chosen = append(chosen, p)
		}
	}
	if len(chosen) == 0 {
		if !has(options, 'H') {
			z.out.WriteString("no pools available\n")
		}
		return nil
	}
	columns := strings.Split(last(options, 'o', "name,size,allocated,free,checkpoint,expandsize,fragmentation,capacity,dedupratio,health,altroot"), ",")
	titles := map[string]string{"allocated": "ALLOC", "checkpoint": "CKPOINT", "expandsize": "EXPANDSZ", "fragmentation": "FRAG", "capacity": "CAP", "dedupratio": "DEDUP"}
	var rows [][]string
	if !has(options, 'H') {
		row := []string{}
		for _, column := range columns {
			title := titles[column]
			if title == "" {
				title = strings.ToUpper(column)
			}
			row = append(row, title)
		}
		rows = append(rows, row)
	}
	for _, p := range chosen {
		row := []string{}
		for _, column := range columns {
			value, ok := p.figure(column, has(options, 'p'))
			if !ok {
				return usage("bad property list: invalid property '%s'", column)
			}
			row = append(row, value)
		}
		rows = append(rows, row)
	}
	z.table(has(options, 'H'), rows, func(i int) bool { return i > 0 && columns[i] != "health" && columns[i] != "altroot" })
	return nil
}

// figure is a property of a pool.
func (p *pool) figure(name string, exact bool) (string, bool) {
	const early = 3584 // what the first data set's figures have and the pool's don't
	allocated := p.used(p.find(p.Name)) - early
	bytes := func(n int64) (string, bool) {
		if exact {
			return strconv.FormatInt(n, 10), true
		}
		return strings.TrimSuffix(niceBytes(n), "B"), true
	}
	switch name {
	case "name":
		return p.Name, true
	case "size":
		return bytes(p.size())
	case "free":
		return bytes(p.size() - allocated)
	case "allocated", "alloc":
		return bytes(allocated)
	case "health":
		return "ONLINE", true
	case "fragmentation", "frag":
		return map[bool]string{true: "0", false: "0%"}[exact], true
	case "capacity", "cap":
		return strconv.FormatInt(allocated*100/p.size(), 10) + map[bool]string{true: "", false: "%"}[exact], true
	case "dedupratio":
		return map[bool]string{true: "1.00", false: "1.00x"}[exact], true
	case "guid":
		return strconv.FormatUint(p.GUID, 10), true
	case "checkpoint", "expandsize", "altroot", "bootfs":
		return "-", true
	}
	return "", false
}

func (z *zfsCall) poolCreate(args []string) error {
	options, operands, err := flags(args, "fno:O:m:R:")
	if err != nil {
		return err
	}
	if err := z.outside("create pool"); err != nil {
		return err
	}
	if len(operands) != 2 {
		return usage("missing vdev specification")
	}
	name, vdev := operands[0], operands[1]
	props, err := properties(options['O'], name)
	if err != nil {
		return err
	}
	if has(options, 'm') {
		props["mountpoint"] = last(options, 'm', "")
	}
	if !strings.HasPrefix(vdev, "/") {
		vdev = "/dev/" + vdev
	}
	if _, err := os.Stat(vdev); err != nil {
		return fail("cannot open '%s': no such device in /dev\nmust be a full path or shorthand device name", operands[1])
	}
	if z.k.pool(name) != nil {
		return fail("cannot create '%s': pool already exists", name)
	}
	p, err := z.k.createPool(name, vdev)
	if err != nil {
		return fail("cannot create '%s': %s", name, err.Error())
	}
	root := p.find(name)
	root.Props = props
	if err := p.write(); err != nil {
		return err
	}
	z.k.writePoolCache()
	return z.afterwards(p, root, "")
}

func (z *zfsCall) somePool(args []string, spec, what string) (*pool, map[byte][]string, error) {
	options, operands, err := flags(args, spec)
	if err != nil {
		return nil, nil, err
	}
	if err := z.outside(what + " pool"); err != nil {
		return nil, nil, err
	}
	if len(operands) != 1 {
		return nil, nil, usage("missing pool argument")
	}
	p := z.k.pool(operands[0])
	if p == nil {
		return nil, nil, fail("cannot open '%s': no such pool", operands[0])
	}
	return p, options, nil
}

func (z *zfsCall) poolDestroy(args []string) error {
	p, options, err := z.somePool(args, "f", "destroy")
	if err != nil {
		return err
	}
	if err := z.k.destroyPool(p, has(options, 'f')); err != nil {
		return fail("cannot destroy '%s': %s", p.Name, errorWords(err))
	}
	return nil
}

func (z *zfsCall) poolExport(args []string) error {
	p, options, err := z.somePool(args, "f", "export")
	if err != nil {
		return err
	}
	if err := z.k.forgetPool(p, has(options, 'f')); err != nil {
		return fail("cannot export '%s': %s", p.Name, errorWords(err))
	}
	return nil
}

// poolImport shows what could be imported, or imports one.
func (z *zfsCall) poolImport(args []string) error {
	options, operands, err := flags(args, "d:fNao:R:")
	if err != nil {
		return err
	}
	if err := z.outside("import pool"); err != nil {
		return err
	}
	labels, vdevs := z.k.found(last(options, 'd', "/dev"))
	if len(operands) == 0 && !has(options, 'a') {
		if len(labels) == 0 {
			return fail("no pools available to import")
		}
		for i, label := range labels {
			width := len(label.Name)
			if len(vdevs[i])+2 > width {
				width = len(vdevs[i]) + 2
			}
			fmt.Fprintf(&z.out, "   pool: %s\n     id: %d\n  state: ONLINE\n action: The pool can be imported using its name or numeric identifier.\n config:\n\n\t%s  ONLINE\n\t%s  ONLINE\n",
				label.Name, label.GUID, padded(label.Name, width), padded("  "+vdevs[i], width))
		}
		return nil
	}
	for i, label := range labels {
		if !has(options, 'a') && label.Name != operands[0] {
			continue
		}
		if err := z.k.importPool(label, vdevs[i]); err != nil {
			return fail("cannot import '%s': %s", label.Name, errorWords(err))
		}
		z.k.writePoolCache()
		if !has(options, 'N') {
			z.mountAll()
		}
		if !has(options, 'a') {
			return nil
		}
	}
	if has(options, 'a') {
		return nil
	}
	return fail("cannot import '%s': no such pool available", operands[0])
}
