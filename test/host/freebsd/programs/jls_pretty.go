package programs

import "strings"

// prettyEnd prints the JSON as libxo's "pretty" does: one value a line.
func (w *jlsOutput) prettyEnd() {
	w.p.Printf("{\n  \"__version\": \"2\", \n  \"jail-information\": {\n    \"jail\": [\n")
	for i, jail := range w.jails {
		w.p.Printf("      {\n%s\n      }", prettyFields(jail[1:len(jail)-1]))
		if i+1 < len(w.jails) {
			w.p.Printf(",")
		}
		w.p.Printf("\n")
	}
	w.p.Printf("    ]\n  }\n}\n")
}

// prettyFields breaks a flat list of JSON fields into lines, lists into lines of their own.
func prettyFields(text string) string {
	var out strings.Builder
	const indent = "        "
	line := indent
	in, list := false, false
	flush := func() {
		out.WriteString(strings.TrimRight(line, " ") + "\n")
		line = indent
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\\' && in:
			line += text[i : i+2]
			i++
			continue
		case c == '"':
			in = !in
		case in:
		case c == ':':
			line += ": "
			continue
		case c == ' ':
			continue
		case c == '[':
			line += "["
			flush()
			list = true
			line = indent + "  "
			continue
		case c == ']':
			if strings.TrimSpace(line) != "" {
				out.WriteString(line + "\n")
			}
			list = false
			line = indent
		case c == ',':
			line += ","
			flush()
			if list {
				line = indent + "  "
			}
			continue
		}
		line += string(c)
	}
	return out.String() + line
}
