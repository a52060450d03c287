package programs

import (
	"io"
	"os"
	"os/signal"
	"syscall"
)

// tee(1), usr.bin/tee/tee.c.
func init() { Register(tee, "tee") }

func tee(p *Process) int {
	opts, files, ok := p.options("ai")
	if !ok {
		return p.Usage(1, "usage: tee [-ai] [file ...]\n")
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	for _, o := range opts {
		if o.Letter == 'a' {
			flags = os.O_WRONLY | os.O_CREATE | os.O_APPEND
		} else {
			signal.Ignore(syscall.SIGINT)
		}
	}
	status := 0
	outputs := []*os.File{os.Stdout}
	for _, name := range files {
		f, err := os.OpenFile(name, flags, 0666)
		if err != nil {
			p.Warn(err, "%s", name)
			status = 1
			continue
		}
		outputs = append(outputs, f)
	}
	buf := make([]byte, 8192)
	for {
		n, err := p.Stdin.Read(buf)
		for _, out := range outputs {
			if n == 0 {
				break
			}
			if _, err := out.Write(buf[:n]); err != nil {
				p.Warn(err, "%s", out.Name())
				status = 1
			}
		}
		if err == io.EOF {
			return status
		}
		if err != nil {
			return p.Err(1, err, "read")
		}
	}
}
