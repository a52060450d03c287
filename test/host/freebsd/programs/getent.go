package programs

import (
	"os"
	"strings"
)

// getent(1) and getconf(1), usr.bin/getent, usr.bin/getconf: the data bases that are files, and a few values.
func init() { Register(getent, "getent"); Register(getconf, "getconf") }

func getent(p *Process) int {
	_, args, ok := p.options("")
	if !ok || len(args) == 0 {
		return p.Usage(1, "usage: getent database [key ...]\n")
	}
	file := map[string]string{
		"passwd": "/etc/passwd", "group": "/etc/group", "hosts": "/etc/hosts", "services": "/etc/services",
		"protocols": "/etc/protocols", "shells": "/etc/shells",
	}[args[0]]
	if file == "" {
		p.Warnx("unknown database: %s", args[0])
		return 1
	}
	data, _ := os.ReadFile(file)
	status := 0
	if len(args) == 1 {
		for _, line := range strings.Split(string(data), "\n") {
			if line != "" && line[0] != '#' {
				p.Printf("%s\n", line)
			}
		}
	}
	for _, key := range args[1:] {
		if line := lineWithKey(string(data), args[0], key); line != "" {
			p.Printf("%s\n", line)
		} else {
			status = 2
		}
	}
	return status
}

func lineWithKey(text, database, key string) string {
	for _, line := range strings.Split(text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		var fields []string
		if database == "passwd" || database == "group" {
			fields = strings.Split(line, ":")
			fields = []string{fields[0], fields[2]}
		} else {
			fields = strings.Fields(line)
		}
		for _, field := range fields {
			if field == key {
				return line
			}
		}
	}
	return ""
}

func getconf(p *Process) int {
	_, args, ok := p.options("av:")
	if !ok || len(args) == 0 || len(args) > 2 {
		return p.Usage(64, "usage: getconf [-v prog_env] system_var\n       getconf [-v prog_env] path_var pathname\n       getconf -a [pathname]\n")
	}
	value := map[string]string{
		"PAGESIZE": "4096", "PAGE_SIZE": "4096", "ARG_MAX": "524288", "LONG_BIT": "64", "NAME_MAX": "255", "PATH_MAX": "1024",
		"CLK_TCK": "128", "OPEN_MAX": "58527", "HOST_NAME_MAX": "255", "LINE_MAX": "2048", "PATH": "/sbin:/bin:/usr/sbin:/usr/bin",
	}[args[0]]
	if strings.HasSuffix(args[0], "NPROCESSORS_ONLN") || strings.HasSuffix(args[0], "NPROCESSORS_CONF") {
		return nproc(&Process{Name: "nproc", Stdout: p.Stdout, Stderr: p.Stderr, conn: p.conn})
	}
	if value == "" {
		return p.Errx(64, "no such configuration parameter `%s'", args[0])
	}
	p.Printf("%s\n", value)
	return 0
}
