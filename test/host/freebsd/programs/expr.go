package programs

import "strconv"

// expr(1), bin/expr/expr.y.
func init() { Register(expr, "expr") }

type reckoning struct {
	p    *Process
	args []string
}

func expr(p *Process) int {
	args := p.Args
	if len(args) > 0 && args[0] == "-e" {
		args = args[1:]
	}
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	r := &reckoning{p, args}
	value := r.or()
	if len(r.args) > 0 {
		r.syntax()
	}
	p.Printf("%s\n", value)
	if value == "" || isZero(value) {
		return 1
	}
	return 0
}

func isZero(text string) bool {
	n, err := strconv.ParseInt(text, 10, 64)
	return err == nil && n == 0
}

func (r *reckoning) syntax() {
	r.p.Exit(r.p.Errx(2, "syntax error"))
}

func (r *reckoning) take(words ...string) string {
	if len(r.args) == 0 {
		return ""
	}
	for _, word := range words {
		if r.args[0] == word {
			r.args = r.args[1:]
			return word
		}
	}
	return ""
}

func (r *reckoning) or() string {
	left := r.and()
	for r.take("|") != "" {
		right := r.and()
		if left == "" || isZero(left) {
			left = right
		}
		if left == "" {
			left = "0"
		}
	}
	return left
}

func (r *reckoning) and() string {
	left := r.compare()
	for r.take("&") != "" {
		right := r.compare()
		if left == "" || isZero(left) || right == "" || isZero(right) {
			left = "0"
		}
	}
	return left
}

func (r *reckoning) compare() string {
	left := r.sum()
	for {
		op := r.take("=", "!=", "<", "<=", ">", ">=")
		if op == "" {
			return left
		}
		right := r.sum()
		c := 0
		x, errX := strconv.ParseInt(left, 10, 64)
		y, errY := strconv.ParseInt(right, 10, 64)
		switch {
		case errX == nil && errY == nil && x < y, (errX != nil || errY != nil) && left < right:
			c = -1
		case errX == nil && errY == nil && x > y, (errX != nil || errY != nil) && left > right:
			c = 1
		}
		holds := map[string]bool{"=": c == 0, "!=": c != 0, "<": c < 0, "<=": c <= 0, ">": c > 0, ">=": c >= 0}[op]
		left = map[bool]string{true: "1", false: "0"}[holds]
	}
}

func (r *reckoning) integer(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		r.p.Exit(r.p.Errx(2, "not a decimal number: '%s'", text))
	}
	return n
}

func (r *reckoning) sum() string {
	left := r.product()
	for {
		op := r.take("+", "-")
		if op == "" {
			return left
		}
		x, y := r.integer(left), r.integer(r.product())
		if op == "-" {
			y = -y
		}
		left = strconv.FormatInt(x+y, 10)
	}
}

func (r *reckoning) product() string {
	left := r.match()
	for {
		op := r.take("*", "/", "%")
		if op == "" {
			return left
		}
		x, y := r.integer(left), r.integer(r.match())
		if op != "*" && y == 0 {
			r.p.Exit(r.p.Errx(2, "division by zero"))
		}
		switch op {
		case "*":
			x *= y
		case "/":
			x /= y
		case "%":
			x %= y
		}
		left = strconv.FormatInt(x, 10)
	}
}

// match is STRING : EXPRESSION: the first group of it, or the length of what matches.
func (r *reckoning) match() string {
	left := r.primary()
	for r.take(":") != "" {
		re, err := compileRegex("^\\("+r.primary()+"\\)", regexFlags{})
		if err != nil {
			r.p.Exit(r.p.Errx(2, "regular expression error: %s", err))
		}
		found := re.find(left, 0)
		switch {
		case re.groups > 1 && found != nil && found[4] >= 0:
			left = left[found[4]:found[5]]
		case re.groups > 1:
			left = ""
		case found != nil:
			left = strconv.Itoa(len([]rune(left[:found[1]])))
		default:
			left = "0"
		}
	}
	return left
}

func (r *reckoning) primary() string {
	if len(r.args) == 0 {
		r.syntax()
	}
	if r.take("(") != "" {
		value := r.or()
		if r.take(")") == "" {
			r.syntax()
		}
		return value
	}
	word := r.args[0]
	r.args = r.args[1:]
	return word
}
