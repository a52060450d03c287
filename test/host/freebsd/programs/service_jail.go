package programs

import (
	"os"
	"os/exec"
	"strings"
	"sync"
)

// rc.d/jail, after libexec/rc/rc.d/jail of FreeBSD 13.

func init() {
	RegisterService(&Service{
		Name: "jail", RCVar: "jail_enable", Detail: "jail : Manage system jails", Run: jailService,
		Actions: []string{"config", "console", "status"},
	})
}

const jailConf = "/etc/jail.conf"

type jailScript struct {
	p  *Process
	rc RCConf
}

func jailService(p *Process, rc RCConf, action string, args []string) int {
	s := &jailScript{p, rc}
	named := len(args) > 0
	if !named {
		if args = strings.Fields(rc["jail_list"]); len(args) == 0 {
			args = []string{"_ALL"}
		}
	}
	reverse := !named && rc.Yes("jail_reverse_stop")
	switch action {
	case "start":
		s.start(args)
	case "stop":
		s.stop(args, reverse)
	case "restart":
		s.stop(args, reverse)
		s.start(args)
	case "status":
		return p.Wait(p.child("/usr/sbin/jls", "-N"))
	case "console":
		if len(args) > 0 && named {
			command := args[1:]
			if len(command) == 0 {
				command = []string{"/usr/bin/login", "-f", "root"}
			}
			return p.Wait(p.child("/usr/sbin/jexec", append([]string{args[0]}, command...)...))
		}
	}
	return 0
}

func (s *jailScript) start(names []string) {
	s.p.Printf("Starting jails:")
	s.p.Stdout.Flush()
	switch {
	case names[0] == "_ALL":
		s.startAll()
	case s.rc.Yes("jail_parallel_start"):
		s.startParallel(names)
	default:
		for _, name := range names {
			if conf, ok := s.config(name); ok {
				s.p.Printf("%s", s.startOne(name, conf))
				s.p.Stdout.Flush()
			}
		}
	}
	s.p.Printf(".\n")
}

// flags are those that rc gives to jail(8).
func (s *jailScript) flags() []string {
	return strings.Fields(s.rc["jail_flags"])
}

func (s *jailScript) startAll() {
	args := append(s.flags(), "-q", "-f", jailConf, "-c")
	if !s.rc.Yes("jail_parallel_start") {
		args = append(args, "-p1")
	}
	text, ok := s.run("/usr/sbin/jail", args...)
	if !ok {
		s.p.Printf("%s", text)
		return
	}
	out, _ := exec.Command("/usr/sbin/jls", "jid", "name").Output()
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if id, name, found := strings.Cut(line, " "); found {
			s.p.Printf(" %s", name)
			writeJailID(name, id)
		}
	}
}

func writeJailID(name, id string) {
	os.WriteFile("/var/run/jail_"+name+".id", []byte(id+"\n"), 0o644)
}

func (s *jailScript) startParallel(names []string) {
	var wait sync.WaitGroup
	var said sync.Mutex
	for _, name := range names {
		conf, ok := s.config(name)
		if !ok {
			continue
		}
		wait.Add(1)
		go func(name string) {
			defer wait.Done()
			text := s.startOne(name, conf)
			said.Lock()
			defer said.Unlock()
			s.p.Printf("%s", text)
			s.p.Stdout.Flush()
		}(name)
	}
	wait.Wait()
}

// startOne starts a jail and gives what is to be said of it.
func (s *jailScript) startOne(name, conf string) string {
	text, ok := s.run("/usr/sbin/jail", append(s.flags(), "-q", "-i", "-f", conf, "-c", name)...)
	if !ok {
		return " cannot start jail  \"" + name + "\": \n" + text
	}
	id, _ := exec.Command("/usr/sbin/jls", "-j", name, "jid").Output()
	writeJailID(name, strings.TrimSpace(string(id)))
	return " " + name
}

func (s *jailScript) stop(names []string, reverse bool) {
	s.p.Printf("Stopping jails:")
	if names[0] == "_ALL" {
		out, _ := exec.Command("/usr/sbin/jls", "name").Output()
		names = strings.Fields(string(out))
		s.stopEach(names, reverse, func(string) (string, bool) { return jailConf, true })
	} else {
		s.stopEach(names, reverse, s.config)
	}
	s.p.Printf(".\n")
}

func (s *jailScript) stopEach(names []string, reverse bool, config func(string) (string, bool)) {
	for i := range names {
		name := names[i]
		if reverse {
			name = names[len(names)-1-i]
		}
		conf, ok := config(name)
		if !ok || !s.runs(name) {
			continue
		}
		s.p.Printf(" %s", name)
		text, _ := s.run("/usr/sbin/jail", "-q", "-f", conf, "-r", name)
		if s.runs(name) {
			s.p.Printf("%s", text)
		} else {
			os.Remove("/var/run/jail_" + name + ".id")
		}
		s.p.Stdout.Flush()
	}
}

func (s *jailScript) runs(name string) bool {
	return exec.Command("/usr/sbin/jls", "-j", name).Run() == nil
}

// config is find_jail_config and parse_options: the file that describes a jail.
func (s *jailScript) config(name string) (file string, ok bool) {
	if strings.Contains(name, "/") {
		return "", false
	}
	candidates := []string{"/etc/jail." + name + ".conf", "/etc/jail.conf.d/" + name + ".conf", jailConf}
	if own := s.rc["jail_"+strings.ReplaceAll(name, "-", "_")+"_conf"]; own != "" {
		candidates = append([]string{own}, candidates...)
	}
	for _, file := range candidates {
		if _, err := os.Stat(file); err == nil {
			return file, true
		}
	}
	s.p.Stdout.Flush()
	s.p.Errorf("/etc/rc.d/jail: WARNING: Invalid configuration for %s  (no jail.conf, no hostname, or no path).   Jail %s was ignored.\n", name, name)
	return "", false
}

// run runs a program with its output in a file: what a jail's daemons keep open is not waited for.
func (s *jailScript) run(program string, args ...string) (text string, ok bool) {
	f, err := os.CreateTemp("/tmp", "jail.")
	if err != nil {
		return "", false
	}
	defer os.Remove(f.Name())
	defer f.Close()
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = f, f
	err = cmd.Run()
	data, _ := os.ReadFile(f.Name())
	return string(data), err == nil
}
