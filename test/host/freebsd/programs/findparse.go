package programs

// The expressions of find(1), usr.bin/find/find.c and operator.c.

type findParser struct {
	f    *finding
	args []string
	err  string
}

// parse reads an expression; what is wrong with it comes back in words.
func (f *finding) parse(args []string) (test, string) {
	p := &findParser{f: f, args: args}
	if len(args) == 0 {
		return f.printing("\n"), ""
	}
	expression := p.list()
	if p.err == "" && len(p.args) > 0 {
		if p.args[0] == ")" {
			p.err = "): no beginning '('"
		} else {
			p.err = p.args[0] + ": unknown primary or operator"
		}
	}
	if p.err != "" {
		return nil, p.err
	}
	if f.output {
		return expression, ""
	}
	show := f.printing("\n")
	return func(one *found) bool { return expression(one) && show(one) }, ""
}

func (f *finding) printing(end string) test {
	return func(one *found) bool {
		f.p.Printf("%s%s", one.path, end)
		return true
	}
}

func (p *findParser) next() string {
	word := p.args[0]
	p.args = p.args[1:]
	return word
}

func (p *findParser) fail(text string) {
	if p.err == "" {
		p.err = text
	}
}

// list is expression , expression.
func (p *findParser) list() test {
	left := p.or()
	for p.err == "" && len(p.args) > 0 && p.args[0] == "," {
		p.next()
		first, second := left, p.or()
		left = func(one *found) bool { first(one); return second(one) }
	}
	return left
}

func (p *findParser) or() test {
	left := p.and()
	for p.err == "" && len(p.args) > 0 && (p.args[0] == "-o" || p.args[0] == "-or") {
		word := p.next()
		if len(p.args) == 0 {
			p.fail(word + ": no expression after " + word)
			return left
		}
		first, second := left, p.and()
		left = func(one *found) bool { return first(one) || second(one) }
	}
	return left
}

func (p *findParser) and() test {
	left := p.not()
	for p.err == "" && len(p.args) > 0 {
		switch p.args[0] {
		case "-o", "-or", ",", ")":
			return left
		case "-a", "-and":
			p.next()
		}
		if len(p.args) == 0 {
			p.fail("-a: no expression after -a")
			return left
		}
		first, second := left, p.not()
		left = func(one *found) bool { return first(one) && second(one) }
	}
	return left
}

func (p *findParser) not() test {
	if len(p.args) == 0 {
		p.fail("!: no following expression")
		return nil
	}
	switch p.args[0] {
	case "!", "-not", "-false":
		if p.next() == "-false" {
			return func(*found) bool { return false }
		}
		inner := p.not()
		return func(one *found) bool { return !inner(one) }
	case "(":
		p.next()
		inner := p.list()
		if p.err == "" && (len(p.args) == 0 || p.args[0] != ")") {
			p.fail("(: missing closing ')'")
			return nil
		}
		if p.err == "" {
			p.next()
		}
		return inner
	}
	word := p.next()
	primary := p.primary(word)
	if primary == nil {
		p.fail(word + ": unknown primary or operator")
	}
	return primary
}

// argument is the word that a primary needs.
func (p *findParser) argument(primary string) string {
	if len(p.args) == 0 {
		p.fail(primary + ": requires additional arguments")
		return ""
	}
	return p.next()
}
