package programs

import (
	"strconv"
)

// findDependencies finds what each jail of the file depends on.
func (r *jailer) findDependencies() {
	for _, j := range r.jails {
		for _, name := range j.list("depend") {
			found := false
			for _, other := range r.jails {
				if other.name == name || wildJail(name) && other != j && wildMatch(other.name, name) {
					j.deps = append(j.deps, other)
					found = true
				}
			}
			if !found && !wildJail(name) {
				r.warn(j, "depends on undefined jail \"%s\"", name)
				j.failed = true
			}
		}
	}
}

// run does what was asked for with the jails that it was asked for, one after another.
func (r *jailer) run(operands []string) int {
	status := 0
	targets, ok := r.targets(operands)
	if !ok {
		status = 1
	}
	if r.showing {
		for _, j := range targets {
			r.p.Printf("%s\n", j.show(r.show))
		}
		return status
	}
	done := map[*jailConfig]bool{}
	for _, j := range targets {
		if !r.visit(j, done) {
			status = 1
		}
	}
	return status
}

// targets are the jails named: all of the file, or one of it, or (to be stopped) one that runs.
func (r *jailer) targets(operands []string) (list []*jailConfig, ok bool) {
	if !r.fromFile && !r.stop || len(operands) == 0 || r.create && r.modify && !r.fromFile || !r.fromFile && (r.create || r.modify) {
		for _, j := range r.jails {
			j.wild = r.fromFile
		}
		return r.jails, true
	}
	ok = true
	for _, name := range operands {
		if name == "*" && !r.hard {
			for _, j := range r.jails {
				j.wild = true
			}
			list = append(list, r.jails...)
			continue
		}
		if wildJail(name) {
			list = append(list, r.matching(name)...)
			continue
		}
		if j := r.target(name); j != nil {
			list = append(list, j)
			continue
		}
		r.p.Stdout.Flush()
		r.p.Warnx("\"%s\" not found", name)
		ok = false
	}
	return list, ok
}

func (r *jailer) matching(wild string) (list []*jailConfig) {
	for _, j := range r.jails {
		if wildMatch(j.name, wild) {
			j.wild = true
			list = append(list, j)
		}
	}
	return list
}

func (r *jailer) target(name string) *jailConfig {
	for _, j := range r.jails {
		if j.name == name {
			return j
		}
	}
	if !r.stop || r.create {
		return nil
	}
	id, _ := r.p.jailGetID(name)
	if id == 0 {
		return nil
	}
	return &jailConfig{name: name, jid: id, params: []*jailParam{fixedParam("jid", strconv.Itoa(id))}}
}

// visit works on a jail, before that on those that it depends on (to be made) or that depend on it (to be removed).
func (r *jailer) visit(j *jailConfig, done map[*jailConfig]bool) bool {
	if done[j] {
		return !j.failed
	}
	done[j] = true
	ok := true
	if r.create && !j.failed {
		for _, dep := range j.deps {
			dep.depend = true
			ok = r.visit(dep, done) && ok
		}
	} else if r.stop {
		for _, other := range r.jails {
			for _, dep := range other.deps {
				if dep == j {
					other.depend = true
					ok = r.visit(other, done) && ok
				}
			}
		}
	}
	if !ok {
		return false
	}
	return r.one(j)
}

// one works on one jail.
func (r *jailer) one(j *jailConfig) bool {
	if j.failed || !r.checkParams(j) {
		return false
	}
	if j.jid == 0 {
		j.jid = r.runningID(j)
	}
	switch {
	case r.create && r.modify && !r.stop:
		if j.jid > 0 {
			return r.update(j)
		}
		return r.start(j)
	case r.modify && r.stop:
		if j.jid < 0 && !r.create {
			r.warnQuoted(j, "not found", "no jail specified")
			return false
		}
		if j.jid < 0 {
			return r.start(j)
		}
		if len(r.fixedChanges(j)) > 0 {
			return r.remove(j) && r.start(j)
		}
		return r.update(j)
	case r.create && r.stop:
		return r.remove(j) && r.start(j)
	case r.create:
		return r.start(j)
	case r.modify:
		return r.update(j)
	}
	return r.remove(j)
}
