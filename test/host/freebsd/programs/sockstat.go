package programs

import (
	"os"
	"path"
	"strings"

	"standin/kernel"
)

// sockstat(1), after usr.bin/sockstat: open sockets. Nothing really listens here: what a daemon would listen on is read from its arguments
// and its configuration.

func init() { Register(sockstat, "sockstat") }

const sockstatUsage = "usage: sockstat [-46CciLlnqSsUuvw] [-j jid] [-p ports] [-P protocols]\n"

func sockstat(p *Process) int {
	found, rest, ok := p.options("46clqP:")
	if !ok || len(rest) > 0 {
		return p.Usage(1, sockstatUsage)
	}
	chosen := map[byte]bool{}
	for _, o := range found {
		if o.Letter == 'P' {
			return p.Errx(1, "-P is not part of the stand-in host")
		}
		chosen[o.Letter] = true
	}
	families := []string{"6", "4"}
	if chosen['4'] != chosen['6'] {
		families = map[bool][]string{true: {"4"}, false: {"6"}}[chosen['4']]
	}
	if !chosen['q'] {
		p.Printf("%-8s %-10s %-5s %-2s %-6s %-21s %-21s\n", "USER", "COMMAND", "PID", "FD", "PROTO", "LOCAL ADDRESS", "FOREIGN ADDRESS")
	}
	var list []kernel.ProcessInfo
	p.Call("ps.list", nil, &list)
	for _, process := range list {
		if len(process.Argv) == 0 || chosen['c'] && !chosen['l'] {
			continue
		}
		for _, family := range families {
			for i, local := range listening(process, family) {
				proto := "tcp"
				if process.Command == "syslogd" {
					proto = "udp"
				}
				p.Printf("%-8s %-10s %-5d %-2d %-6s %-21s %-21s\n", "root", process.Command, process.PID, 3+i, proto+family, local, "*:*")
			}
		}
	}
	return 0
}

// listening are the addresses that a daemon listens on.
func listening(process kernel.ProcessInfo, family string) []string {
	program := path.Base(strings.Fields(process.Argv[0])[0])
	switch {
	case process.Command == "syslogd" && !strings.Contains(strings.Join(process.Argv, " "), "-ss"):
		return []string{"*:514"}
	case process.Command == "sshd" && (program == "sshd" || program == "sshd:") && process.JID == 0 && listens(process.Argv):
		return sshdAddresses(family)
	}
	return nil
}

// listens is false of an sshd that serves one connection.
func listens(argv []string) bool {
	title := strings.Join(argv, " ")
	return !strings.HasPrefix(title, "sshd: ") || strings.Contains(title, "[listener]")
}

// sshdAddresses are ListenAddress and Port of sshd_config(5).
func sshdAddresses(family string) (list []string) {
	port := "22"
	text, _ := os.ReadFile("/etc/ssh/sshd_config")
	var addresses []string
	for _, line := range strings.Split(string(text), "\n") {
		words := strings.Fields(line)
		if len(words) != 2 {
			continue
		}
		switch strings.ToLower(words[0]) {
		case "port":
			port = words[1]
		case "listenaddress":
			addresses = append(addresses, words[1])
		}
	}
	if len(addresses) == 0 {
		return []string{"*:" + port}
	}
	for _, address := range addresses {
		if strings.Contains(address, ":") == (family == "6") {
			list = append(list, address+":"+port)
		}
	}
	return list
}
