package programs

import (
	"os"
	"os/exec"
	"strings"
)

// pf follows libexec/rc/rc.d/pf.
func init() {
	RegisterService(&Service{
		Name: "pf", RCVar: "pf_enable", Detail: "pf : Packet filter", Run: pfService,
		Actions: []string{"check", "reload", "resync", "status"},
	})
}

type pfServiceRun struct {
	p       *Process
	rules   string
	program string
	flags   []string
}

func pfService(p *Process, rc RCConf, action string, _ []string) int {
	s := &pfServiceRun{p, orText(rc["pf_rules"], "/etc/pf.conf"), orText(rc["pf_program"], "/sbin/pfctl"), strings.Fields(rc["pf_flags"])}
	switch action {
	case "start":
		return s.start()
	case "stop":
		return s.stop()
	case "restart":
		s.stop()
		return s.start()
	case "check":
		p.Printf("Checking pf rules.\n")
		return s.pfctl(append([]string{"-n", "-f", s.rules}, s.flags...)...)
	case "reload":
		return s.reload()
	case "resync":
		return s.pfctl(append([]string{"-f", s.rules}, s.flags...)...)
	case "status":
		if _, err := os.Stat("/dev/pf"); err != nil {
			p.Printf("pf.ko is not loaded\n")
			return 1
		}
		return s.pfctl("-s", "info")
	}
	return 1
}

func orText(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func (s *pfServiceRun) pfctl(args ...string) int { return s.p.Wait(s.p.child(s.program, args...)) }

func (s *pfServiceRun) quietly(args ...string) { exec.Command(s.program, args...).Run() }

func (s *pfServiceRun) enabled() bool {
	out, _ := exec.Command(s.program, "-s", "info").Output()
	return strings.Contains(string(out), "Enabled")
}

// start first looks for the file (required_files), then for the module (required_modules).
func (s *pfServiceRun) start() int {
	p := s.p
	f, err := os.Open(s.rules)
	if err != nil {
		p.Stdout.Flush()
		p.Errorf("/etc/rc.d/pf: WARNING: %s is not readable.\n", s.rules)
		return 1
	}
	f.Close()
	if exec.Command("/sbin/kldstat", "-q", "-m", "pf").Run() != nil {
		if exec.Command("/sbin/kldload", "pf").Run() != nil {
			p.Errorf("/etc/rc.d/pf: WARNING: Unable to load kernel module pf\n")
			return 1
		}
	}
	p.Printf("Enabling pf")
	s.quietly("-F", "all")
	if s.pfctl(append([]string{"-f", s.rules}, s.flags...)...) != 0 {
		p.Errorf("/etc/rc.d/pf: WARNING: Unable to load %s.\n", s.rules)
	}
	if !s.enabled() {
		s.quietly("-eq")
	}
	p.Printf(".\n")
	return 0
}

func (s *pfServiceRun) stop() int {
	if s.enabled() {
		s.p.Printf("Disabling pf")
		s.quietly("-dq")
		s.p.Printf(".\n")
	}
	return 0
}

// reload keeps the states: only rules, tables and counters go.
func (s *pfServiceRun) reload() int {
	s.p.Printf("Reloading pf rules.\n")
	if s.pfctl(append([]string{"-n", "-f", s.rules}, s.flags...)...) != 0 {
		return 1
	}
	for _, what := range []string{"nat", "rules", "Sources", "info", "Tables"} {
		s.quietly("-F", what)
	}
	return s.pfctl(append([]string{"-f", s.rules}, s.flags...)...)
}
