package programs

// Service is a script of /etc/rc.d as service(8) and rc(8) run it.
type Service struct {
	Name   string
	RCVar  string // "pf_enable"; "" if it has none
	Detail string // rcvar's line: "pf : Packet filter"
	// Run does one action ("start", "stop", "status", "reload" …; the prefix one/force/fast/quiet is cut off) and
	// returns the status. args are what follows the action. rc is what LoadRCConf(Name) says.
	Run func(p *Process, rc RCConf, action string, args []string) int
	// Actions are those it knows besides start, stop, restart, rcvar, enable, disable, delete, enabled, describe,
	// extracommands. Without "status" in it there is none.
	Actions []string
	// NoVar are actions that run also when the service isn't enabled.
	NoVar []string
}

var services = map[string]*Service{}

// RegisterService adds a script of /etc/rc.d. Call it from an init function.
func RegisterService(s *Service) { services[s.Name] = s }
