package programs

import (
	"strconv"
	"strings"
	"time"
)

// strptime is strptime(3) for the fields that scripts use; what a format leaves out is as now.
func strptime(format, text string, now time.Time) (time.Time, bool) {
	format = strings.NewReplacer("%T", "%H:%M:%S", "%F", "%Y-%m-%d", "%R", "%H:%M", "%D", "%m/%d/%y").Replace(format)
	year, month, day := now.Date()
	hour, minute, second := now.Clock()
	location := now.Location()
	for i := 0; i < len(format); i++ {
		if format[i] == ' ' {
			text = strings.TrimLeft(text, " ")
			continue
		}
		if format[i] != '%' || i+1 == len(format) {
			if !strings.HasPrefix(text, format[i:i+1]) {
				return now, false
			}
			text = text[1:]
			continue
		}
		i++
		switch format[i] {
		case 'a', 'A', 'b', 'B', 'h':
			size := wordSize(text)
			if format[i] != 'a' && format[i] != 'A' {
				m := monthOf(text)
				if m == 0 {
					return now, false
				}
				month = time.Month(m)
			}
			text = text[size:]
			continue
		case 'Z':
			text = text[wordSize(text):]
			location = time.UTC
			continue
		case 'z':
			zoned, err := time.Parse("-0700", text[:min5(text)])
			if err != nil {
				return now, false
			}
			_, offset := zoned.Zone()
			location, text = time.FixedZone("", offset), text[5:]
			continue
		}
		n, rest, ok := timeNumber(format[i], text)
		if !ok {
			return now, false
		}
		text = rest
		switch format[i] {
		case 'Y':
			year = n
		case 'y':
			year = 1900 + n
			if n < 69 {
				year += 100
			}
		case 'm':
			month = time.Month(n)
		case 'd', 'e':
			day = n
		case 'H', 'I', 'k', 'l':
			hour = n
		case 'M':
			minute = n
		case 'S':
			second = n
		case 's':
			t := time.Unix(int64(n), 0).In(location)
			year, month, day = t.Date()
			hour, minute, second = t.Clock()
		default:
			return now, false
		}
	}
	t := time.Date(year, month, day, hour, minute, second, 0, location)
	return t.In(now.Location()), text == "" || strings.TrimSpace(text) == ""
}

func min5(text string) int {
	if len(text) < 5 {
		return len(text)
	}
	return 5
}

func wordSize(text string) int {
	for i := range []byte(text) {
		if c := text[i] | 0x20; c < 'a' || c > 'z' {
			return i
		}
	}
	return len(text)
}

func timeNumber(field byte, text string) (n int, rest string, ok bool) {
	most := 2
	switch field {
	case 'Y':
		most = 4
	case 's':
		most = 19
	}
	text = strings.TrimLeft(text, " ")
	digits := digitRun(text)
	if len(digits) > most {
		digits = digits[:most]
	}
	n, err := strconv.Atoi(digits)
	return n, text[len(digits):], err == nil
}
