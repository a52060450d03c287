package machine

import (
	"net/netip"

	"standin/kernel"
)

// lets asks the machine's pf(4) whether a new connection to its SSH server gets there. Those that stand are not asked
// about: pf has a state for each of them, and lets them go on whatever is loaded later.
func (in *inside) lets() bool {
	connection := kernel.PFConnection{
		From: netip.MustParseAddrPort("10.0.2.2:50000"),
		To:   netip.MustParseAddrPort("10.0.2.15:22"),
	}
	allowed := true
	if err := in.call("pf.allows", connection, &allowed); err != nil {
		return true // there is no kernel that could refuse
	}
	return allowed
}
