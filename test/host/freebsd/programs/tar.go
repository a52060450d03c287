package programs

// tar(1): bsdtar of libarchive 3.6.2, in Debian as in FreeBSD 13.2; only what it says of itself differs.
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
	return p.Borrow("bsdtar", append([]string{"tar"}, p.Args...)...)
}
