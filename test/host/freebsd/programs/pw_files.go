package programs

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// passwords are the lines of master.passwd and group in a folder; comments are kept.
type passwords struct {
	etc           string
	users, groups [][]string // fields; a comment is one field
}

func openPasswords(etc string) (*passwords, error) {
	db := &passwords{etc: etc}
	for name, into := range map[string]*[][]string{"master.passwd": &db.users, "group": &db.groups} {
		text, err := os.ReadFile(filepath.Join(etc, name))
		if err != nil {
			return nil, err
		}
		for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
			if strings.HasPrefix(line, "#") {
				*into = append(*into, []string{line})
			} else if line != "" {
				*into = append(*into, strings.Split(line, ":"))
			}
		}
	}
	return db, nil
}

// find is a line by its name, or by its number if there is no name.
func findLine(list [][]string, width int, name string, id int) []string {
	for _, f := range list {
		if len(f) == width && (name != "" && f[0] == name || name == "" && f[2] == strconv.Itoa(id)) {
			return f
		}
	}
	return nil
}

func (db *passwords) user(name string, id int) []string { return findLine(db.users, 10, name, id) }

func (db *passwords) group(name string, id int) []string { return findLine(db.groups, 4, name, id) }

// groupNamed finds a group by its name or its number in digits.
func (db *passwords) groupNamed(text string) []string {
	if g := db.group(text, 0); g != nil {
		return g
	}
	if id, err := strconv.Atoi(text); err == nil {
		return db.group("", id)
	}
	return nil
}

func (db *passwords) freeUID() int { return freeNumber(db.users, 10) }

func (db *passwords) freeGID(wanted int) int {
	if db.group("", wanted) == nil {
		return wanted
	}
	return freeNumber(db.groups, 4)
}

// freeNumber is the first free one from 1001 on.
func freeNumber(list [][]string, width int) int {
	for id := 1001; ; id++ {
		if findLine(list, width, "", id) == nil {
			return id
		}
	}
}

func drop(list [][]string, line []string) [][]string {
	for i := range list {
		if &list[i][0] == &line[0] {
			return append(list[:i:i], list[i+1:]...)
		}
	}
	return list
}

// joinGroup makes a user a member of a group.
func joinGroup(group []string, user string) {
	members := strings.FieldsFunc(group[3], func(c rune) bool { return c == ',' })
	if !hasWord(members, user) {
		group[3] = strings.Join(append(members, user), ",")
	}
}

// leaveGroup takes a user out of a group.
func leaveGroup(group []string, user string) {
	var left []string
	for _, member := range strings.FieldsFunc(group[3], func(c rune) bool { return c == ',' }) {
		if member != user {
			left = append(left, member)
		}
	}
	group[3] = strings.Join(left, ",")
}

// save writes the files, those that pwd_mkdb(8) makes too, each beside its place and renamed.
func (db *passwords) save() error {
	text := func(list [][]string) []byte {
		var out strings.Builder
		for _, f := range list {
			out.WriteString(strings.Join(f, ":") + "\n")
		}
		return []byte(out.String())
	}
	master := text(db.users)
	for _, file := range []struct {
		name string
		mode os.FileMode
		data []byte
	}{
		{"group", 0o644, text(db.groups)}, {"pwd.db", 0o644, PasswordFile("etc/pwd.db", string(master))},
		{"spwd.db", 0o600, PasswordFile("etc/spwd.db", string(master))}, {"passwd", 0o644, PasswordFile("etc/passwd", string(master))},
		{"master.passwd", 0o600, master},
	} {
		path := filepath.Join(db.etc, file.name)
		if err := writeSynced(path+".new", file.data, file.mode); err != nil {
			return err
		}
		if err := os.Chmod(path+".new", file.mode); err != nil {
			return err
		}
		if err := os.Rename(path+".new", path); err != nil {
			return err
		}
	}
	return nil
}
