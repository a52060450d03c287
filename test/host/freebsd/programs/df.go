package programs

import (
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
		return choose(o.block == 1<<20, "1M", "1G") + "-blocks", o.block
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
