package programs

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"standin/kernel"
)

// cpuset(1), after usr.bin/cpuset: which processors a jail's processes may use.

func init() { Register(cpusetMain, "cpuset") }

const cpusetUsage = `usage: cpuset [-l cpu-list] [-n policy:domain-list] [-s setid] cmd ...
       cpuset [-l cpu-list] [-n policy:domain-list] [-s setid] -p pid
       cpuset [-c] [-l cpu-list] [-n policy:domain-list] -C -p pid
       cpuset [-c] [-l cpu-list] [-n policy:domain-list]
              [-j jailid | -p pid | -t tid | -s setid | -x irq]
       cpuset -g [-cir]
              [-d domain | -j jailid | -p pid | -t tid | -s setid | -x irq]
`

func cpusetMain(p *Process) int {
	found, rest, ok := p.options("Ccd:gij:l:n:p:rs:t:x:")
	if !ok {
		return p.Usage(1, cpusetUsage)
	}
	var jail, list string
	get := false
	which := "pid -1"
	for _, o := range found {
		switch o.Letter {
		case 'g':
			get = true
		case 'j':
			jail = o.Value
		case 'l':
			list = o.Value
		case 'p':
			which = "pid " + o.Value
		case 'C', 'd', 'n', 's', 't', 'x':
			return p.Errx(1, "-%c is not part of the stand-in host", o.Letter)
		}
	}
	id := 0
	if jail != "" {
		message := ""
		if id, message = p.jailGetID(jail); message != "" {
			return p.Errx(1, "%s", message)
		}
		which = "jail " + strconv.Itoa(id)
	}
	if get {
		return p.cpusetGet(id, which)
	}
	if list == "" && len(rest) == 0 {
		return p.Usage(1, cpusetUsage)
	}
	cpus, message := p.cpuList(list)
	if message != "" {
		return p.Errx(1, "%s", message)
	}
	if jail != "" {
		if err := p.Call("cpuset.set", kernel.CPUSetRequest{Jail: id, CPUs: cpus}, nil); err != nil {
			return p.Err(1, err, "setaffinity")
		}
		return 0
	}
	if len(rest) == 0 {
		return 0
	}
	code, err := p.become(rest, os.Environ())
	if err != nil {
		return p.Err(1, err, "%s", rest[0])
	}
	return code
}

func (p *Process) cpusetGet(id int, which string) int {
	var cpus []int
	if err := p.Call("cpuset.get", id, &cpus); err != nil {
		return p.Err(1, err, "getaffinity")
	}
	texts := make([]string, len(cpus))
	for i, cpu := range cpus {
		texts[i] = strconv.Itoa(cpu)
	}
	p.Printf("%s mask: %s\n%s domain policy: first-touch mask: 0\n", which, strings.Join(texts, ", "), which)
	return 0
}

// cpuList reads "0-1,3" or "all".
func (p *Process) cpuList(text string) (cpus []int, message string) {
	if text == "all" {
		p.Call("cpuset.get", 0, &cpus)
		return cpus, ""
	}
	for _, part := range strings.Split(text, ",") {
		if part == "" {
			continue
		}
		var from, to int
		if n, _ := fmt.Sscanf(part, "%d-%d", &from, &to); n == 1 {
			to = from
		} else if n != 2 {
			return nil, "malformed list " + text
		}
		for ; from <= to; from++ {
			cpus = append(cpus, from)
		}
	}
	return cpus, ""
}
