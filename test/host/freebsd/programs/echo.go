package programs

import (
	"os"
	"strings"
)

// echo(1), bin/echo/echo.c; basename(1), dirname(1), pwd(1), yes(1), nproc(1), seq's neighbours of one idea each.
func init() {
	Register(echo, "echo")
	Register(basename, "basename")
	Register(dirname, "dirname")
	Register(pwd, "pwd")
	Register(yes, "yes")
}

func echo(p *Process) int {
	args, newline := p.Args, true
	if len(args) > 0 && args[0] == "-n" {
		args, newline = args[1:], false
	}
	text := strings.Join(args, " ")
	if strings.HasSuffix(text, `\c`) {
		text, newline = text[:len(text)-2], false
	}
	p.Printf("%s", text)
	if newline {
		p.Printf("\n")
	}
	return 0
}

// baseName is basename(3).
func baseName(name string) string {
	if name == "" {
		return "."
	}
	if name = strings.TrimRight(name, "/"); name == "" {
		return "/"
	}
	return name[strings.LastIndexByte(name, '/')+1:]
}

func basename(p *Process) int {
	const usage = "usage: basename string [suffix]\n       basename [-a] [-s suffix] string [...]\n"
	opts, names, ok := p.options("as:")
	if !ok || len(names) == 0 {
		return p.Usage(1, usage)
	}
	all, suffix := false, ""
	for _, o := range opts {
		all = true
		if o.Letter == 's' {
			suffix = o.Value
		}
	}
	if !all && len(names) == 2 {
		suffix, names = names[1], names[:1]
	}
	if !all && len(names) > 1 {
		return p.Usage(1, usage)
	}
	for _, name := range names {
		base := baseName(name)
		if suffix != "" && base != suffix {
			base = strings.TrimSuffix(base, suffix)
		}
		p.Printf("%s\n", base)
	}
	return 0
}

func dirname(p *Process) int {
	_, names, ok := p.options("")
	if !ok || len(names) == 0 {
		return p.Usage(1, "usage: dirname string [...]\n")
	}
	for _, name := range names {
		trimmed := strings.TrimRight(name, "/")
		at := strings.LastIndexByte(trimmed, '/')
		switch {
		case trimmed == "" && name != "":
			p.Printf("/\n")
		case at < 0:
			p.Printf(".\n")
		default:
			dir := strings.TrimRight(trimmed[:at], "/")
			if dir == "" {
				dir = "/"
			}
			p.Printf("%s\n", dir)
		}
	}
	return 0
}

func pwd(p *Process) int {
	opts, args, ok := p.options("LP")
	if !ok || len(args) > 0 {
		return p.Usage(1, "usage: pwd [-L | -P]\n")
	}
	logical := len(opts) > 0 && opts[len(opts)-1].Letter == 'L'
	dir, err := os.Getwd()
	if !logical {
		dir, err = resolve(".")
	}
	if err != nil {
		return p.Err(1, err, ".")
	}
	p.Printf("%s\n", dir)
	return 0
}

func yes(p *Process) int {
	text := "y"
	if len(p.Args) > 0 {
		text = strings.Join(p.Args, " ")
	}
	for {
		if _, err := p.Stdout.WriteString(text + "\n"); err != nil {
			return p.Err(1, err, "stdout")
		}
	}
}
