package programs

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// RCConf holds the variables of rc.conf(5) as /bin/sh leaves them.
type RCConf map[string]string

// LoadRCConf reads what load_rc_config of /etc/rc.subr reads for a service: defaults, rc.conf, rc.conf.local, and
// /etc/rc.conf.d/SERVICE, a file or a folder whose files come in order of their names. "" is rc.conf alone.
func LoadRCConf(service string) RCConf {
	var files []string
	add := func(path string) {
		if st, err := os.Stat(path); err == nil && st.Mode().IsRegular() {
			files = append(files, path)
		}
	}
	for _, path := range []string{"/etc/defaults/rc.conf", "/etc/rc.conf", "/etc/rc.conf.local"} {
		add(path)
	}
	if service != "" {
		for _, dir := range []string{"/etc/rc.conf.d/", "/usr/local/etc/rc.conf.d/"} {
			add(dir + service)
			in, _ := filepath.Glob(dir + service + "/*")
			for _, path := range in {
				add(path)
			}
		}
	}
	return sourced(files)
}

// sourced has /bin/sh read files and says which variables are set afterwards.
func sourced(files []string) RCConf {
	script := `for f do . "$f"; done >/dev/null 2>&1 </dev/null; echo; echo =-=; set`
	cmd := exec.Command("/bin/sh", append([]string{"-c", script, "rc"}, files...)...)
	cmd.Env = append([]string{"PATH=/sbin:/bin:/usr/sbin:/usr/bin"}, interfaceVariables()...)
	cmd.Stderr = os.Stderr
	out, _ := cmd.Output()
	_, set, _ := strings.Cut(string(out), "=-=\n")
	return parseSet(set)
}

// interfaceVariables are those about interfaces that rc's own environment has: no default takes their place.
func interfaceVariables() (list []string) {
	for _, variable := range os.Environ() {
		if strings.HasPrefix(variable, "ifconfig_") {
			list = append(list, variable)
		}
	}
	return list
}

// parseSet reads what the shell's set prints: name='value', with ' as '"'"'.
func parseSet(text string) RCConf {
	conf := RCConf{}
	for text != "" {
		name, rest, ok := strings.Cut(text, "=")
		if !ok {
			break
		}
		var value strings.Builder
		for rest != "" && rest[0] != '\n' {
			quote := strings.IndexByte(`'"`, rest[0])
			if quote < 0 {
				value.WriteByte(rest[0])
				rest = rest[1:]
				continue
			}
			end := strings.IndexByte(rest[1:], rest[0])
			if end < 0 {
				break
			}
			value.WriteString(rest[1 : 1+end])
			rest = rest[end+2:]
		}
		conf[name] = value.String()
		text = strings.TrimPrefix(rest, "\n")
	}
	return conf
}

// Yes is checkyesno of rc.subr.
func (c RCConf) Yes(name string) bool {
	switch strings.ToLower(c[name]) {
	case "yes", "true", "on", "1":
		return true
	}
	return false
}
