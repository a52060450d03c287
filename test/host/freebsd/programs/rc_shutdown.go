package programs

import (
	"strings"
)

// rc.shutdown(8): what init runs before the machine goes down, and a jail's exec.stop.

func init() { Register(rcShutdown, "rc.shutdown") }

func rcShutdown(p *Process) int {
	if p.conn == nil {
		return p.Errx(1, "this is no machine of the stand-in's")
	}
	r := &rcRun{p: p, base: LoadRCConf(""), jail: p.jailed()}
	if !r.jail {
		r.service("jail", "stop")
	}
	local := localScripts()
	for i := len(local) - 1; i >= 0; i-- {
		if s := readOrdered(local[i]); hasWord(s.keywords, "shutdown") && !(r.jail && hasWord(s.keywords, "nojail")) {
			cmd := p.child("/bin/sh", local[i], "faststop")
			cmd.Env, cmd.Dir = []string{"HOME=/", "PATH=" + servicePath}, "/"
			p.Wait(cmd)
		}
	}
	for _, name := range []string{"cron", "sshd"} {
		if d := r.conf(name); d.Yes(name+"_enable") && p.runningPID("/var/run/"+name+".pid", name) != 0 {
			services[name].Run(p, d, "stop", nil)
		}
	}
	p.Printf("%s\n", strings.Repeat(".", 1))
	return 0
}
