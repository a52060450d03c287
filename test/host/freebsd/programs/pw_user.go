package programs

import (
	"os"
	"strconv"
	"strings"
)

// userAdd makes a user, with a group of its own unless another is named.
func (r *pwRun) userAdd(db *passwords) int {
	switch {
	case r.has('D'):
		return 0
	case r.name == "":
		return r.p.Errx(pwUsageStatus, "login name required")
	case !goodLogin(r.name):
		return r.p.Errx(pwDataStatus, "invalid character in login name `%s'", r.name)
	case len(r.name) > 32:
		return r.p.Errx(pwDataStatus, "name too long `%s' (max is 32)", r.name)
	case db.user(r.name, 0) != nil:
		return r.p.Errx(pwDataStatus, "login name `%s' already exists", r.name)
	}
	uid := db.freeUID()
	if text, given := r.options['u']; given {
		n, err := strconv.Atoi(text)
		if err != nil {
			return r.p.Errx(pwDataStatus, "Bad id '%s': invalid", text)
		}
		if uid = n; db.user("", uid) != nil && !r.has('o') {
			return r.p.Errx(pwDataStatus, "uid `%d' has already been allocated", uid)
		}
	}
	gid := -1
	if text, given := r.options['g']; given && text != "" {
		g := db.groupNamed(text)
		if g == nil {
			return r.p.Errx(pwNoUser, "group `%s' is not defined", text)
		}
		gid, _ = strconv.Atoi(g[2])
	} else if g := db.group(r.name, 0); g != nil {
		gid, _ = strconv.Atoi(g[2])
	} else {
		gid = db.freeGID(uid)
		db.groups = append(db.groups, []string{r.name, "*", strconv.Itoa(gid), ""})
	}
	u := []string{
		r.name, "*", strconv.Itoa(uid), strconv.Itoa(gid), r.options['L'], or(r.options['p'], "0"), or(r.options['e'], "0"),
		or(r.options['c'], "User &"), or(r.options['d'], or(r.options['b'], "/home")+"/"+r.name), "/bin/sh",
	}
	if status := r.setFields(db, u); status != 0 {
		return status
	}
	db.users = append(db.users, u)
	if status := r.save(db); status != 0 {
		return status
	}
	if r.has('m') {
		return r.makeHome(u)
	}
	return 0
}

func goodLogin(name string) bool {
	return name != "" && !strings.ContainsAny(name, " ,\t:+&#%$^()!@~*?<>=|\\/\";") && name[0] != '-'
}

// setFields sets what useradd and usermod have in common: shell, password, groups.
func (r *pwRun) setFields(db *passwords, u []string) int {
	if shell, given := r.options['s']; given {
		path, found := r.shell(shell)
		if !found {
			return r.p.Errx(78, "can't find shell `%s' in shell paths", shell)
		}
		u[9] = path
	}
	switch method := r.options['w']; method {
	case "", "no":
		if method == "no" {
			u[1] = "*"
		}
	case "none":
		u[1] = ""
	case "yes":
		u[1] = cryptSHA512(u[0], newSalt())
	case "random":
		password := newSalt()[:10]
		u[1] = cryptSHA512(password, newSalt())
		r.p.Printf("Password for '%s' is: %s\n", u[0], password)
	default:
		return r.p.Errx(pwDataStatus, "Invalid value for default password")
	}
	for _, option := range []byte{'h', 'H'} {
		if fd, given := r.options[option]; given {
			if status := r.readPassword(u, fd, option == 'H'); status != 0 {
				return status
			}
		}
	}
	list, given := r.options['G']
	if !given {
		return 0
	}
	for _, g := range db.groups {
		if len(g) == 4 && r.verb == "mod" {
			leaveGroup(g, u[0])
		}
	}
	for _, name := range strings.FieldsFunc(list, func(c rune) bool { return c == ',' || c == ' ' }) {
		g := db.groupNamed(name)
		if g == nil {
			return r.p.Errx(pwNoUser, "group `%s' does not exist", name)
		}
		if g[2] != u[3] {
			joinGroup(g, u[0])
		}
	}
	return 0
}

func (r *pwRun) userMod(db *passwords, u []string) int {
	old := u[0]
	if name, given := r.options['l']; given {
		if db.user(name, 0) != nil {
			return r.p.Errx(pwDataStatus, "login name `%s' already exists", name)
		}
		u[0] = name
		for _, g := range db.groups {
			if len(g) == 4 && hasWord(strings.Split(g[3], ","), old) {
				leaveGroup(g, old)
				joinGroup(g, name)
			}
		}
	}
	for option, field := range map[byte]int{'c': 7, 'd': 8, 'L': 4, 'p': 5, 'e': 6} {
		if value, given := r.options[option]; given {
			u[field] = value
		}
	}
	if text, given := r.options['u']; given && r.name != "" {
		u[2] = text
	}
	if text, given := r.options['g']; given {
		g := db.groupNamed(text)
		if g == nil {
			return r.p.Errx(pwNoUser, "group `%s' is not defined", text)
		}
		u[3] = g[2]
	}
	if status := r.setFields(db, u); status != 0 {
		return status
	}
	if status := r.save(db); status != 0 || !r.has('m') {
		return status
	}
	return r.makeHome(u)
}

func (r *pwRun) userDel(db *passwords, u []string) int {
	if u[2] == "0" && u[0] == "root" {
		return r.p.Errx(pwDataStatus, "cannot remove user 'root'")
	}
	db.users = drop(db.users, u)
	for _, g := range db.groups {
		if len(g) == 4 {
			leaveGroup(g, u[0])
		}
	}
	if g := db.group(u[0], 0); g != nil && g[2] == u[3] && g[3] == "" {
		db.groups = drop(db.groups, g)
	}
	if status := r.save(db); status != 0 {
		return status
	}
	if r.has('r') && u[8] != "/" && strings.HasPrefix(u[8], "/") {
		os.RemoveAll(r.inTree(u[8]))
	}
	os.Remove(r.inTree("/var/mail/" + u[0]))
	return 0
}
