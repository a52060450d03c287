package programs

import (
	"fmt"
	"io"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// fetch(1), usr.bin/fetch/fetch.c, and fetch(3) for file:, http: and https:.
func init() { Register(fetch, "fetch") }

const fetchUsage = `usage: fetch [-146AadFlMmnPpqRrsUv] [-B bytes] [--bind-address=host]
             [--ca-cert=file] [--ca-path=dir] [--cert=file]
             [--crl=file] [-i file] [--key=file] [-N file]
             [--no-passive] [--no-proxy=list] [--no-sslv3]
             [--no-tlsv1] [--no-verify-hostname] [--no-verify-peer]
             [-o file] [--referer=URL] [-S bytes] [-T seconds]
             [--user-agent=agent-string] [-w seconds] URL ...
       fetch [-146AadFlMmnPpqRrsUv] [-B bytes] [--bind-address=host]
             [--ca-cert=file] [--ca-path=dir] [--cert=file]
             [--crl=file] [-i file] [--key=file] [-N file]
             [--no-passive] [--no-proxy=list] [--no-sslv3]
             [--no-tlsv1] [--no-verify-hostname] [--no-verify-peer]
             [-o file] [--referer=URL] [-S bytes] [-T seconds]
             [--user-agent=agent-string] [-w seconds] -h host -f file [-c dir]
`

var fetchLong = []longOption{
	{"user-agent", 'u', true}, {"no-verify-peer", 'X', false}, {"no-verify-hostname", 'Y', false}, {"ca-cert", 'Z', true},
	{"one-file", '1', false}, {"retry", 'a', false}, {"mirror", 'm', false}, {"output", 'o', true}, {"quiet", 'q', false},
	{"restart", 'r', false}, {"print-size", 's', false}, {"timeout", 'T', true}, {"verbose", 'v', false},
	{"if-modified-since", 'i', true}, {"keep-output", 'R', false}, {"no-mtime", 'n', false}, {"allow-sslv2", 'Y', false},
	{"no-redirect", 'A', false}, {"ipv4-only", '4', false}, {"ipv6-only", '6', false}, {"force-restart", 'F', false},
	{"no-proxy", 'Z', true}, {"no-sslv3", 'Y', false}, {"no-tlsv1", 'Y', false}, {"referer", 'Z', true},
}

type fetching struct {
	p *Process

	output, userAgent, since                                         string
	retry, mirror, quiet, restart, printSize, keep, noTime, noVerify bool
	noRedirect, once, always                                         bool
	timeout                                                          time.Duration
	verbose                                                          int
	started                                                          time.Time
}

// document is what a URL names.
type document struct {
	body    io.ReadCloser
	size    int64 // -1 if nobody says
	from    int64 // where the body begins
	time    time.Time
	current bool // it is what is there already
}

func fetch(p *Process) int {
	f := &fetching{p: p, userAgent: "fetch libfetch/2.0", verbose: 1}
	if agent := os.Getenv("HTTP_USER_AGENT"); agent != "" {
		f.userAgent = agent
	}
	opts, urls, ok := p.longOptions("146AaB:bc:dFf:Hh:i:lMmN:nPpo:qRrS:sT:tUvw:", fetchLong)
	if !ok || len(urls) == 0 {
		return p.Usage(1, fetchUsage)
	}
	for _, o := range opts {
		if !f.take(o) {
			return p.Errx(1, "invalid timeout (-T) value: %s", o.Value)
		}
	}
	status := 0
	for _, url := range urls {
		failed := f.one(url)
		if failed && f.retry {
			failed = f.one(url)
		}
		if failed {
			status = 1
		} else if f.once {
			return status
		}
	}
	return status
}

func (f *fetching) take(o Option) bool {
	switch o.Letter {
	case '1':
		f.once = true
	case 'A':
		f.noRedirect = true
	case 'a':
		f.retry = true
	case 'i':
		f.since = o.Value
	case 'm':
		f.mirror = true
	case 'n':
		f.noTime = true
	case 'o':
		f.output = o.Value
	case 'q':
		f.quiet = true
	case 'R':
		f.keep = true
	case 'r':
		f.restart = true
	case 's':
		f.printSize = true
	case 'T':
		seconds, err := strconv.Atoi(o.Value)
		if err != nil || seconds < 0 {
			return false
		}
		f.timeout = time.Duration(seconds) * time.Second
	case 'u':
		f.userAgent = o.Value
	case 'v':
		f.verbose++
	case 'X':
		f.noVerify = true
	}
	return true
}

// one fetches one URL; it says whether that failed.
func (f *fetching) one(url string) bool {
	f.started = time.Now()
	target := f.target(url)
	there, err := os.Stat(target)
	exists := err == nil && target != "-" && there.Mode().IsRegular()
	request := fetchRequest{f: f, url: url}
	if exists && f.restart {
		request.from = there.Size()
	}
	if exists && f.mirror {
		request.size, request.since = there.Size(), there.ModTime()
	}
	if f.since != "" {
		if st, err := os.Stat(f.since); err == nil {
			request.since = st.ModTime()
		}
	}
	doc, failure := request.open()
	if failure != "" {
		if !f.quiet || f.verbose > 0 {
			f.p.Warnx("%s: %s", url, failure)
		}
		return true
	}
	defer doc.body.Close()
	if f.printSize {
		if doc.size < 0 {
			f.p.Printf("Unknown\n")
		} else {
			f.p.Printf("%d\n", doc.size)
		}
		return false
	}
	if doc.current || (exists && f.restart && doc.size == there.Size()) {
		return false
	}
	return f.save(url, target, doc)
}

func (f *fetching) target(url string) string {
	name := path.Base(url)
	if strings.HasSuffix(url, "/") || name == "" {
		name = "fetch.out"
	}
	if f.output == "" {
		return name
	}
	if st, err := os.Stat(f.output); err == nil && st.IsDir() {
		return join(f.output, name)
	}
	return f.output
}

// save writes the document, through a temporary file where an old one would be replaced.
func (f *fetching) save(url, target string, doc *document) bool {
	out := os.Stdout
	if target != "-" {
		flags := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
		if doc.from > 0 {
			flags = os.O_WRONLY | os.O_APPEND
		}
		var err error
		if out, err = os.OpenFile(target, flags, 0666); err != nil {
			f.p.Warn(err, "open %s", target)
			return true
		}
		defer out.Close()
	}
	got, err := f.transfer(out, doc, target)
	f.progress(target, got+doc.from, doc.size, true)
	if err != nil {
		f.p.Warn(err, "%s", target)
		if !f.keep && target != "-" && errorText(err) == errorText(unix.ENOSPC) {
			os.Remove(target)
		}
		return true
	}
	if doc.size >= 0 && got+doc.from < doc.size {
		f.p.Warnx("%s appears to be truncated: %d/%d bytes", target, got+doc.from, doc.size)
		if !f.keep && !f.restart && target != "-" {
			os.Remove(target)
		}
		return true
	}
	if !f.noTime && target != "-" && !doc.time.IsZero() {
		os.Chtimes(target, doc.time, doc.time)
	}
	return false
}

func (f *fetching) transfer(out io.Writer, doc *document, target string) (got int64, err error) {
	buf := make([]byte, 64<<10)
	for {
		n, readErr := doc.body.Read(buf)
		if n > 0 {
			if _, err := out.Write(buf[:n]); err != nil {
				return got, err
			}
			got += int64(n)
		}
		if readErr == io.EOF || readErr == io.ErrUnexpectedEOF {
			return got, nil
		}
		if readErr != nil {
			return got, readErr
		}
	}
}

// progress is stat_display's last line: the name, the bytes, the rate and the time.
func (f *fetching) progress(name string, got, size int64, last bool) {
	if f.quiet {
		return
	}
	text := fmt.Sprintf("%-46.46s", name)
	if size < 0 || got >= size {
		text += "        " + fetchBytes(got)
	} else {
		text += fmt.Sprintf("%3d%% of %s", got*100/size, fetchBytes(size))
	}
	elapsed := time.Since(f.started).Seconds()
	if elapsed <= 0 {
		elapsed = 1e-6
	}
	rate := fetchBytes(int64(float64(got) / elapsed))
	text += fmt.Sprintf(" %sps", rate)
	seconds := int64(elapsed + 0.5)
	switch {
	case seconds >= 3600:
		text += fmt.Sprintf(" %02dh%02dm", seconds/3600, seconds/60%60)
	case seconds >= 60:
		text += fmt.Sprintf(" %02dm%02ds", seconds/60, seconds%60)
	default:
		text += fmt.Sprintf("    %02ds", seconds)
	}
	f.p.Errorf("%s\n", text)
}

func fetchBytes(n int64) string {
	const units = " kMGTPE"
	at := 0
	for n > 9999 && at < len(units)-1 {
		n /= 1024
		at++
	}
	return fmt.Sprintf("%4d %cB", n, units[at])
}
