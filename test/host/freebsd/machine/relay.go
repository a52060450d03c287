package machine

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
)

// relay carries connections from 127.0.0.1 to the machine's SSH server, and counts.
type relay struct {
	mu          sync.Mutex
	to          *inside // nil while the machine is down
	live        map[net.Conn]bool
	connections int64
	sent        int64 // bytes to the machine
	received    int64 // bytes from it
	cutAfter    int64 // cut a connection when so many more bytes have passed; 0 never
}

func (r *relay) open(to *inside) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.to, r.live = to, map[net.Conn]bool{}
}

func (r *relay) close() {
	r.cut()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.to = nil
}

// cut drops all connections, as a broken network does.
func (r *relay) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.live {
		reset(c)
	}
}

func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	c.Close()
}

func (r *relay) serve(listener net.Listener) {
	for {
		c, err := listener.Accept()
		if err != nil {
			return
		}
		go r.connection(c)
	}
}

func (r *relay) connection(c net.Conn) {
	r.mu.Lock()
	to := r.to
	if to != nil {
		r.live[c] = true
		r.connections++
	}
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		delete(r.live, c)
		r.mu.Unlock()
	}()
	if to == nil || !to.lets() {
		reset(c)
		return
	}
	if !to.allowed() {
		io.Copy(io.Discard, c) // as a packet filter drops it: nothing ever comes back
		c.Close()
		return
	}
	there, err := to.dial()
	if err != nil {
		reset(c)
		return
	}
	defer there.Close()
	server, err := net.FileConn(there)
	if err != nil {
		reset(c)
		return
	}
	defer server.Close()
	back := make(chan struct{})
	go func() {
		io.Copy(c, &counting{server, &r.received, r, c})
		c.(*net.TCPConn).CloseWrite()
		close(back)
	}()
	io.Copy(server, &counting{c, &r.sent, r, c})
	server.(*net.TCPConn).CloseWrite()
	<-back
	c.Close()
}

// counting is a reader that counts, and cuts the connection where it was told to.
type counting struct {
	from  io.Reader
	total *int64
	relay *relay
	conn  net.Conn
}

func (c *counting) Read(buf []byte) (int, error) {
	n, err := c.from.Read(buf)
	atomic.AddInt64(c.total, int64(n))
	left := atomic.LoadInt64(&c.relay.cutAfter)
	if left == 0 || n == 0 {
		return n, err
	}
	if left > int64(n) {
		atomic.AddInt64(&c.relay.cutAfter, -int64(n))
		return n, err
	}
	atomic.StoreInt64(&c.relay.cutAfter, 0)
	go func() { reset(c.conn) }()
	return int(left), io.EOF
}
