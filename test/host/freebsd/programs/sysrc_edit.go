package programs

import (
	"os"
	"sort"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// assignment says whether a line sets a variable, and where the value begins.
func assignment(line, name string) (at int, ok bool) {
	rest := strings.TrimLeft(line, " \t")
	if !strings.HasPrefix(rest, name+"=") {
		return 0, false
	}
	return len(line) - len(rest) + len(name) + 1, true
}

// holder is f_sysrc_find: the last file that sets a variable.
func (r *sysrcRun) holder(name string) string {
	for i := len(r.files) - 1; i >= 0; i-- {
		data, _ := os.ReadFile(r.files[i])
		for _, line := range strings.Split(string(data), "\n") {
			if _, ok := assignment(line, name); ok {
				return r.files[i]
			}
		}
	}
	return r.defaults
}

// assigned are the names of all variables that the files set, in order.
func (r *sysrcRun) assigned() (names []string) {
	files := r.files
	if r.allDefaults && r.defaults != "" {
		files = append([]string{r.defaults}, files...)
	}
	seen := map[string]bool{}
	for _, file := range files {
		data, _ := os.ReadFile(file)
		for _, line := range strings.Split(string(data), "\n") {
			name, _, ok := strings.Cut(strings.TrimLeft(line, " \t"), "=")
			if ok && isVariable(name) && !seen[name] {
				seen[name] = true
				names = append(names, name)
			}
		}
	}
	sort.Strings(names)
	return names
}

func isVariable(name string) bool {
	for i := 0; i < len(name); i++ {
		c := name[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}

// set is f_sysrc_set: the last line that sets the variable gets the new value, in the quotes that it has; a new
// variable goes to the end of the first file.
func (r *sysrcRun) set(name, value string) error {
	file := r.holder(name)
	if file == r.defaults {
		return r.appendLine(r.files[0], name+`="`+value+`"`)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return r.cannotCreate(file, err)
	}
	lines := strings.Split(string(data), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		if at, ok := assignment(lines[i], name); ok {
			quote, rest := cutValue(lines[i][at:])
			if quote == "'" && strings.Contains(value, "'") || quote == "" {
				quote = `"`
			}
			lines[i] = lines[i][:at] + quote + awkValue(value) + quote + rest
			break
		}
	}
	return r.write(file, strings.Join(lines, "\n"))
}

// cutValue finds a value's quote and what follows it (a comment).
func cutValue(text string) (quote, rest string) {
	if text != "" && (text[0] == '"' || text[0] == '\'') {
		quote = text[:1]
		for i := 1; i < len(text); i++ {
			if quote == `"` && text[i] == '\\' {
				i++
				continue
			}
			if text[i] == quote[0] {
				return quote, text[i+1:]
			}
		}
		return quote, ""
	}
	end := strings.IndexAny(text, " \t")
	if end < 0 {
		end = len(text)
	}
	return "", text[end:]
}

// awkValue is what awk -v makes of a value: it reads escapes.
func awkValue(value string) string {
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n", `\t`, "\t", `\/`, "/").Replace(value)
}

func (r *sysrcRun) appendLine(file, line string) error {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return r.cannotCreate(file, err)
	}
	defer f.Close()
	if st, err := f.Stat(); err == nil && st.Size() > 0 {
		var last [1]byte
		if f.ReadAt(last[:], st.Size()-1); last[0] != '\n' {
			line = "\n" + line
		}
	}
	_, err = f.WriteString(line + "\n")
	return err
}

// write puts another text into a file that is there.
func (r *sysrcRun) write(file, text string) error {
	st, err := os.Stat(file)
	if err != nil {
		return r.cannotCreate(file, err)
	}
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_TRUNC, st.Mode())
	if err != nil {
		return r.cannotCreate(file, err)
	}
	defer out.Close()
	_, err = out.WriteString(text)
	return err
}

// delete is f_sysrc_delete: every line that sets the variable goes, in the last file that has one.
func (r *sysrcRun) delete(name string) int {
	file := r.holder(name)
	if file == r.defaults {
		return 0
	}
	data, err := os.ReadFile(file)
	if err != nil {
		r.cannotCreate(file, err)
		return 1
	}
	var kept []string
	for _, line := range strings.Split(string(data), "\n") {
		if _, ok := assignment(line, name); !ok {
			kept = append(kept, line)
		}
	}
	if r.write(file, strings.Join(kept, "\n")) != nil {
		return 1
	}
	return 0
}
