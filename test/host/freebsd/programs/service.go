package programs

import (
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"

	"standin/bsd"
)

// service(8), after usr.sbin/service/service.sh, and the scripts of /etc/rc.d when they are called by their paths.

func init() {
	Register(serviceMain, "service")
	Register(func(p *Process) int { return p.script(filepath.Base(p.Args[0]), p.Args[1:]) }, "rc.d")
}

const serviceUsage = `
Usage: service [-j <jail name or id>] -e
       service [-j <jail name or id>] -R
       service [-j <jail name or id>] [-v] -l | -r
       service [-j <jail name or id>] [-v] <rc.d script> start|stop|etc.
       service -h

-j	Perform actions within the named jail
-E n=val	Set variable n to val before executing the rc.d script
-e	Show services that are enabled
-R	Stop and start enabled /usr/local/etc/rc.d services
-l	List all scripts in /etc/rc.d and /usr/local/etc/rc.d
-r	Show the results of boot time rcorder
-v	Verbose

`

// servicePath is the environment that service(8) gives a script.
const servicePath = "/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"

func serviceMain(p *Process) int {
	options, operands := p.Getopt("j:E:ehlrRv")
	verbose, list, enabled := false, false, false
	for _, o := range options {
		switch o.Letter {
		case 'j':
			return p.serviceInJail(o.Value)
		case 'v':
			verbose = true
		case 'l', 'r':
			list = true
		case 'e':
			enabled = true
		case 'E':
			name, value, _ := strings.Cut(o.Value, "=")
			os.Setenv(name, value)
		case 'R':
			return p.restartLocal()
		case 'h':
			p.Printf("%s", serviceUsage)
			return 0
		default:
			p.Printf("%s", serviceUsage)
			return 1
		}
	}
	switch {
	case enabled:
		return p.serviceEnabled()
	case list:
		return p.serviceList()
	case len(operands) < 2:
		p.Printf("%s", serviceUsage)
		return 1
	}
	name := operands[0]
	for _, dir := range []string{"/etc/rc.d", "/usr/local/etc/rc.d"} {
		script := dir + "/" + name
		if st, err := os.Stat(script); err != nil || st.IsDir() || st.Mode()&0o111 == 0 {
			continue
		}
		if verbose {
			p.Printf("%s is located in %s\n", name, dir)
		}
		return p.callScript(script, operands[1:])
	}
	p.Printf("%s does not exist in /etc/rc.d or the local startup\ndirectories (/usr/local/etc/rc.d), or is not executable\n", name)
	return 1
}

// callScript runs a script of rc.d: one of ours in this process, any other as the program that it is.
func (p *Process) callScript(script string, args []string) int {
	os.Chdir("/")
	if builtIn(script) {
		return p.script(filepath.Base(script), args)
	}
	cmd := p.child(script, args...)
	cmd.Args[0] = script
	cmd.Env = []string{"HOME=/", "PATH=" + servicePath}
	return p.Wait(cmd)
}

// builtIn says whether a script is one of the stand-in's, and not one that an administrator wrote.
func builtIn(script string) bool {
	data := make([]byte, 12)
	f, err := os.Open(script)
	if err != nil {
		return false
	}
	defer f.Close()
	n, _ := f.Read(data)
	return string(data[:n]) == "#!/sbin/init"
}

func (p *Process) serviceInJail(jail string) int {
	rest := []string{"/usr/sbin/jexec", "-l", "--", jail, "/usr/sbin/service"}
	for i := 0; i < len(p.Args); i++ {
		if p.Args[i] == "-j" {
			rest = append(rest, p.Args[i+2:]...)
			break
		}
		rest = append(rest, p.Args[i])
	}
	code, err := p.become(rest, os.Environ())
	if err != nil {
		return p.Errx(127, "jexec: %s", bsd.Strerror(err))
	}
	return code
}

func (p *Process) serviceList() int {
	for _, dir := range []string{"/etc/rc.d", "/usr/local/etc/rc.d"} {
		files, _ := os.ReadDir(dir)
		for _, f := range files {
			p.Printf("%s\n", f.Name())
		}
	}
	return 0
}

func (p *Process) serviceEnabled() int {
	var names []string
	for name := range services {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		s := services[name]
		if _, err := os.Stat("/etc/rc.d/" + name); err == nil && s.RCVar != "" && LoadRCConf(name).Yes(s.RCVar) {
			p.Printf("/etc/rc.d/%s\n", name)
		}
	}
	for _, script := range localScripts() {
		if exec.Command(script, "enabled").Run() == nil {
			p.Printf("%s\n", script)
		}
	}
	return 0
}

func (p *Process) restartLocal() int {
	for _, action := range []string{"stop", "start"} {
		for _, script := range localScripts() {
			p.callScript(script, []string{action})
		}
	}
	return 0
}
