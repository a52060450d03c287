package programs

import (
	"os"
	"strings"
)

// env(1), usr.bin/env/env.c.
func init() { Register(env, "env"); Register(printenv, "printenv") }

const envUsage = `usage: env [-0iv] [-L|-U user[/class]] [-P utilpath] [-S string] [-u name]
           [name=value ...] [utility [argument ...]]
`

func env(p *Process) int {
	args := p.Args
	if len(args) > 0 && strings.HasPrefix(args[0], "-S") {
		args = splitString(args)
	}
	p.Args = args
	opts, operands, ok := p.options("-0iL:P:S:U:u:v")
	if !ok {
		return p.Usage(1, envUsage)
	}
	environment, end, path := os.Environ(), "\n", ""
	verbose := false
	for _, o := range opts {
		switch o.Letter {
		case '-', 'i':
			environment = nil
		case '0':
			end = "\x00"
		case 'u':
			environment = without(environment, o.Value)
		case 'v':
			verbose = true
		case 'P':
			path = o.Value
		}
	}
	if len(operands) > 0 && operands[0] == "-" {
		environment, operands = nil, operands[1:]
	}
	for len(operands) > 0 && strings.Contains(operands[0], "=") && operands[0][0] != '=' {
		name := operands[0][:strings.IndexByte(operands[0], '=')]
		environment = append(without(environment, name), operands[0])
		if verbose {
			p.Errorf("#env setenv:\t%s\n", operands[0])
		}
		operands = operands[1:]
	}
	if len(operands) == 0 {
		for _, one := range environment {
			p.Printf("%s%s", one, end)
		}
		return 0
	}
	if path != "" {
		if file, err := lookPath(operands[0], path); err == nil {
			operands[0] = file
		}
	}
	status, err := p.become(operands, environment)
	if err != nil {
		p.Warn(err, "%s", operands[0])
		return notFoundStatus(err)
	}
	return status
}

func without(environment []string, name string) (left []string) {
	for _, one := range environment {
		if !strings.HasPrefix(one, name+"=") {
			left = append(left, one)
		}
	}
	return left
}

// splitString takes -S apart: words parted by blanks, with quotes.
func splitString(args []string) []string {
	text, rest := args[0][2:], args[1:]
	if text == "" && len(rest) > 0 {
		text, rest = rest[0], rest[1:]
	}
	var words []string
	word, quote, begun := "", byte(0), false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, begun = c, true
		case c == '\\' && quote != '\'' && i+1 < len(text):
			i++
			word, begun = word+string(rune(text[i])), true
		case quote == 0 && (c == ' ' || c == '\t'):
			if begun {
				words = append(words, word)
			}
			word, begun = "", false
		default:
			word, begun = word+string(rune(c)), true
		}
	}
	if begun {
		words = append(words, word)
	}
	return append(words, rest...)
}

// printenv(1).
func printenv(p *Process) int {
	_, names, ok := p.options("")
	if !ok || len(names) > 1 {
		return p.Usage(1, "usage: printenv [name]\n")
	}
	if len(names) == 0 {
		for _, one := range os.Environ() {
			p.Printf("%s\n", one)
		}
		return 0
	}
	value, ok := os.LookupEnv(names[0])
	if !ok {
		return 1
	}
	p.Printf("%s\n", value)
	return 0
}
