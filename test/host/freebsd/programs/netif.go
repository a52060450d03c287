package programs

import (
	"os/exec"
	"strings"
)

// netif follows libexec/rc/rc.d/netif and the functions of libexec/rc/network.subr that it calls.
func init() {
	RegisterService(&Service{
		Name: "netif", RCVar: "netif_enable", Detail: "netif : Network interface setup", Run: netif,
		Actions: []string{"cloneup", "clonedown", "clear", "vnetup", "vnetdown"},
	})
}

type netifRun struct {
	p  *Process
	rc RCConf
}

func netif(p *Process, rc RCConf, action string, args []string) int {
	n := &netifRun{p, rc}
	switch action {
	case "start":
		n.start(args)
	case "stop":
		n.stop(args)
	case "restart":
		n.stop(args)
		n.start(args)
	case "cloneup":
		n.cloneUp(args)
	case "clonedown":
		n.cloneDown(args)
	}
	return 0
}

func (n *netifRun) start(names []string) {
	n.cloneUp(names)
	n.rename(names)
	n.each("Starting", names, n.up)
}

func (n *netifRun) stop(names []string) {
	n.each("Stopping", names, n.down)
	n.cloneDown(names)
}

// each is netif_common: what one function managed is named and shown.
func (n *netifRun) each(verb string, names []string, f func(string) bool) {
	if len(names) == 0 {
		names = n.all()
	}
	var done []string
	for _, name := range names {
		for _, end := range ends(name) {
			if f(end) {
				done = append(done, end)
			}
		}
	}
	if len(done) == 0 {
		return
	}
	n.p.Printf("%s Network: %s.\n", verb, strings.Join(done, " "))
	for _, name := range done {
		n.ifconfig(name)
	}
}

// ends are the two of an epair that is named as one.
func ends(name string) []string {
	if number := strings.TrimPrefix(name, "epair"); number != name && strings.Trim(number, "0123456789") == "" {
		return []string{name + "a", name + "b"}
	}
	return []string{name}
}

// all is list_net_interfaces: what there is, the loopback first.
func (n *netifRun) all() []string {
	out, _ := exec.Command("/sbin/ifconfig", "-l").Output()
	first, rest := []string{}, []string{}
	for _, name := range strings.Fields(string(out)) {
		if name == "lo0" {
			first = append(first, name)
		} else {
			rest = append(rest, name)
		}
	}
	return append(first, rest...)
}

// ifconfig runs the program, with its output where this service's goes.
func (n *netifRun) ifconfig(args ...string) bool {
	return n.p.Wait(n.p.child("/sbin/ifconfig", args...)) == 0
}

func (n *netifRun) exists(name string) bool {
	return exec.Command("/sbin/ifconfig", name).Run() == nil
}

// of is get_if_var: a variable whose name has an interface's in it.
func (n *netifRun) of(name, pattern, otherwise string) string {
	clean := strings.NewReplacer(".", "_", "-", "_", "/", "_", "+", "_").Replace(name)
	if v, ok := n.rc[strings.Replace(pattern, "IF", clean, 1)]; ok {
		return v
	}
	return otherwise
}

func (n *netifRun) clones(names []string) (list []string) {
	for _, word := range strings.Fields(n.rc["cloned_interfaces"]) {
		name, _, _ := strings.Cut(word, ":")
		if len(names) == 0 || inList(names, name) {
			list = append(list, name)
		}
	}
	return list
}

func (n *netifRun) cloneUp(names []string) {
	var made []string
	for _, name := range n.clones(names) {
		there := false
		for _, end := range ends(name) {
			there = there || n.exists(end)
		}
		if there {
			continue
		}
		create := append([]string{name, "create"}, n.words(n.of(name, "create_args_IF", ""))...)
		if n.ifconfig(create...) {
			made = append(made, ends(name)...)
		}
	}
	if len(made) > 0 {
		n.p.Printf("Created clone interfaces: %s.\n", strings.Join(made, " "))
	}
}

func (n *netifRun) cloneDown(names []string) {
	var gone []string
	for _, name := range n.clones(names) {
		if n.exists(ends(name)[0]) && n.ifconfig(ends(name)[0], "destroy") {
			gone = append(gone, ends(name)...)
		}
	}
	if len(gone) > 0 {
		n.p.Printf("Destroyed clone interfaces: %s.\n", strings.Join(gone, " "))
	}
}

// rename is ifnet_rename: ifconfig_IF_name.
func (n *netifRun) rename(names []string) {
	if len(names) == 0 {
		names = n.all()
	}
	for _, name := range names {
		if to := n.of(name, "ifconfig_IF_name", ""); to != "" && n.exists(name) {
			exec.Command("/sbin/ifconfig", name, "name", to).Run()
		}
	}
}

// words splits arguments as the scripts' eval does.
func (n *netifRun) words(text string) []string {
	if !strings.ContainsAny(text, "\"'\\$`") {
		return strings.Fields(text)
	}
	out, err := exec.Command("/bin/sh", "-c", `eval "set -- $1"; for w do printf '%s\n' "$w"; done`, "sh", text).Output()
	if err != nil {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}
