package programs

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"standin/kernel"
)

// mdconfig follows mdconfig(8) and sbin/mdconfig/mdconfig.c.
func init() { Register(mdconfig, "mdconfig") }

const mdconfigUsage = `usage: mdconfig -a -t type [-n] [-o [no]option] ... [-f file]
                [-s size] [-S sectorsize] [-u unit] [-L label]
                [-x sectors/track] [-y heads/cylinder]
       mdconfig -d -u unit [-o [no]force]
       mdconfig -r -u unit -s size [-o [no]force]
       mdconfig -l [-v] [-n] [-f file] [-u unit]
       mdconfig file
		type = {malloc, vnode, swap}
		option = {async, cache, cluster, compress, reserve, readonly, verify}
		size = %d (512 byte blocks), %db (B),
		       %dk (kB), %dm (MB), %dg (GB), 
		       %dt (TB), or %dp (PB)
`

type mdRun struct {
	p                        *Process
	action                   byte
	req                      kernel.MDRequest
	file                     string
	hasUnit, numbers, detail bool
}

func mdconfig(p *Process) int {
	m := &mdRun{p: p, req: kernel.MDRequest{Unit: -1}}
	if len(p.Args) == 1 && !strings.HasPrefix(p.Args[0], "-") {
		m.action, m.file = 'a', p.Args[0]
	} else if status := m.options(); status >= 0 {
		return status
	}
	switch m.action {
	case 'a':
		return m.attach()
	case 'd':
		return m.change("md.detach")
	case 'r':
		return m.change("md.resize")
	case 'l':
		return m.list()
	}
	return p.Errx(1, "either -a, -d, -r, or -l must be specified")
}

func (m *mdRun) options() int {
	p := m.p
	found, rest, ok := p.options("ab:df:lno:rs:S:t:u:vx:y:L:")
	if !ok || len(rest) > 0 {
		return p.Usage(1, mdconfigUsage)
	}
	for _, o := range found {
		if status := m.option(o); status >= 0 {
			return status
		}
	}
	return -1
}

func (m *mdRun) option(o Option) int {
	p := m.p
	switch o.Letter {
	case 'a', 'd', 'r', 'l':
		if m.action != 0 {
			return p.Errx(1, "only one of '-a', '-d', '-r', or '-l' may be specified")
		}
		m.action = o.Letter
	case 'f':
		m.file = o.Value
	case 'n':
		m.numbers = true
	case 'o':
		switch o.Value {
		case "readonly", "ro":
			m.req.ReadOnly = true
		case "force":
			m.req.Force = true
		case "async", "cache", "cluster", "compress", "reserve", "verify", "noreadonly", "noforce", "noasync", "nocache",
			"nocluster", "nocompress", "noreserve", "noverify", "mustdealloc", "nomustdealloc":
		default:
			return p.Errx(1, "unknown option: %s", o.Value)
		}
	case 's':
		size, ok := mdSize(o.Value)
		if !ok {
			return p.Errx(1, "invalid size '%s'", o.Value)
		}
		m.req.Size = size
	case 't':
		switch o.Value {
		case "malloc", "vnode", "swap", "null":
			m.req.Kind = o.Value
		default:
			return p.Errx(1, "unknown type: %s", o.Value)
		}
	case 'u':
		unit, err := strconv.Atoi(strings.TrimPrefix(strings.TrimPrefix(o.Value, "/dev/"), "md"))
		if err != nil || unit < 0 {
			return p.Errx(1, "bad unit: %s", o.Value)
		}
		m.req.Unit, m.hasUnit = unit, true
	case 'v':
		m.detail = true
	case 'L':
		m.req.Label = o.Value
	}
	return -1
}

// mdSize is -s: sectors, or bytes with a letter.
func mdSize(text string) (int64, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n * 512, true
	}
	return expandNumber(text)
}

func (m *mdRun) attach() int {
	p := m.p
	if m.req.Kind == "" {
		m.req.Kind = "swap"
		if m.file != "" {
			m.req.Kind = "vnode"
		}
	}
	var files []*os.File
	if m.req.Kind == "vnode" {
		f, status := m.open()
		if f == nil {
			return status
		}
		defer f.Close()
		files = append(files, f)
	} else if m.req.Size == 0 {
		return p.Errx(1, "must specify -s to create an md unit of type %s", m.req.Kind)
	}
	var made kernel.MDUnit
	if _, err := p.CallFiles("md.attach", m.req, &made, files...); err != nil {
		return p.Err(1, err, "ioctl(/dev/mdctl)")
	}
	if !m.hasUnit {
		p.Printf("%s\n", m.name(made.Unit))
	}
	return 0
}

func (m *mdRun) name(unit int) string {
	if m.numbers {
		return strconv.Itoa(unit)
	}
	return "md" + strconv.Itoa(unit)
}

// open is md_set_file.
func (m *mdRun) open() (*os.File, int) {
	p := m.p
	if m.file == "" {
		return nil, p.Errx(1, "must specify -f for -t vnode")
	}
	full, err := fullPath(m.file)
	if err != nil {
		return nil, p.Err(1, err, "realpath")
	}
	st, err := os.Stat(full)
	if err != nil {
		return nil, p.Err(1, err, "could not stat %s", full)
	}
	if !st.Mode().IsRegular() {
		return nil, p.Errx(1, "%s is not a regular file", full)
	}
	m.req.File = full
	f, err := os.OpenFile(full, os.O_RDWR, 0)
	if err != nil && !m.req.ReadOnly {
		m.p.Warnx("WARNING: opening backing store: %s readonly", full)
		m.req.ReadOnly = true
	}
	if err != nil {
		f, err = os.Open(full)
	}
	if err != nil {
		return nil, p.Err(1, err, "could not open %s", full)
	}
	return f, 0
}

func fullPath(name string) (string, error) {
	full, err := filepath.EvalSymlinks(name)
	if err != nil {
		return "", err
	}
	return filepath.Abs(full)
}

func (m *mdRun) change(method string) int {
	if !m.hasUnit {
		return m.p.Errx(1, "%s requires -u to be specified", choose(method == "md.detach", "-d", "-r"))
	}
	if method == "md.resize" && m.req.Size == 0 {
		return m.p.Errx(1, "must specify -s to resize")
	}
	if err := m.p.Call(method, m.req, nil); err != nil {
		return m.p.Err(1, err, "ioctl(/dev/mdctl)")
	}
	return 0
}

// list is md_list: names on one line, details on a line each.
func (m *mdRun) list() int {
	p := m.p
	if m.file != "" {
		full, err := fullPath(m.file)
		if err != nil {
			return p.Err(1, err, "realpath")
		}
		m.file = full
	}
	var units []kernel.MDUnit
	if err := p.Call("md.list", nil, &units); err != nil {
		return p.Err(1, err, "Cannot get GEOM tree")
	}
	shown := 0
	for _, u := range units {
		if m.file != "" && u.File != m.file || m.hasUnit && u.Unit != m.req.Unit {
			continue
		}
		shown++
		if !m.detail {
			p.Printf("%s ", m.name(u.Unit))
			continue
		}
		file := u.File
		if file == "" {
			file = "-"
		}
		p.Printf("%s\t%s\t%6s\t%s\t%s\n", m.name(u.Unit), u.Kind, humanize(u.Size, 6, false), file, u.Label)
	}
	if shown > 0 && !m.detail {
		p.Printf("\n")
	}
	if m.hasUnit && shown == 0 {
		return 255
	}
	return 0
}
