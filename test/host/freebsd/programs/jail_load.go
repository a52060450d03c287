package programs

import (
	"io"
	"os"
	"strconv"
	"strings"

	"standin/bsd"
	"standin/kernel"
)

func fixedParam(name, value string) *jailParam {
	param := &jailParam{name: name}
	if value != "" || name == "name" {
		param.texts = []string{value}
	}
	param.resolved = 2
	return param
}

func (r *jailer) load() bool {
	var data []byte
	var err error
	if r.file == "-" {
		data, err = io.ReadAll(r.p.Stdin)
	} else {
		data, err = os.ReadFile(r.file)
	}
	if err != nil {
		r.p.Warnx("%s: %s", r.file, bsd.Strerror(err))
		return false
	}
	blocks, ok := parseJailConf(r.file, string(data), r.p.Warnx)
	if !ok {
		return false
	}
	r.jails = loadJailConf(blocks, r.warn)
	for _, j := range r.jails {
		for _, param := range r.extra {
			copied := *param
			if j.find(param.name) == nil {
				j.params = append(j.params, &copied)
			}
		}
	}
	r.findDependencies()
	return true
}

// fromCommandLine makes the one jail that name=value operands describe.
func (r *jailer) fromCommandLine(operands []string) bool {
	j := &jailConfig{params: r.extra}
	r.jails = []*jailConfig{j}
	for i, o := range operands {
		name, value, given := strings.Cut(o, "=")
		if name == "command" {
			param := &jailParam{name: name, resolved: 2}
			if given {
				param.texts = []string{value}
			}
			param.texts = append(param.texts, operands[i+1:]...)
			j.params = append(j.params, param)
			return true
		}
		param := &jailParam{name: strings.TrimSuffix(name, "+"), append: strings.HasSuffix(name, "+"), resolved: 2}
		if given {
			param.texts = []string{value}
			if strings.HasSuffix(name, ".addr") || name == "vnet.interface" {
				param.texts = strings.Split(value, ",")
			}
		}
		if !r.addOperand(j, param) {
			return true
		}
	}
	return true
}

func (r *jailer) addOperand(j *jailConfig, param *jailParam) bool {
	for i, old := range j.params {
		if old.name != param.name && positive(old.name) != positive(param.name) {
			continue
		}
		if old.name == "name" || old.name == "jid" {
			r.warn(j, "cannot redefine parameter \"%s\".", old.name)
			j.failed = true
			return false
		}
		if param.append {
			param.texts = append(old.texts, param.texts...)
		}
		j.params[i] = param
		return true
	}
	j.params = append(j.params, param)
	return true
}

// runningID looks a jail up by its number or name; -1 if it is not there.
func (r *jailer) runningID(j *jailConfig) int {
	for _, name := range []string{"jid", "name"} {
		if text, given := j.text(name); given {
			if text == "0" && name == "jid" {
				continue
			}
			if id, _ := r.p.jailGetID(text); id != 0 {
				return id
			}
			return -1
		}
	}
	return -1
}

func (r *jailer) writeID(j *jailConfig) {
	if r.idFile == "" {
		return
	}
	text := "jid=" + strconv.Itoa(j.jid)
	for _, param := range j.params {
		if _, _, known := kernel.FindParam(r.table, param.name); known && param.name != "jid" && !param.variable {
			text += " " + (&jailConfig{params: []*jailParam{param}}).show(" ")
		}
	}
	os.WriteFile(r.idFile, []byte(text+"\n"), 0o644)
}
