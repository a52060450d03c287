package kernel

import (
	"encoding/json"
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"standin/bsd"
	"standin/wire"
)

// Call is one request on its way: who asks, and the descriptors that came with it and go with the answer.
type Call struct {
	PID  int   // the caller, as the machine numbers its processes
	Jail *Jail // nil for the host
	In   []*os.File
	Out  []*os.File // closed after they were sent
	conn *connection
}

type connection struct {
	wire.Conn
	pid     int
	onClose []func()
	end     func() error // what is to happen when the program says that it ends

	attached []func() // what to do as each of the processes that it started in jails ends
}

// OnClose has f run (with the kernel's mutex held) when the caller has gone.
func (c *Call) OnClose(f func()) { c.conn.onClose = append(c.conn.onClose, f) }

type handler func(k *Kernel, c *Call, body json.RawMessage) (any, error)

var handlers = map[string]handler{}

// Handle registers the answer to a method. Call it from an init function. An error that is (or wraps) a
// syscall.Errno or a *wire.Error reaches the program as just that.
func Handle[Req, Resp any](method string, f func(k *Kernel, c *Call, req Req) (Resp, error)) {
	if handlers[method] != nil {
		panic("two handlers for " + method)
	}
	handlers[method] = func(k *Kernel, c *Call, body json.RawMessage) (any, error) {
		var req Req
		if len(body) > 0 {
			if err := json.Unmarshal(body, &req); err != nil {
				return nil, err
			}
		}
		return f(k, c, req)
	}
}

// None is for methods that take or return nothing.
type None struct{}

// Listen opens the kernel's socket.
func Listen() (int, error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	if err := unix.Bind(fd, &unix.SockaddrUnix{Name: wire.Address}); err != nil {
		return -1, err
	}
	return fd, unix.Listen(fd, 512)
}

// Serve answers for ever, one goroutine a connection.
func (k *Kernel) Serve(fd int) error {
	for {
		conn, _, err := unix.Accept4(fd, unix.SOCK_CLOEXEC)
		if err == unix.EINTR || err == unix.ECONNABORTED {
			continue
		}
		if err != nil {
			return err
		}
		go k.connection(conn)
	}
}

func (k *Kernel) connection(fd int) {
	c := &connection{Conn: wire.Conn{FD: fd}}
	defer func() {
		c.Close()
		k.mu.Lock()
		defer k.mu.Unlock()
		for _, f := range c.onClose {
			f()
		}
	}()
	cred, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
	if err != nil {
		return
	}
	c.pid = int(cred.Pid)
	for {
		var req wire.Request
		fds, err := c.Receive(&req)
		call := &Call{PID: c.pid, conn: c}
		for _, fd := range fds {
			call.In = append(call.In, os.NewFile(uintptr(fd), "passed"))
		}
		if err == nil {
			err = k.answer(call, &req)
		}
		for _, f := range append(call.In, call.Out...) {
			f.Close()
		}
		if err != nil {
			return
		}
	}
}

func (k *Kernel) answer(call *Call, req *wire.Request) error {
	var reply wire.Reply
	h := handlers[req.Method]
	if h == nil {
		reply.Errno = int(syscall.ENOSYS)
		reply.Text = "stand-in kernel: no method " + req.Method
		return call.conn.Send(&reply)
	}
	k.mu.Lock()
	call.Jail = k.jailOfProcess(call.PID)
	out, err := h(k, call, req.Body)
	k.mu.Unlock()
	if err != nil {
		reply.Errno = int(bsd.Errno(err))
		var worded *wire.Error
		if errors.As(err, &worded) {
			reply.Errno, reply.Text = int(worded.Errno), worded.Text
		} else if reply.Errno == 0 {
			reply.Text = err.Error()
		}
	} else if reply.Body, err = json.Marshal(out); err != nil {
		return err
	}
	fds := make([]int, len(call.Out))
	for i, f := range call.Out {
		fds[i] = int(f.Fd())
	}
	return call.conn.Send(&reply, fds...)
}
