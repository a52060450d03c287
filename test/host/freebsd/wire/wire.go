// Package wire is how programs of the stand-in talk to its kernel: frames of JSON with file descriptors beside
// them, over an abstract unix socket, which a chroot reaches too.
package wire

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"syscall"

	"golang.org/x/sys/unix"
)

// Address is the kernel's socket, in the abstract name space of the machine's network.
const Address = "@freebsd-kernel"

const maxFrame = 64 << 20

// Request is one system call.
type Request struct {
	Method string          `json:"m"`
	Body   json.RawMessage `json:"b,omitempty"`
}

// Reply is its answer. Errno is FreeBSD's error as Linux numbers it; Text is an error in words.
type Reply struct {
	Errno int             `json:"e,omitempty"`
	Text  string          `json:"t,omitempty"`
	Body  json.RawMessage `json:"b,omitempty"`
}

// Err is the error that a reply carries, or nil.
func (r *Reply) Err() error {
	if r.Text != "" {
		return &Error{Errno: syscall.Errno(r.Errno), Text: r.Text}
	}
	if r.Errno != 0 {
		return syscall.Errno(r.Errno)
	}
	return nil
}

// Error is an error with the kernel's own words (jail_set(2)'s errmsg, nmount(2)'s errmsg).
type Error struct {
	Errno syscall.Errno
	Text  string
}

func (e *Error) Error() string { return e.Text }

// Errorf makes an Error.
func Errorf(errno syscall.Errno, format string, args ...any) *Error {
	return &Error{Errno: errno, Text: fmt.Sprintf(format, args...)}
}

// Conn is one end of a connection.
type Conn struct{ FD int }

// Close closes the connection.
func (c *Conn) Close() error { return unix.Close(c.FD) }

// Send writes one frame, with descriptors if there are any.
func (c *Conn) Send(v any, fds ...int) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	head := make([]byte, 5, 5+len(body))
	binary.LittleEndian.PutUint32(head, uint32(len(body)))
	head[4] = byte(len(fds))
	buf := append(head, body...)
	var oob []byte
	if len(fds) > 0 {
		oob = unix.UnixRights(fds...)
	}
	n, err := sendmsg(c.FD, buf, oob)
	for err == nil && n < len(buf) {
		buf = buf[n:]
		n, err = sendmsg(c.FD, buf, nil)
	}
	return err
}

func sendmsg(fd int, buf, oob []byte) (int, error) {
	for {
		n, err := unix.SendmsgN(fd, buf, oob, nil, unix.MSG_NOSIGNAL)
		if err != unix.EINTR {
			return n, err
		}
	}
}

// Receive reads one frame. Descriptors that come with it are close-on-exec and the caller's to close.
func (c *Conn) Receive(v any) (fds []int, err error) {
	head := make([]byte, 5)
	oob := make([]byte, unix.CmsgSpace(16*4))
	var n, oobn int
	for {
		n, oobn, _, _, err = unix.Recvmsg(c.FD, head, oob, unix.MSG_CMSG_CLOEXEC)
		if err != unix.EINTR {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, io.EOF
	}
	if oobn > 0 {
		msgs, _ := unix.ParseSocketControlMessage(oob[:oobn])
		for i := range msgs {
			if got, err := unix.ParseUnixRights(&msgs[i]); err == nil {
				fds = append(fds, got...)
			}
		}
	}
	if err = c.full(head[n:]); err != nil {
		return fds, err
	}
	size := binary.LittleEndian.Uint32(head)
	if size > maxFrame {
		return fds, fmt.Errorf("wire: frame of %d bytes", size)
	}
	body := make([]byte, size)
	if err = c.full(body); err != nil {
		return fds, err
	}
	return fds, json.Unmarshal(body, v)
}

func (c *Conn) full(buf []byte) error {
	for len(buf) > 0 {
		n, err := unix.Read(c.FD, buf)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		if n == 0 {
			return io.ErrUnexpectedEOF
		}
		buf = buf[n:]
	}
	return nil
}

// Dial connects to the kernel.
func Dial() (*Conn, error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: Address}); err != nil {
		unix.Close(fd)
		return nil, err
	}
	return &Conn{FD: fd}, nil
}

// Call makes one call and returns the descriptors that came with the answer. in may be nil, out may be nil.
func (c *Conn) Call(method string, in, out any, fds ...int) ([]int, error) {
	req := Request{Method: method}
	if in != nil {
		body, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		req.Body = body
	}
	if err := c.Send(&req, fds...); err != nil {
		return nil, err
	}
	var reply Reply
	got, err := c.Receive(&reply)
	if err != nil {
		return got, err
	}
	if err := reply.Err(); err != nil {
		return got, err
	}
	if out != nil && len(reply.Body) > 0 {
		return got, json.Unmarshal(reply.Body, out)
	}
	return got, nil
}
