package programs

import (
	"fmt"
	"os"
	"strings"
)

// id(1), whoami(1), groups(1) and logname(1), usr.bin/id/id.c.
func init() { Register(id, "id", "whoami", "groups"); Register(logname, "logname") }

const idUsage = `usage: id [user]
       id -A
       id -M
       id -P [user]
       id -c
       id -d [user]
       id -G [-n] [user]
       id -g [-nr] [user]
       id -p [user]
       id -s [user]
       id -u [-nr] [user]
`

func id(p *Process) int {
	switch p.Name {
	case "whoami":
		p.Printf("%s\n", users.name(uint32(os.Geteuid())))
		return 0
	case "groups":
		p.Args = append([]string{"-Gn"}, p.Args...)
	}
	opts, args, ok := p.options("APMGacdgnprsu")
	if !ok || len(args) > 1 {
		return p.Usage(1, idUsage)
	}
	what, named := byte(0), false
	for _, o := range opts {
		switch o.Letter {
		case 'n':
			named = true
		case 'G', 'g', 'u', 'P', 'd', 's', 'p', 'c':
			what = o.Letter
		}
	}
	name := users.name(uint32(os.Geteuid()))
	uid, gid := uint32(os.Geteuid()), uint32(os.Getegid())
	all := groupsOf(person{name: name, gid: gid})
	if len(args) == 1 {
		a, ok := users.find(args[0])
		if !ok {
			if n, isId := users.number(args[0]); isId {
				a, ok = users.find(users.name(n))
			}
		}
		if !ok || len(a.fields) < 7 {
			return p.Errx(1, "%s: no such user", args[0])
		}
		name, uid = a.name, a.id
		gid, _ = groups.number(a.fields[3])
		all = groupsOf(person{name: name, gid: gid})
	} else if list, err := os.Getgroups(); err == nil && len(list) > 0 {
		all = []uint32{gid}
		for _, g := range list {
			if uint32(g) != gid {
				all = append(all, uint32(g))
			}
		}
	}
	p.printID(what, named, name, uid, gid, all)
	return 0
}

func (p *Process) printID(what byte, named bool, name string, uid, gid uint32, all []uint32) {
	number := func(list *accounts, id uint32) string {
		if named {
			return list.name(id)
		}
		return fmt.Sprint(id)
	}
	a, _ := users.find(name)
	switch what {
	case 'u':
		p.Printf("%s\n", number(users, uid))
	case 'g':
		p.Printf("%s\n", number(groups, gid))
	case 'G':
		var list []string
		for _, g := range all {
			list = append(list, number(groups, g))
		}
		p.Printf("%s\n", strings.Join(list, " "))
	case 'd', 's':
		if len(a.fields) > 6 {
			p.Printf("%s\n", a.fields[map[byte]int{'d': 5, 's': 6}[what]])
		}
	case 'P':
		if len(a.fields) > 6 {
			f := a.fields
			p.Printf("%s:*:%s:%s::0:0:%s:%s:%s\n", f[0], f[2], f[3], f[4], f[5], f[6])
		}
	default:
		var list []string
		for _, g := range all {
			list = append(list, fmt.Sprintf("%d(%s)", g, groups.name(g)))
		}
		p.Printf("uid=%d(%s) gid=%d(%s) groups=%s\n", uid, users.name(uid), gid, groups.name(gid), strings.Join(list, ","))
	}
}

func logname(p *Process) int {
	p.Printf("%s\n", users.name(uint32(os.Getuid())))
	return 0
}
