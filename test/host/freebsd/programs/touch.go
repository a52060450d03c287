package programs

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// touch(1), usr.bin/touch/touch.c.
func init() { Register(touch, "touch") }

const touchUsage = `usage: touch [-A [-][[hh]mm]SS] [-achm] [-r file] [-t [[CC]YY]MMDDhhmm[.SS]]
             [-d YYYY-MM-DDThh:mm:SS[.frac][tz]]
             file ...
`

func touch(p *Process) int {
	opts, files, ok := p.options("A:acd:fhmr:t:")
	if !ok || len(files) == 0 {
		return p.Usage(1, touchUsage)
	}
	access, modify, create, follow := false, false, true, true
	now := unix.Timespec{Nsec: unix.UTIME_NOW}
	times := [2]unix.Timespec{now, now}
	for _, o := range opts {
		var t time.Time
		switch o.Letter {
		case 'a':
			access = true
		case 'm':
			modify = true
		case 'c':
			create = false
		case 'h':
			create, follow = false, false
		case 'r':
			st, err := stat(o.Value)
			if err != nil {
				return p.Err(1, err, "%s", o.Value)
			}
			times = [2]unix.Timespec{st.Atim, st.Mtim}
		case 't':
			if t, ok = touchTime(o.Value); !ok {
				return p.Errx(1, "out of range or illegal time specification: [[CC]YY]MMDDhhmm[.SS]")
			}
			times = [2]unix.Timespec{{Sec: t.Unix()}, {Sec: t.Unix()}}
		case 'd':
			if t, ok = isoTime(o.Value); !ok {
				return p.Errx(1, "out of range or illegal time specification: YYYY-MM-DDThh:mm:SS[.frac][tz]")
			}
			ts := unix.Timespec{Sec: t.Unix(), Nsec: int64(t.Nanosecond())}
			times = [2]unix.Timespec{ts, ts}
		}
	}
	if access != modify {
		keep := 0
		if access {
			keep = 1
		}
		times[keep] = unix.Timespec{Nsec: unix.UTIME_OMIT}
	}
	status := 0
	for _, name := range files {
		if err := touchOne(name, times, create, follow); err != nil {
			p.Warn(err, "%s", name)
			status = 1
		}
	}
	return status
}

func touchOne(name string, times [2]unix.Timespec, create, follow bool) error {
	flags := unix.AT_SYMLINK_NOFOLLOW
	if follow {
		flags = 0
	}
	if _, err := stat(name); err == unix.ENOENT && follow {
		if !create {
			return nil
		}
		fd, err := unix.Open(name, unix.O_WRONLY|unix.O_CREAT|unix.O_CLOEXEC, 0666)
		if err != nil {
			return err
		}
		unix.Close(fd)
	}
	return unix.UtimesNanoAt(unix.AT_FDCWD, name, times[:], flags)
}

// touchTime reads [[CC]YY]MMDDhhmm[.SS].
func touchTime(text string) (time.Time, bool) {
	seconds := 0
	if at := strings.IndexByte(text, '.'); at >= 0 {
		n, err := strconv.Atoi(text[at+1:])
		if err != nil || len(text)-at != 3 || n > 60 {
			return time.Time{}, false
		}
		seconds, text = n, text[:at]
	}
	switch len(text) {
	case 8:
		text = strconv.Itoa(time.Now().UTC().Year()) + text
	case 10:
		century := "19"
		if text < "69" {
			century = "20"
		}
		text = century + text
	}
	t, err := time.Parse("200601021504", text)
	return t.Add(time.Duration(seconds) * time.Second), err == nil
}

func isoTime(text string) (time.Time, bool) {
	text = strings.Replace(strings.Replace(text, " ", "T", 1), ",", ".", 1)
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
