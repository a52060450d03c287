package programs

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// xargs(1), usr.bin/xargs/xargs.c.
func init() { Register(xargs, "xargs") }

const xargsUsage = `usage: xargs [-0opt] [-E eofstr] [-I replstr [-R replacements] [-S replsize]]
             [-J replstr] [-L number] [-n number [-x]] [-P maxprocs]
             [-s size] [utility [argument ...]]
`

type gathering struct {
	p *Process

	zero, trace, exact     bool
	end, replace, insert   string
	perLine, perRun, size  int
	replacements, maxProcs int
	argv                   []string
	status                 int
	running                []*exec.Cmd
	stopped                bool
}

func xargs(p *Process) int {
	x := &gathering{p: p, perRun: 5000, size: 256 << 10, replacements: 5, maxProcs: 1}
	opts, argv, ok := p.options("0E:I:J:L:n:oP:pR:rS:s:tx")
	if !ok {
		return p.Usage(1, xargsUsage)
	}
	for _, o := range opts {
		if status := x.take(o); status != 0 {
			return status
		}
	}
	if x.argv = argv; len(argv) == 0 {
		x.argv = []string{"echo"}
	}
	x.read()
	for len(x.running) > 0 {
		x.reap()
	}
	return x.status
}

func (x *gathering) take(o Option) int {
	number := func(to *int) int {
		n, err := strconv.Atoi(o.Value)
		if err != nil || (n <= 0 && o.Letter != 'R' && o.Letter != 'P') {
			return x.p.Errx(1, "-%c %s: illegal argument", o.Letter, o.Value)
		}
		*to = n
		return 0
	}
	switch o.Letter {
	case '0':
		x.zero = true
	case 'E':
		x.end = o.Value
	case 'I':
		x.replace, x.perLine = o.Value, 1
	case 'J':
		x.insert = o.Value
	case 'L':
		return number(&x.perLine)
	case 'n':
		return number(&x.perRun)
	case 'P':
		return number(&x.maxProcs)
	case 'R':
		return number(&x.replacements)
	case 's':
		return number(&x.size)
	case 't':
		x.trace = true
	case 'x':
		x.exact = true
	}
	return 0
}

// read takes the input apart and runs the utility whenever there is enough.
func (x *gathering) read() {
	in := bufio.NewReader(x.p.Stdin)
	var words []string
	length, lines := 0, 0
	flush := func(last bool) {
		if len(words) > 0 && !x.stopped {
			x.run(words)
		}
		words, length, lines = nil, 0, 0
	}
	for !x.stopped {
		word, endOfLine, ok, err := x.word(in)
		if err != "" {
			x.p.Warnx("%s", err)
			x.status = 1
			return
		}
		if ok && x.end != "" && word == x.end {
			break
		}
		if ok {
			if length+len(word)+1 > x.size && len(words) > 0 {
				flush(false)
			}
			words = append(words, word)
			length += len(word) + 1
		}
		if endOfLine && (ok || len(words) > 0) {
			lines++
		}
		if len(words) >= x.perRun || (x.perLine > 0 && lines >= x.perLine) {
			flush(false)
		}
		if !ok && !endOfLine {
			break
		}
	}
	flush(true)
}

// word reads one argument. ok is false at the end of the input, or where a line has no word.
func (x *gathering) word(in *bufio.Reader) (word string, endOfLine, ok bool, failure string) {
	var out strings.Builder
	quote := byte(0)
	for {
		c, err := in.ReadByte()
		if err == io.EOF {
			if quote != 0 {
				return "", false, false, "unterminated quote"
			}
			return out.String(), ok, ok, ""
		}
		switch {
		case x.zero:
			if c == 0 {
				return out.String(), true, true, ""
			}
			out.WriteByte(c)
			ok = true
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0 && c == '\n':
			return "", false, false, "unterminated quote"
		case quote != 0:
			out.WriteByte(c)
		case c == '\'' || c == '"':
			quote, ok = c, true
		case c == '\\':
			if next, err := in.ReadByte(); err == nil {
				out.WriteByte(next)
				ok = true
			}
		case c == '\n':
			return out.String(), true, ok, ""
		case (c == ' ' || c == '\t') && x.replace == "":
			if ok {
				return out.String(), false, true, ""
			}
		case (c == ' ' || c == '\t') && !ok:
		default:
			out.WriteByte(c)
			ok = true
		}
	}
}

func (x *gathering) build(words []string) []string {
	if x.replace != "" {
		left := x.replacements
		var argv []string
		for i, arg := range x.argv {
			if i > 0 && left != 0 && strings.Contains(arg, x.replace) {
				arg = strings.ReplaceAll(arg, x.replace, words[0])
				left--
			}
			argv = append(argv, arg)
		}
		return argv
	}
	if x.insert != "" {
		for i, arg := range x.argv {
			if arg == x.insert {
				argv := append(append([]string{}, x.argv[:i]...), words...)
				return append(argv, x.argv[i+1:]...)
			}
		}
	}
	return append(append([]string{}, x.argv...), words...)
}

func (x *gathering) run(words []string) {
	argv := x.build(words)
	if x.trace {
		x.p.Errorf("%s\n", strings.Join(argv, " "))
	}
	file, err := lookPath(argv[0], searchPath(os.Environ()))
	if err != nil {
		x.p.Warn(err, "%s", argv[0])
		x.stopped, x.status = true, notFoundStatus(err)
		return
	}
	cmd := &exec.Cmd{Path: file, Args: argv, Stdout: os.Stdout, Stderr: x.p.Stderr}
	if err := cmd.Start(); err != nil {
		x.p.Warn(err, "%s", argv[0])
		x.stopped, x.status = true, notFoundStatus(err)
		return
	}
	x.running = append(x.running, cmd)
	for x.maxProcs > 0 && len(x.running) >= x.maxProcs {
		x.reap()
	}
}

// reap waits for the oldest; 255 ends it all, other failures make the status 1.
func (x *gathering) reap() {
	cmd := x.running[0]
	x.running = x.running[1:]
	cmd.Wait()
	switch code := cmd.ProcessState.ExitCode(); {
	case code == 255:
		x.p.Warnx("%s: exited with status 255; aborting", x.argv[0])
		x.stopped, x.status = true, 1
	case code == -1:
		x.p.Warnx("%s: terminated with signal %d; aborting", x.argv[0], status(cmd.ProcessState)-128)
		x.stopped, x.status = true, 1
	case code != 0:
		x.status = 1
	}
}
