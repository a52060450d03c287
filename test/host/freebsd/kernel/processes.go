package kernel

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

func init() { Handle("ps.list", psList) }

// ProcessInfo is one process as kvm_getprocs(3) gives it; its numbers are those that the caller knows it by.
type ProcessInfo struct {
	PID, PPID, PGID, Session int
	JID                      int
	UID, GID                 int
	State                    string // Linux's letter
	Argv                     []string
	Command                  string
	Nice                     int
	Ticks                    int64 // of time used, 100 a second
	Started                  int64 // in ticks since the Linux kernel's boot
	Virtual                  int64 // bytes
	Resident                 int64
	TTY                      int

	jail *Jail
}

// psList lists the processes that the caller sees, in order of their numbers.
func psList(k *Kernel, c *Call, _ None) ([]ProcessInfo, error) {
	var list []ProcessInfo
	if c.Jail == nil {
		list = append(list, ProcessInfo{State: "D", Command: "kernel"})
	}
	all := k.processes()
	hidden := map[int]bool{}
	for _, p := range all {
		hidden[p.PID] = p.Command == "[kernel]" || p.jail != nil && p.jail.init != nil && p.PID == p.jail.init.cmd.Process.Pid
	}
	for _, p := range all {
		if hidden[p.PPID] {
			p.PPID = 1 // who has lost its parent belongs to init
		}
		if p.jail == nil && (c.Jail != nil || p.Command == "[kernel]") {
			continue
		}
		if p.jail != nil {
			if hidden[p.PID] {
				continue
			}
			if c.Jail != nil && p.jail != c.Jail && !p.jail.below(c.Jail) {
				continue
			}
			p.JID = p.jail.ID
		}
		if c.Jail != nil {
			inside := k.numberInside(p.PID)
			if p.Session == p.PID {
				p.Session = inside
			}
			if p.PGID == p.PID {
				p.PGID = inside
			}
			if p.PPID != 1 {
				p.PPID = k.numberInside(p.PPID)
			}
			p.PID = inside
		}
		if p.PID != 0 {
			list = append(list, p)
		}
	}
	return list, nil
}

// processes lists all of the machine's processes.
func (k *Kernel) processes() []ProcessInfo {
	fd, err := unix.Openat(k.ProcFS, ".", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	dir := os.NewFile(uintptr(fd), "proc")
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	var list []ProcessInfo
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			if p, ok := k.process(pid); ok {
				list = append(list, p)
			}
		}
	}
	return list
}

func (k *Kernel) process(pid int) (p ProcessInfo, ok bool) {
	text, err := k.procFile(fmt.Sprintf("%d/stat", pid))
	if err != nil {
		return p, false
	}
	open, end := strings.IndexByte(text, '('), strings.LastIndexByte(text, ')')
	field := strings.Fields(text[end+1:])
	if open < 0 || len(field) < 22 {
		return p, false
	}
	n := func(i int) int64 {
		v, _ := strconv.ParseInt(field[i], 10, 64)
		return v
	}
	p = ProcessInfo{
		PID: pid, Command: text[open+1 : end], State: field[0], PPID: int(n(1)), PGID: int(n(2)), Session: int(n(3)), TTY: int(n(4)),
		Ticks: n(11) + n(12), Nice: int(n(16)), Started: n(19), Virtual: n(20), Resident: n(21) * 4096,
	}
	p.jail = k.jailOfProcess(pid)
	if line, err := k.procFile(fmt.Sprintf("%d/cmdline", pid)); err == nil {
		p.Argv = shownArgv(strings.Split(strings.TrimSuffix(line, "\x00"), "\x00"))
	}
	if pid == 1 {
		p.Argv, p.Command = []string{"/sbin/init"}, "init"
	}
	if title, _, found := strings.Cut(strings.Join(p.Argv, " "), ": "); found && !strings.Contains(title, " ") {
		p.Command = title // setproctitle(3): "sshd: root@notty"
	} else if len(p.Argv) > 0 {
		p.Command = p.Argv[0][strings.LastIndexByte(p.Argv[0], '/')+1:]
	}
	var st unix.Stat_t
	if unix.Fstatat(k.ProcFS, strconv.Itoa(pid), &st, 0) == nil {
		p.UID, p.GID = int(st.Uid), int(st.Gid)
	}
	return p, true
}

// shownArgv hides that a program is a script of ours: "/sbin/init /bin/sleep 5" is "/bin/sleep 5", and what sh(1) runs has its name.
func shownArgv(argv []string) []string {
	if len(argv) < 2 || argv[0] != "/sbin/init" {
		return argv
	}
	if argv[1] == "/etc/rc" || argv[1] == "/etc/rc.shutdown" {
		return append([]string{"sh"}, argv[1:]...)
	}
	return argv[1:]
}

// numberInside is a process's number in its own jail, 0 if it has gone.
func (k *Kernel) numberInside(pid int) int {
	text, err := k.procFile(fmt.Sprintf("%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, found := strings.Cut(text, "\nNSpid:")
	if !found {
		return 0
	}
	line, _, _ := strings.Cut(rest, "\n")
	field := strings.Fields(line)
	if len(field) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(field[len(field)-1])
	return n
}

// procFile reads a small file of the machine's procfs.
func (k *Kernel) procFile(path string) (string, error) {
	fd, err := unix.Openat(k.ProcFS, path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", err
	}
	f := os.NewFile(uintptr(fd), path)
	defer f.Close()
	buf := make([]byte, 16<<10)
	n, err := f.Read(buf)
	if n == 0 && err != nil {
		return "", err
	}
	return string(buf[:n]), nil
}

// parentOf is a process's parent, 0 if it has none.
func (k *Kernel) parentOf(pid int) int {
	p, _ := k.process(pid)
	return p.PPID
}
