package programs

import (
	"os"
	"strings"
)

// cap_mkdb follows cap_mkdb(1) and usr.bin/cap_mkdb/cap_mkdb.c, services_mkdb follows services_mkdb(8): each makes a database of a
// text, beside it or where it is told, in one go. What is in it here is the names that it could be asked for, one a line.
func init() { Register(capMkdb, "cap_mkdb"); Register(servicesMkdb, "services_mkdb") }

func capMkdb(p *Process) int {
	found, files, ok := p.options("blf:v")
	if !ok || len(files) == 0 {
		return p.Usage(1, "usage: cap_mkdb [-b | -l] [-v] [-f outfile] file ...\n")
	}
	place := files[0]
	for _, option := range found {
		if option.Letter == 'f' {
			place = option.Value
		}
	}
	names := ""
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return p.Err(1, err, "%s", file)
		}
		for _, line := range strings.Split(string(content), "\n") {
			if line == "" || strings.ContainsAny(line[:1], "#:\t ") {
				continue
			}
			name, _, _ := strings.Cut(line, ":")
			names += strings.ReplaceAll(name, "|", "\n") + "\n"
		}
	}
	return p.writeDatabase(place+".db", names)
}

func servicesMkdb(p *Process) int {
	found, files, ok := p.options("blo:qu")
	if !ok || len(files) > 1 {
		return p.Usage(1, "usage:\tservices_mkdb [-b | -l] [-q] [-o <db>] [<servicefile>]\n\tservices_mkdb -u [<servicefile>]\n")
	}
	place, file := "/var/db/services.db", "/etc/services"
	for _, option := range found {
		switch option.Letter {
		case 'o':
			place = option.Value
		case 'u':
			return p.Errx(72, "-u: not part of the stand-in host")
		}
	}
	if len(files) == 1 {
		file = files[0]
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return p.Err(1, err, "Cannot open `%s'", file)
	}
	names := ""
	for _, line := range strings.Split(string(content), "\n") {
		line, _, _ = strings.Cut(line, "#")
		if fields := strings.Fields(line); len(fields) >= 2 {
			names += fields[0] + " " + fields[1] + "\n"
		}
	}
	return p.writeDatabase(place, names)
}

// writeDatabase makes it beside its place and renames it.
func (p *Process) writeDatabase(place, names string) int {
	if err := os.WriteFile(place+".tmp", []byte(names), 0644); err != nil {
		return p.Err(1, err, "%s", place+".tmp")
	}
	if err := os.Rename(place+".tmp", place); err != nil {
		return p.Err(1, err, "Cannot rename `%s' to `%s'", place+".tmp", place)
	}
	return 0
}
