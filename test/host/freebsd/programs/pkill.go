package programs

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"standin/kernel"
)

// pkillRun is one search of pgrep or pkill.
type pkillRun struct {
	p                                               *Process
	signal                                          syscall.Signal
	full, exact, inverse, oldest, newest, long, ask bool
	caseless, quiet                                 bool
	users, parents, jails                           []int
	pidFile, between                                string
}

func pkill(p *Process) int {
	r := &pkillRun{p: p, signal: syscall.SIGTERM, between: "\n"}
	usage := "usage: pgrep [-LSafilnoqvx] [-d delim] [-F pidfile] [-G gid] [-M core] [-N system]\n" +
		"             [-P ppid] [-U uid] [-c class] [-g pgrp] [-j jail] [-s sid]\n             [-t tty] [-u euid] pattern ...\n"
	if p.Name == "pkill" {
		usage = strings.Replace(usage, "usage: pgrep [-LSafilnoqvx] [-d delim]", "usage: pkill [-signal] [-ILafilnovx]", 1)
		if len(p.Args) > 0 && strings.HasPrefix(p.Args[0], "-") && len(p.Args[0]) > 2 {
			if signal, ok := signalNumber(p.Args[0][1:]); ok {
				r.signal, p.Args = signal, p.Args[1:]
			}
		}
		if len(p.Args) > 0 && len(p.Args[0]) == 2 && p.Args[0][0] == '-' && p.Args[0][1] >= '0' && p.Args[0][1] <= '9' {
			signal, _ := signalNumber(p.Args[0][1:])
			r.signal, p.Args = signal, p.Args[1:]
		}
	}
	found, patterns, ok := p.options("F:G:ILM:N:P:SU:ac:d:fg:ij:lnoqs:t:u:vx")
	if !ok {
		return p.Usage(2, usage)
	}
	for _, o := range found {
		if !r.option(o) {
			return p.Errx(2, "Cannot find `%s'", o.Value)
		}
	}
	if len(patterns) == 0 && len(r.users)+len(r.parents)+len(r.jails) == 0 && r.pidFile == "" {
		return p.Usage(2, usage)
	}
	return r.run(patterns)
}

func (r *pkillRun) option(o Option) bool {
	switch o.Letter {
	case 'F':
		r.pidFile = o.Value
	case 'd':
		r.between = o.Value
	case 'f':
		r.full = true
	case 'x':
		r.exact = true
	case 'v':
		r.inverse = true
	case 'o':
		r.oldest = true
	case 'n':
		r.newest = true
	case 'l':
		r.long = true
	case 'i':
		r.caseless = true
	case 'q':
		r.quiet = true
	case 'u', 'U', 'P', 'j':
		for _, word := range strings.Split(o.Value, ",") {
			n, err := strconv.Atoi(word)
			switch {
			case o.Letter == 'P' && err == nil:
				r.parents = append(r.parents, n)
			case o.Letter == 'j' && (word == "any" || word == "none"):
				r.jails = append(r.jails, map[string]int{"any": -1, "none": 0}[word])
			case o.Letter == 'j':
				id, message := r.p.jailGetID(word)
				if message != "" {
					return false
				}
				r.jails = append(r.jails, id)
			default:
				id, found := users.number(word)
				if !found {
					return false
				}
				r.users = append(r.users, int(id))
			}
		}
	}
	return true
}

func (r *pkillRun) run(patterns []string) int {
	var list, hits []kernel.ProcessInfo
	if err := r.p.Call("ps.list", nil, &list); err != nil {
		return r.p.Err(3, err, "kvm_getprocs")
	}
	var expressions []*regexp.Regexp
	for _, pattern := range patterns {
		if r.caseless {
			pattern = "(?i)" + pattern
		}
		e, err := regexp.CompilePOSIX(pattern)
		if err != nil {
			return r.p.Errx(2, "Cannot compile regular expression `%s' (%s)", pattern, err)
		}
		expressions = append(expressions, e)
	}
	only := 0
	if r.pidFile != "" {
		text, err := os.ReadFile(r.pidFile)
		if err != nil {
			return r.p.Err(3, err, "Cannot open pidfile `%s'", r.pidFile)
		}
		only, _ = strconv.Atoi(strings.TrimSpace(string(text)))
	}
	for _, one := range list {
		if one.PID == os.Getpid() || one.PID == 0 || only != 0 && one.PID != only {
			continue
		}
		if r.matches(one, expressions) != r.inverse {
			hits = append(hits, one)
		}
	}
	if len(hits) > 1 && (r.oldest || r.newest) {
		hits = hits[:1]
		if r.newest {
			hits = hits[len(hits)-1:]
		}
	}
	return r.finish(hits)
}

func (r *pkillRun) matches(one kernel.ProcessInfo, expressions []*regexp.Regexp) bool {
	if len(r.users) > 0 && !inInts(r.users, one.UID) || len(r.parents) > 0 && !inInts(r.parents, one.PPID) {
		return false
	}
	if len(r.jails) > 0 && !inInts(r.jails, one.JID) && !(inInts(r.jails, -1) && one.JID != 0) {
		return false
	}
	text := one.Command
	if r.full {
		text = psCommand(one)
	}
	for _, e := range expressions {
		if at := e.FindStringIndex(text); at != nil && (!r.exact || at[0] == 0 && at[1] == len(text)) {
			return true
		}
	}
	return len(expressions) == 0
}

func (r *pkillRun) finish(hits []kernel.ProcessInfo) int {
	for i, one := range hits {
		if r.p.Name == "pkill" {
			if err := unix.Kill(one.PID, r.signal); err != nil && err != unix.ESRCH {
				r.p.Warn(err, "signalling pid %d", one.PID)
			}
			continue
		}
		if r.quiet {
			continue
		}
		if i > 0 {
			r.p.Printf("%s", r.between)
		}
		r.p.Printf("%d", one.PID)
		if r.long {
			r.p.Printf(" %s", map[bool]string{true: psCommand(one), false: one.Command}[r.full])
		}
	}
	if len(hits) == 0 {
		return 1
	}
	if r.p.Name == "pgrep" && !r.quiet {
		r.p.Printf("\n")
	}
	return 0
}
