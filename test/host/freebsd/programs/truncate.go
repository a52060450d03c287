package programs

import (
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// truncate(1), usr.bin/truncate/truncate.c.
func init() { Register(truncate, "truncate") }

func truncate(p *Process) int {
	const usage = "usage: truncate [-c] -s [+|-|%|/]size[K|k|M|m|G|g|T|t] file ...\n" +
		"       truncate [-c] -r rfile file ...\n" +
		"       truncate [-c] -d -o offset[K|k|M|m|G|g|T|t] -l length[K|k|M|m|G|g|T|t] file ...\n"
	opts, files, ok := p.options("cr:s:do:l:")
	if !ok || len(files) == 0 {
		return p.Usage(1, usage)
	}
	create, relative := true, byte(0)
	size := int64(-1)
	for _, o := range opts {
		switch o.Letter {
		case 'c':
			create = false
		case 'r':
			st, err := stat(o.Value)
			if err != nil {
				return p.Err(1, err, "%s", o.Value)
			}
			size = st.Size
		case 's':
			text := o.Value
			if text != "" && strings.IndexByte("+-%/", text[0]) >= 0 {
				relative, text = text[0], text[1:]
			}
			if size, ok = sizeNumber(text); !ok || size < 0 {
				return p.Errx(1, "invalid size argument `%s'", o.Value)
			}
		}
	}
	if size < 0 {
		return p.Usage(1, usage)
	}
	status := 0
	for _, name := range files {
		if err := truncateOne(name, size, relative, create); err != nil {
			p.Warn(err, "%s", name)
			status = 1
		}
	}
	return status
}

func truncateOne(name string, size int64, relative byte, create bool) error {
	flags := unix.O_WRONLY | unix.O_CLOEXEC
	if create {
		flags |= unix.O_CREAT
	}
	fd, err := unix.Open(name, flags, 0666)
	if err != nil {
		if !create && err == unix.ENOENT {
			return nil
		}
		return err
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return err
	}
	want := size
	switch relative {
	case '+':
		want = st.Size + size
	case '-':
		if want = st.Size - size; want < 0 {
			want = 0
		}
	case '%':
		want = roundUp(st.Size, size)
	case '/':
		want = st.Size / size * size
	}
	return unix.Ftruncate(fd, want)
}

// sizeNumber is expand_number(3): 64m is 67108864.
func sizeNumber(text string) (int64, bool) {
	shift := 0
	if text != "" {
		if at := strings.IndexByte("bkmgtpe", text[len(text)-1]|0x20); at >= 0 {
			shift, text = at*10, text[:len(text)-1]
		}
	}
	n, err := strconv.ParseInt(text, 0, 64)
	if err != nil {
		if n, err = strconv.ParseInt(text, 10, 64); err != nil {
			return 0, false
		}
	}
	return n << shift, n<<shift>>shift == n
}
