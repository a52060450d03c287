package programs

import "strings"

// routing follows libexec/rc/rc.d/routing: forwarding, the default route and static routes of rc.conf(5).
func init() {
	RegisterService(&Service{
		Name: "routing", Detail: "routing : Routing setup", Run: routingService, Actions: []string{"options", "static"},
	})
}

func routingService(p *Process, rc RCConf, action string, args []string) int {
	if action == "stop" || action == "restart" {
		for _, r := range staticRoutes(rc) {
			p.Wait(p.child("/sbin/route", append([]string{"-q", "delete"}, r[:1]...)...))
		}
	}
	if action == "stop" {
		return 0
	}
	var options []string
	for _, o := range [][3]string{
		{"gateway_enable", "gateway", "net.inet.ip.forwarding"}, {"ipv6_gateway_enable", "gateway", "net.inet6.ip6.forwarding"},
	} {
		if rc.Yes(o[0]) {
			options = append(options, o[1]+"=YES")
			quiet := p.child("/sbin/sysctl", "-q", o[2]+"=1")
			quiet.Stdout = nil
			p.Wait(quiet)
		}
	}
	if len(options) > 0 {
		p.Printf("Additional inet routing options: %s.\n", strings.Join(options, " "))
	}
	for _, r := range staticRoutes(rc) {
		p.Wait(p.child("/sbin/route", append([]string{"add"}, r...)...))
	}
	return 0
}

func staticRoutes(rc RCConf) (routes [][]string) {
	if gateway := rc["defaultrouter"]; gateway != "" && !strings.EqualFold(gateway, "NO") {
		routes = append(routes, []string{"default", gateway})
	}
	for _, name := range strings.Fields(rc["static_routes"]) {
		name, _, _ = strings.Cut(name, ":")
		if words := strings.Fields(rc["route_"+name]); len(words) > 0 {
			routes = append(routes, words)
		}
	}
	return routes
}
