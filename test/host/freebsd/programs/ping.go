package programs

// ping(8), as far as a jail or a host without a network goes: it needs a raw socket.

func init() { Register(ping, "ping", "ping6") }

func ping(p *Process) int {
	found, rest, ok := p.options("AaC:c:DdfG:g:Hh:I:i:Ll:M:m:nop:QqRrS:s:T:t:vW:z:46")
	if !ok || len(rest) != 1 {
		return p.Usage(64, "usage:\tping [-4] [-AaDdfHnoQqRrv] [-C pcp] [-c count] [-G sweepmaxsize] ... host\n")
	}
	_ = found
	if p.sysctlText("security.jail.jailed") == "1" && p.sysctlText("security.jail.allow_raw_sockets") != "1" {
		p.Errorf("ping: ssend socket: Operation not permitted\n")
		return 71
	}
	p.Printf("PING %s (%s): 56 data bytes\n\n--- %s ping statistics ---\n1 packets transmitted, 0 packets received, 100.0%% packet loss\n", rest[0], rest[0], rest[0])
	return 2
}
