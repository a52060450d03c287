package programs

import (
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// stat(1), usr.bin/stat/stat.c; readlink(1) is the same program.
func init() { Register(statMain, "stat"); Register(readlink, "readlink") }

const (
	statUsage     = "usage: stat [-FLnq] [-f format | -l | -r | -s | -x] [-t timefmt] [file|handle ...]\n"
	statFormat    = `%d %i %Sp %l %Su %Sg %r %z "%Sa" "%Sm" "%Sc" "%SB" %k %b %#Xf %N`
	statRaw       = "%d %i %#p %l %u %g %r %z %a %m %c %B %k %b %f %N"
	statLs        = "%Sp %l %Su %Sg %Z %Sm %N%SY"
	statLsKinds   = "%Sp %l %Su %Sg %Z %Sm %N%T%SY"
	statShell     = "st_dev=%d st_ino=%i st_mode=%#p st_nlink=%l st_uid=%u st_gid=%g st_rdev=%r st_size=%z st_atime=%a st_mtime=%m st_ctime=%c st_birthtime=%B st_blksize=%k st_blocks=%b st_flags=%f"
	statLinuxLike = "  File: \"%N\"%n  Size: %-11z  FileType: %HT%n  Mode: (%OMp%03OLp/%.10Sp)         Uid: (%5u/%8Su)  Gid: (%5g/%8Sg)%nDevice: %Hd,%Ld   Inode: %i    Links: %l%nAccess: %Sa%nModify: %Sm%nChange: %Sc%n Birth: %SB"
)

// statted is a file as stat shows it.
type statted struct {
	name   string
	path   string
	st     unix.Stat_t
	follow bool
}

type statting struct {
	p          *Process
	format     string
	timeFormat string
	noNewline  bool
}

func statMain(p *Process) int {
	opts, files, ok := p.options("f:FHlLnqrst:x")
	if !ok {
		return p.Usage(1, statUsage)
	}
	s := &statting{p: p, format: statFormat, timeFormat: "%b %e %T %Y"}
	shape, follow, quiet, kinds := byte(0), false, false, false
	for _, o := range opts {
		switch o.Letter {
		case 'F':
			kinds = true
		case 'L':
			follow = true
		case 'n':
			s.noNewline = true
		case 'q':
			quiet = true
		case 'f':
			s.format = o.Value
			shape = s.once(shape, 'f')
		case 'l', 'r', 's', 'x':
			shape = s.once(shape, o.Letter)
		case 't':
			s.timeFormat = o.Value
		}
	}
	s.shape(shape, kinds, opts)
	if len(files) == 0 {
		files = []string{""}
	}
	status := 0
	for _, name := range files {
		f := &statted{name: name, path: name, follow: follow}
		if err := f.look(follow); err != nil {
			status = 1
			if !quiet {
				p.Warn(err, "%s", name)
			}
			continue
		}
		s.show(f)
	}
	return status
}

func (s *statting) once(had, letter byte) byte {
	if had != 0 && had != letter {
		s.p.Exit(s.p.Errx(1, "can't use format '%c' with '%c'", letter, had))
	}
	return letter
}

func (s *statting) shape(letter byte, kinds bool, opts []Option) {
	switch letter {
	case 'l', 0:
		if letter == 'l' || kinds {
			s.format = statLs
			if kinds {
				s.format = statLsKinds
			}
		}
	case 'r':
		s.format = statRaw
	case 's':
		s.format = statShell
	case 'x':
		s.format = statLinuxLike
		s.timeFormat = "%c"
	}
	for _, o := range opts {
		if o.Letter == 't' {
			s.timeFormat = o.Value
		}
	}
}

func (f *statted) look(follow bool) (err error) {
	switch {
	case f.path == "":
		f.name = "(stdin)"
		return unix.Fstat(0, &f.st)
	case follow:
		if f.st, err = stat(f.path); err == nil {
			return nil
		}
	}
	f.st, err = lstat(f.path)
	return err
}

func (s *statting) show(f *statted) {
	rest := s.format
	column := 0
	for rest != "" {
		at := strings.IndexByte(rest, '%')
		if at < 0 {
			at = len(rest)
		}
		s.p.Stdout.WriteString(rest[:at])
		column += at
		if rest = rest[at:]; rest == "" {
			break
		}
		text, left := s.field(f, rest[1:])
		s.p.Stdout.WriteString(text)
		column += len(text)
		rest = left
	}
	if !s.noNewline {
		s.p.Stdout.WriteByte('\n')
	}
}

func statTime(ts unix.Timespec) time.Time { return time.Unix(ts.Sec, ts.Nsec).UTC() }

// readlink(1).
func readlink(p *Process) int {
	opts, files, ok := p.options("fn")
	if !ok {
		return p.Usage(1, "usage: readlink [-fn] [file ...]\n")
	}
	full, noNewline := false, false
	for _, o := range opts {
		full = full || o.Letter == 'f'
		noNewline = noNewline || o.Letter == 'n'
	}
	status := 0
	for _, name := range files {
		text, err := os.Readlink(name)
		if full {
			text, err = resolve(name)
		}
		if err != nil {
			status = 1
			continue
		}
		p.Printf("%s", text)
		if !noNewline {
			p.Printf("\n")
		}
	}
	return status
}
