package programs

import (
	"os"
	"strings"
)

// person is what getpwnam(3) tells of a user.
type person struct {
	name, home, shell, class string
	uid, gid                 uint32
}

// findPerson looks a user up in the password file of our root, by name or (with "") by root's number.
func findPerson(name string) (person, error) {
	text, err := os.ReadFile("/etc/master.passwd")
	if err != nil {
		if text, err = os.ReadFile("/etc/passwd"); err != nil {
			return person{}, err
		}
	}
	for _, line := range strings.Split(string(text), "\n") {
		f := strings.Split(line, ":")
		if strings.HasPrefix(line, "#") || len(f) < 7 {
			continue
		}
		if f[0] == name || (name == "" && f[2] == "0") {
			u := person{name: f[0], uid: atou(f[2]), gid: atou(f[3]), home: f[len(f)-2], shell: f[len(f)-1]}
			if len(f) == 10 {
				u.class = f[4]
			}
			groupsOf(u) // initgroups(3) follows, and waits where group(5) is a FIFO
			return u, nil
		}
	}
	return person{}, nil
}

func atou(text string) (n uint32) {
	for _, c := range text {
		n = n*10 + uint32(c-'0')
	}
	return n
}

// groupsOf are the numbers of the groups that a user is in.
func groupsOf(u person) []uint32 {
	list := []uint32{u.gid}
	for _, g := range groups.all() {
		for _, member := range strings.Split(g.fields[len(g.fields)-1], ",") {
			if member == u.name && g.id != u.gid {
				list = append(list, g.id)
			}
		}
	}
	return list
}

// classEnvironment is what setusercontext(3) sets of a login class: its variables and its path, from login.conf(5).
func classEnvironment(u person) (env []string) {
	class := u.class
	if class == "" {
		class = "default"
		if u.uid == 0 {
			class = "root"
		}
	}
	caps := loginClass(class)
	for _, pair := range strings.Split(caps["setenv"], ",") {
		if pair != "" {
			env = append(env, pair)
		}
	}
	if mail := caps["mail"]; mail != "" {
		env = append(env, "MAIL="+strings.ReplaceAll(mail, "$", u.name))
	}
	if charset := caps["charset"]; charset != "" {
		env = append(env, "MM_CHARSET="+charset)
	}
	if lang := caps["lang"]; lang != "" {
		env = append(env, "LANG="+lang)
	}
	if path := caps["path"]; path != "" {
		path = strings.ReplaceAll(strings.Join(strings.Fields(path), ":"), "~", strings.TrimSuffix(u.home, "/"))
		env = append(env, "PATH="+path)
	}
	return env
}

// loginClass reads a class of /etc/login.conf, and those that it goes on in (tc=).
func loginClass(name string) map[string]string {
	caps := map[string]string{}
	data, _ := os.ReadFile("/etc/login.conf")
	text := strings.ReplaceAll(string(data), "\\\n", "")
	for depth := 0; depth < 8 && name != ""; depth++ {
		next := ""
		for _, line := range strings.Split(text, "\n") {
			names, rest, ok := strings.Cut(line, ":")
			if !ok || strings.HasPrefix(line, "#") || !hasWord(strings.Split(names, "|"), name) {
				continue
			}
			for _, field := range strings.Split(rest, ":") {
				key, value, _ := strings.Cut(strings.TrimSpace(field), "=")
				if key == "tc" {
					next = value
				} else if _, set := caps[strings.TrimSuffix(key, "@")]; !set {
					caps[strings.TrimSuffix(key, "@")] = value
				}
			}
			break
		}
		name = next
	}
	return caps
}

func hasWord(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}
