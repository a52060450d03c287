package programs

import (
	"os"
	"strings"
	"time"

	"standin/kernel"
)

// rc(8), after libexec/rc/rc: what init runs at boot and a jail's exec.start runs, all of /etc/rc.d in one process.

func init() { Register(rc, "rc") }

// rcRun is one run of rc.
type rcRun struct {
	p    *Process
	base RCConf
	jail bool
}

func rc(p *Process) int {
	if p.conn == nil {
		return p.Errx(1, "this is no machine of the stand-in's") // and nobody's /tmp is cleared
	}
	r := &rcRun{p: p, base: LoadRCConf(""), jail: p.jailed()}
	firstBoot := exists(or(r.base["firstboot_sentinel"], "/firstboot"))
	for _, s := range r.steps() {
		s(r)
		p.Stdout.Flush()
	}
	r.localScripts(firstBoot)
	if !r.jail {
		r.service("jail", "start")
	}
	if firstBoot {
		sentinel := or(r.base["firstboot_sentinel"], "/firstboot")
		again := exists(sentinel + "-reboot")
		os.Remove(sentinel)
		os.Remove(sentinel + "-reboot")
		if again && !r.jail {
			p.Wait(p.child("/sbin/shutdown", "-r", "now"))
		}
	}
	p.Printf("\n%s\n", time.Now().UTC().Format("Mon Jan _2 15:04:05 UTC 2006"))
	return 0
}

// jailed is security.jail.jailed.
func (p *Process) jailed() bool {
	var oids []kernel.OID
	err := p.Call("sysctl.get", kernel.SysctlRequest{Name: "security.jail.jailed"}, &oids)
	return err == nil && len(oids) == 1 && oids[0].Value == "1"
}

// ownNetwork is security.jail.vnet: scripts with the keyword nojailvnet run in such a jail.
func (p *Process) ownNetwork() bool {
	var oids []kernel.OID
	err := p.Call("sysctl.get", kernel.SysctlRequest{Name: "security.jail.vnet"}, &oids)
	return err == nil && len(oids) == 1 && oids[0].Value == "1"
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// steps are the scripts in the order of rcorder(8).
func (r *rcRun) steps() []func(*rcRun) {
	start := func(names ...string) func(*rcRun) {
		return func(r *rcRun) {
			for _, name := range names {
				r.service(name, "start")
			}
		}
	}
	if r.jail {
		return []func(*rcRun){
			(*rcRun).hostname, start("netif", "routing"), (*rcRun).cleanVar, (*rcRun).varFolders, (*rcRun).ldconfig, (*rcRun).clearTmp,
			(*rcRun).osRelease, (*rcRun).newsyslog, (*rcRun).motd, start("syslogd"), (*rcRun).local, start("sshd", "cron"),
		}
	}
	return []func(*rcRun){
		(*rcRun).hostID, (*rcRun).mountLocal, (*rcRun).zfs, (*rcRun).hostname, (*rcRun).cleanVar, (*rcRun).varFolders, (*rcRun).devfsRules, (*rcRun).modules,
		(*rcRun).sysctls, start("netif", "pf", "routing"), (*rcRun).ldconfig, (*rcRun).clearTmp, (*rcRun).osRelease, (*rcRun).newsyslog,
		(*rcRun).motd, start("syslogd"), (*rcRun).local, start("sshd", "cron"), (*rcRun).secureLevel,
	}
}

// conf is rc.conf as a script of rc.d sees it: with its own files, if it has any.
func (r *rcRun) conf(name string) RCConf {
	if exists("/etc/rc.conf.d/"+name) || exists("/usr/local/etc/rc.conf.d/"+name) {
		return LoadRCConf(name)
	}
	return r.base
}

// service does "faststart" and the like of one script, without a word if it isn't enabled.
func (r *rcRun) service(name, action string) {
	script := "/etc/rc.d/" + name
	if !exists(script) {
		return
	}
	if !builtIn(script) {
		r.p.callScript(script, []string{"fast" + action})
		return
	}
	s := services[name]
	if s == nil || r.jail && (name == "pf" || name == "jail") {
		return
	}
	conf := r.conf(name)
	if s.RCVar != "" && !conf.Yes(s.RCVar) && conf[s.RCVar] != "" || s.RCVar != "" && conf[s.RCVar] == "" && name != "netif" {
		return
	}
	if name == "netif" && r.jail && !r.p.ownNetwork() && len(r.netifWork(conf)) == 0 {
		return
	}
	s.Run(r.p, conf, action, r.listed(name, conf))
}

// netifWork is what netif would set up in a jail with a network of its own.
func (r *rcRun) netifWork(conf RCConf) (names []string) {
	for name := range conf {
		if strings.HasPrefix(name, "ifconfig_") && name != "ifconfig_lo0" {
			names = append(names, name)
		}
	}
	return names
}

// listed is what a script's own lines hand to run_rc_command besides the action.
func (r *rcRun) listed(string, RCConf) []string { return nil }
