package kernel

import (
	"sort"
	"strings"
)

func padded(text string, width int) string {
	if len(text) < width {
		text += strings.Repeat(" ", width-len(text))
	}
	return text
}

// table prints lines: words between tabs for scripts, else in columns, some of them to the right.
func (z *zfsCall) table(scripted bool, rows [][]string, right func(column int) bool) {
	if scripted {
		for _, row := range rows {
			z.out.WriteString(strings.Join(row, "\t") + "\n")
		}
		return
	}
	var widths []int
	for _, row := range rows {
		for i, word := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if len(word) > widths[i] {
				widths[i] = len(word)
			}
		}
	}
	for _, row := range rows {
		for i, word := range row {
			switch {
			case right(i):
				word = strings.Repeat(" ", widths[i]-len(word)) + word
			case i < len(row)-1:
				word = padded(word, widths[i])
			}
			if i > 0 {
				z.out.WriteString("  ")
			}
			z.out.WriteString(word)
		}
		z.out.WriteString("\n")
	}
}

type found struct {
	p *pool
	d *dataset
}

// chosen are the data sets that operands, -r, -d and -t ask for, by name. The first that isn't there is the error.
func (z *zfsCall) chosen(operands []string, options map[byte][]string, everything bool) (list []found, err error) {
	kinds := strings.Split(last(options, 't', ""), ",")
	if kinds[0] == "" {
		kinds = []string{"filesystem"}
		if everything || len(operands) > 0 && !has(options, 'r') {
			kinds = []string{"all"}
		}
	}
	wanted := func(d *dataset) bool {
		for _, kind := range kinds {
			if kind == "all" || d.isSnapshot() && strings.HasPrefix(kind, "snap") || !d.isSnapshot() && strings.HasPrefix(kind, "f") {
				return true
			}
		}
		return false
	}
	add := func(p *pool, d *dataset) {
		if wanted(d) && z.sees(p, d) {
			list = append(list, found{p, d})
		}
	}
	deep, given := has(options, 'r') || has(options, 'd'), len(operands) > 0
	snapshots := contains(kinds, "all") || !contains(kinds, "filesystem")
	if len(operands) == 0 {
		deep = true
		for _, p := range z.k.pools.all {
			operands = append(operands, p.Name)
		}
	}
	for _, name := range operands {
		p, d, openErr := z.open(name)
		if openErr != nil {
			if given {
				err = openErr
				z.err.WriteString(openErr.Error() + "\n")
			}
			continue
		}
		add(p, d)
		if !deep && !(snapshots && len(options['t']) > 0) {
			continue
		}
		for _, child := range p.below(d, snapshots) {
			if deep && !tooDeep(d, child, last(options, 'd', "")) || !deep && child.isSnapshot() && parentOf(child.Name) == d.Name {
				add(p, child)
			}
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return setLess(list[i].d, list[j].d) })
	return list, err
}

func tooDeep(d, child *dataset, most string) bool {
	return most != "" && int64(strings.Count(child.Name[len(d.Name):], "/")+strings.Count(child.Name[len(d.Name):], "@")) > byteCount(most)
}

// setLess sorts as zfs_compare does: snapshots behind their data set, before what lies in it, as they were made.
func setLess(a, b *dataset) bool {
	if a.isSnapshot() && b.isSnapshot() && parentOf(a.Name) == parentOf(b.Name) {
		return a.Txg < b.Txg
	}
	order := strings.NewReplacer("/", "\x02", "@", "\x01")
	return order.Replace(a.Name) < order.Replace(b.Name)
}

var columnTitles = map[string]string{"available": "AVAIL", "avail": "AVAIL", "referenced": "REFER", "refer": "REFER"}

func (z *zfsCall) list(args []string) error {
	options, operands, err := flags(args, "Hprd:o:t:s:S:")
	if err != nil {
		return err
	}
	list, missing := z.chosen(operands, options, false)
	if len(list) == 0 && len(operands) == 0 && !has(options, 'H') {
		z.err.WriteString("no datasets available\n")
		return nil
	}
	columns := strings.Split(last(options, 'o', "name,used,available,referenced,mountpoint"), ",")
	var rows [][]string
	if !has(options, 'H') && len(list) > 0 {
		row := []string{}
		for _, column := range columns {
			title := columnTitles[column]
			if title == "" {
				title = strings.ToUpper(column)
			}
			row = append(row, title)
		}
		rows = append(rows, row)
	}
	for _, one := range list {
		row := []string{}
		for _, column := range columns {
			value, _, ok := z.k.shown(one.p, one.d, column, has(options, 'p'))
			if !ok {
				return usage("bad property list: invalid property '%s'", column)
			}
			row = append(row, value)
		}
		rows = append(rows, row)
	}
	z.table(has(options, 'H'), rows, func(i int) bool {
		return columnTitles[columns[i]] != "" || columns[i] == "used" || isSize(columns[i])
	})
	return asStatus(missing)
}

// asStatus is a failure whose words were said already.
func asStatus(err error) error {
	if err == nil {
		return nil
	}
	return errSaid
}

func (z *zfsCall) get(args []string) error {
	options, operands, err := flags(args, "Hprd:o:t:s:")
	if err != nil {
		return err
	}
	if len(operands) == 0 {
		return usage("missing property argument")
	}
	names := strings.Split(operands[0], ",")
	columns := strings.Split(last(options, 'o', "name,property,value,source"), ",")
	list, missing := z.chosen(operands[1:], options, true)
	var rows [][]string
	if !has(options, 'H') {
		row := []string{}
		for _, column := range columns {
			row = append(row, strings.ToUpper(column))
		}
		rows = append(rows, row)
	}
	for _, one := range list {
		for _, name := range names {
			value, source, ok := z.k.shown(one.p, one.d, name, has(options, 'p'))
			if !ok {
				return usage("bad property list: invalid property '%s'", name)
			}
			kind, _, _ := strings.Cut(source, " ")
			if kind == "-" {
				kind = "none"
			}
			if has(options, 's') && !contains(strings.Split(last(options, 's', ""), ","), kind) {
				continue
			}
			cells := map[string]string{"name": one.d.Name, "property": name, "value": value, "source": source}
			row := []string{}
			for _, column := range columns {
				row = append(row, cells[column])
			}
			rows = append(rows, row)
		}
	}
	z.table(has(options, 'H'), rows, func(int) bool { return false })
	return asStatus(missing)
}
