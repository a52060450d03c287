package programs

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// freebsd-update(8), usr.sbin/freebsd-update/freebsd-update.sh, as far as a host without a network and without a terminal goes. The
// update server that it can reach is a folder: updateServer/RELEASE/files has what a patch replaces, from bin/freebsd-version on,
// updateServer/RELEASE/eol says that the release is past its end of life.
const updateServer = "/usr/freebsd-dist/update"

func init() { Register(freebsdUpdate, "freebsd-update") }

const freebsdUpdateUsage = `usage: freebsd-update [options] command ...

Options:
  -b basedir   -- Operate on a system mounted at basedir
                  (default: /)
  -d workdir   -- Store working files in workdir
                  (default: /var/db/freebsd-update/)
  -f conffile  -- Read configuration options from conffile
                  (default: /etc/freebsd-update.conf)
  -F           -- Force a fetch operation to proceed in the
                  case of an unfinished upgrade
  -j jail      -- Operate on the given jail specified by jid or name
  -k KEY       -- Trust an RSA key with SHA256 hash of KEY
  -r release   -- Target for upgrade (e.g., 11.1-RELEASE)
  -s server    -- Server from which to fetch updates
                  (default: update.FreeBSD.org)
  -t address   -- Mail output of cron command, if any, to address
                  (default: root)
  --not-running-from-cron
               -- Run without a tty, for use by automated tools
  --currently-running release
               -- Update as if currently running this release
Commands:
  fetch        -- Fetch updates from server
  cron         -- Sleep rand(3600) seconds, fetch updates, and send an
                  email if updates were found
  upgrade      -- Fetch upgrades to FreeBSD version specified via -r option
  updatesready -- Check if there are fetched updates ready to install
  install      -- Install downloaded updates or upgrades
  rollback     -- Uninstall most recently installed updates
  IDS          -- Compare the system against an index of "known good" files
  showconfig   -- Show configuration
`

type updating struct {
	p                        *Process
	base, folder, release    string
	noTerminal, fetchedFirst bool
}

func freebsdUpdate(p *Process) int {
	u := &updating{p: p, base: "/", folder: "/var/db/freebsd-update"}
	var commands []string
	for i := 0; i < len(p.Args); i++ {
		value := ""
		if i+1 < len(p.Args) {
			value = p.Args[i+1]
		}
		switch arg := p.Args[i]; arg {
		case "--not-running-from-cron":
			u.noTerminal = true
		case "--currently-running", "-b", "-d", "-f", "-j", "-k", "-r", "-s", "-t":
			u.take(arg, value)
			i++
		case "-F":
		case "cron", "fetch", "upgrade", "updatesready", "install", "rollback", "IDS", "showconfig":
			commands = append(commands, arg)
		default:
			return p.updateUsage()
		}
	}
	if len(commands) == 0 {
		return p.updateUsage()
	}
	if _, err := os.Stat(filepath.Join(u.base, "usr/src/COPYRIGHT")); err != nil {
		p.Printf("src component not installed, skipped\n")
	}
	for _, command := range commands {
		status := 0
		switch command {
		case "fetch":
			status = u.fetch()
		case "install":
			status = u.install()
		default:
			status = u.noServer()
		}
		if status != 0 {
			return status
		}
	}
	return 0
}

func (u *updating) take(option, value string) {
	switch option {
	case "--currently-running":
		u.release, _, _ = strings.Cut(value, "-p")
	case "-b":
		u.base = value
	case "-d":
		u.folder = value
	}
}

func (u *updating) noServer() int {
	u.p.Printf("Looking up update.FreeBSD.org mirrors... none found.\nFetching public key from update.FreeBSD.org... failed.\nNo mirrors remaining, giving up.\n")
	return 1
}

// pending is the link that says that something is there to be installed, named after the base.
func (u *updating) pending() string {
	return filepath.Join(u.folder, fmt.Sprintf("%x-install", sha256.Sum256([]byte(u.base+"\n"))))
}

func (u *updating) fetch() int {
	if !u.noTerminal {
		u.p.Printf("freebsd-update fetch should not be run non-interactively.\nRun freebsd-update cron instead.\n")
		return 1
	}
	if u.release == "" {
		u.release, _, _ = strings.Cut(u.p.sysctlText("kern.osrelease"), "-p")
	}
	if st, err := os.Stat(u.folder); err != nil || !st.IsDir() {
		u.p.Printf("freebsd-update: Directory does not exist or is not writable: %s\n", u.folder)
		return 1
	}
	files := filepath.Join(updateServer, u.release, "files")
	if _, err := os.Stat(files); err != nil {
		return u.noServer()
	}
	u.fetchedFirst = true
	u.p.Printf("Looking up update.FreeBSD.org mirrors... 1 mirrors found.\nFetching metadata signature for %s from update1.freebsd.org... done.\n"+
		"Fetching metadata index... done.\nInspecting system... done.\nPreparing to download files... done.\n", u.release)
	offered, _ := os.ReadFile(filepath.Join(files, "bin/freebsd-version"))
	installed, _ := os.ReadFile(filepath.Join(u.base, "bin/freebsd-version"))
	if string(offered) == string(installed) {
		u.p.Printf("\nNo updates needed to update system to %s.\n", u.release)
	} else {
		u.p.Printf("\nThe following files will be updated as part of updating to %s:\n/bin/freebsd-version\n", u.release)
		os.Mkdir(filepath.Join(u.folder, "install.Kq3vXa"), 0700)
		os.WriteFile(filepath.Join(u.folder, "install.Kq3vXa", "INDEX-NEW"), []byte(files+"\n"), 0600)
		os.Symlink("install.Kq3vXa", u.pending())
	}
	if _, err := os.Stat(filepath.Join(updateServer, u.release, "eol")); err == nil {
		u.p.Printf("\nWARNING: FreeBSD %s HAS PASSED ITS END-OF-LIFE DATE.\nAny security issues discovered after Mon Jul  1 00:00:00 UTC 2024\nwill not have been corrected.\n", u.release)
		return 1
	}
	return 0
}

func (u *updating) install() int {
	index, err := os.ReadFile(filepath.Join(u.pending(), "INDEX-NEW"))
	if err != nil {
		u.p.Printf("No updates are available to install.\n")
		if !u.fetchedFirst {
			u.p.Printf("Run 'freebsd-update [options] fetch' first.\n")
			return 2
		}
		return 0
	}
	u.p.Printf("Installing updates...")
	copying := exec.Command("/bin/cp", "-a", strings.TrimSpace(string(index))+"/.", u.base)
	if said, err := copying.CombinedOutput(); err != nil {
		u.p.Printf("%s", said)
		return 1
	}
	os.Remove(u.pending())
	u.p.Printf(" done.\n")
	return 0
}

func (p *Process) updateUsage() int {
	p.Printf("%s", freebsdUpdateUsage)
	return 0
}
