package machine

import (
	"fmt"
	"net/netip"
	"os"
	"runtime"

	"golang.org/x/sys/unix"

	"standin/kernel"
	"standin/wire"
)

// inside is a way into a machine's network from outside of it.
type inside struct {
	sockets chan request
	closed  chan struct{}
	netns   *os.File
}

type request struct {
	family, kind int
	reply        chan socket
}

type socket struct {
	fd  int
	err error
}

// enterInside keeps a thread in the network of a process; what it opens there stays there.
func enterInside(pid int) (*inside, error) {
	netns, err := os.Open(fmt.Sprintf("/proc/%d/ns/net", pid))
	if err != nil {
		return nil, err
	}
	in := &inside{sockets: make(chan request), closed: make(chan struct{}), netns: netns}
	ready := make(chan error)
	go func() {
		runtime.LockOSThread() // for ever: the thread is not fit for anything else
		ready <- unix.Setns(int(netns.Fd()), unix.CLONE_NEWNET)
		for {
			select {
			case r := <-in.sockets:
				fd, err := unix.Socket(r.family, r.kind|unix.SOCK_CLOEXEC, 0)
				r.reply <- socket{fd, err}
			case <-in.closed:
				return
			}
		}
	}()
	return in, <-ready
}

func (in *inside) socket(family int) (int, error) {
	reply := make(chan socket)
	select {
	case in.sockets <- request{family, unix.SOCK_STREAM, reply}:
		s := <-reply
		return s.fd, s.err
	case <-in.closed:
		// The power went while somebody dialled.
		return -1, unix.ENETDOWN
	}
}

// dial connects to the machine's SSH server, from where QEMU's gateway would.
func (in *inside) dial() (*os.File, error) {
	fd, err := in.socket(unix.AF_INET)
	if err != nil {
		return nil, err
	}
	from, to := &unix.SockaddrInet4{Addr: [4]byte{10, 0, 2, 2}}, &unix.SockaddrInet4{Port: 22, Addr: [4]byte{10, 0, 2, 15}}
	if err = unix.Bind(fd, from); err == nil {
		err = unix.Connect(fd, to)
	}
	if err == nil {
		err = unix.SetNonblock(fd, true)
	}
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	return os.NewFile(uintptr(fd), "machine"), nil
}

// allowed asks the machine's packet filter whether a connection from outside gets through to the SSH server.
func (in *inside) allowed() bool {
	pass := true
	err := in.call("pf.allows", kernel.PFConnection{
		From: netip.AddrPortFrom(netip.MustParseAddr(GatewayAddress), 40000), To: netip.AddrPortFrom(netip.MustParseAddr(HostAddress), 22),
	}, &pass)
	return err != nil || pass
}

// kernel connects to the machine's kernel.
func (in *inside) kernel() (*wire.Conn, error) {
	fd, err := in.socket(unix.AF_UNIX)
	if err != nil {
		return nil, err
	}
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: wire.Address}); err != nil {
		unix.Close(fd)
		return nil, err
	}
	return &wire.Conn{FD: fd}, nil
}

// call asks the machine's kernel, on a connection of its own.
func (in *inside) call(method string, body, out any, files ...*os.File) error {
	conn, err := in.kernel()
	if err != nil {
		return err
	}
	defer conn.Close()
	fds := make([]int, len(files))
	for i, f := range files {
		fds[i] = int(f.Fd())
	}
	_, err = conn.Call(method, body, out, fds...)
	return err
}

func (in *inside) close() {
	close(in.closed)
	in.netns.Close()
}
