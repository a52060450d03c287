package programs

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"standin/bsd"
)

// tar(1): bsdtar of libarchive 3.6.2, in Debian as in FreeBSD 13.2; what it says of itself and of errors differs.
func init() { Register(tar, "tar", "bsdtar") }

func tar(p *Process) int {
	for _, arg := range p.Args {
		if arg == "--version" {
			p.Printf("bsdtar 3.6.2 - libarchive 3.6.2 zlib/1.2.13 liblzma/5.4.1 bz2lib/1.0.8 libzstd/1.4.8 \n")
			return 0
		}
		if len(arg) > 0 && arg[0] != '-' {
			break
		}
	}
	cmd := &exec.Cmd{
		Path: Borrowed["bsdtar"], Args: append([]string{"tar"}, p.Args...), Stdin: p.Stdin, Stdout: os.Stdout, Env: BorrowedEnvironment(),
		SysProcAttr: &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}, // it lives and dies with this one
	}
	runtime.LockOSThread()
	said, err := cmd.StderrPipe()
	if err != nil {
		return p.Err(1, err, "pipe")
	}
	done := make(chan bool)
	go func() {
		p.translate(said)
		close(done)
	}()
	p.Stdout.Flush()
	if err := cmd.Start(); err != nil {
		return p.Err(1, err, "%s", cmd.Path)
	}
	<-done
	cmd.Wait()
	return status(cmd.ProcessState)
}

// withoutLocale: the tree has no locales that the Linux program could read.
func withoutLocale(environment []string) []string {
	for _, name := range [...]string{"LANG", "LC_ALL", "LC_CTYPE", "MM_CHARSET"} {
		environment = without(environment, name)
	}
	return environment
}

// translate puts what a Linux program says of errors in FreeBSD's words.
func (p *Process) translate(said io.Reader) {
	lines := bufio.NewReader(said)
	for {
		line, err := lines.ReadString('\n')
		p.Errorf("%s", inOurWords(line))
		if err != nil {
			return
		}
	}
}

func inOurWords(line string) string {
	// libarchive's own errors have number -1: FreeBSD's strerror(3) goes by what was the error before.
	line = strings.Replace(line, "Unknown error -1", "No such file or directory", 1)
	for _, e := range [...]syscall.Errno{
		syscall.EBUSY, syscall.EXDEV, syscall.ENXIO, syscall.ENODEV, syscall.EDEADLK, syscall.ERANGE, syscall.EADDRNOTAVAIL,
	} {
		text := e.Error()
		line = strings.Replace(line, ": "+strings.ToUpper(text[:1])+text[1:], ": "+bsd.Strerror(e), 1)
	}
	return line
}
