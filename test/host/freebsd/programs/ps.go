package programs

import (
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	"standin/kernel"
)

// ps(1), after bin/ps: lists processes.

func init() { Register(ps, "ps") }

const psUsage = `usage: ps [-aCcdefHhjlmrSTuvwXxZ] [-O fmt | -o fmt] [-G gid[,gid...]]
          [-J jid[,jid...]] [-M core] [-N system]
          [-p pid[,pid...]] [-t tty[,tty...]] [-U user[,user...]]
       ps [-L]
`

// psColumn is a column that is shown: its keyword and header.
type psColumn struct{ key, header string }

type psRun struct {
	p                    *Process
	columns              []psColumn
	all, noTTY, noHeader bool
	command              bool // -c: the program's name alone
	byCPU                bool
	pids, uids, jids     []int
	given                bool
	now                  int64
}

func ps(p *Process) int {
	r := &psRun{p: p}
	if len(p.Args) > 0 && !strings.HasPrefix(p.Args[0], "-") && strings.Trim(p.Args[0], "0123456789") != "" {
		p.Args = append([]string{"-" + p.Args[0]}, p.Args[1:]...)
	}
	found, rest, ok := p.options("AaCcde fG:gHhJ:jLlM:mN:O:o:p:rSTt:U:uvwXxZ")
	if !ok {
		return p.Usage(1, psUsage)
	}
	for _, o := range found {
		if message := r.option(o); message != "" {
			return p.Errx(1, "%s", message)
		}
	}
	for _, word := range rest {
		n, err := strconv.Atoi(word)
		if err != nil {
			return p.Usage(1, psUsage)
		}
		r.pids, r.given = append(r.pids, n), true
	}
	if len(r.columns) == 0 {
		r.add("pid,tt,state,time,command", false)
	}
	var list []kernel.ProcessInfo
	if err := p.Call("ps.list", nil, &list); err != nil {
		return p.Err(1, err, "kvm_getprocs")
	}
	return r.print(r.chosen(list))
}

func (r *psRun) option(o Option) string {
	switch o.Letter {
	case 'A':
		r.all, r.noTTY = true, true
	case 'a':
		r.all = true
	case 'x':
		r.noTTY = true
	case 'X':
		r.noTTY = false
	case 'c':
		r.command = true
	case 'h':
	case 'r':
		r.byCPU = true
	case 'j':
		r.add("user,pid,ppid,pgid,sid,jobc,state,tt,time,command", false)
	case 'l':
		r.add("uid,pid,ppid,cpu,pri,nice,vsz,rss,mwchan,state,tt,time,command", false)
	case 'u':
		r.add("user,pid,%cpu,%mem,vsz,rss,tt,state,start,time,command", false)
		r.byCPU = true
	case 'v':
		r.add("pid,state,time,sl,re,pagein,vsz,rss,lim,tsiz,%cpu,%mem,command", false)
	case 'o', 'O':
		if bad := r.add(o.Value, true); bad != "" {
			return bad + ": keyword not found"
		}
	case 'p', 'J', 'U', 'G':
		r.given = true
		return r.choose(o)
	}
	return ""
}

func (r *psRun) choose(o Option) string {
	for _, word := range strings.FieldsFunc(o.Value, func(c rune) bool { return c == ',' || c == ' ' }) {
		n, err := strconv.Atoi(word)
		switch o.Letter {
		case 'p':
			if err != nil {
				return "illegal process id: " + word
			}
			r.pids = append(r.pids, n)
		case 'J':
			if err != nil || n != 0 {
				id, message := r.p.jailGetID(word)
				if message != "" {
					return "illegal jail: " + word
				}
				n = id
			}
			r.jids, r.all, r.noTTY = append(r.jids, n), true, true
		case 'U':
			if id, found := users.number(word); found {
				r.uids, r.all, r.noTTY = append(r.uids, int(id)), true, true
			} else {
				return "No such user: " + word
			}
		}
	}
	return ""
}

// add takes columns from a list of keywords, each with a header of its own behind "=", which goes to the list's end.
func (r *psRun) add(list string, own bool) (bad string) {
	for list != "" {
		end := strings.IndexAny(list, ", \t")
		if equals := strings.IndexByte(list, '='); equals >= 0 && (end < 0 || equals < end) && own {
			key := list[:equals]
			if _, known := psHeaders(key); !known {
				return key
			}
			r.columns = append(r.columns, psColumn{key, list[equals+1:]})
			return ""
		}
		key := list
		if end >= 0 {
			key, list = list[:end], list[end+1:]
		} else {
			list = ""
		}
		if key == "" {
			continue
		}
		header, known := psHeaders(key)
		if !known {
			return key
		}
		r.columns = append(r.columns, psColumn{key, header})
	}
	return ""
}

func (r *psRun) chosen(list []kernel.ProcessInfo) (some []kernel.ProcessInfo) {
	for _, one := range list {
		switch {
		case r.given && len(r.pids) > 0 && inInts(r.pids, one.PID), r.given && len(r.jids) > 0 && inInts(r.jids, one.JID),
			r.given && len(r.uids) > 0 && inInts(r.uids, one.UID):
		case r.given:
			continue
		case !r.noTTY && one.TTY == 0, !r.all && one.UID != os.Geteuid():
			continue
		}
		some = append(some, one)
	}
	sort.SliceStable(some, func(a, b int) bool { return some[a].PID < some[b].PID })
	return some
}

func inInts(list []int, n int) bool {
	for _, one := range list {
		if one == n {
			return true
		}
	}
	return false
}

func (r *psRun) print(list []kernel.ProcessInfo) int {
	r.now = time.Now().Unix()
	rows := make([][]string, len(list))
	width := make([]int, len(r.columns))
	headed := false
	for i, c := range r.columns {
		width[i] = len(c.header)
		headed = headed || c.header != ""
	}
	for n, one := range list {
		for i, c := range r.columns {
			text := r.field(one, c.key)
			rows[n] = append(rows[n], text)
			if len(text) > width[i] {
				width[i] = len(text)
			}
		}
	}
	if headed {
		headers := make([]string, len(r.columns))
		for i, c := range r.columns {
			headers[i] = c.header
		}
		r.line(headers, width)
	}
	for _, row := range rows {
		r.line(row, width)
	}
	if len(list) == 0 {
		return 1
	}
	return 0
}

func (r *psRun) line(fields []string, width []int) {
	out := make([]string, len(fields))
	for i, text := range fields {
		switch {
		case !psLeft(r.columns[i].key):
			out[i] = fmt.Sprintf("%*s", width[i], text)
		case i == len(fields)-1:
			out[i] = text
		default:
			out[i] = fmt.Sprintf("%-*s", width[i], text)
		}
	}
	r.p.Printf("%s\n", strings.Join(out, " "))
}
