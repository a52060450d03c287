package programs

import (
	"os"
	"os/exec"
	"strings"
)

// pkg(7), after usr.sbin/pkg: it fetches pkg(8) where that is not there yet, and hands everything to it where it is.

func init() { Register(pkg, "pkg") }

// pkgPath is where pkg(8) lies once it is installed.
const pkgPath = "/usr/local/sbin/pkg"

func pkg(p *Process) int {
	if exists(pkgPath) {
		return p.pkg8(p.Args)
	}
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
	alone := len(args) > 0 && args[0] == "bootstrap"
	if alone && hasWord(args[1:], "-y") {
		forced = true
	}
	if !forced {
		p.Errorf("The package management tool is not yet installed on your system.\n" +
			"Please set ASSUME_ALWAYS_YES=yes environment variable to be able to bootstrap in non-interactive (stdin not being a tty)\n")
		return 1
	}
	if status := p.pkgBootstrap(); status != 0 || alone {
		return status
	}
	return p.pkg8(p.Args)
}

// pkgBootstrap fetches and installs pkg(8) itself: from a repository in the file system, since there is no network.
func (p *Process) pkgBootstrap() int {
	repository := p.pkgRepositories()["FreeBSD"]
	if repository == nil {
		return p.Errx(1, "Unable to determine ABI, or no repository is configured")
	}
	site := repository.url
	p.Printf("Bootstrapping pkg from %s, please wait...\n", site)
	folder, local := repository.folder()
	if !local {
		site = strings.TrimPrefix(site, "pkg+http://")
		p.Errorf("Address resolution failed for http://%s.\nConsider changing PACKAGESITE.\n", site)
		return 1
	}
	if repository.signature != "none" {
		p.Errorf("pkg: Error fetching %s/Latest/pkg.pkg.sig: No such file or directory\n", site)
		return 1
	}
	archive := folder + "/Latest/pkg.pkg"
	if !exists(archive) {
		p.Errorf("pkg: Attempted to fetch %s/Latest/pkg.pkg\npkg: Attempted to fetch %s/Latest/pkg.txz\npkg: Error: No such file or directory\n", site, site)
		return 1
	}
	one, err := readPackage(archive)
	if err != nil {
		return p.Errx(1, "%s: %s", archive, err)
	}
	p.Printf("Installing %s-%s...\n", one.Name, one.Version)
	db := openPackages()
	if err := db.install(p, one, archive, false); err != nil {
		return p.Errx(1, "%s", err)
	}
	return db.save(p)
}

// script runs a package's own script, as pkg-script(5) has it.
func (p *Process) pkgScript(text string) error {
	if text == "" {
		return nil
	}
	cmd := exec.Command("/bin/sh", "-c", text)
	p.Stdout.Flush()
	cmd.Stdout, cmd.Stderr = os.Stdout, p.Stderr
	return cmd.Run()
}
