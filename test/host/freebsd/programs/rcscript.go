package programs

import (
	"os"
	"os/exec"
	"strings"
)

// What run_rc_command of /etc/rc.subr does around each script of /etc/rc.d.

// script runs one script of /etc/rc.d with its arguments.
func (p *Process) script(name string, args []string) int {
	s := services[name]
	if s == nil {
		s = plainService(name)
	}
	path := "/etc/rc.d/" + name
	if len(args) == 0 {
		p.Stdout.Flush()
		s.usage(p, path)
		return 1
	}
	return s.command(p, LoadRCConf(name), path, args[0], args[1:])
}

// command does one action, as run_rc_command: prefixes, the check of the rc variable, the actions that all have.
func (s *Service) command(p *Process, rc RCConf, path, action string, args []string) int {
	forced := false
	for _, prefix := range []string{"fast", "force", "one", "quiet"} {
		if rest := strings.TrimPrefix(action, prefix); rest != action && rest != "" {
			action = rest
			forced = prefix == "one" || prefix == "force"
		}
	}
	if !s.knows(action) {
		p.Stdout.Flush()
		p.Errorf("%s: unknown directive '%s'.\n", path, action)
		s.usage(p, path)
		return 1
	}
	if status, done := s.common(p, rc, action); done {
		return status
	}
	if s.RCVar != "" && !forced && !rc.Yes(s.RCVar) && !hasWord(s.NoVar, action) {
		p.Printf("Cannot '%s' %s. Set %s to YES in /etc/rc.conf or use 'one%s' instead of '%s'.\n", action, s.Name, s.RCVar, action, action)
		return 0
	}
	return s.Run(p, rc, action, args)
}

func (s *Service) knows(action string) bool {
	switch action {
	case "start", "stop", "restart", "rcvar", "enable", "disable", "delete", "enabled", "describe", "extracommands":
		return true
	}
	return hasWord(s.Actions, action)
}

func (s *Service) usage(p *Process, path string) {
	p.Errorf("Usage: %s [fast|force|one|quiet](start|stop|restart|rcvar|enable|disable|delete|enabled|describe|extracommands", path)
	for _, action := range s.Actions {
		p.Errorf("|%s", action)
	}
	p.Errorf(")\n")
}

// common does what all scripts do alike.
func (s *Service) common(p *Process, rc RCConf, action string) (status int, done bool) {
	switch action {
	case "rcvar":
		p.Printf("# %s\n#\n", s.Detail)
		if s.RCVar != "" {
			value := rc[s.RCVar]
			p.Printf("%s=\"%s\"\n#   (default: \"\")\n", s.RCVar, value)
		}
		p.Printf("\n")
	case "enabled":
		if s.RCVar != "" && !rc.Yes(s.RCVar) {
			return 1, true
		}
	case "describe":
		_, text, _ := strings.Cut(s.Detail, " : ")
		p.Printf("%s\n", text)
	case "extracommands":
		p.Printf("%s\n", strings.Join(s.Actions, " "))
	case "enable":
		return s.setVar(p, "YES", "enabled"), true
	case "disable":
		return s.setVar(p, "NO", "disabled"), true
	case "delete":
		if s.RCVar != "" {
			exec.Command("/usr/sbin/sysrc", "-x", s.RCVar).Run()
			p.Printf("%s deleted in /etc/rc.conf\n", s.RCVar)
		}
	default:
		return 0, false
	}
	return 0, true
}

// setVar writes the script's variable where rc.subr does: its own file in rc.conf.d, if it has one, or rc.conf.
func (s *Service) setVar(p *Process, value, word string) int {
	if s.RCVar == "" {
		p.Errorf("/etc/rc.d/%s: ERROR: $name must be set before calling rc_enable.\n", s.Name)
		return 1
	}
	file := "/etc/rc.conf"
	for _, own := range []string{"/etc/rc.conf.d/" + s.Name, "/usr/local/etc/rc.conf.d/" + s.Name} {
		if st, err := os.Stat(own); err == nil && st.Mode().IsRegular() {
			file = own
		}
	}
	if err := exec.Command("/usr/sbin/sysrc", "-f", file, s.RCVar+"="+value).Run(); err != nil {
		return 1
	}
	p.Printf("%s %s in %s\n", s.Name, word, file)
	return 0
}

// plainService is a script of the base that does nothing that shows here.
func plainService(name string) *Service {
	return &Service{
		Name: name, RCVar: strings.ReplaceAll(name, "-", "_") + "_enable", Detail: name,
		Run: func(*Process, RCConf, string, []string) int { return 0 },
	}
}
