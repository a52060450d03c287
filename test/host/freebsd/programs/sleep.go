package programs

import (
	"strconv"
	"time"
)

// sleep(1), bin/sleep/sleep.c.
func init() {
	Register(sleep, "sleep")
	Register(func(*Process) int { return 0 }, "true")
	Register(func(*Process) int { return 1 }, "false")
}

func sleep(p *Process) int {
	_, args, ok := p.options("")
	if !ok || len(args) != 1 {
		return p.Usage(1, "usage: sleep seconds\n")
	}
	seconds, err := strconv.ParseFloat(args[0], 64)
	if err != nil {
		return p.Usage(1, "usage: sleep seconds\n")
	}
	if seconds > 0 {
		time.Sleep(time.Duration(seconds * float64(time.Second)))
	}
	return 0
}
