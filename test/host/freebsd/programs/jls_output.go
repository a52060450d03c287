package programs

import (
	"strconv"
	"strings"

	"standin/kernel"
)

// jlsOutput prints jails in one of jls's forms, as text or as libxo's JSON.
type jlsOutput struct {
	p      *Process
	o      *jlsOptions
	pretty bool
	jails  []string // JSON
}

func (w *jlsOutput) begin(full bool, shown []kernel.JailParam) {
	p := w.p
	switch {
	case w.o.json:
	case full && w.o.header:
		for i, param := range shown {
			if i > 0 {
				p.Printf(" ")
			}
			p.Printf("%s", param.Name)
		}
		p.Printf("\n")
	case full:
	case w.o.verbose:
		p.Printf("   JID  Hostname                      Path\n        Name                          State\n        CPUSetID\n        IP Address(es)\n")
	case w.o.byName:
		p.Printf(" JID             IP Address      Hostname                      Path\n")
	default:
		p.Printf("   JID  IP Address      Hostname                      Path\n")
	}
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// jail prints one line (or lines) of the forms without named parameters.
func (w *jlsOutput) jail(j kernel.JailInfo) {
	get := func(name string) string { return first(j.Values[name]) }
	if w.o.json {
		w.jails = append(w.jails, w.jailJSON(j, get))
		return
	}
	switch {
	case w.o.verbose:
		w.p.Printf("%6d  %-29.29s %.74s\n        %-29.29s %.74s\n        %s\n", j.ID, get("host.hostname"), get("path"), get("name"), state(get), get("cpuset.id"))
		for _, list := range []string{"ip4.addr", "ip6.addr"} {
			for _, ip := range j.Values[list] {
				w.p.Printf("        %s\n", ip)
			}
		}
	case w.o.byName:
		w.p.Printf(" %-15.15s %-15.15s %-29.29s %.74s\n", get("name"), get("ip4.addr"), get("host.hostname"), get("path"))
	default:
		w.p.Printf("%6d  %-15.15s %-29.29s %.74s\n", j.ID, get("ip4.addr"), get("host.hostname"), get("path"))
	}
}

func state(get func(string) string) string {
	if get("dying") == "1" {
		return "DYING"
	}
	return "ACTIVE"
}

func (w *jlsOutput) jailJSON(j kernel.JailInfo, get func(string) string) string {
	fields := []string{`"jid":` + strconv.Itoa(j.ID)}
	if w.o.verbose {
		fields = append(fields, `"hostname":`+jsonString(get("host.hostname")), `"path":`+jsonString(get("path")), `"name":`+jsonString(get("name")),
			`"state":`+jsonString(state(get)), `"cpusetid":`+get("cpuset.id"),
			` "ipv4_addrs": `+jsonList(j.Values["ip4.addr"]), ` "ipv6_addrs": `+jsonList(j.Values["ip6.addr"]))
	} else {
		if w.o.byName {
			fields[0] = `"jid":` + jsonString(get("name"))
		}
		fields = append(fields, `"ipv4":`+jsonString(get("ip4.addr")), `"hostname":`+jsonString(get("host.hostname")), `"path":`+jsonString(get("path")))
	}
	return "{" + strings.Join(fields, ",") + "}"
}

func jsonList(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = jsonString(v)
	}
	return "[" + strings.Join(quoted, ",") + "]"
}

// params prints the named parameters of a jail.
func (w *jlsOutput) params(j kernel.JailInfo, shown []kernel.JailParam) {
	var fields []string
	for _, param := range shown {
		if w.o.skip && skipped(j, param) {
			continue
		}
		values := j.Values[param.Name]
		if w.o.json {
			fields = append(fields, jsonParam(param, values))
		} else {
			fields = append(fields, w.param(param, values))
		}
	}
	if !w.o.json {
		w.p.Printf("%s\n", strings.Join(fields, " "))
		return
	}
	w.jails = append(w.jails, "{"+strings.TrimPrefix(strings.Join(fields, ","), " ")+"}")
}

// skipped is what jls -s leaves out: what jail(8) would not take, and what belongs to something that is not "new".
func skipped(j kernel.JailInfo, param kernel.JailParam) bool {
	if param.ReadOnly {
		return true
	}
	group, _, dotted := strings.Cut(param.Name, ".")
	mode, isMode := j.Values[group]
	return dotted && isMode && first(mode) != "new"
}

func (w *jlsOutput) param(param kernel.JailParam, values []string) string {
	if param.Kind == kernel.ParamBool {
		on := first(values) == "1"
		if !w.o.names {
			return strconv.FormatBool(on)
		}
		if on {
			return param.Name
		}
		return negated(param.Name)
	}
	text := ""
	switch {
	case len(values) > 0:
		text = w.quote(strings.Join(values, ","))
	case !w.o.names:
		text = "-"
	}
	if w.o.names {
		return param.Name + "=" + text
	}
	return text
}

// negated is the name of a boolean that is off: "allow.noraw_sockets".
func negated(name string) string {
	i := strings.LastIndexByte(name, '.') + 1
	return name[:i] + "no" + name[i:]
}

// quote shows an empty string as one, and puts quotes around others only where they are asked for.
func (w *jlsOutput) quote(text string) string {
	quote := ""
	switch {
	case text == "":
		return `""`
	case !w.o.quoted:
		return text
	case strings.Contains(text, "'"):
		quote = `"`
	case strings.Contains(text, `"`):
		quote = "'"
	case strings.ContainsAny(text, " \t"):
		quote = `"`
	}
	return quote + text + quote
}

// jsonParam is one parameter in JSON. Lists come with spaces, as libxo writes them.
func jsonParam(param kernel.JailParam, values []string) string {
	name := jsonString(param.Name)
	switch param.Kind {
	case kernel.ParamBool:
		return name + ":" + strconv.FormatBool(first(values) == "1")
	case kernel.ParamIP4, kernel.ParamIP6:
		return " " + name + ": " + jsonList(values)
	}
	return name + ":" + jsonString(first(values))
}

func (w *jlsOutput) end() {
	if !w.o.json {
		return
	}
	if w.pretty {
		w.prettyEnd()
		return
	}
	w.p.Printf("{\"__version\": \"2\", \"jail-information\": {\"jail\": [%s]}}\n", strings.Join(w.jails, ", "))
}
