package programs

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"standin/bsd"
	"standin/kernel"
)

// devfs(8), after sbin/devfs: rule sets of the device file system. rc.d/devfs loads devfs.rules(5).

func init() { Register(devfs, "devfs") }

const devfsUsage = "usage: devfs rule [-s ruleset] ...\n       devfs ruleset ...\n"

func devfs(p *Process) int {
	options, operands := p.Getopt("m:")
	mount := "/dev"
	for _, o := range options {
		if o.Letter != 'm' {
			return p.Usage(1, devfsUsage)
		}
		mount = o.Value
	}
	if len(operands) == 0 || operands[0] != "rule" && operands[0] != "ruleset" {
		return p.Usage(1, devfsUsage)
	}
	if operands[0] == "ruleset" {
		return 0
	}
	rest, set := operands[1:], 0
	if len(rest) > 1 && rest[0] == "-s" {
		n, err := strconv.Atoi(rest[1])
		if err != nil {
			return p.Errx(1, "ruleset number `%s' is invalid", rest[1])
		}
		set, rest = n, rest[2:]
	}
	if len(rest) == 0 {
		return p.Usage(1, devfsUsage)
	}
	return p.devfsRule(mount, set, rest[0], rest[1:])
}

func (p *Process) devfsRule(mount string, set int, verb string, args []string) int {
	var err error
	switch verb {
	case "show", "showsets":
		if verb == "showsets" {
			set = 0
		}
		var rules []kernel.DevfsRule
		if err = p.Call("devfs.rules", set, &rules); err == nil {
			for _, r := range rules {
				p.Printf("%s\n", strings.TrimSpace(strconv.Itoa(r.Number)+" "+r.Text))
			}
		}
	case "add":
		return p.devfsAdd(set, args)
	case "delset":
		err = p.Call("devfs.delete", kernel.DevfsRequest{Set: set}, nil)
	case "del":
		if len(args) != 1 {
			return p.Usage(1, devfsUsage)
		}
		number, _ := strconv.Atoi(args[0])
		err = p.Call("devfs.delete", kernel.DevfsRequest{Set: set, Rule: kernel.DevfsRule{Number: number}}, nil)
	case "applyset":
		var dir *os.File
		if dir, err = os.OpenFile(mount, unix.O_PATH|unix.O_DIRECTORY, 0); err == nil {
			_, err = p.CallFiles("devfs.apply", set, nil, dir)
		}
	default:
		return p.Usage(1, devfsUsage)
	}
	if err != nil {
		return p.Errx(1, "%s", bsd.Strerror(err))
	}
	return 0
}

// devfsAdd adds a rule, or with "-" those on standard input.
func (p *Process) devfsAdd(set int, args []string) int {
	lines := [][]string{args}
	if len(args) == 1 && args[0] == "-" {
		data := make([]byte, 1<<16)
		n, _ := p.Stdin.Read(data)
		lines = nil
		for _, line := range strings.Split(string(data[:n]), "\n") {
			if words := strings.Fields(line); len(words) > 0 {
				lines = append(lines, words)
			}
		}
	}
	for _, words := range lines {
		rule := kernel.DevfsRule{}
		if n, err := strconv.Atoi(words[0]); err == nil && len(words) > 1 {
			rule.Number, words = n, words[1:]
		}
		for i, word := range words {
			switch word {
			case "path", "type", "include", "group", "user", "mode", "hide", "unhide":
			default:
				if i == 0 {
					return p.Errx(1, "unknown argument: %s", word)
				}
			}
		}
		rule.Text = strings.ReplaceAll(strings.Join(words, " "), "'", "")
		if err := p.Call("devfs.add", kernel.DevfsRequest{Set: set, Rule: rule}, nil); err != nil {
			return p.Err(1, err, "ioctl DEVFSIO_RADD")
		}
	}
	return 0
}

// loadDevfsRules is devfs_rulesets_init of rc.subr: it reads the files and adds what they say.
func loadDevfsRules(p *Process, files []string) {
	names := map[string]string{}
	set := 0
	for _, file := range files {
		data, _ := os.ReadFile(file)
		for _, line := range strings.Split(string(data), "\n") {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
				name, number, _ := strings.Cut(line[1:len(line)-1], "=")
				set, _ = strconv.Atoi(strings.TrimSpace(number))
				names["$"+strings.TrimSpace(name)] = strconv.Itoa(set)
				p.Call("devfs.delete", kernel.DevfsRequest{Set: set}, nil)
				continue
			}
			text := strings.TrimPrefix(line, "add ")
			if text == line || set == 0 {
				continue
			}
			words := strings.Fields(text)
			for i, word := range words {
				words[i] = or(names[word], word)
			}
			rule := kernel.DevfsRule{Text: strings.ReplaceAll(strings.Join(words, " "), "'", "")}
			p.Call("devfs.add", kernel.DevfsRequest{Set: set, Rule: rule}, nil)
		}
	}
}
