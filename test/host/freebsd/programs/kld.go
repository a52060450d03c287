package programs

import (
	"errors"
	"strconv"
	"strings"
	"syscall"

	"standin/kernel"
)

// kldload, kldunload and kldstat follow their pages of section 8 and sbin/kldload, sbin/kldunload and sbin/kldstat.
func init() {
	Register(kldload, "kldload")
	Register(kldunload, "kldunload")
	Register(kldstat, "kldstat")
}

func kldload(p *Process) int {
	const usage = "usage: kldload [-nqv] file ...\n"
	quietIfThere, quiet, verbose := false, false, false
	found, files, ok := p.options("nqv")
	for _, o := range found {
		switch o.Letter {
		case 'n':
			quietIfThere = true
		case 'q':
			quiet, verbose = true, false
		case 'v':
			quiet, verbose = false, true
		}
	}
	if !ok || len(files) == 0 {
		return p.Usage(1, usage)
	}
	status := 0
	for _, file := range files {
		var m kernel.Module
		err := p.Call("kld.load", kernel.KldRequest{Name: file}, &m)
		switch {
		case err == nil && verbose:
			p.Printf("Loaded %s, id=%d\n", file, m.ID)
		case err == nil:
		case errors.Is(err, syscall.EEXIST) && quietIfThere:
			if verbose {
				p.Printf("%s is already loaded\n", file)
			}
		case quiet:
			status = 1
		case errors.Is(err, syscall.EEXIST):
			status = p.Errx(1, "can't load %s: module already loaded or in kernel", file)
		default:
			status = p.Err(1, err, "can't load %s", file)
		}
	}
	return status
}

func kldunload(p *Process) int {
	const usage = "usage: kldunload [-fv] -i id ...\n       kldunload [-fv] [-n] name ...\n"
	byID, verbose := false, false
	found, names, ok := p.options("finv")
	for _, o := range found {
		switch o.Letter {
		case 'i':
			byID = true
		case 'v':
			verbose = true
		}
	}
	if !ok || len(names) == 0 {
		return p.Usage(1, usage)
	}
	status := 0
	for _, name := range names {
		m := p.loaded(func(m kernel.Module) bool {
			if byID {
				return strconv.Itoa(m.ID) == name
			}
			return strings.TrimSuffix(m.Name, ".ko") == strings.TrimSuffix(name, ".ko")
		})
		if m == nil {
			status = p.Err(1, syscall.ENOENT, "can't find file %s", name)
			continue
		}
		if verbose {
			p.Printf("Unloading %s, id=%d\n", m.Name, m.ID)
		}
		if err := p.Call("kld.unload", kernel.KldRequest{Name: m.Name}, nil); err != nil {
			status = p.Err(1, err, "can't unload file")
		}
	}
	return status
}

func (p *Process) modules() (list []kernel.Module) {
	if err := p.Call("kld.list", nil, &list); err != nil {
		p.Exit(p.Err(1, err, "kldnext"))
	}
	return list
}

func (p *Process) loaded(is func(kernel.Module) bool) *kernel.Module {
	for _, m := range p.modules() {
		if is(m) {
			return &m
		}
	}
	return nil
}

func kldstat(p *Process) int {
	const usage = "usage: kldstat [-dhqv] [-i id] [-n filename]\n       kldstat [-dhq] [-m modname]\n"
	quiet, verbose, human, file, module := false, false, false, "", ""
	id := 0
	found, rest, ok := p.options("dhi:m:n:qv")
	for _, o := range found {
		switch o.Letter {
		case 'h':
			human = true
		case 'i':
			id, _ = strconv.Atoi(o.Value)
		case 'm':
			module = o.Value
		case 'n':
			file = o.Value
		case 'q':
			quiet = true
		case 'v':
			verbose = true
		}
	}
	if !ok || len(rest) > 0 {
		return p.Usage(1, usage)
	}
	if module != "" {
		return p.statModule(module, quiet)
	}
	list := p.modules()
	if file != "" || id != 0 {
		m := p.loaded(func(m kernel.Module) bool {
			return m.ID == id || file != "" && strings.TrimSuffix(m.Name, ".ko") == strings.TrimSuffix(file, ".ko")
		})
		if m == nil {
			if quiet {
				return 1
			}
			return p.Err(1, syscall.ENOENT, "can't find file %s", file)
		}
		list = []kernel.Module{*m}
	}
	if quiet {
		return 0
	}
	p.Printf("Id Refs Address                Size Name\n")
	for _, m := range list {
		size := strconv.FormatUint(m.Size, 16)
		if human {
			size = humanize(int64(m.Size), 5, false)
		}
		p.Printf("%2d %4d 0x%-16x %8s %s", m.ID, m.Refs, m.Address, size, m.Name)
		if verbose {
			p.Printf(" (/boot/kernel/%s)\n\tContains modules:\n\t\t Id Name\n", m.Name)
			for i, name := range m.Modules {
				p.Printf("\t\t%3d %s\n", m.ID*100+i, name)
			}
			continue
		}
		p.Printf("\n")
	}
	return 0
}

func (p *Process) statModule(module string, quiet bool) int {
	for _, m := range p.modules() {
		for i, name := range m.Modules {
			if name != module {
				continue
			}
			if !quiet {
				p.Printf("Id  Refs Name\n%3d %4d %s\n", m.ID*100+i, 1, name)
			}
			return 0
		}
	}
	if quiet {
		return 1
	}
	return p.Err(1, syscall.ENOENT, "can't find module %s", module)
}
