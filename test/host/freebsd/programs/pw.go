package programs

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// pw(8), after usr.sbin/pw: users and groups of this host, or with -R of a tree and -V of a folder.

func init() { Register(pw, "pw") }

// The statuses of sysexits(3) that pw returns.
const (
	pwUsageStatus = 64
	pwDataStatus  = 65
	pwNoUser      = 67
	pwIOStatus    = 74
)

// pwRun is one call: what to do with what, and the options.
type pwRun struct {
	p          *Process
	root, etc  string
	verb, kind string // "add" and "user"
	options    map[byte]string
	name       string
	id         int // -1: none given
}

func pw(p *Process) int {
	r := &pwRun{p: p, etc: "/etc", options: map[byte]string{}, id: -1}
	args := p.Args
	for len(args) > 1 && (args[0] == "-R" || args[0] == "-V" || strings.HasPrefix(args[0], "-R") || strings.HasPrefix(args[0], "-V")) {
		value, width := args[0][2:], 1
		if value == "" {
			value, width = args[1], 2
		}
		if args[0][1] == 'R' {
			r.root = strings.TrimSuffix(value, "/")
			r.etc = r.root + "/etc"
		} else {
			r.etc = value
		}
		args = args[width:]
	}
	args, ok := r.command(args)
	if !ok {
		return p.Usage(pwUsageStatus, "usage:\n  pw [user|group|lock|unlock] [add|del|mod|show|next] [help|switches/values]\n")
	}
	if !r.parse(args) {
		return pwUsageStatus
	}
	if st, err := os.Stat(r.etc); err != nil || !st.IsDir() {
		return p.Err(72, err, "%s", or(r.root, r.etc))
	}
	return r.run()
}

// command reads "useradd", "user add", "usershow" and so on.
func (r *pwRun) command(args []string) (rest []string, ok bool) {
	if len(args) == 0 {
		return nil, false
	}
	word := args[0]
	rest = args[1:]
	if word == "lock" || word == "unlock" {
		r.kind, r.verb = "user", word
		return rest, true
	}
	for _, kind := range []string{"user", "group"} {
		if word == kind && len(rest) > 0 {
			word, rest = kind+rest[0], rest[1:]
		}
		for _, verb := range []string{"add", "del", "mod", "show", "next"} {
			if word == kind+verb || word == verb+kind {
				r.kind, r.verb = kind, verb
				return rest, true
			}
		}
	}
	return nil, false
}

// parse reads the options; a first word without a dash is the name or the number.
func (r *pwRun) parse(args []string) bool {
	spec := "C:qn:u:c:d:e:p:g:G:mM:k:w:s:oL:h:H:Db:NPy:V:R:ra"
	if r.kind == "group" {
		spec = "C:qn:g:oh:H:M:m:d:l:NPy:FaV:R:"
	}
	if r.kind == "user" && r.verb == "mod" {
		spec += "l:"
	}
	for len(args) > 0 {
		if !strings.HasPrefix(args[0], "-") {
			r.setName(args[0])
			args = args[1:]
			continue
		}
		r.p.Args = args
		found, rest, ok := r.p.options(spec)
		if !ok {
			r.p.Errorf("usage: pw %s%s [-n name] [switches]\n", r.kind, r.verb)
			return false
		}
		for _, o := range found {
			r.options[o.Letter] = o.Value
		}
		args = rest
	}
	if name, given := r.options['n']; given {
		r.setName(name)
	}
	number := byte('u')
	if r.kind == "group" {
		number = 'g'
	}
	if text, given := r.options[number]; given && r.name == "" && r.verb != "add" {
		r.id, _ = strconv.Atoi(text)
	}
	return true
}

func (r *pwRun) setName(word string) {
	if n, err := strconv.Atoi(word); err == nil && r.verb != "add" {
		r.id = n
		return
	}
	r.name = word
}

func (r *pwRun) has(option byte) bool {
	_, given := r.options[option]
	return given
}

func (r *pwRun) run() int {
	db, err := openPasswords(r.etc)
	if err != nil {
		return r.p.Err(pwIOStatus, err, "%s", r.etc)
	}
	if r.kind == "group" {
		return r.group(db)
	}
	switch r.verb {
	case "next":
		uid := db.freeUID()
		r.p.Printf("%d:%d\n", uid, uid)
		return 0
	case "add":
		return r.userAdd(db)
	case "show":
		return r.userShow(db)
	}
	u := db.user(r.name, r.id)
	if u == nil {
		return r.noUser()
	}
	switch r.verb {
	case "del":
		return r.userDel(db, u)
	case "mod":
		return r.userMod(db, u)
	case "lock":
		if strings.HasPrefix(u[1], "*LOCKED*") {
			return r.p.Errx(pwDataStatus, "user '%s' is already locked", u[0])
		}
		u[1] = "*LOCKED*" + u[1]
	case "unlock":
		if !strings.HasPrefix(u[1], "*LOCKED*") {
			return r.p.Errx(pwDataStatus, "user '%s' is not locked", u[0])
		}
		u[1] = strings.TrimPrefix(u[1], "*LOCKED*")
	}
	return r.save(db)
}

func (r *pwRun) noUser() int {
	if r.name == "" && r.id < 0 {
		return r.p.Errx(pwUsageStatus, "username or id required")
	}
	if r.name == "" {
		return r.p.Errx(pwNoUser, "no such uid `%d'", r.id)
	}
	return r.p.Errx(pwNoUser, "no such user `%s'", r.name)
}

func (r *pwRun) save(db *passwords) int {
	if err := db.save(); err != nil {
		return r.p.Err(pwIOStatus, err, "%s", r.etc)
	}
	return 0
}

func (r *pwRun) userShow(db *passwords) int {
	if r.has('a') {
		for _, u := range db.users {
			r.p.Printf("%s\n", shownUser(u))
		}
		return 0
	}
	u := db.user(r.name, r.id)
	if u == nil {
		return r.noUser()
	}
	r.p.Printf("%s\n", shownUser(u))
	return 0
}

func shownUser(u []string) string {
	shown := append([]string{}, u...)
	shown[1] = "*"
	return strings.Join(shown, ":")
}

// inTree is a path of the tree that is worked on.
func (r *pwRun) inTree(path string) string { return filepath.Join("/", r.root, path) }
