package programs

import (
	"strconv"

	"standin/kernel"
)

// jailTable asks the kernel which parameters there are.
func (p *Process) jailTable() []kernel.JailParam {
	var table []kernel.JailParam
	p.Call("jail.params", nil, &table)
	return table
}

// jailList asks for all jails that we see.
func (p *Process) jailList() []kernel.JailInfo {
	var list []kernel.JailInfo
	p.Call("jail.list", nil, &list)
	return list
}

// jailGetID is jail_getid(3): the number of a jail, or the words of jail_errmsg.
func (p *Process) jailGetID(name string) (id int, message string) {
	if p.Call("jail.find", name, &id) == nil && id != 0 {
		return id, ""
	}
	if _, err := strconv.Atoi(name); err == nil {
		return 0, "jail " + name + " not found"
	}
	return 0, "jail \"" + name + "\" not found"
}
