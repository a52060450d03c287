package programs

import (
	"bufio"
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"

	"standin/kernel"
)

// sysctl follows sysctl(8) and sbin/sysctl/sysctl.c.
func init() { Register(sysctl, "sysctl") }

const sysctlUsage = `usage: sysctl [-bdehiNnoqTtWx] [ -B <bufsize> ] [-f filename] name[=value] ...
       sysctl [-bdehNnoqTtWx] [ -B <bufsize> ] -a
`

type sysctlOptions struct {
	p                                     *Process
	all, valueOnly, nameOnly, quiet       bool
	ignore, equals, about, kind, writable bool
	tunable                               bool
}

func sysctl(p *Process) int {
	o := &sysctlOptions{p: p}
	file := ""
	found, rest, ok := p.options("AaB:bdef:hiNnoqTtWwXx")
	for _, option := range found {
		switch option.Letter {
		case 'a', 'A', 'X':
			o.all = true
		case 'd':
			o.about = true
		case 'e':
			o.equals = true
		case 'f':
			file = option.Value
		case 'i':
			o.ignore = true
		case 'N':
			o.nameOnly = true
		case 'n':
			o.valueOnly = true
		case 'q':
			o.quiet = true
		case 'T':
			o.tunable = true
		case 't':
			o.kind = true
		case 'W':
			o.writable = true
		}
	}
	if !ok || (o.nameOnly && o.valueOnly) || (!o.all && file == "" && len(rest) == 0) {
		return p.Usage(1, sysctlUsage)
	}
	if o.all && len(rest) == 0 {
		return o.show("")
	}
	status := 0
	if file != "" {
		status |= o.file(file)
	}
	for _, word := range rest {
		status |= o.one(word)
	}
	return status
}

func (o *sysctlOptions) file(name string) int {
	f, err := os.Open(name)
	if err != nil {
		return o.p.Err(1, err, "%s", name)
	}
	defer f.Close()
	status := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line, _, _ := strings.Cut(lines.Text(), "#")
		if line = strings.TrimSpace(line); line != "" {
			status |= o.one(line)
		}
	}
	return status
}

func (o *sysctlOptions) one(word string) int {
	name, value, set := strings.Cut(word, "=")
	if at := strings.IndexByte(name, ':'); !set && at >= 0 {
		name, value, set = word[:at], strings.TrimLeft(word[at+1:], " \t"), true
	}
	name = strings.TrimSpace(name)
	if !set {
		return o.show(name)
	}
	return o.set(name, strings.Trim(strings.TrimSpace(value), `"'`))
}

func (o *sysctlOptions) show(name string) int {
	var list []kernel.OID
	if err := o.p.Call("sysctl.get", kernel.SysctlRequest{Name: name}, &list); err != nil {
		return o.unknown(name, err)
	}
	for _, oid := range list {
		if o.writable && !oid.Writable || o.tunable && !oid.Tunable {
			continue
		}
		o.print(oid, oid.Value)
	}
	return 0
}

func (o *sysctlOptions) unknown(name string, err error) int {
	if !errors.Is(err, syscall.ENOENT) {
		return o.p.Err(1, err, "sysctl %s", name)
	}
	if o.ignore {
		return 0
	}
	if !o.quiet {
		o.p.Warnx("unknown oid '%s'", name)
	}
	return 1
}

func (o *sysctlOptions) print(oid kernel.OID, value string) {
	separator := ": "
	if o.equals {
		separator = "="
	}
	switch {
	case o.nameOnly:
		o.p.Printf("%s\n", oid.Name)
		return
	case o.about:
		value = oid.Description
	case o.kind:
		value = "integer"
		if oid.Text {
			value = "string"
		}
	}
	if !o.valueOnly {
		o.p.Printf("%s%s", oid.Name, separator)
	}
	o.p.Printf("%s\n", value)
}

// set is the writing half of parse().
func (o *sysctlOptions) set(name, value string) int {
	p := o.p
	var list []kernel.OID
	if err := p.Call("sysctl.get", kernel.SysctlRequest{Name: name}, &list); err != nil {
		return o.unknown(name, err)
	}
	oid := list[0]
	if oid.Name != name {
		return p.Errx(1, "oid '%s' isn't a leaf node", name)
	}
	if !oid.Writable {
		if oid.Tunable {
			p.Warnx("oid '%s' is a read only tunable", name)
			p.Warnx("Tunable values are set in /boot/loader.conf")
		} else {
			p.Warnx("oid '%s' is read only", name)
		}
		return 1
	}
	if !oid.Text {
		n, err := strconv.ParseInt(value, 0, 64)
		if value == "" {
			return p.Errx(1, "empty numeric value")
		}
		if err != nil {
			return p.Errx(1, "invalid integer '%s'", value)
		}
		value = strconv.FormatInt(n, 10)
	}
	if err := p.Call("sysctl.set", kernel.SysctlRequest{Name: name, Value: value}, nil); err != nil {
		return p.Err(1, err, "%s=%s", name, value)
	}
	if !o.nameOnly && !o.quiet || o.valueOnly {
		o.print(oid, oid.Value+" -> "+value)
	}
	return 0
}
