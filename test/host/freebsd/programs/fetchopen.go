package programs

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"os"
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
