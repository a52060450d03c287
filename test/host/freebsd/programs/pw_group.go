package programs

import (
	"strconv"
	"strings"
)

// group does what pw does with groups.
func (r *pwRun) group(db *passwords) int {
	if r.verb == "next" {
		r.p.Printf("%d\n", db.freeGID(freeNumber(db.groups, 4)))
		return 0
	}
	if r.verb == "add" {
		return r.groupAdd(db)
	}
	if r.verb == "show" && r.has('a') {
		for _, g := range db.groups {
			r.p.Printf("%s\n", strings.Join(g, ":"))
		}
		return 0
	}
	g := db.group(r.name, r.id)
	if g == nil {
		if r.name == "" && r.id < 0 {
			return r.p.Errx(pwUsageStatus, "group name or id required")
		}
		return r.p.Errx(pwNoUser, "unknown group `%s'", or(r.name, strconv.Itoa(r.id)))
	}
	switch r.verb {
	case "show":
		r.p.Printf("%s\n", strings.Join(g, ":"))
		return 0
	case "del":
		db.groups = drop(db.groups, g)
	case "mod":
		if status := r.groupMod(db, g); status != 0 {
			return status
		}
	}
	return r.save(db)
}

func (r *pwRun) groupAdd(db *passwords) int {
	switch {
	case r.name == "":
		return r.p.Errx(pwUsageStatus, "group name required")
	case !goodLogin(r.name):
		return r.p.Errx(pwDataStatus, "invalid character in group name `%s'", r.name)
	case db.group(r.name, 0) != nil:
		return r.p.Errx(pwDataStatus, "group name `%s' already exists", r.name)
	}
	gid := freeNumber(db.groups, 4)
	if text, given := r.options['g']; given {
		n, err := strconv.Atoi(text)
		if err != nil {
			return r.p.Errx(pwDataStatus, "Bad id '%s': invalid", text)
		}
		if gid = n; db.group("", gid) != nil && !r.has('o') {
			return r.p.Errx(pwDataStatus, "gid `%d' has already been allocated", gid)
		}
	}
	g := []string{r.name, "*", strconv.Itoa(gid), ""}
	if status := r.setMembers(db, g, r.options['M']); status != 0 {
		return status
	}
	db.groups = append(db.groups, g)
	return r.save(db)
}

func (r *pwRun) setMembers(db *passwords, g []string, list string) int {
	for _, name := range strings.FieldsFunc(list, func(c rune) bool { return c == ',' || c == ' ' }) {
		u := db.user(name, 0)
		if u == nil {
			return r.p.Errx(pwNoUser, "user `%s' does not exist", name)
		}
		joinGroup(g, name)
	}
	return 0
}

func (r *pwRun) groupMod(db *passwords, g []string) int {
	if text, given := r.options['g']; given && r.name != "" {
		g[2] = text
	}
	if name, given := r.options['l']; given {
		if db.group(name, 0) != nil {
			return r.p.Errx(pwDataStatus, "group name `%s' already exists", name)
		}
		g[0] = name
	}
	if list, given := r.options['M']; given {
		g[3] = ""
		if status := r.setMembers(db, g, list); status != 0 {
			return status
		}
	}
	for _, name := range strings.FieldsFunc(r.options['d'], func(c rune) bool { return c == ',' }) {
		leaveGroup(g, name)
	}
	return r.setMembers(db, g, r.options['m'])
}
