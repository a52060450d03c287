package programs

import (
	"os"
	"strconv"
	"strings"

	"standin/bsd"
	"standin/kernel"
)

// internalParam says what kind of value a parameter has that jail(8) itself reads; "" for one of the kernel's.
func internalParam(name string) string {
	switch name {
	case "allow.dying", "exec.clean", "exec.system_jail_user", "ip_hostname", "mount.devfs", "mount.fdescfs", "mount.procfs":
		return "bool"
	case "exec.fib", "exec.timeout", "stop.timeout":
		return "int"
	case "command", "depend", "exec.consolelog", "exec.created", "exec.jail_user", "exec.poststart", "exec.poststop", "exec.prepare",
		"exec.prestart", "exec.prestop", "exec.release", "exec.start", "exec.stop", "exec.system_user", "interface", "mount", "mount.fstab",
		"vnet.interface":
		return "text"
	}
	return ""
}

// The names of parameters that only jail(8) makes, for itself.
const (
	paramIP4   = "__ip4_ifaddr"
	paramIP6   = "__ip6_ifaddr"
	paramFstab = "__mount_from_fstab"
)

// checkParams is check_intparams and import_params: it looks at all values before anything is done.
func (r *jailer) checkParams(j *jailConfig) bool {
	ok := true
	for _, param := range j.params {
		kind := internalParam(positive(param.name))
		if internalParam(param.name) != "" {
			kind = internalParam(param.name)
		}
		if len(param.texts) == 0 || kind == "" {
			continue
		}
		text := param.texts[len(param.texts)-1]
		_, err := strconv.Atoi(text)
		switch {
		case kind == "bool" && err != nil && !strings.EqualFold(text, "true") && !strings.EqualFold(text, "false"):
			r.warn(j, "%s: unknown boolean value \"%s\"", param.name, text)
			ok = false
		case kind == "int" && err != nil:
			r.warn(j, "%s: non-integer value \"%s\"", param.name, text)
			ok = false
		}
	}
	r.splitAddresses(j, "ip4.addr", paramIP4)
	r.splitAddresses(j, "ip6.addr", paramIP6)
	if !r.readFstabs(j) || !ok {
		return false
	}
	if !r.create && !r.modify {
		return true
	}
	_, err := r.imported(j)
	if err != nil {
		r.warn(j, "%s", err)
	}
	return err == nil
}

// splitAddresses takes the interface and the prefix off addresses: what is left is the kernel's, the whole is for
// ifconfig.
func (r *jailer) splitAddresses(j *jailConfig, name, command string) {
	param := j.param(name)
	if param == nil {
		return
	}
	_, everywhere := j.text("interface")
	aliases := &jailParam{name: command, resolved: 2}
	for i, text := range param.texts {
		if strings.Contains(text, "|") || everywhere {
			aliases.texts = append(aliases.texts, text)
		}
		_, address, found := strings.Cut(text, "|")
		if !found {
			address = text
		}
		address, _, _ = strings.Cut(address, "/")
		param.texts[i], _, _ = strings.Cut(address, " ")
	}
	if len(aliases.texts) > 0 {
		j.params = append(j.params, aliases)
	}
}

func (r *jailer) readFstabs(j *jailConfig) bool {
	lines := &jailParam{name: paramFstab, resolved: 2}
	for _, file := range j.list("mount.fstab") {
		data, err := os.ReadFile(file)
		if err != nil {
			r.warn(j, "mount.fstab: %s: %s", file, bsd.Strerror(err))
			return false
		}
		for _, line := range strings.Split(string(data), "\n") {
			line, _, _ = strings.Cut(line, "#")
			if strings.TrimSpace(line) != "" {
				lines.texts = append(lines.texts, strings.TrimSpace(line))
			}
		}
	}
	if len(lines.texts) > 0 {
		j.params = append(j.params, lines)
	}
	return true
}

// imported are the kernel's parameters of a jail.
func (r *jailer) imported(j *jailConfig) (list []kernel.ParamValue, err error) {
	for _, param := range j.params {
		name := positive(param.name)
		if param.variable || strings.HasPrefix(param.name, "__") || internalParam(param.name) != "" || internalParam(name) != "" {
			continue
		}
		v, err := kernel.ImportParam(r.table, kernel.ParamValue{Name: param.name, Values: param.texts})
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// fixedChanges are the parameters that a running jail has otherwise and can't change.
func (r *jailer) fixedChanges(j *jailConfig) (names []string) {
	params, _ := r.imported(j)
	var now map[string][]string
	for _, info := range r.p.jailList() {
		if info.ID == j.jid {
			now = info.Values
		}
	}
	for _, v := range params {
		p, _, _ := kernel.FindParam(r.table, v.Name)
		if p.Creation && p.Name != "jid" && strings.Join(now[p.Name], ",") != strings.Join(v.Values, ",") {
			names = append(names, p.Name)
		}
	}
	return names
}

// update is JF_SET: it changes a running jail, and nothing around it.
func (r *jailer) update(j *jailConfig) bool {
	if j.jid < 0 {
		if !j.depend {
			r.warnQuoted(j, "not found", "no jail specified")
		}
		return j.depend
	}
	if fixed := r.fixedChanges(j); len(fixed) > 0 {
		for _, name := range fixed {
			r.warn(j, "%s cannot be changed after creation", name)
		}
		return false
	}
	params, err := r.imported(j)
	if err == nil {
		req := kernel.JailSetRequest{Update: true, Params: []kernel.ParamValue{{Name: "jid", Values: []string{strconv.Itoa(j.jid)}}}}
		for _, v := range params {
			if p, _, _ := kernel.FindParam(r.table, v.Name); !p.Creation {
				req.Params = append(req.Params, v)
			}
		}
		err = r.p.Call("jail.set", req, nil)
	}
	if err != nil {
		r.warn(j, "%s", jailError(err))
		return false
	}
	if r.verbose >= 0 && (j.name != "" || r.verbose > 0) {
		r.note(j, "updated")
	}
	return true
}

// jailError is jail_errmsg: the kernel's words, or the error's.
func jailError(err error) string {
	if bsd.Errno(err) != 0 {
		return "jail_set: " + bsd.Strerror(err)
	}
	return err.Error()
}
