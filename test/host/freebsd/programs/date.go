package programs

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// date(1), bin/date/date.c. The clock is not set.
func init() { Register(date, "date") }

const dateUsage = `usage: date [-jnRu] [-I[date|hours|minutes|seconds]] [-f input_fmt]
            [-r filename|seconds] [-v[+|-]val[y|m|w|d|H|M|S]]
            [[[[[[cc]yy]mm]dd]HH]MM[.SS] | new_date] [+output_fmt]
`

var isoLayouts = [...][2]string{
	{"date", "%Y-%m-%d"}, {"hours", "%Y-%m-%dT%H"}, {"minutes", "%Y-%m-%dT%H:%M"}, {"seconds", "%Y-%m-%dT%H:%M:%S"},
}

type dating struct {
	p             *Process
	now           time.Time
	format, input string
	iso, dry      bool
	changes       []string
}

func date(p *Process) int {
	d := &dating{p: p, now: time.Now().In(zone()), format: "%+"}
	p.Args = isoArgument(p.Args)
	opts, args, ok := p.options("f:I:jnRr:uv:")
	if !ok {
		return p.Usage(1, dateUsage)
	}
	for _, o := range opts {
		switch o.Letter {
		case 'f':
			d.input = o.Value
		case 'I':
			layout := ""
			for _, one := range isoLayouts {
				if strings.HasPrefix(one[0], o.Value) {
					layout = one[1]
					break
				}
			}
			if layout == "" {
				return p.Usage(1, dateUsage)
			}
			d.format, d.iso = layout, o.Value != "date" && o.Value != ""
		case 'j':
			d.dry = true
		case 'R':
			d.format = "%a, %d %b %Y %T %z"
		case 'r':
			if status := d.reference(o.Value); status != 0 {
				return status
			}
		case 'u':
			d.now = d.now.UTC()
		case 'v':
			d.changes = append(d.changes, o.Value)
		}
	}
	return d.run(args)
}

// isoArgument gives -I its value, which can only be in the same word.
func isoArgument(args []string) []string {
	var out []string
	for i, arg := range args {
		if !strings.HasPrefix(arg, "-") {
			return append(out, args[i:]...)
		}
		if arg == "-I" {
			arg = "-Idate"
		}
		out = append(out, arg)
	}
	return out
}

func zone() *time.Location {
	name := os.Getenv("TZ")
	if name == "" {
		if data, err := os.ReadFile("/etc/localtime"); err == nil {
			if location, err := time.LoadLocationFromTZData("local", data); err == nil {
				return location
			}
		}
		return time.UTC
	}
	if data, err := os.ReadFile("/usr/share/zoneinfo/" + strings.TrimPrefix(name, ":")); err == nil {
		if location, err := time.LoadLocationFromTZData(name, data); err == nil {
			return location
		}
	}
	return time.UTC
}

func (d *dating) reference(text string) int {
	if seconds, err := strconv.ParseInt(text, 0, 64); err == nil {
		d.now = time.Unix(seconds, 0).In(d.now.Location())
		return 0
	}
	st, err := stat(text)
	if err != nil {
		return d.p.Usage(1, dateUsage)
	}
	d.now = statTime(st.Mtim).In(d.now.Location())
	return 0
}

func (d *dating) run(args []string) int {
	if len(args) > 0 && strings.HasPrefix(args[0], "+") {
		if d.iso {
			return d.p.Errx(1, "multiple output formats specified")
		}
		d.format, args = args[0][1:], args[1:]
	}
	if len(args) > 0 {
		t, ok := d.parse(args[0])
		if !ok {
			return 1
		}
		if !d.dry {
			return d.p.Errx(1, "settimeofday (timeval): Operation not permitted")
		}
		d.now, args = t, args[1:]
		if len(args) > 0 && strings.HasPrefix(args[0], "+") {
			d.format = args[0][1:]
		}
	}
	for _, change := range d.changes {
		if !d.adjust(change) {
			d.p.Errorf("%s: Cannot apply date adjustment\n", change)
			return d.p.Usage(1, dateUsage)
		}
	}
	text := strftime(d.format, d.now)
	if d.iso {
		text += d.now.Format("-07:00")
	}
	d.p.Printf("%s\n", text)
	return 0
}

// parse reads a date as -f says, or [[[[cc]yy]mm]dd]HH]MM[.SS].
func (d *dating) parse(text string) (time.Time, bool) {
	if d.input != "" {
		t, ok := strptime(d.input, text, d.now)
		if !ok {
			d.p.Warnx("Failed conversion of ``%s'' using format ``%s''", text, d.input)
			d.p.Usage(1, dateUsage)
		}
		return t, ok
	}
	short, seconds := text, 0
	if at := strings.IndexByte(text, '.'); at >= 0 {
		short, seconds = text[:at], atoi(text[at+1:])
	}
	full := d.now.Format("200601021504")
	if len(short) > 12 || len(short)%2 != 0 || len(short) == 0 {
		d.p.Errorf("illegal time format\n")
		d.p.Usage(1, dateUsage)
		return time.Time{}, false
	}
	t, err := time.ParseInLocation("200601021504", full[:12-len(short)]+short, d.now.Location())
	if err != nil {
		d.p.Errorf("illegal time format\n")
		d.p.Usage(1, dateUsage)
	}
	return t.Add(time.Duration(seconds) * time.Second), err == nil
}

// adjust is -v: +1d, -2w, 3H (the hour becomes 3) and so on.
func (d *dating) adjust(text string) bool {
	sign := 0
	switch {
	case strings.HasPrefix(text, "+"):
		sign, text = 1, text[1:]
	case strings.HasPrefix(text, "-"):
		sign, text = -1, text[1:]
	}
	digits := digitRun(text)
	if digits == "" || len(text) != len(digits)+1 {
		return false
	}
	n, unit, t := atoi(digits), text[len(digits)], d.now
	if sign != 0 {
		return d.shift(n*sign, unit)
	}
	year, month, day, hour, minute, second := t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second()
	switch unit {
	case 'y':
		year = n
	case 'm':
		month = time.Month(n)
	case 'd':
		day = n
	case 'H':
		hour = n
	case 'M':
		minute = n
	case 'S':
		second = n
	case 'w':
		day += n - int(t.Weekday())
	default:
		return false
	}
	d.now = time.Date(year, month, day, hour, minute, second, 0, t.Location())
	return true
}

func (d *dating) shift(n int, unit byte) bool {
	switch unit {
	case 'y':
		d.now = d.now.AddDate(n, 0, 0)
	case 'm':
		d.now = d.now.AddDate(0, n, 0)
	case 'w':
		d.now = d.now.AddDate(0, 0, 7*n)
	case 'd':
		d.now = d.now.AddDate(0, 0, n)
	case 'H':
		d.now = d.now.Add(time.Duration(n) * time.Hour)
	case 'M':
		d.now = d.now.Add(time.Duration(n) * time.Minute)
	case 'S':
		d.now = d.now.Add(time.Duration(n) * time.Second)
	default:
		return false
	}
	return true
}
