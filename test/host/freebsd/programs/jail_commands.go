package programs

import (
	"strconv"

	"standin/kernel"
)

// step is one of the things that jail(8) does in order; "op" is the system call itself.
type step string

const (
	stepOp          step = "op"
	stepStopTimeout step = "stop.timeout"
)

// The orders of usr.sbin/jail/command.c.
func startSteps() []step {
	return []step{
		"exec.prepare", paramIP4, paramIP6, "mount", paramFstab, "mount.devfs", "mount.fdescfs", "mount.procfs", "exec.prestart",
		stepOp, "vnet.interface", "exec.created", "exec.start", "command", "exec.poststart",
	}
}

func stopSteps() []step {
	return []step{
		"exec.prestop", "exec.stop", stepStopTimeout, stepOp, "exec.poststop", "mount.procfs", "mount.fdescfs", "mount.devfs",
		paramFstab, "mount", paramIP6, paramIP4, "exec.release",
	}
}

// action is one command of a step.
type action struct {
	step step
	text string
}

// actions lists what the steps mean for a jail.
func (j *jailConfig) actions(steps []step) (list []action) {
	for _, s := range steps {
		switch s {
		case stepOp, stepStopTimeout:
			list = append(list, action{step: s})
		case "mount.devfs", "mount.fdescfs", "mount.procfs":
			if j.on(string(s)) {
				list = append(list, action{step: s})
			}
		case "command":
			if j.name == "" && len(j.list("command")) > 0 {
				list = append(list, action{step: s})
				break
			}
			fallthrough
		default:
			for _, text := range j.list(string(s)) {
				if text != "" {
					list = append(list, action{s, text})
				}
			}
		}
	}
	return list
}

// reversed is a step whose commands are undone from the last to the first.
func (s step) reversed() bool {
	return s == "mount" || s == paramFstab || s == paramIP4 || s == paramIP6
}

// start is JF_START: it makes a jail, and takes back what it did if a step fails.
func (r *jailer) start(j *jailConfig) bool {
	if j.jid > 0 {
		if !j.depend && !j.wild {
			r.warnQuoted(j, "already exists", "")
			return false
		}
		return true
	}
	list := j.actions(startSteps())
	for i, a := range list {
		if r.do(j, a, false) {
			continue
		}
		for i--; i >= 0; i-- {
			switch list[i].step {
			case "exec.prepare", "exec.prestart", "exec.created", "exec.start", "command", "exec.poststart":
			default:
				r.do(j, list[i], true)
			}
		}
		return false
	}
	if j.persisted {
		r.p.Call("jail.set", kernel.JailSetRequest{Update: true, Params: []kernel.ParamValue{
			{Name: "jid", Values: []string{strconv.Itoa(j.jid)}}, {Name: "nopersist"},
		}}, nil)
	}
	r.writeID(j)
	return true
}

// remove is JF_STOP: it stops a jail and removes it. A step that fails ends it there, but for those after the removal.
func (r *jailer) remove(j *jailConfig) bool {
	if j.jid < 0 {
		if j.depend || j.wild {
			return true
		}
		if r.verbose >= 0 {
			r.warnQuoted(j, "not found", "")
		}
		return false
	}
	list := j.actions(stopSteps())
	good := true
	for i := 0; i < len(list); {
		end := i + 1
		for end < len(list) && list[end].step == list[i].step {
			end++
		}
		run := append([]action{}, list[i:end]...)
		if run[0].step.reversed() {
			for a, b := 0, len(run)-1; a < b; a, b = a+1, b-1 {
				run[a], run[b] = run[b], run[a]
			}
		}
		for _, a := range run {
			ok := r.do(j, a, true)
			if !ok && j.jid > 0 {
				return false
			}
			good = good && ok
		}
		i = end
	}
	return good
}

// do carries one action out, or (down) takes it back.
func (r *jailer) do(j *jailConfig, a action, down bool) bool {
	switch a.step {
	case stepOp:
		if down {
			return r.removeJail(j)
		}
		return r.createJail(j)
	case stepStopTimeout:
		r.terminate(j)
		return true
	case paramIP4, paramIP6:
		return r.command(j, a, interfaceCommand(j, a, down))
	case "vnet.interface":
		word := "vnet"
		if down {
			word = "-vnet"
		}
		name, given := j.text("jid")
		if !given {
			name, _ = j.text("name")
		}
		return r.command(j, a, []string{"/sbin/ifconfig", a.text, word, name})
	case "mount", paramFstab, "mount.devfs", "mount.fdescfs", "mount.procfs":
		argv, ok := r.mountCommand(j, a, down)
		return ok && r.command(j, a, argv)
	}
	return r.command(j, a, nil)
}
