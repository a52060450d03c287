package programs

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"standin/kernel"
)

// df follows df(1) and bin/df/df.c: columns are as wide as their widest entry.
func init() { Register(df, "df") }

const dfUsage = "usage: df [-b | -g | -H | -h | -k | -m | -P] [-acilnT] [-t type] [-,]\n          [file | filesystem ...]\n"

type dfOptions struct {
	block                              int64 // 0: as BLOCKSIZE says
	human, decimal, inodes, kind, json bool
	total, all                         bool
	types                              string
}

func df(p *Process) int {
	args, json := libxo(p.Args)
	p.Args = args
	found, rest, ok := p.options("abcgHhiklmnPt:T,")
	o := dfOptions{json: json}
	for _, option := range found {
		switch option.Letter {
		case 'b', 'P':
			o.block, o.human = 512, false
		case 'k':
			o.block, o.human = 1024, false
		case 'm':
			o.block, o.human = 1<<20, false
		case 'g':
			o.block, o.human = 1<<30, false
		case 'h':
			o.human, o.decimal = true, false
		case 'H':
			o.human, o.decimal = true, true
		case 'i':
			o.inodes = true
		case 'T':
			o.kind = true
		case 'c':
			o.total = true
		case 'a':
			o.all = true
		case 't':
			o.types = option.Value
		case 'l':
			o.types = "nonfs,smbfs"
		}
	}
	if !ok {
		return p.Usage(64, dfUsage)
	}
	list, status := o.pick(p, rest)
	if len(list) > 0 || len(rest) == 0 {
		o.print(p, list)
	}
	return status
}

func (o *dfOptions) pick(p *Process, names []string) (list []kernel.FileSystem, status int) {
	if len(names) == 0 {
		for _, fs := range p.mounts() {
			if typeListed(o.types, fs.Type) {
				list = append(list, fs)
			}
		}
	}
	for _, name := range names {
		if strings.HasPrefix(name, "/dev/") {
			if fs := p.mountedAt(name); fs != nil {
				list = append(list, *fs)
				continue
			}
		}
		fs, err := p.statfs(name)
		if err != nil {
			status = p.Err(1, err, "%s", name)
			continue
		}
		list = append(list, fs)
	}
	if o.total {
		list = append(list, dfTotal(list))
	}
	return list, status
}

// statfs is statfs(2).
func (p *Process) statfs(name string) (fs kernel.FileSystem, err error) {
	f, err := openPath(name)
	if err != nil {
		return fs, err
	}
	defer f.Close()
	_, err = p.CallFiles("mount.of", nil, &fs, f)
	return fs, err
}

func dfTotal(list []kernel.FileSystem) kernel.FileSystem {
	sum := kernel.FileSystem{From: "total", BlockSize: 512}
	for _, fs := range list {
		n := fs.BlockSize / 512
		sum.Blocks += fs.Blocks * n
		sum.Free += fs.Free * n
		sum.Avail += fs.Avail * n
		sum.Files += fs.Files
		sum.FilesFree += fs.FilesFree
	}
	return sum
}

// header is getbsize(3): the size of a block and the words for it.
func (o *dfOptions) header() (string, int64) {
	switch o.block {
	case 512, 1024:
		return strconv.FormatInt(o.block, 10) + "-blocks", o.block
	case 1 << 20, 1 << 30:
		return humanize(o.block, 5, false)[:1] + humanize(o.block, 5, false)[3:] + "-blocks", o.block
	}
	if o.human {
		return "Size", 0
	}
	size := os.Getenv("BLOCKSIZE")
	n, ok := expandNumber(size)
	switch {
	case !ok && len(size) == 1:
		n, ok = expandNumber("1" + size)
		size = "1" + size
	case size == "":
		return "512-blocks", 512
	}
	if !ok || n < 512 {
		return "512-blocks", 512
	}
	return strings.ToUpper(size) + "-blocks", n
}

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
