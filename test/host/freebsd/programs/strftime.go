package programs

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// strftime is strftime(3). What it doesn't know stands as its last letter (so %N prints N).
func strftime(format string, t time.Time) string {
	var out strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			out.WriteByte(format[i])
			continue
		}
		i++
		plain := false
		for i+1 < len(format) && strings.IndexByte("EO-", format[i]) >= 0 {
			plain = plain || format[i] == '-'
			i++
		}
		text := timeField(format[i], t)
		if plain {
			text = strings.TrimLeft(text, "0 ")
			if text == "" {
				text = "0"
			}
		}
		out.WriteString(text)
	}
	return out.String()
}

func timeField(field byte, t time.Time) string {
	if layout, ok := timeLayout(field); ok {
		return t.Format(layout)
	}
	year, week := t.ISOWeek()
	two := func(n int) string { return fmt.Sprintf("%02d", n) }
	hour12 := (t.Hour()+11)%12 + 1
	switch field {
	case 'C':
		return two(t.Year() / 100)
	case 'g':
		return two(year % 100)
	case 'G':
		return strconv.Itoa(year)
	case 'j':
		return fmt.Sprintf("%03d", t.YearDay())
	case 'k':
		return fmt.Sprintf("%2d", t.Hour())
	case 'l':
		return fmt.Sprintf("%2d", hour12)
	case 'n':
		return "\n"
	case 't':
		return "\t"
	case 's':
		return strconv.FormatInt(t.Unix(), 10)
	case 'u':
		return strconv.Itoa((int(t.Weekday())+6)%7 + 1)
	case 'w':
		return strconv.Itoa(int(t.Weekday()))
	case 'U':
		return two((t.YearDay() + 6 - int(t.Weekday())) / 7)
	case 'W':
		return two((t.YearDay() + 6 - (int(t.Weekday())+6)%7) / 7)
	case 'V':
		return two(week)
	}
	return string(rune(field))
}

func timeLayout(field byte) (string, bool) {
	switch field {
	case 'A':
		return "Monday", true
	case 'a':
		return "Mon", true
	case 'B':
		return "January", true
	case 'b', 'h':
		return "Jan", true
	case 'c':
		return "Mon Jan _2 15:04:05 2006", true
	case 'D', 'x':
		return "01/02/06", true
	case 'd':
		return "02", true
	case 'e':
		return "_2", true
	case 'F':
		return "2006-01-02", true
	case 'H':
		return "15", true
	case 'I':
		return "03", true
	case 'M':
		return "04", true
	case 'm':
		return "01", true
	case 'p':
		return "PM", true
	case 'R':
		return "15:04", true
	case 'r':
		return "03:04:05 PM", true
	case 'S':
		return "05", true
	case 'T', 'X':
		return "15:04:05", true
	case 'v':
		return "_2-Jan-2006", true
	case 'Y':
		return "2006", true
	case 'y':
		return "06", true
	case 'Z':
		return "MST", true
	case 'z':
		return "-0700", true
	case '+':
		return "Mon Jan _2 15:04:05 MST 2006", true
	}
	return "", false
}
