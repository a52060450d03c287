package programs

import (
	"os"
	"strconv"
	"strings"

	"standin/bsd"
)

// fstabEntry is struct fstab of fstab.h.
type fstabEntry struct {
	spec, file, kind, options string
	freq, pass                int
}

func (e fstabEntry) has(option string) bool {
	for _, o := range strings.Split(e.options, ",") {
		if o == option {
			return true
		}
	}
	return false
}

// readFstab is getfsent(3) to the end of the file; it complains in getfsent's own words.
func (p *Process) readFstab(table string) (entries []fstabEntry) {
	if table == "" {
		table = "/etc/fstab"
	}
	data, err := os.ReadFile(table)
	if err != nil {
		p.Errorf("fstab: %s:0: %s\n", table, bsd.Strerror(err))
		return nil
	}
	for i, line := range strings.Split(string(data), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if len(fields) < 4 {
			p.Errorf("fstab: %s:%d: Inappropriate file type or format\n", table, i+1)
			continue
		}
		e := fstabEntry{spec: unvis(fields[0]), file: unvis(fields[1]), kind: fields[2], options: fields[3]}
		if len(fields) > 4 {
			e.freq, _ = strconv.Atoi(fields[4])
		}
		if len(fields) > 5 {
			e.pass, _ = strconv.Atoi(fields[5])
		}
		entries = append(entries, e)
	}
	return entries
}

// unvis undoes the octal escapes of vis(3): "\040" is a blank.
func unvis(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+3 < len(text) {
			if n, err := strconv.ParseUint(text[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// expandNumber is expand_number(3): "64m" is 67108864.
func expandNumber(text string) (int64, bool) {
	if text == "" {
		return 0, false
	}
	shift := uint(0)
	if at := strings.IndexByte("bkmgtpe", text[len(text)-1]|0x20); at >= 0 {
		shift, text = uint(10*at), text[:len(text)-1]
	}
	n, err := strconv.ParseInt(text, 0, 64)
	return n << shift, err == nil
}
