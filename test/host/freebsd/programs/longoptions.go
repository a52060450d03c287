package programs

import "strings"

// longOption is one of getopt_long(3): "lines" that stands for 'n' and takes a value.
type longOption struct {
	name   string
	letter byte
	takes  bool
}

// longOptions is getopt_long(3) as BSD's programs use it: its complaints have other words than getopt's.
func (p *Process) longOptions(spec string, long []longOption) (found []Option, operands []string, ok bool) {
	args := p.Args
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			break
		}
		if strings.HasPrefix(arg, "--") {
			option, rest, good := p.longOption(arg[2:], args, long)
			if !good {
				return found, args, false
			}
			found, args = append(found, option), rest
			continue
		}
		for i := 1; i < len(arg); i++ {
			takes, known := optionIn(spec, arg[i])
			if !known {
				p.Warnx("invalid option -- %c", arg[i])
				return found, args, false
			}
			if !takes {
				found = append(found, Option{Letter: arg[i]})
				continue
			}
			value := arg[i+1:]
			if value == "" && len(args) == 0 {
				p.Warnx("option requires an argument -- %c", arg[i])
				return found, args, false
			}
			if value == "" {
				value, args = args[0], args[1:]
			}
			found = append(found, Option{arg[i], value})
			break
		}
	}
	return found, args, true
}

func (p *Process) longOption(text string, args []string, long []longOption) (Option, []string, bool) {
	name, value := text, ""
	at := strings.IndexByte(text, '=')
	if at >= 0 {
		name, value = text[:at], text[at+1:]
	}
	var match *longOption
	for i := range long {
		if long[i].name == name {
			match = &long[i]
			break
		}
		if strings.HasPrefix(long[i].name, name) && name != "" {
			if match != nil {
				p.Warnx("ambiguous option -- %s", text)
				return Option{}, args, false
			}
			match = &long[i]
		}
	}
	switch {
	case match == nil:
		p.Warnx("unrecognized option `--%s'", text)
		return Option{}, args, false
	case !match.takes && at >= 0:
		p.Warnx("option doesn't take an argument -- %s", name)
		return Option{}, args, false
	case match.takes && at < 0 && len(args) == 0:
		p.Warnx("option requires an argument -- %s", name)
		return Option{}, args, false
	case match.takes && at < 0:
		return Option{match.letter, args[0]}, args[1:], true
	}
	return Option{match.letter, value}, args, true
}
