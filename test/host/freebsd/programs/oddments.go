package programs

import (
	"fmt"
	"io"
	"math/rand"
	"os"
	"strings"
	"time"
)

// cksum(1) and sum(1), usr.bin/cksum; strings(1) and jot(1).
func init() {
	Register(cksum, "cksum", "sum")
	Register(stringsMain, "strings")
	Register(split, "split")
	Register(joinMain, "join")
	Register(getoptMain, "getopt")
	Register(jot, "jot")
}

func cksum(p *Process) int {
	opts, files, ok := p.options("o:")
	if !ok {
		return p.Usage(1, "usage: cksum [-o 1 | 2 | 3] [file ...]\n       sum [file ...]\n")
	}
	old := p.Name == "sum"
	for _, o := range opts {
		old = o.Value == "1"
	}
	if len(files) == 0 {
		files = []string{""}
	}
	status := 0
	for _, name := range files {
		in := p.Stdin
		var err error
		if name != "" {
			in, err = os.Open(name)
		}
		var data []byte
		if err == nil {
			data, err = io.ReadAll(in)
		}
		if err != nil {
			p.Warn(err, "%s", name)
			status = 1
			continue
		}
		if name != "" {
			name = " " + name
		}
		if old {
			p.Printf("%d %d%s\n", oldSum(data), (len(data)+1023)/1024, name)
		} else {
			p.Printf("%d %d%s\n", posixCRC(data), len(data), name)
		}
	}
	return status
}

func oldSum(data []byte) (sum uint16) {
	for _, b := range data {
		sum = sum>>1 | sum<<15
		sum += uint16(b)
	}
	return sum
}

func posixCRC(data []byte) uint32 {
	crc := uint32(0)
	add := func(b byte) {
		crc ^= uint32(b) << 24
		for i := 0; i < 8; i++ {
			if crc&0x80000000 != 0 {
				crc = crc<<1 ^ 0x04c11db7
			} else {
				crc <<= 1
			}
		}
	}
	for _, b := range data {
		add(b)
	}
	for n := len(data); n != 0; n >>= 8 {
		add(byte(n))
	}
	return ^crc
}

func stringsMain(p *Process) int {
	opts, files, ok := p.options("ae:fn:oR:t:")
	if !ok {
		return p.Usage(1, "Usage: strings [options] [file...]\n")
	}
	least := 4
	for _, o := range opts {
		if o.Letter == 'n' {
			least = atoi(o.Value)
		}
	}
	run := ""
	for _, b := range append(readAll(p, files), 0) {
		if b >= 32 && b < 127 || b == '\t' {
			run += string(rune(b))
			continue
		}
		if len(run) >= least {
			p.Printf("%s\n", run)
		}
		run = ""
	}
	return 0
}

// jot prints numbers: jot [-r] [count [begin [end [step]]]].
func jot(p *Process) int {
	opts, args, ok := p.options("b:cnp:rs:w:")
	if !ok || len(args) > 4 {
		return p.Usage(1, "usage: jot [-cnr] [-b word] [-w word] [-s string] [-p precision]\n           [reps [begin [end [seed]]]]\n")
	}
	random, separator, word, fixed := false, "\n", "", ""
	for _, o := range opts {
		switch o.Letter {
		case 'r':
			random = true
		case 's':
			separator = o.Value
		case 'w':
			word = o.Value
		case 'b':
			fixed = o.Value
		}
	}
	count, begin, end, step := 100, 1, 100, 1
	for i, to := range []*int{&count, &begin, &end, &step} {
		if i < len(args) && args[i] != "-" {
			*to = atoi(args[i])
		}
	}
	if len(args) > 2 && len(args) < 4 && count > 1 && !random {
		step = (end - begin) / (count - 1)
	}
	dice := rand.New(rand.NewSource(time.Now().UnixNano()))
	var out []string
	for i := 0; i < count; i++ {
		n := begin + i*step
		if random {
			n = begin + dice.Intn(end-begin+1)
		}
		text := fmt.Sprint(n)
		if strings.Contains(word, "%") {
			text = fmt.Sprintf(word, n)
		} else if word != "" {
			text = word + text
		}
		if fixed != "" {
			text = fixed
		}
		out = append(out, text)
	}
	p.Printf("%s\n", strings.Join(out, separator))
	return 0
}
