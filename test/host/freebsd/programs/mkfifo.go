package programs

import "golang.org/x/sys/unix"

// mkfifo(1), usr.bin/mkfifo/mkfifo.c. Modes (-m) are not played.
func init() { Register(mkfifo, "mkfifo") }

func mkfifo(p *Process) int {
	_, fifos, ok := p.options("")
	if !ok || len(fifos) == 0 {
		return p.Usage(1, "usage: mkfifo [-m mode] fifo_name ...\n")
	}
	status := 0
	for _, fifo := range fifos {
		if err := unix.Mkfifo(fifo, 0o666); err != nil {
			p.Warn(err, "%s", fifo)
			status = 1
		}
	}
	return status
}
