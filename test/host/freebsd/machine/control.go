package machine

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"standin/kernel"
)

// order is one line on the front's standard input.
type order struct {
	ID      int    `json:"id"`
	Method  string `json:"method"`
	Command string `json:"command"`
	Input   string `json:"input"`
	Name    string `json:"name"`
	Reset   bool   `json:"reset"`
	Bytes   int64  `json:"bytes"`
	Boots   int    `json:"boots"`
	kernel.Failure
}

// serve takes orders until the standard input ends or says stop.
func (m *machine) serve() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var o order
		if err := json.Unmarshal(line, &o); err != nil {
			fmt.Fprintln(os.Stderr, "standin machine:", err)
			return
		}
		if o.Method == "stop" {
			m.halt()
			m.tell(map[string]any{"id": o.ID})
			return
		}
		go m.carryOut(o)
	}
}

func (m *machine) carryOut(o order) {
	result, err := m.order(o)
	answer := map[string]any{"id": o.ID, "result": result}
	if err != nil {
		answer["error"] = err.Error()
	}
	m.tell(answer)
}

func (m *machine) order(o order) (any, error) {
	switch o.Method {
	case "sh":
		return m.sh(o.Command, o.Input)
	case "snapshot":
		return nil, m.snapshot(filepath.Join(m.dir, o.Name+".snapshot"))
	case "restore":
		return nil, m.restore(filepath.Join(m.dir, o.Name+".snapshot"))
	case "reboot":
		return nil, m.reboot()
	case "powerLoss":
		return nil, m.powerLoss()
	case "counters":
		return m.counters(o.Reset)
	case "commands":
		var reply kernel.CommandsReply
		err := m.call("machine.commands", o.Reset, &reply)
		return reply.Commands, err
	case "failAt":
		return nil, m.call("machine.fail", o.Failure, nil)
	case "cut":
		m.relay.cut()
		return nil, nil
	case "cutAfter":
		atomic.StoreInt64(&m.relay.cutAfter, o.Bytes)
		return nil, nil
	case "wait":
		return nil, m.wait(o.Boots)
	}
	return nil, fmt.Errorf("no such order: %s", o.Method)
}

// now is the running boot, or an error.
func (m *machine) now() (*running, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.running == nil || m.running.inside == nil {
		return nil, errors.New("the machine is down")
	}
	select {
	case <-m.running.ended:
		return nil, errors.New("the machine is down")
	default:
		return m.running, nil
	}
}

func (m *machine) call(method string, in, out any, files ...*os.File) error {
	r, err := m.now()
	if err != nil {
		return err
	}
	return r.inside.call(method, in, out, files...)
}

// result is what a command in the machine gave.
type result struct {
	Stdout string `json:"stdout"`
	Stderr string `json:"stderr"`
	Status int    `json:"status"`
}

// sh runs a command line in the machine as root, beside SSH.
func (m *machine) sh(command, input string) (*result, error) {
	stdin, feed, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer stdin.Close()
	go func() {
		io.WriteString(feed, input)
		feed.Close()
	}()
	stdout, wait1, err := collect()
	if err != nil {
		return nil, err
	}
	stderr, wait2, err := collect()
	if err != nil {
		return nil, err
	}
	res := &result{}
	err = m.call("machine.run", kernel.RunRequest{Path: "/bin/sh", Argv: []string{"sh", "-c", command}, Dir: "/root", Env: []string{
		"PATH=/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/root/bin", "HOME=/root", "USER=root", "LOGNAME=root", "SHELL=/bin/csh",
		"MAIL=/var/mail/root", "BLOCKSIZE=K", "MM_CHARSET=UTF-8", "LANG=C.UTF-8", "TERM=su",
	}}, &res.Status, stdin, stdout, stderr)
	stdout.Close()
	stderr.Close()
	res.Stdout, res.Stderr = wait1(), wait2()
	return res, err
}

// collect gives a pipe's writing end, and a function that waits for all that was written. A daemon that keeps the
// pipe open is not waited for.
func collect() (*os.File, func() string, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	done := make(chan string)
	go func() {
		var text bytes.Buffer
		io.Copy(&text, read)
		done <- text.String()
	}()
	return write, func() string {
		read.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		defer read.Close()
		return <-done
	}, nil
}

func (m *machine) output(command string) (string, error) {
	r, err := m.sh(command, "")
	if err == nil && r.Status != 0 {
		err = fmt.Errorf("%s: status %d: %s", command, r.Status, r.Stderr)
	}
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(r.Stdout), nil
}

func (m *machine) counters(reset bool) (any, error) {
	var reply kernel.CommandsReply
	if err := m.call("machine.commands", false, &reply); err != nil {
		return nil, err
	}
	m.mu.Lock()
	boots := m.boots
	m.mu.Unlock()
	read := func(n *int64) int64 {
		if reset {
			return atomic.SwapInt64(n, 0)
		}
		return atomic.LoadInt64(n)
	}
	m.relay.mu.Lock()
	connections := m.relay.connections
	if reset {
		m.relay.connections = 0
	}
	m.relay.mu.Unlock()
	return map[string]any{
		"connections": connections, "bytesSent": read(&m.relay.sent), "bytesReceived": read(&m.relay.received),
		"commands": len(reply.Commands), "boots": boots,
	}, nil
}
