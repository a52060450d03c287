package programs

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"time"
)

// HTTP as libfetch speaks it; lib/libfetch/http.c.

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
