package programs

import (
	"os"
	"path/filepath"
	"strings"
)

// pwd_mkdb follows pwd_mkdb(8) and usr.sbin/pwd_mkdb/pwd_mkdb.c: it checks a master.passwd, makes the databases of it and puts
// it in its place.
func init() { Register(pwdMkdb, "pwd_mkdb") }

func pwdMkdb(p *Process) int {
	folder, plain, check := "/etc", false, false
	found, rest, ok := p.options("BCLNd:ips:u:v")
	for _, option := range found {
		switch option.Letter {
		case 'd':
			folder = option.Value
		case 'p':
			plain = true
		case 'C':
			check = true
		}
	}
	if !ok || len(rest) != 1 {
		return p.Usage(1, "usage: pwd_mkdb [-BCiNp] [-d directory] [-s cachesize] [-u username] file\n")
	}
	content, err := os.ReadFile(rest[0])
	if err != nil {
		return p.Err(1, err, "%s", rest[0])
	}
	for i, line := range strings.Split(strings.TrimSuffix(string(content), "\n"), "\n") {
		if !strings.HasPrefix(line, "#") && strings.TrimSpace(line) != "" && len(strings.Split(line, ":")) != 10 {
			p.Warnx("corrupted entry")
			p.Warnx("at line #%d", i+1)
			return p.Errx(1, "%s: Inappropriate file type or format", rest[0])
		}
	}
	if check {
		return 0
	}
	return writeDatabases(p, folder, rest[0], string(content), plain)
}

// writeDatabases makes each file beside its place and renames it, the master.passwd last.
func writeDatabases(p *Process, folder, from, master string, plain bool) int {
	files := map[string]os.FileMode{"pwd.db": 0644, "spwd.db": 0600}
	if plain {
		files["passwd"] = 0644
	}
	for name, mode := range files {
		place := filepath.Join(folder, name)
		if err := os.WriteFile(place+".tmp", PasswordFile("etc/"+name, master), mode); err != nil {
			return p.Err(1, err, "%s", place+".tmp")
		}
		if err := os.Rename(place+".tmp", place); err != nil {
			return p.Err(1, err, "%s", place)
		}
	}
	if err := os.Chmod(from, 0600); err != nil {
		return p.Err(1, err, "%s", from)
	}
	if err := os.Rename(from, filepath.Join(folder, "master.passwd")); err != nil {
		return p.Err(1, err, "%s", from)
	}
	return 0
}
