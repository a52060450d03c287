package programs

import (
	"os"
	"strconv"
	"strings"
)

// account is a line of passwd(5) or group(5): its name, number, and fields.
type account struct {
	name   string
	id     uint32
	fields []string
}

// accounts reads passwd(5) or group(5) once.
type accounts struct {
	file   string
	loaded bool
	list   []account
}

var (
	users  = &accounts{file: "/etc/passwd"}
	groups = &accounts{file: "/etc/group"}
)

func (a *accounts) all() []account {
	if a.loaded {
		return a.list
	}
	a.loaded = true
	text, _ := os.ReadFile(a.file)
	for _, line := range strings.Split(string(text), "\n") {
		fields := strings.Split(line, ":")
		if len(fields) < 3 || strings.HasPrefix(line, "#") {
			continue
		}
		if id, err := strconv.ParseUint(fields[2], 10, 32); err == nil {
			a.list = append(a.list, account{fields[0], uint32(id), fields})
		}
	}
	return a.list
}

// name is the name of a number, or the number itself.
func (a *accounts) name(id uint32) string {
	for _, one := range a.all() {
		if one.id == id {
			return one.name
		}
	}
	return strconv.FormatUint(uint64(id), 10)
}

// find is an account by its name.
func (a *accounts) find(name string) (account, bool) {
	for _, one := range a.all() {
		if one.name == name {
			return one, true
		}
	}
	return account{}, false
}

// number is the number of a name, or of a number in digits.
func (a *accounts) number(name string) (uint32, bool) {
	if one, ok := a.find(name); ok {
		return one.id, true
	}
	id, err := strconv.ParseUint(name, 10, 32)
	return uint32(id), err == nil
}
