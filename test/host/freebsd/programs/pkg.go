package programs

import (
	"os"
	"strings"
)

// pkg(7) as it is on a fresh host without a network: usr.sbin/pkg, which only fetches the real one.

func init() { Register(pkg, "pkg") }

func pkg(p *Process) int {
	args := p.Args
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		switch args[0] {
		case "-N":
			return p.Errx(1, "pkg is not installed")
		case "-c", "-j", "-r", "-o":
			if len(args) > 1 {
				args = args[1:]
			}
		case "-4", "-6", "-d", "--debug", "-v", "--version":
		}
		args = args[1:]
	}
	forced := strings.EqualFold(os.Getenv("ASSUME_ALWAYS_YES"), "yes")
	if len(args) > 1 && args[0] == "bootstrap" && hasWord(args[1:], "-y") {
		forced = true
	}
	if !forced {
		p.Errorf("The package management tool is not yet installed on your system.\n" +
			"Please set ASSUME_ALWAYS_YES=yes environment variable to be able to bootstrap in non-interactive (stdin not being a tty)\n")
		return 1
	}
	major, _, _ := strings.Cut(p.sysctlText("kern.osrelease"), ".")
	site := "pkg.FreeBSD.org/FreeBSD:" + major + ":amd64/quarterly"
	p.Printf("Bootstrapping pkg from pkg+http://%s, please wait...\n", site)
	p.Errorf("Address resolution failed for http://%s.\nConsider changing PACKAGESITE.\n", site)
	return 1
}
