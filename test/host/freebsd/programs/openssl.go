package programs

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// openssl(1) of OpenSSL 1.1.1: base64 (enc -base64), dgst, rand and version; nothing else is here.
func init() { Register(openssl, "openssl") }

func openssl(p *Process) int {
	if len(p.Args) == 0 {
		return p.Errx(1, "Invalid command ''; type \"help\" for a list.")
	}
	command, args := p.Args[0], p.Args[1:]
	switch {
	case command == "base64":
		return p.opensslBase64(args)
	case command == "enc" && len(args) > 0 && (args[0] == "-base64" || args[0] == "-a"):
		return p.opensslBase64(args[1:])
	case command == "dgst":
		return p.opensslDigest(args, "sha256")
	case newHash(command) != nil:
		return p.opensslDigest(args, command)
	case command == "rand":
		return p.opensslRandom(args)
	case command == "version":
		p.Printf("OpenSSL 1.1.1t-freebsd  7 Feb 2023\n")
		return 0
	}
	p.Errorf("Invalid command '%s'; type \"help\" for a list.\n", command)
	return 1
}

func (p *Process) opensslUnknown(command, option string) int {
	p.Errorf("%s: Unrecognized flag %s\n%s: Use -help for summary.\n", command, strings.TrimLeft(option, "-"), command)
	return 1
}

func (p *Process) opensslBase64(args []string) int {
	decode, one := false, false
	in, out := p.Stdin, os.Stdout
	for ; len(args) > 0; args = args[1:] {
		switch args[0] {
		case "-d":
			decode = true
		case "-e":
			decode = false
		case "-A":
			one = true
		case "-in", "-out":
			if len(args) < 2 {
				return p.opensslUnknown("base64", args[0])
			}
			var err error
			if args[0] == "-in" {
				in, err = os.Open(args[1])
			} else {
				out, err = os.Create(args[1])
			}
			if err != nil {
				p.Errorf("Can't open %s\n", args[1])
				return 1
			}
			args = args[1:]
		default:
			return p.opensslUnknown("base64", args[0])
		}
	}
	data, err := io.ReadAll(in)
	if err != nil {
		return 1
	}
	if decode {
		return opensslDecode(data, one, out)
	}
	text := base64.StdEncoding.EncodeToString(data)
	for !one && len(text) > 64 {
		fmt.Fprintln(out, text[:64])
		text = text[64:]
	}
	if one || text == "" {
		fmt.Fprint(out, text)
	} else {
		fmt.Fprintln(out, text)
	}
	return 0
}

// opensslDecode needs a line break behind each line without -A, and none with it, as OpenSSL's filter does.
func opensslDecode(data []byte, one bool, out *os.File) int {
	text := string(data)
	if one {
		text = strings.TrimRight(text, "\n")
	} else if at := strings.LastIndexByte(text, '\n'); at >= 0 {
		text = strings.ReplaceAll(text[:at], "\n", "")
	} else {
		text = ""
	}
	decoded, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return 0
	}
	out.Write(decoded)
	return 0
}

func (p *Process) opensslDigest(args []string, name string) int {
	binary, reversed := false, false
	for ; len(args) > 0 && strings.HasPrefix(args[0], "-"); args = args[1:] {
		switch option := strings.TrimLeft(args[0], "-"); {
		case option == "r":
			reversed = true
		case option == "hex":
		case option == "binary":
			binary = true
		case newHash(option) != nil:
			name = option
		default:
			return p.opensslUnknown("dgst", args[0])
		}
	}
	if len(args) == 0 {
		args = []string{""}
	}
	for _, file := range args {
		in := p.Stdin
		if file != "" {
			f, err := os.Open(file)
			if err != nil {
				p.Errorf("%s: %s\n", file, errorText(err))
				return 1
			}
			in = f
		}
		sum := newHash(name)
		io.Copy(sum, in)
		text := hex.EncodeToString(sum.Sum(nil))
		switch {
		case binary:
			p.Stdout.Write(sum.Sum(nil))
		case reversed && file == "":
			p.Printf("%s *stdin\n", text)
		case reversed:
			p.Printf("%s *%s\n", text, file)
		case file == "":
			p.Printf("(stdin)= %s\n", text)
		default:
			p.Printf("%s(%s)= %s\n", strings.ToUpper(name), file, text)
		}
	}
	return 0
}

func (p *Process) opensslRandom(args []string) int {
	form := ""
	for ; len(args) > 0 && strings.HasPrefix(args[0], "-"); args = args[1:] {
		if args[0] != "-hex" && args[0] != "-base64" {
			return p.opensslUnknown("rand", args[0])
		}
		form = args[0]
	}
	if len(args) != 1 {
		p.Errorf("Extra arguments given.\nrand: Use -help for summary.\n")
		return 1
	}
	n, err := strconv.Atoi(args[0])
	if err != nil || n <= 0 {
		p.Errorf("Extra arguments given.\nrand: Use -help for summary.\n")
		return 1
	}
	data := make([]byte, n)
	rand.Read(data)
	switch form {
	case "-hex":
		p.Printf("%s\n", hex.EncodeToString(data))
	case "-base64":
		p.Printf("%s\n", base64.StdEncoding.EncodeToString(data))
	default:
		p.Stdout.Write(data)
	}
	return 0
}
