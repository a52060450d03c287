package programs

import (
	"os"
	"strings"

	"standin/kernel"
)

// jail(8), after usr.sbin/jail: creates, changes and removes jails, from jail.conf(5) or the command line.

func init() { Register(jail, "jail") }

const jailUsage = `usage: jail [-dhilqv] [-J jid_file] [-u username] [-U username]
            -[cmr] param=value ... [command=command ...]
       jail [-dqv] [-f file] -[cmr] [jail]
       jail [-qv] [-f file] -[rR] ['*' | jail ...]
       jail [-dhilqv] [-J jid_file] [-u username] [-U username]
            [-n jailname] [-s securelevel]
            path hostname [ip[,...]] command ...
       jail [-f file] -e separator
`

// jailer is one run of jail(8).
type jailer struct {
	p                    *Process
	file                 string
	create, modify, stop bool
	hard                 bool // -R
	show                 string
	showing              bool
	fromFile             bool
	noFile               bool // an option of a jail on the command line: -f's forms refuse it
	interactive          bool // -i: print the jid
	verbose              int
	noteRemove           bool
	dying                bool
	idFile               string
	extra                []*jailParam // from options
	jails                []*jailConfig
	table                []kernel.JailParam
}

func jail(p *Process) int {
	r := &jailer{p: p, file: "/etc/jail.conf"}
	options, operands := p.Getopt("cde:f:hiJ:lmn:p:qrRs:u:U:v")
	for _, o := range options {
		if !r.option(o) {
			return p.Usage(1, jailUsage)
		}
	}
	status, ok := r.choose(operands)
	if !ok {
		return status
	}
	r.table = p.jailTable()
	return r.run(operands)
}

func (r *jailer) option(o Option) bool {
	switch o.Letter {
	case 'c':
		r.create = true
	case 'm':
		r.modify = true
	case 'r':
		r.stop = true
	case 'R':
		r.stop, r.hard = true, true
	case 'e':
		r.showing, r.show = true, o.Value
	case 'd':
		r.dying = true
	case 'f':
		r.file = o.Value
	case 'i':
		r.interactive, r.verbose = true, -1
	case 'J':
		r.idFile = o.Value
	case 'n':
		r.noFile = true
		r.extra = append(r.extra, fixedParam("name", o.Value))
	case 's':
		r.noFile = true
		r.extra = append(r.extra, fixedParam("securelevel", o.Value))
	case 'u':
		r.noFile = true
		r.extra = append(r.extra, fixedParam("exec.jail_user", o.Value), fixedParam("exec.system_jail_user", ""))
	case 'U':
		r.noFile = true
		r.extra = append(r.extra, fixedParam("exec.jail_user", o.Value))
	case 'l':
		r.noFile = true
		r.extra = append(r.extra, fixedParam("exec.clean", ""))
	case 'q':
		r.verbose = -1
	case 'v':
		r.verbose = 1
	case 'h':
		r.noFile = true
	case 'p':
	default:
		return false
	}
	return true
}

// choose finds out which of the forms of the command line this is, and reads the file if it is one that wants it.
func (r *jailer) choose(operands []string) (status int, ok bool) {
	usage := func() (int, bool) { return r.p.Usage(1, jailUsage), false }
	parameters := len(operands) > 1 || len(operands) == 1 && strings.Contains(operands[0], "=")
	switch {
	case r.showing:
		r.fromFile = true
		return 1, r.load()
	case !r.create && !r.modify && !r.stop:
		return usage() // the old form with four operands is not played here
	case r.stop && !r.create && !r.modify:
		if r.noFile || len(operands) == 0 {
			return usage()
		}
		for _, o := range operands {
			if strings.Contains(o, "=") {
				return usage()
			}
		}
		_, err := os.Stat(r.file)
		r.fromFile = !r.hard && (r.file == "-" || err == nil)
		r.noteRemove = r.fromFile || len(operands) > 1 || wildJail(operands[0])
		if r.fromFile {
			return 1, r.load()
		}
		return 0, true
	case parameters:
		if r.hard {
			return usage()
		}
		return 1, r.fromCommandLine(operands)
	default:
		if r.hard || r.noFile {
			return usage()
		}
		r.fromFile = true
		return 1, r.load()
	}
}

// warn is jail_warnx: with the jail's name, if it has one from a file.
func (r *jailer) warn(j *jailConfig, format string, args ...any) {
	r.p.Stdout.Flush()
	if j.name != "" {
		r.p.Warnx("%s: "+format, append([]any{j.name}, args...)...)
	} else {
		r.p.Warnx(format, args...)
	}
}

// warnQuoted is jail_quoted_warnx: of the jail as it is called.
func (r *jailer) warnQuoted(j *jailConfig, format, otherwise string) {
	r.p.Stdout.Flush()
	for _, name := range []string{"jid", "name"} {
		if text, given := j.text(name); given {
			r.p.Warnx("\"%s\" %s", text, format)
			return
		}
	}
	r.p.Warnx("%s", otherwise)
}

func (r *jailer) note(j *jailConfig, text string) {
	if j.name != "" {
		r.p.Printf("%s: ", j.name)
	}
	r.p.Printf("%s\n", text)
	r.p.Stdout.Flush()
}
