package programs

import "strings"

// PasswordFile makes one of the files that pwd_mkdb(8) makes of master.passwd: etc/passwd, etc/pwd.db, etc/spwd.db.
// The last is in the form of Linux's shadow(5): sshd reads it.
func PasswordFile(name, master string) []byte {
	var out strings.Builder
	for _, line := range strings.Split(master, "\n") {
		f := strings.Split(line, ":")
		if strings.HasPrefix(line, "#") || len(f) != 10 {
			continue
		}
		if strings.HasSuffix(name, "spwd.db") {
			out.WriteString(f[0] + ":" + f[1] + ":19000::::::\n")
			continue
		}
		out.WriteString(strings.Join([]string{f[0], "*", f[2], f[3], f[7], f[8], f[9]}, ":") + "\n")
	}
	return []byte(out.String())
}
