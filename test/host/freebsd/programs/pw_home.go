package programs

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// shell finds a shell by its name in the folders that pw looks in, or by its path.
func (r *pwRun) shell(name string) (path string, found bool) {
	if strings.HasPrefix(name, "/") {
		return name, true
	}
	for _, dir := range []string{"/bin", "/usr/bin", "/usr/local/bin"} {
		if st, err := os.Stat(r.inTree(dir + "/" + name)); err == nil && st.Mode()&0o111 != 0 {
			return dir + "/" + name, true
		}
	}
	return "", name == ""
}

// readPassword reads a password from a descriptor, in clear or encrypted; "-" is none.
func (r *pwRun) readPassword(u []string, fd string, encrypted bool) int {
	if fd == "-" {
		u[1] = "*"
		return 0
	}
	n, err := strconv.Atoi(fd)
	if err != nil || n < 0 {
		return r.p.Errx(pwUsageStatus, "Bad file descriptor '%s': invalid", fd)
	}
	text, err := io.ReadAll(os.NewFile(uintptr(n), "password"))
	if err != nil {
		return r.p.Err(pwIOStatus, err, "-%c file descriptor", map[bool]byte{true: 'H', false: 'h'}[encrypted])
	}
	line, _, _ := strings.Cut(string(text), "\n")
	switch {
	case line == "":
		return r.p.Errx(pwDataStatus, "empty password read on file descriptor %d", n)
	case encrypted && strings.Contains(line, ":"):
		return r.p.Errx(pwDataStatus, "bad encrypted password")
	case encrypted:
		u[1] = line
	default:
		u[1] = cryptSHA512(line, newSalt())
	}
	return 0
}

// makeHome makes the home folder with what /usr/share/skel has. A home right below / lies in /usr, with a link to it.
func (r *pwRun) makeHome(u []string) int {
	uid, _ := strconv.Atoi(u[2])
	gid, _ := strconv.Atoi(u[3])
	parent := filepath.Dir(u[8])
	if filepath.Dir(parent) == "/" && parent != "/" {
		if _, err := os.Lstat(r.inTree(parent)); err != nil {
			os.MkdirAll(r.inTree("/usr"+parent), 0o755)
			os.Symlink("usr"+parent, r.inTree(parent))
		}
	}
	home := r.inTree(u[8])
	if err := os.MkdirAll(filepath.Dir(home), 0o755); err != nil && !os.IsExist(err) {
		return r.p.Err(pwIOStatus, err, "%s", home)
	}
	if err := os.Mkdir(home, 0o755); err != nil && !os.IsExist(err) {
		return r.p.Err(pwIOStatus, err, "mkdir(%s)", u[8])
	}
	os.Chown(home, uid, gid)
	skel := r.inTree(or(r.options['k'], "/usr/share/skel"))
	files, _ := os.ReadDir(skel)
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(skel, f.Name()))
		to := filepath.Join(home, strings.TrimPrefix(f.Name(), "dot"))
		if err != nil || exists(to) {
			continue
		}
		if err := os.WriteFile(to, data, 0o644); err != nil {
			return r.p.Err(pwIOStatus, err, "%s", to)
		}
		os.Chown(to, uid, gid)
	}
	return 0
}
