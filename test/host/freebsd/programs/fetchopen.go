package programs

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// fetchRequest is one request of libfetch.
type fetchRequest struct {
	f     *fetching
	url   string
	from  int64
	size  int64
	since time.Time
}

// open gives the document, or what libfetch says went wrong.
func (r *fetchRequest) open() (*document, string) {
	scheme, rest, ok := strings.Cut(r.url, ":")
	if !ok || !strings.HasPrefix(rest, "//") && scheme != "file" {
		return nil, "Unknown FTP error"
	}
	switch scheme {
	case "file":
		return r.openFile(strings.TrimPrefix(strings.TrimPrefix(rest, "//"), "localhost"))
	case "http", "https":
		return r.openHTTP()
	}
	return nil, "Protocol not supported"
}

func (r *fetchRequest) openFile(name string) (*document, string) {
	f, err := os.Open(name)
	if err != nil {
		return nil, errorText(err)
	}
	st, err := f.Stat()
	if err == nil && st.IsDir() {
		err = unix.EISDIR
	}
	if err != nil {
		return nil, errorText(err)
	}
	doc := &document{body: f, size: st.Size(), time: st.ModTime()}
	if r.from > 0 && r.from <= st.Size() {
		f.Seek(r.from, io.SeekStart)
		doc.from = r.from
	}
	doc.current = r.isCurrent(doc)
	return doc, ""
}

// isCurrent is -m: the file that is there has the document's size and time.
func (r *fetchRequest) isCurrent(doc *document) bool {
	return r.f.mirror && !r.since.IsZero() && doc.size == r.size && r.since.Unix() == doc.time.Unix()
}

// connection is a request on its way.
type connection struct {
	net.Conn
	in *bufio.Reader
}

func (r *fetchRequest) openHTTP() (*document, string) {
	url := r.url
	for hops := 0; hops < 20; hops++ {
		doc, location, failure := r.ask(url)
		if location == "" {
			return doc, failure
		}
		url = absoluteURL(url, location)
	}
	return nil, "Moved Temporarily"
}

func absoluteURL(base, location string) string {
	scheme, rest, _ := strings.Cut(base, "://")
	switch host, _, _ := strings.Cut(rest, "/"); {
	case strings.HasPrefix(location, "//"):
		return scheme + ":" + location
	case strings.HasPrefix(location, "/"):
		return scheme + "://" + host + location
	case !strings.Contains(location, "://"):
		return base[:strings.LastIndexByte(base, '/')+1] + location
	}
	return location
}

func (r *fetchRequest) ask(url string) (doc *document, location, failure string) {
	scheme, rest, _ := strings.Cut(url, "://")
	host, document, _ := strings.Cut(rest, "/")
	credentials := ""
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		credentials, host = host[:at], host[at+1:]
	}
	c, failure := r.connect(scheme, host)
	if failure != "" {
		return nil, "", failure
	}
	var head strings.Builder
	fmt.Fprintf(&head, "GET /%s HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\nUser-Agent: %s\r\n", document, host, r.f.userAgent)
	if credentials != "" {
		fmt.Fprintf(&head, "Authorization: Basic %s\r\n", base64Text(credentials))
	}
	if !r.since.IsZero() {
		fmt.Fprintf(&head, "If-Modified-Since: %s\r\n", r.since.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"))
	}
	if r.from > 0 {
		fmt.Fprintf(&head, "Range: bytes=%d-\r\n", r.from)
	}
	io.WriteString(c, head.String()+"Connection: close\r\n\r\n")
	return r.answer(c)
}

func (r *fetchRequest) connect(scheme, host string) (*connection, string) {
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = strings.Trim(host, "[]"), map[string]string{"http": "80", "https": "443"}[scheme]
	}
	timeout := r.f.timeout
	if timeout == 0 {
		timeout = 120 * time.Second
	}
	conn, err := net.DialTimeout("tcp", net.JoinHostPort(name, port), timeout)
	if err != nil {
		if dns, ok := asDNSError(err); ok {
			if dns.IsTimeout || dns.IsTemporary {
				return nil, "Transient resolver failure"
			}
			return nil, "No address record"
		}
		if e, ok := err.(net.Error); ok && e.Timeout() {
			return nil, "Operation timed out"
		}
		return nil, errorText(err)
	}
	if scheme == "https" {
		config := &tls.Config{ServerName: name, InsecureSkipVerify: r.f.noVerify, RootCAs: certificates()}
		secure := tls.Client(conn, config)
		if err := secure.Handshake(); err != nil {
			r.f.p.Errorf("Certificate verification failed for %s\n", name)
			return nil, "Authentication error"
		}
		conn = secure
	}
	return &connection{conn, bufio.NewReader(conn)}, ""
}

func asDNSError(err error) (*net.DNSError, bool) {
	for err != nil {
		if dns, ok := err.(*net.DNSError); ok {
			return dns, true
		}
		u, ok := err.(interface{ Unwrap() error })
		if !ok {
			return nil, false
		}
		err = u.Unwrap()
	}
	return nil, false
}

func certificates() *x509.CertPool {
	for _, name := range []string{os.Getenv("SSL_CA_CERT_FILE"), "/etc/ssl/cert.pem", "/usr/local/share/certs/ca-root-nss.crt"} {
		if data, err := os.ReadFile(name); err == nil {
			pool := x509.NewCertPool()
			pool.AppendCertsFromPEM(data)
			return pool
		}
	}
	return x509.NewCertPool()
}

// httpErrors are fetch(3)'s words, from httperr.h of libfetch.
func httpError(code int) string {
	switch code {
	case 400:
		return "Bad Request"
	case 401:
		return "Unauthorized"
	case 403:
		return "Forbidden"
	case 404:
		return "Not Found"
	case 405:
		return "Method Not Allowed"
	case 407:
		return "Proxy Authentication Required"
	case 408:
		return "Request Time-out"
	case 410:
		return "Gone"
	case 416:
		return "Requested Range Not Satisfiable"
	case 500:
		return "Internal Server Error"
	case 501:
		return "Not Implemented"
	case 502:
		return "Bad Gateway"
	case 503:
		return "Service Unavailable"
	case 504:
		return "Gateway Time-out"
	}
	return "Unknown HTTP error"
}

func (r *fetchRequest) answer(c *connection) (doc *document, location, failure string) {
	line, err := c.in.ReadString('\n')
	words := strings.Fields(line)
	if err != nil || len(words) < 2 {
		return nil, "", "Protocol error"
	}
	code, _ := strconv.Atoi(words[1])
	fields := map[string]string{}
	for {
		line, err := c.in.ReadString('\n')
		line = strings.TrimRight(line, "\r\n")
		if err != nil || line == "" {
			break
		}
		name, value, _ := strings.Cut(line, ":")
		fields[strings.ToLower(name)] = strings.TrimSpace(value)
	}
	switch {
	case code == 301 || code == 302 || code == 303 || code == 307 || code == 308:
		if r.f.noRedirect || fields["location"] == "" {
			return nil, "", "Moved Temporarily"
		}
		return nil, fields["location"], ""
	case code == 304:
		return &document{body: c, current: true}, "", ""
	case code != 200 && code != 206:
		return nil, "", httpError(code)
	}
	return r.documentOf(c, code, fields), "", ""
}

type bodyOf struct {
	io.Reader
	io.Closer
}

func (r *fetchRequest) documentOf(c *connection, code int, fields map[string]string) *document {
	doc := &document{size: -1}
	var body io.Reader = c.in
	if strings.EqualFold(fields["transfer-encoding"], "chunked") {
		body = &chunked{in: c.in}
	} else if size, err := strconv.ParseInt(fields["content-length"], 10, 64); err == nil {
		doc.size, body = size, io.LimitReader(c.in, size)
	}
	if code == 206 {
		doc.from = r.from
		if doc.size >= 0 {
			doc.size += r.from
		}
	}
	doc.time, _ = time.Parse("Mon, 02 Jan 2006 15:04:05 GMT", fields["last-modified"])
	doc.body = bodyOf{body, c}
	doc.current = r.isCurrent(doc)
	return doc
}

// chunked reads a chunked body.
type chunked struct {
	in   *bufio.Reader
	left int64
	done bool
}

func (c *chunked) Read(buf []byte) (int, error) {
	if c.done {
		return 0, io.EOF
	}
	if c.left == 0 {
		line, err := c.in.ReadString('\n')
		if err != nil {
			return 0, err
		}
		size, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		if size == "" {
			return c.Read(buf)
		}
		if c.left, err = strconv.ParseInt(size, 16, 64); err != nil {
			return 0, io.ErrUnexpectedEOF
		}
		if c.left == 0 {
			c.done = true
			return 0, io.EOF
		}
	}
	if int64(len(buf)) > c.left {
		buf = buf[:c.left]
	}
	n, err := c.in.Read(buf)
	c.left -= int64(n)
	return n, err
}
