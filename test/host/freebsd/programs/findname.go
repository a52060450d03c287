package programs

import (
	"bufio"
	"os"
	"os/exec"
	"path"
	"strings"
)

func (p *findParser) namePrimary(word string) test {
	switch word {
	case "-name", "-iname":
		pattern := p.argument(word)
		return func(one *found) bool { return fnmatch(pattern, one.name, word == "-iname", false) }
	case "-path", "-wholename", "-ipath", "-iwholename":
		pattern := p.argument(word)
		return func(one *found) bool { return fnmatch(pattern, one.path, word[1] == 'i', true) }
	case "-lname", "-ilname":
		pattern := p.argument(word)
		return func(one *found) bool {
			text, err := os.Readlink(one.path)
			return err == nil && fnmatch(pattern, text, word == "-ilname", true)
		}
	case "-regex", "-iregex":
		pattern := p.argument(word)
		re, err := compileRegex("^("+pattern+")$", regexFlags{extended: true, ignoreCase: word == "-iregex"})
		if !p.f.extended {
			re, err = compileRegex("^\\("+pattern+"\\)$", regexFlags{ignoreCase: word == "-iregex"})
		}
		if err != nil {
			p.fail(word + ": " + pattern + ": " + err.Error())
			return nil
		}
		return func(one *found) bool { return re.matches(one.path) }
	}
	return nil
}

// fnmatch is fnmatch(3); with slashes a star matches them too.
func fnmatch(pattern, name string, ignoreCase, slashes bool) bool {
	if ignoreCase {
		pattern, name = strings.ToLower(pattern), strings.ToLower(name)
	}
	if slashes {
		pattern, name = strings.ReplaceAll(pattern, "/", "\x01"), strings.ReplaceAll(name, "/", "\x01")
	}
	pattern = strings.ReplaceAll(pattern, "[!", "[^")
	ok, err := path.Match(pattern, name)
	return err == nil && ok
}

// exec is -exec utility … ; or -exec utility … {} +.
func (p *findParser) exec(word string) test {
	var argv []string
	many := false
	for {
		if len(p.args) == 0 {
			p.fail(word + ": no terminating \";\" or \"+\"")
			return func(*found) bool { return false }
		}
		next := p.next()
		if next == ";" {
			break
		}
		if next == "+" && len(argv) > 0 && argv[len(argv)-1] == "{}" {
			many, argv = true, argv[:len(argv)-1]
			break
		}
		argv = append(argv, next)
	}
	if len(argv) == 0 {
		p.fail(word + ": no command specified")
		return func(*found) bool { return false }
	}
	inDir, ask := strings.HasSuffix(word, "dir"), strings.HasPrefix(word, "-ok")
	if many {
		return p.execMany(argv)
	}
	return func(one *found) bool {
		name, dir := one.path, ""
		if inDir {
			name, dir = path.Base(one.path), path.Dir(one.path)
		}
		words := make([]string, len(argv))
		for i, arg := range argv {
			words[i] = strings.ReplaceAll(arg, "{}", name)
		}
		if ask && !p.f.agreed(words) {
			return false
		}
		return p.f.utility(words, dir) == 0
	}
}

func (f *finding) agreed(words []string) bool {
	f.p.Stdout.Flush()
	f.p.Errorf("\"%s\"? ", strings.Join(words, " "))
	answer, _ := bufio.NewReader(f.p.Stdin).ReadString('\n')
	return strings.HasPrefix(answer, "y") || strings.HasPrefix(answer, "Y")
}

func (p *findParser) execMany(argv []string) test {
	const most = 5000
	var names []string
	flush := func() {
		if len(names) > 0 && p.f.utility(append(append([]string{}, argv...), names...), "") != 0 {
			p.f.status = 1
		}
		names = nil
	}
	p.f.atEnd = append(p.f.atEnd, flush)
	return func(one *found) bool {
		if names = append(names, one.path); len(names) >= most {
			flush()
		}
		return true
	}
}

// utility runs a command to its end.
func (f *finding) utility(argv []string, dir string) int {
	file, err := lookPath(argv[0], searchPath(os.Environ()))
	f.p.Stdout.Flush()
	if err != nil {
		f.p.Warn(err, "%s", argv[0])
		return 1
	}
	return f.p.Wait(&exec.Cmd{Path: file, Args: argv, Dir: dir, Stdin: f.p.Stdin, Stdout: os.Stdout, Stderr: f.p.Stderr})
}
