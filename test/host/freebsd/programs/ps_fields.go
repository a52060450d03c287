package programs

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"standin/kernel"
)

// psHeaders are the keywords of bin/ps/keyword.c that are played here, with their headers.
func psHeaders(key string) (header string, known bool) {
	switch key {
	case "pid", "ppid", "pgid", "sid", "jid", "uid", "gid", "ruid", "rgid", "user", "ruser", "command", "time", "state", "vsz", "rss", "cpu",
		"pri", "wchan", "jobc", "sl", "re", "pagein", "lim", "tsiz", "login", "etimes", "nlwp", "jail", "group", "rgroup", "fib", "flags":
		if key == "state" {
			return "STAT", true
		}
		return strings.ToUpper(key), true
	case "args", "comm", "ucomm":
		return map[string]string{"args": "COMMAND", "comm": "COMMAND", "ucomm": "COMMAND"}[key], true
	case "stat":
		return "STAT", true
	case "tt":
		return "TT", true
	case "tty":
		return "TTY", true
	case "ni", "nice":
		return "NI", true
	case "%cpu", "pcpu":
		return "%CPU", true
	case "%mem", "pmem":
		return "%MEM", true
	case "start", "lstart":
		return "STARTED", true
	case "etime":
		return "ELAPSED", true
	case "mwchan":
		return "MWCHAN", true
	}
	return "", false
}

func psLeft(key string) bool {
	switch key {
	case "command", "args", "comm", "ucomm", "user", "ruser", "state", "stat", "tt", "tty", "login", "wchan", "mwchan", "jail", "lstart", "group", "rgroup":
		return true
	}
	return false
}

func (r *psRun) field(one kernel.ProcessInfo, key string) string {
	switch key {
	case "pid":
		return strconv.Itoa(one.PID)
	case "ppid":
		return strconv.Itoa(one.PPID)
	case "pgid":
		return strconv.Itoa(one.PGID)
	case "sid":
		return strconv.Itoa(one.Session)
	case "jid":
		return strconv.Itoa(one.JID)
	case "uid", "ruid":
		return strconv.Itoa(one.UID)
	case "gid", "rgid":
		return strconv.Itoa(one.GID)
	case "user", "ruser", "login":
		return users.name(uint32(one.UID))
	case "group", "rgroup":
		return groups.name(uint32(one.GID))
	case "command", "args":
		if r.command {
			return one.Command
		}
		return psCommand(one)
	case "comm", "ucomm":
		return one.Command
	case "time":
		return fmt.Sprintf("%d:%02d.%02d", one.Ticks/6000, one.Ticks/100%60, one.Ticks%100)
	case "state", "stat":
		return psState(one)
	case "vsz":
		return strconv.FormatInt(one.Virtual/1024, 10)
	case "rss":
		return strconv.FormatInt(one.Resident/1024, 10)
	case "ni", "nice":
		return strconv.Itoa(one.Nice)
	case "%cpu", "%mem", "pcpu", "pmem":
		return "0.0"
	case "tt", "tty":
		if one.TTY == 0 {
			return "-"
		}
		return "0"
	case "start", "lstart", "etime", "etimes":
		return r.times(one, key)
	case "wchan", "mwchan":
		return "-"
	case "pri":
		return "20"
	case "jail":
		return "-"
	}
	return "0"
}

// psCommand is the command line; the kernel's own processes stand in brackets, as ps shows what has no arguments.
func psCommand(one kernel.ProcessInfo) string {
	if len(one.Argv) == 0 || one.Argv[0] == "" {
		if one.State == "Z" {
			return "<defunct>"
		}
		return "[" + one.Command + "]"
	}
	argv := append([]string{}, one.Argv...)
	daemon := one.PID == one.Session && strings.Contains(argv[0], "/sbin/")
	if strings.HasPrefix(argv[0], "/") && !daemon && one.PID != 1 {
		argv[0] = one.Command // one calls a program by its bare name; rc calls daemons by their path
	}
	return strings.Join(argv, " ")
}

func psState(one kernel.ProcessInfo) string {
	text := map[string]string{"S": "S", "R": "R", "D": "D", "Z": "Z", "T": "T", "I": "I"}[one.State]
	if text == "" {
		text = "S"
	}
	if one.PID == 0 {
		return "DLs"
	}
	if one.Session == one.PID {
		text += "s"
	}
	if one.JID != 0 {
		text += "J"
	}
	return text
}

func (r *psRun) times(one kernel.ProcessInfo, key string) string {
	var up unix.Timespec
	unix.ClockGettime(unix.CLOCK_BOOTTIME, &up)
	seconds := up.Sec - one.Started/100
	if one.PID == 0 {
		seconds = up.Sec
	}
	switch key {
	case "etimes":
		return strconv.FormatInt(seconds, 10)
	case "etime":
		text := fmt.Sprintf("%02d:%02d", seconds/60%60, seconds%60)
		if seconds >= 3600 {
			text = fmt.Sprintf("%02d:", seconds/3600%24) + text
		}
		if seconds >= 86400 {
			text = fmt.Sprintf("%d-", seconds/86400) + text
		}
		return text
	case "lstart":
		return unixTime(r.now - seconds).Format("Mon Jan _2 15:04:05 2006")
	}
	if seconds < 86400 {
		return unixTime(r.now - seconds).Format("15:04")
	}
	return unixTime(r.now - seconds).Format("02Jan06")
}
