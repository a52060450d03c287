package programs

import (
	"io"
	"os"
	"strings"
)

// sed(1), usr.bin/sed: main.c. Expressions are those of libc's regcomp(3), without GNU's additions.
func init() { Register(sed, "sed") }

const sedUsage = `usage: sed script [-Ealnru] [-i extension] [file ...]
	sed [-Ealnu] [-i extension] [-e script] ... [-f script_file] ... [file ...]
`

func sed(p *Process) int {
	s := &editing{p: p, files: map[string]*os.File{}, line: "", name: "-"}
	opts, args, ok := p.options("EI:ae:f:i:lnrsu")
	if !ok {
		return p.Usage(1, sedUsage)
	}
	c := &sedCompiler{p: p}
	given := false
	for _, o := range opts {
		switch o.Letter {
		case 'E', 'r':
			c.extended = true
		case 'I':
			s.inPlace, s.suffix = true, o.Value
		case 'i':
			s.inPlace, s.separate, s.suffix = true, true, o.Value
		case 'n':
			s.quiet = true
		case 's':
			s.separate = true
		case 'l', 'u':
			s.flushes = true
		}
	}
	for _, o := range opts {
		switch o.Letter {
		case 'e':
			c.add("\""+shorten(o.Value)+"\"", o.Value)
			given = true
		case 'f':
			text, err := readScript(p, o.Value)
			if err != nil {
				return p.Err(1, err, "%s", o.Value)
			}
			c.add(o.Value, text)
			given = true
		}
	}
	if !given {
		if len(args) == 0 {
			return p.Usage(1, sedUsage)
		}
		c.add("\""+shorten(args[0])+"\"", args[0])
		args = args[1:]
	}
	commands, failure := c.compile()
	if failure != "" {
		return p.Errx(1, "%s", failure)
	}
	s.commands = commands
	if c.quiet {
		s.quiet = true
	}
	if s.inPlace && len(args) == 0 {
		return p.Errx(1, "-I or -i may not be used with stdin")
	}
	if len(args) == 0 {
		args = []string{""}
	}
	s.inputs = args
	s.run()
	return s.status
}

// shorten is what a message shows of a script on the command line.
func shorten(script string) string {
	line, _, more := strings.Cut(script, "\n")
	if len(line) > 24 {
		line, more = line[:24], true
	}
	if more {
		line += " ..."
	}
	return line
}

func readScript(p *Process, name string) (string, error) {
	var data []byte
	var err error
	if name == "-" {
		data, err = io.ReadAll(p.Stdin)
	} else {
		data, err = os.ReadFile(name)
	}
	return strings.TrimSuffix(string(data), "\n"), err
}
