package kernel

import (
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func init() {
	Handle("process.start", processStart)
	Handle("process.end", processEnd)
	Handle("machine.commands", machineCommands)
	Handle("machine.fail", machineFail)
}

// Command is one start of a program, for tests.
type Command struct {
	Argv []string  `json:"argv"`
	Jail string    `json:"jail,omitempty"`
	At   time.Time `json:"at"`
}

// Failure is a failure on purpose, at the n-th program from now.
type Failure struct {
	At    int    `json:"at"`    // 1 is the next one; 0 none
	After bool   `json:"after"` // when that program has ended, rather than before it does anything
	Mode  string `json:"mode"`  // "process" kills the program and who called it, "group" its process group, "connections", "power", "stall", "full"
}

type commandLog struct {
	all     []Command
	failure Failure
	front   chan string // what the machine's front is told
	asked   int64       // how often it has asked
}

// hello is what programs say when they start.
type hello struct {
	Argv []string `json:"argv"`
}

// started is what they are told: whether the kernel wants to know of their end.
type started struct{ After bool }

func processStart(k *Kernel, c *Call, req hello) (started, error) {
	name := ""
	if c.Jail != nil {
		name = c.Jail.Name
	}
	k.log.all = append(k.log.all, Command{Argv: req.Argv, Jail: name, At: time.Now()})
	f := &k.log.failure
	if f.At == 0 {
		return started{}, nil
	}
	if f.At--; f.At > 0 {
		return started{}, nil
	}
	if !f.After {
		return started{}, k.fail(c)
	}
	done := false
	c.conn.end = func() error {
		if done {
			return nil
		}
		done = true
		return k.fail(c)
	}
	c.OnClose(func() { c.conn.end() })
	return started{After: true}, nil
}

func processEnd(k *Kernel, c *Call, _ int) (None, error) {
	if c.conn.end == nil {
		return None{}, nil
	}
	return None{}, c.conn.end()
}

// fail does what the failure on purpose says to the process that called.
func (k *Kernel) fail(c *Call) error {
	switch k.log.failure.Mode {
	case "power":
		return k.powerLoss()
	case "connections":
		k.tellFront("cut")
		return nil // the program goes on
	case "full":
		return fillDisk()
	case "stall":
		k.Unlocked(func() { select {} })
	case "group":
		if group, err := unix.Getpgid(c.PID); err == nil {
			unix.Kill(-group, unix.SIGKILL)
		}
	default:
		parent := k.parentOf(c.PID)
		if parent > 1 {
			unix.Kill(parent, unix.SIGKILL)
		}
		unix.Kill(c.PID, unix.SIGKILL)
	}
	return syscall.EINTR
}

// Filler is what takes all of the disk's room after a failure with "full", until it is removed.
const Filler = "/.full"

// fillDisk leaves no block of the disk; files that are there can be overwritten, and empty ones be made.
func fillDisk() error {
	file, err := os.Create(Filler)
	if err != nil {
		return err
	}
	defer file.Close()
	at := int64(0)
	for size := int64(1) << 40; size >= 512; {
		if err := unix.Fallocate(int(file.Fd()), 0, at, size); err != nil {
			size /= 2
			continue
		}
		at += size
	}
	return file.Sync()
}

// CommandsReply is the log of programs since the last reset.
type CommandsReply struct {
	Commands []Command `json:"commands"`
}

func machineCommands(k *Kernel, c *Call, reset bool) (CommandsReply, error) {
	if err := c.outside(); err != nil {
		return CommandsReply{}, err
	}
	all := k.log.all
	if reset {
		k.log.all = nil
	}
	return CommandsReply{all}, nil
}

func machineFail(k *Kernel, c *Call, req Failure) (None, error) {
	if err := c.outside(); err != nil {
		return None{}, err
	}
	k.log.failure = req
	return None{}, nil
}

func init() {
	OnBoot(func(k *Kernel) { k.log.front = make(chan string, 64) })
	Handle("machine.listen", machineListen)
}

// machineListen waits for something that the front has to do: "cut" (drop all connections).
func machineListen(k *Kernel, c *Call, _ None) (what string, err error) {
	if err := c.outside(); err != nil {
		return "", err
	}
	atomic.AddInt64(&k.log.asked, 1)
	k.Unlocked(func() { what = <-k.log.front })
	return what, nil
}

func (k *Kernel) tellFront(what string) {
	select {
	case k.log.front <- what:
	default:
	}
}
