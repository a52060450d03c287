package programs

import "strings"

// Option is one option found by Getopt. Letter is '?' for one that the program doesn't know (it was complained of).
type Option struct {
	Letter byte
	Value  string
}

// Getopt reads options as FreeBSD's getopt(3) does: it stops at the first operand or at "--", and complains of an
// unknown option or a missing value in getopt's own words. spec is getopt's ("ab:c"). It returns the operands.
func (p *Process) Getopt(spec string) (options []Option, operands []string) {
	args := p.Args
	for len(args) > 0 {
		arg := args[0]
		if len(arg) < 2 || arg[0] != '-' {
			break
		}
		args = args[1:]
		if arg == "--" {
			break
		}
		for i := 1; i < len(arg); i++ {
			c := arg[i]
			at := strings.IndexByte(spec, c)
			if at < 0 || c == ':' {
				p.Warnx("illegal option -- %c", c)
				options = append(options, Option{'?', string(c)})
				continue
			}
			if at+1 >= len(spec) || spec[at+1] != ':' {
				options = append(options, Option{Letter: c})
				continue
			}
			value := arg[i+1:]
			if value == "" {
				if len(args) == 0 {
					p.Warnx("option requires an argument -- %c", c)
					options = append(options, Option{'?', string(c)})
					break
				}
				value, args = args[0], args[1:]
			}
			options = append(options, Option{c, value})
			break
		}
	}
	return options, args
}
