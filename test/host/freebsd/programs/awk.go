package programs

// awk(1): the one true awk, which FreeBSD has too; the Debian package's runs. Options are checked first.
func init() { Register(awk, "awk", "nawk") }

func awk(p *Process) int {
	args := p.Args
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && args[0] != "--" {
		option := args[0]
		args = args[1:]
		switch {
		case option == "-version" || option == "--version" || option == "-V":
			p.Printf("awk version 20210215 (FreeBSD)\n")
			return 0
		case option == "-safe" || option == "-d":
		case option[1] == 'f' || option[1] == 'v' || option[1] == 'F':
			if len(option) == 2 && len(args) == 0 {
				return p.awkMissing(option[1])
			}
			if len(option) == 2 {
				args = args[1:]
			}
		}
	}
	if len(p.Args) == 0 {
		return p.Usage(1, "usage: awk [-F fs][-v var=value][prog | -f progfile][file ...]\n")
	}
	return p.Borrow("awk", append([]string{"awk"}, p.Args...)...)
}

func (p *Process) awkMissing(letter byte) int {
	switch letter {
	case 'f':
		return p.Errx(2, "no program filename")
	case 'v':
		return p.Errx(2, "no variable name")
	}
	return p.Errx(2, "no field separator")
}
