package programs

import (
	"os"
	"strings"

	"standin/kernel"
)

// uname follows uname(1) and usr.bin/uname/uname.c: each field is a sysctl, or the environment's UNAME_x.
func init() { Register(uname, "uname") }

// unameFields in the order in which they are printed, each with its letter.
var unameFields = []struct {
	letter byte
	name   string
}{
	{'s', "kern.ostype"},
	{'n', "kern.hostname"},
	{'r', "kern.osrelease"},
	{'v', "kern.version"},
	{'m', "hw.machine"},
	{'p', "hw.machine_arch"},
	{'i', "kern.ident"},
	{'K', "kern.osreldate"},
	{'U', "kern.osreldate"},
	{'b', "kern.build_id"},
}

func uname(p *Process) int {
	found, rest, ok := p.options("abimnoprsvUK")
	if !ok || len(rest) > 0 {
		return p.Usage(1, "usage: uname [-abiKmnoprsUv]\n")
	}
	wanted := map[byte]bool{}
	for _, option := range found {
		switch option.Letter {
		case 'a':
			for _, letter := range "snrvm" {
				wanted[byte(letter)] = true
			}
		case 'o':
			wanted['s'] = true
		default:
			wanted[byte(option.Letter)] = true
		}
	}
	if len(wanted) == 0 {
		wanted['s'] = true
	}
	var words []string
	for _, field := range unameFields {
		if wanted[field.letter] {
			words = append(words, unameField(p, field.letter, field.name))
		}
	}
	p.Printf("%s\n", strings.Join(words, " "))
	return 0
}

func unameField(p *Process, letter byte, name string) string {
	if value := os.Getenv("UNAME_" + string(letter)); value != "" {
		return value
	}
	var list []kernel.OID
	if err := p.Call("sysctl.get", kernel.SysctlRequest{Name: name}, &list); err != nil || len(list) == 0 {
		return ""
	}
	return strings.TrimSpace(list[0].Value)
}
