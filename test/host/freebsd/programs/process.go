package programs

import (
	"bufio"
	"fmt"
	"os"

	"standin/bsd"
	"standin/wire"
)

// Process is one running program.
type Process struct {
	Name   string   // what it was called as: "jls"
	Path   string   // the path it was started by: "/usr/sbin/jls"
	Args   []string // its arguments, without its own name
	Stdin  *os.File
	Stdout *bufio.Writer // flushed at exit, and before a child runs, as stdio's is
	Stderr *os.File

	conn  *wire.Conn
	after bool
}

func newProcess(name string, args []string) *Process {
	return &Process{
		Name: name, Path: args[0], Args: args[1:],
		Stdin: os.Stdin, Stdout: bufio.NewWriterSize(os.Stdout, 16<<10), Stderr: os.Stderr,
	}
}

// Hello is what a program tells the kernel when it starts.
type Hello struct {
	Argv []string `json:"argv"`
}

// enter tells the kernel that this program starts; the kernel counts, and may never answer.
func (p *Process) enter() bool {
	conn, err := wire.Dial()
	if _, linux := os.Lstat("/proc/self/exe"); err != nil || linux == nil {
		// Outside of a machine they would act on the workstation: rc would clear its /tmp, rm would remove.
		p.Errorf("%s: this program belongs to a stand-in host, and runs nowhere else\n", p.Name)
		return false
	}
	p.conn = conn
	var reply struct{ After bool }
	if _, err := conn.Call("process.start", Hello{append([]string{p.Path}, p.Args...)}, &reply); err != nil {
		return false
	}
	p.after = reply.After
	return true
}

func (p *Process) leave(status int) {
	p.Stdout.Flush()
	if p.after && p.conn != nil {
		p.conn.Call("process.end", status, nil)
	}
}

// Call asks the kernel. in and out may be nil. An error is a syscall.Errno or a *wire.Error, or the connection's.
func (p *Process) Call(method string, in, out any) error {
	_, err := p.CallFiles(method, in, out)
	return err
}

// CallFiles is Call with descriptors to send, and those that come back.
func (p *Process) CallFiles(method string, in, out any, files ...*os.File) ([]*os.File, error) {
	if p.conn == nil {
		conn, err := wire.Dial()
		if err != nil {
			return nil, err
		}
		p.conn = conn
	}
	fds := make([]int, len(files))
	for i, f := range files {
		fds[i] = int(f.Fd())
	}
	got, err := p.conn.Call(method, in, out, fds...)
	var back []*os.File
	for _, fd := range got {
		back = append(back, os.NewFile(uintptr(fd), "passed"))
	}
	return back, err
}

// Printf writes to standard output.
func (p *Process) Printf(format string, args ...any) { fmt.Fprintf(p.Stdout, format, args...) }

// Errorf writes to standard error, as it is.
func (p *Process) Errorf(format string, args ...any) { fmt.Fprintf(p.Stderr, format, args...) }

// Warnx is warnx(3): "name: text".
func (p *Process) Warnx(format string, args ...any) {
	fmt.Fprintf(p.Stderr, p.Name+": "+format+"\n", args...)
}

// Warn is warn(3): "name: text: what went wrong".
func (p *Process) Warn(err error, format string, args ...any) {
	p.Warnx("%s: %s", fmt.Sprintf(format, args...), bsd.Strerror(err))
}

// Errx is errx(3): return p.Errx(1, …).
func (p *Process) Errx(status int, format string, args ...any) int {
	p.Warnx(format, args...)
	return status
}

// Err is err(3): return p.Err(1, err, …).
func (p *Process) Err(status int, err error, format string, args ...any) int {
	p.Warn(err, format, args...)
	return status
}

// Usage writes a usage text to standard error and returns the status.
func (p *Process) Usage(status int, text string) int {
	p.Errorf("%s", text)
	return status
}
