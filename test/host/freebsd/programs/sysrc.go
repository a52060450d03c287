package programs

import (
	"os"
	"os/exec"
	"strings"
)

// sysrc follows sysrc(8), usr.sbin/bsdconfig/sysrc/sysrc and share/sysrc.subr. The real one is a shell script: what
// it reads is what /bin/sh makes of the files, and what it writes is not escaped.
func init() { Register(sysrc, "sysrc") }

const sysrcUsage = "Usage: sysrc [OPTIONS] name[[+|-]=value] ...\n" +
	"       sysrc [OPTIONS] -a | -A\n" +
	"       sysrc [OPTIONS] -E\n" +
	"       sysrc [OPTIONS] -l | -L [name ...]\n" +
	"       sysrc [OPTIONS] -n|-N name ...\n" +
	"       sysrc [OPTIONS] -x name ...\n" +
	"Try `sysrc --help' for more information.\n"

const sysrcDefaults = "/etc/defaults/rc.conf"

type sysrcRun struct {
	p                                 *Process
	files                             []string // rc_conf_files
	defaults                          string
	check, equals, showFile, ignore   bool
	namesOnly, valuesOnly, quiet      bool
	remove, verbose, all, allDefaults bool
	jail, root, service               string
	existing                          bool
}

func sysrc(p *Process) int {
	r := &sysrcRun{p: p, defaults: sysrcDefaults}
	if len(p.Args) == 1 && (p.Args[0] == "--help" || p.Args[0] == "--version") {
		if p.Args[0] == "--version" {
			p.Printf("7.5 Sep-15,2018\n")
			return 0
		}
		return p.Usage(1, sysrcUsage)
	}
	words, inside, ok := r.options()
	switch {
	case !ok:
		return p.Usage(1, sysrcUsage)
	case r.jail != "":
		return p.replace("/usr/sbin/jexec", append([]string{r.jail, "/bin/sh", "-c", `exec /usr/sbin/sysrc "$@"`, "sh"}, append(inside, words...)...)...)
	case r.root != "":
		return p.replace("/usr/sbin/chroot", append([]string{r.root, "/bin/sh", "-c", `exec /usr/sbin/sysrc "$@"`, "sh"}, append(inside, words...)...)...)
	}
	r.findFiles()
	switch {
	case r.existing:
		for _, file := range r.files {
			if _, err := os.Stat(file); err == nil {
				p.Printf("%s ", file)
			}
		}
		p.Printf("\n")
		return 0
	case r.all:
		return r.showAll()
	case len(words) == 0:
		return p.Usage(1, sysrcUsage)
	}
	status := 0
	for _, word := range words {
		status |= r.word(word)
	}
	return status
}

// replace becomes another program of the machine.
func (p *Process) replace(path string, args ...string) int {
	return p.Wait(p.child(path, args...))
}

// options also gives those that the same program in a jail is to be called with.
func (r *sysrcRun) options() (words, inside []string, ok bool) {
	found, words, ok := r.p.options("AacdDEeFf:hij:lLnNqR:s:vx")
	for _, o := range found {
		switch o.Letter {
		case 'j':
			r.jail = o.Value
			continue
		case 'R':
			r.root = o.Value
			continue
		}
		r.option(o)
		inside = append(inside, "-"+string(o.Letter))
		if o.Value != "" {
			inside = append(inside, o.Value)
		}
	}
	return words, inside, ok
}

func (r *sysrcRun) option(o Option) {
	switch o.Letter {
	case 'A':
		r.all, r.allDefaults = true, true
	case 'a':
		r.all = true
	case 'c':
		r.check = true
	case 'E':
		r.existing = true
	case 'e':
		r.equals = true
	case 'F':
		r.showFile = true
	case 'f':
		r.files = append(r.files, o.Value)
	case 'i':
		r.ignore = true
	case 'N':
		r.namesOnly, r.valuesOnly = true, false
	case 'n':
		r.valuesOnly, r.namesOnly = true, false
	case 'q':
		r.quiet = true
	case 's':
		r.service = o.Value
	case 'v':
		r.verbose = true
	case 'x':
		r.remove = true
	}
}

func (r *sysrcRun) findFiles() {
	switch {
	case len(r.files) > 0:
		r.defaults = ""
	case r.service != "":
		r.files = []string{"/etc/rc.conf", "/etc/rc.conf.local", "/etc/rc.conf.d/" + r.service}
	default:
		r.files = []string{"/etc/rc.conf", "/etc/rc.conf.local"}
		if list, ok := r.get("rc_conf_files"); ok && strings.TrimSpace(list) != "" {
			r.files = strings.Fields(list)
		}
	}
}

// get is f_sysrc_get: the value of a variable after a clean shell has read all files. The expression is the
// shell's, so that a name such as "bad-name" is a parameter with a default.
func (r *sysrcRun) get(expression string) (string, bool) {
	values := r.getAll([]string{expression})
	return values[0].value, values[0].set
}

type sysrcValue struct {
	value string
	set   bool
}

func (r *sysrcRun) getAll(expressions []string) []sysrcValue {
	const script = `d=$1 n=$2; shift 2
	if [ "$d" ] && [ -r "$d" ]; then . "$d"; fi >/dev/null 2>&1 </dev/null
	while [ $n -gt 0 ]; do
		if [ -r "$1" ]; then . "$1"; fi >/dev/null 2>&1 </dev/null
		n=$((n-1)); shift
	done
	for e do ( eval "[ \"\${$e+set}\" ] && printf 'S%s' \"\${$e}\"" ) 2>/dev/null; printf '\036'; done`
	args := []string{"-c", script, "sh", r.defaults, itoa(len(r.files))}
	cmd := exec.Command("/bin/sh", append(append(args, r.files...), expressions...)...)
	cmd.Env = []string{"PATH=/sbin:/bin:/usr/sbin:/usr/bin"}
	out, _ := cmd.Output()
	values := make([]sysrcValue, len(expressions))
	for i, part := range strings.Split(string(out), "\036") {
		if i < len(values) && strings.HasPrefix(part, "S") {
			values[i] = sysrcValue{strings.TrimRight(part[1:], "\n"), true}
		}
	}
	return values
}
