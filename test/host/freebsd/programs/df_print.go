package programs

import (
	"fmt"
	"strconv"
	"strings"

	"standin/kernel"
)

type dfRow struct {
	name, kind, blocks, used, avail, capacity, on string
	iused, ifree, ipercent                        string
}

func (o *dfOptions) row(fs kernel.FileSystem, block int64) dfRow {
	used := fs.Blocks - fs.Free
	show := func(n int64) string {
		if o.human {
			return humanize(n*fs.BlockSize, 5, o.decimal)
		}
		return strconv.FormatInt(scaled(n, fs.BlockSize, block), 10)
	}
	iused := fs.Files - fs.FilesFree
	return dfRow{
		name: fs.From, kind: fs.Type, on: fs.On,
		blocks: show(fs.Blocks), used: show(used), avail: show(fs.Avail),
		capacity: percent(used, used+fs.Avail, 100),
		iused:    strconv.FormatInt(iused, 10), ifree: strconv.FormatInt(fs.FilesFree, 10),
		ipercent: percent(iused, fs.Files, 0),
	}
}

// scaled is fsbtoblk of df.c.
func scaled(n, size, block int64) int64 {
	if n < 0 {
		return -(-n * size / block)
	}
	return n * size / block
}

func percent(part, whole, none int64) string {
	if whole == 0 {
		return fmt.Sprintf("%d%%", none)
	}
	return fmt.Sprintf("%.0f%%", float64(part)*100/float64(whole))
}

func (o *dfOptions) print(p *Process, list []kernel.FileSystem) {
	head, block := o.header()
	if o.json {
		o.printJSON(p, list, block)
		return
	}
	rows := []dfRow{{"Filesystem", "Type", head, "Used", "Avail", "Capacity", "Mounted on", "iused", "ifree", "%iused"}}
	for _, fs := range list {
		rows = append(rows, o.row(fs, block))
	}
	width := func(least int, of func(dfRow) string) int {
		for _, r := range rows {
			if n := len(of(r)); n > least {
				least = n
			}
		}
		return least
	}
	least := 0
	if o.human {
		least = 7
	}
	name := width(10, func(r dfRow) string { return r.name })
	kind := width(4, func(r dfRow) string { return r.kind })
	blocks := width(least, func(r dfRow) string { return r.blocks })
	used := width(least, func(r dfRow) string { return r.used })
	avail := width(least, func(r dfRow) string { return r.avail })
	iused := width(0, func(r dfRow) string { return r.iused })
	ifree := width(0, func(r dfRow) string { return r.ifree })
	for i, r := range rows {
		p.Printf("%-*s", name, r.name)
		if o.kind {
			p.Printf("  %-*s", kind, r.kind)
		}
		p.Printf(" %*s %*s %*s %s", blocks, r.blocks, used, r.used, avail, r.avail, center(r.capacity, i == 0))
		if o.inodes {
			p.Printf(" %*s %*s %s", iused, r.iused, ifree, r.ifree, inodePercent(r.ipercent, i == 0))
		}
		p.Printf("  %s\n", r.on)
	}
}

// center puts a percentage below its heading: "Capacity" is wider than five figures.
func center(text string, heading bool) string {
	if heading {
		return text
	}
	return fmt.Sprintf("%6s  ", text)
}

func inodePercent(text string, heading bool) string {
	if heading {
		return text
	}
	return fmt.Sprintf("%5s ", text)
}

func (o *dfOptions) printJSON(p *Process, list []kernel.FileSystem, block int64) {
	var entries []string
	for _, fs := range list {
		r := o.row(fs, block)
		text := `{"name":` + jsonString(r.name)
		if o.kind {
			text += `,"type":` + jsonString(r.kind)
		}
		text += fmt.Sprintf(`,"total-blocks":%s,"used-blocks":%s,"available-blocks":%s,"used-percent":%s`,
			jsonNumber(r.blocks), jsonNumber(r.used), jsonNumber(r.avail), strings.TrimSuffix(r.capacity, "%"))
		if o.inodes {
			text += fmt.Sprintf(`,"inodes-used":%s,"inodes-free":%s,"inodes-used-percent":%s`,
				r.iused, r.ifree, strings.TrimSuffix(r.ipercent, "%"))
		}
		entries = append(entries, text+`,"mounted-on":`+jsonString(r.on)+"}")
	}
	p.Printf("{\"storage-system-information\": {\"filesystem\": [%s]}}\n", strings.Join(entries, ", "))
}

func jsonNumber(text string) string {
	if _, err := strconv.ParseInt(text, 10, 64); err != nil {
		return jsonString(text)
	}
	return text
}

// humanize is humanize_number(3) with HN_NOSPACE, HN_DECIMAL and HN_B, for a field of so many characters.
func humanize(n int64, width int, decimal bool) string {
	base, units := 1024.0, "BKMGTPE"
	if decimal {
		base, units = 1000.0, "BkMGTPE"
	}
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	v, i := float64(n), 0
	for i < len(units)-1 && len(sign)+len(strconv.FormatFloat(v, 'f', 0, 64))+1 > width-1 {
		v, i = v/base, i+1
	}
	if i > 0 && v < 9.95 {
		return sign + strconv.FormatFloat(v, 'f', 1, 64) + units[i:i+1]
	}
	return sign + strconv.FormatFloat(v, 'f', 0, 64) + units[i:i+1]
}
