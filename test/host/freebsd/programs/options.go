package programs

// options is getopt(3) as most programs use it: at the first option that is unknown, or lacks its value, they
// print their usage. ok is false then, and getopt's complaint has been printed.
func (p *Process) options(spec string) (found []Option, operands []string, ok bool) {
	args := p.Args
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			break
		}
		for i := 1; i < len(arg); i++ {
			takes, known := optionIn(spec, arg[i])
			if !known {
				p.Warnx("illegal option -- %c", arg[i])
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

func optionIn(spec string, letter byte) (takes, known bool) {
	for i := 0; i < len(spec); i++ {
		if spec[i] == letter && letter != ':' {
			return i+1 < len(spec) && spec[i+1] == ':', true
		}
	}
	return false, false
}
