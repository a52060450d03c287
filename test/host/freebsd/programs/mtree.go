package programs

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// mtree(8), usr.sbin/nmtree: -c makes a specification, without it a tree is compared with one, -u and -U mend it.
func init() { Register(mtree, "mtree", "nmtree", "fmtree") }

const mtreeUsage = `usage: mtree [-bCcDdejLlMnPqrStUuWx] [-i|-m] [-E tags] [-F flavor]
	     [-f spec] [-f spec] [-I tags] [-K keywords] [-k keywords]
	     [-N dbdir] [-O onlyfile] [-p path] [-R keywords]
	     [-s seed] [-X exclude]
`

type matching struct {
	p *Process

	create, dirsOnly, update, updateAll, ignoreExtra, quiet, oneDev, warnLess bool

	keywords map[string]bool
	root     string
	status   int
}

// specEntry is a line of mtree(5) with what /set says added.
type specEntry struct {
	path string
	keys map[string]string
}

var mtreeKeywords = [...]string{"type", "uid", "gid", "uname", "gname", "mode", "nlink", "size", "time", "link", "flags"}

func mtree(p *Process) int {
	m := &matching{p: p, root: ".", keywords: map[string]bool{}}
	for _, k := range []string{"flags", "gid", "link", "mode", "nlink", "size", "time", "type", "uid"} {
		m.keywords[k] = true
	}
	opts, args, ok := p.options("bcCdDeE:f:F:I:ijk:K:lLmMnN:O:p:PqrR:s:StuUwWxX:")
	if !ok || len(args) > 0 {
		return p.Usage(1, mtreeUsage)
	}
	spec := ""
	for _, o := range opts {
		switch o.Letter {
		case 'c':
			m.create = true
		case 'd':
			m.dirsOnly = true
		case 'e':
			m.ignoreExtra = true
		case 'f':
			spec = o.Value
		case 'k', 'K', 'R':
			m.chooseKeywords(o)
		case 'p':
			m.root = o.Value
		case 'q':
			m.quiet = true
		case 'u', 'U':
			m.update, m.updateAll = true, o.Letter == 'U'
		case 'x':
			m.oneDev = true
		}
	}
	if st, err := stat(m.root); err != nil || !isDir(&st) {
		if err == nil {
			err = unix.ENOTDIR
		}
		return p.Err(1, err, "%s", m.root)
	}
	if m.create {
		m.write()
		return 0
	}
	in := p.Stdin
	if spec != "" {
		f, err := os.Open(spec)
		if err != nil {
			return p.Err(1, err, "%s", spec)
		}
		in = f
	}
	entries, failure := readSpec(bufio.NewScanner(in))
	if failure != "" {
		return p.Errx(1, "%s", failure)
	}
	m.compare(entries)
	return m.status
}

func (m *matching) chooseKeywords(o Option) {
	if o.Letter == 'k' {
		m.keywords = map[string]bool{"type": true}
	}
	for _, word := range strings.FieldsFunc(o.Value, func(r rune) bool { return r == ',' || r == ' ' }) {
		if word == "all" {
			for _, k := range mtreeKeywords {
				m.keywords[k] = o.Letter != 'R'
			}
		}
		m.keywords[word] = o.Letter != 'R'
	}
}

func mtreeType(mode uint32) string {
	return map[uint32]string{
		unix.S_IFDIR: "dir", unix.S_IFREG: "file", unix.S_IFLNK: "link", unix.S_IFCHR: "char", unix.S_IFBLK: "block",
		unix.S_IFIFO: "fifo", unix.S_IFSOCK: "socket",
	}[mode&unix.S_IFMT]
}

// value is what a keyword says of a file; "" if nothing.
func mtreeValue(keyword, path string, st *unix.Stat_t) string {
	switch keyword {
	case "type":
		return mtreeType(st.Mode)
	case "uid":
		return fmt.Sprint(st.Uid)
	case "gid":
		return fmt.Sprint(st.Gid)
	case "uname":
		return users.name(st.Uid)
	case "gname":
		return groups.name(st.Gid)
	case "mode":
		return fmt.Sprintf("%#o", shownMode(st)&07777)
	case "nlink":
		return fmt.Sprint(st.Nlink)
	case "size":
		if isFile(st) {
			return fmt.Sprint(st.Size)
		}
	case "time":
		return fmt.Sprintf("%d.%09d", st.Mtim.Sec, st.Mtim.Nsec)
	case "link":
		text, err := os.Readlink(path)
		if err == nil {
			return encodeName(text)
		}
	case "flags":
		if text := flagsText(fileFlags(path, false)); text != "" {
			return text
		}
		return "none"
	case "sha256", "sha256digest", "md5", "md5digest", "sha1", "sha512":
		if isFile(st) {
			return fileDigest(strings.TrimSuffix(keyword, "digest"), path)
		}
	}
	return ""
}

func fileDigest(kind, path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	sum := newHash(kind)
	sum.Write(data)
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// encodeName is vis(3)'s VIS_OCTAL for blanks and the like.
func encodeName(name string) string {
	var out strings.Builder
	for i := range []byte(name) {
		c := name[i]
		if c <= ' ' || c >= 127 || strings.IndexByte("#*?[\\=", c) >= 0 {
			fmt.Fprintf(&out, "\\%03o", c)
		} else {
			out.WriteByte(c)
		}
	}
	return out.String()
}

func decodeName(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+3 < len(text) {
			if c, err := strconv.ParseUint(text[i+1:i+4], 8, 8); err == nil {
				out.WriteByte(byte(c))
				i += 3
				continue
			}
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

func (m *matching) chosen() (list []string) {
	for k, on := range m.keywords {
		if on {
			list = append(list, k)
		}
	}
	sort.Strings(list)
	return list
}

func (m *matching) write() {
	host, _ := os.Hostname()
	root, _ := resolve(m.root)
	m.p.Printf("#\t   user: %s\n#\tmachine: %s\n#\t   tree: %s\n#\t   date: %s\n\n", users.name(uint32(os.Geteuid())), host, root,
		time.Now().UTC().Format("Mon Jan _2 15:04:05 2006"))
	m.writeDir(m.root, ".", 0)
}

func (m *matching) line(name, path string, st *unix.Stat_t, depth int) {
	text := strings.Repeat("    ", depth) + encodeName(name)
	for len(text) < 16 {
		text += " "
	}
	for _, k := range m.chosen() {
		if v := mtreeValue(k, path, st); v != "" {
			text += " " + k + "=" + v
		}
	}
	m.p.Printf("%s\n", text)
}

func (m *matching) writeDir(path, name string, depth int) {
	st, err := lstat(path)
	if err != nil {
		m.p.Warn(err, "%s", path)
		return
	}
	m.line(name, path, &st, depth)
	list, _ := names(path)
	var dirs []string
	for _, entry := range list {
		st, err := lstat(join(path, entry))
		switch {
		case err != nil:
		case isDir(&st):
			dirs = append(dirs, entry)
		case !m.dirsOnly:
			m.line(entry, join(path, entry), &st, depth+1)
		}
	}
	for _, entry := range dirs {
		m.writeDir(join(path, entry), entry, depth+1)
	}
	m.p.Printf("%s..\n", strings.Repeat("    ", depth))
}
