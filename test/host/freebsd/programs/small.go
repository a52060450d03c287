package programs

import (
	"crypto/rand"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Programs of a few lines: nproc(1), uuidgen(1), which(1), tty(1), rev(1), logname(1), stdbuf(1), logger(1).
func init() {
	Register(nproc, "nproc")
	Register(uuidgen, "uuidgen")
	Register(which, "which")
	Register(tty, "tty")
	Register(rev, "rev")
	Register(stdbuf, "stdbuf")
	Register(logger, "logger")
}

// nproc counts what the machine says it has, not the processors below.
func nproc(p *Process) int {
	opts, args, ok := p.longOptions("", []longOption{{"all", 'a', false}, {"ignore", 'i', true}})
	if !ok || len(args) > 0 {
		return p.Usage(1, "usage: nproc [--all] [--ignore=count]\n")
	}
	var cpus []int
	if err := p.Call("cpuset.get", 0, &cpus); err != nil {
		return p.Err(1, err, "cpuset_getaffinity")
	}
	n := len(cpus)
	for _, o := range opts {
		if o.Letter == 'i' {
			n -= atoi(o.Value)
		}
	}
	if n < 1 {
		n = 1
	}
	p.Printf("%d\n", n)
	return 0
}

func uuidgen(p *Process) int {
	opts, args, ok := p.options("1ino:r")
	if !ok || len(args) > 0 {
		return p.Usage(1, "usage: uuidgen [-1] [-r] [-n count] [-o filename]\n")
	}
	count, out := 1, os.Stdout
	for _, o := range opts {
		switch o.Letter {
		case 'n':
			if count = atoi(o.Value); count < 1 {
				return p.Errx(1, "Invalid count: %s", o.Value)
			}
		case 'o':
			f, err := os.Create(o.Value)
			if err != nil {
				return p.Err(1, err, "%s", o.Value)
			}
			out = f
		}
	}
	for ; count > 0; count-- {
		var b [16]byte
		rand.Read(b[:])
		b[6], b[8] = b[6]&0x0f|0x10, b[8]&0x3f|0x80
		fmt.Fprintf(out, "%x-%x-%x-%x-%x\n", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
	}
	return 0
}

func which(p *Process) int {
	opts, args, ok := p.options("as")
	if !ok {
		return p.Usage(1, "usage: which [-as] program ...\n")
	}
	all, silent := false, false
	for _, o := range opts {
		all = all || o.Letter == 'a'
		silent = silent || o.Letter == 's'
	}
	status := 0
	if len(args) == 0 {
		return 1
	}
	for _, name := range args {
		found := false
		for _, dir := range strings.Split(os.Getenv("PATH"), ":") {
			if strings.Contains(name, "/") {
				dir = ""
			}
			file := strings.TrimPrefix(dir+"/"+name, "/")
			if dir != "" || !strings.Contains(name, "/") {
				file = dir + "/" + name
			} else {
				file = name
			}
			st, err := stat(file)
			if err != nil || !isFile(&st) || unix.Access(file, unix.X_OK) != nil {
				continue
			}
			if !silent {
				p.Printf("%s\n", file)
			}
			if found = true; !all {
				break
			}
		}
		if !found {
			status = 1
		}
	}
	return status
}

func tty(p *Process) int {
	if !isTerminal(p.Stdin) {
		p.Printf("not a tty\n")
		return 1
	}
	name, err := os.Readlink(fmt.Sprintf("/dev/fd/%d", 0))
	if err != nil {
		name = "/dev/pts/0"
	}
	p.Printf("%s\n", name)
	return 0
}

func rev(p *Process) int {
	_, files, ok := p.options("")
	if !ok {
		return p.Usage(1, "usage: rev [file ...]\n")
	}
	return p.eachFile(files, eachLineOf(func(line string) {
		runes := []rune(line)
		for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
			runes[i], runes[j] = runes[j], runes[i]
		}
		p.Printf("%s\n", string(runes))
	}))
}

// stdbuf runs a command; how it buffers is not changed.
func stdbuf(p *Process) int {
	_, args, ok := p.options("e:i:o:")
	if !ok || len(args) == 0 {
		return p.Usage(1, "Usage: stdbuf [-e 0|L|B|<sz>] [-i 0|L|B|<sz>] [-o 0|L|B|<sz>] <cmd> [args ...]\n")
	}
	status, err := p.become(args, os.Environ())
	if err != nil {
		p.Warn(err, "%s", args[0])
		return notFoundStatus(err)
	}
	return status
}

// logger writes to /var/log/messages, as syslogd would.
func logger(p *Process) int {
	opts, args, ok := p.options("46Af:H:h:iP:p:S:st:")
	if !ok {
		return p.Usage(1, "usage: logger [-46Ais] [-f file] [-H hostname] [-h host] [-P port] [-p pri] [-S addr:port] [-t tag] [message ...]\n")
	}
	tag, echoed := "root", false
	for _, o := range opts {
		switch o.Letter {
		case 't':
			tag = o.Value
		case 's':
			echoed = true
		}
	}
	host, _ := os.Hostname()
	write := func(text string) {
		line := fmt.Sprintf("%s %s %s: %s\n", time.Now().UTC().Format("Jan _2 15:04:05"), host, tag, text)
		if echoed {
			p.Errorf("%s: %s\n", tag, text)
		}
		if f, err := os.OpenFile("/var/log/messages", os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0644); err == nil {
			f.WriteString(line)
			f.Close()
		}
	}
	signal.Ignore(syscall.SIGPIPE)
	if len(args) > 0 {
		write(strings.Join(args, " "))
		return 0
	}
	eachLine(p.Stdin, write)
	return 0
}
