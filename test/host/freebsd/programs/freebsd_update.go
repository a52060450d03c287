package programs

import "strings"

// freebsd-update(8), as far as a host without a network and without a terminal goes.

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

func freebsdUpdate(p *Process) int {
	var commands []string
	quiet := false
	for i := 0; i < len(p.Args); i++ {
		switch arg := p.Args[i]; {
		case arg == "--not-running-from-cron":
			quiet = true
		case arg == "--help" || arg == "-h":
			return p.updateUsage()
		case arg == "--currently-running" || arg == "-b" || arg == "-d" || arg == "-f" || arg == "-j" || arg == "-k" || arg == "-r" || arg == "-s" || arg == "-t":
			i++
		case arg == "-F":
		case strings.HasPrefix(arg, "-"):
			return p.updateUsage()
		default:
			commands = append(commands, arg)
		}
	}
	if len(commands) == 0 {
		return p.updateUsage()
	}
	p.Printf("src component not installed, skipped\n")
	if commands[0] == "fetch" && !quiet {
		p.Printf("freebsd-update fetch should not be run non-interactively.\nRun freebsd-update cron instead.\n")
		return 1
	}
	p.Printf("Looking up update.FreeBSD.org mirrors... none found.\nFetching public key from update.FreeBSD.org... failed.\nNo mirrors remaining, giving up.\n")
	return 1
}

func (p *Process) updateUsage() int {
	p.Printf("%s", freebsdUpdateUsage)
	return 0
}
