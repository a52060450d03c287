package programs

import (
	"bytes"
	"io"
	"os"
	"strings"
	"syscall"

	"standin/bsd"
	"standin/geli"
	"standin/kernel"
)

// said prints what is wrong and gives the error that says so.
func (r *geliRun) said(format string, args ...any) error {
	r.p.Stdout.Flush()
	r.p.Warnx(format, args...)
	return errGELI
}

func bareDisk(name string) string { return strings.TrimPrefix(name, "/dev/") }

// read is eli_metadata_read.
func (r *geliRun) read(name string) (*geli.Metadata, int64, error) {
	var reply kernel.GELIReply
	if err := r.p.Call("geli.read", kernel.GELIRequest{Disk: name}, &reply); err != nil {
		return nil, 0, r.said("Cannot read metadata from %s: %s.", name, bsd.Strerror(err))
	}
	meta, err := geli.Decode(reply.Sector)
	if err != nil || int64(meta.Size) != reply.Size {
		return nil, reply.Size, r.said("Cannot read metadata from %s: %s.", name, bsd.Strerror(syscall.EINVAL))
	}
	return meta, reply.Size, nil
}

// write is eli_metadata_store. slot is -1 but for what goes past the kernel's open provider.
func (r *geliRun) write(name string, sector []byte, slot int) error {
	if err := r.p.Call("geli.write", kernel.GELIRequest{Disk: name, Sector: sector, Slot: slot}, nil); err != nil {
		return r.said("Cannot store metadata on %s: %s.", name, bsd.Strerror(err))
	}
	return nil
}

// secret reads key files and passphrases. A passphrase ends at its first line's end.
func (r *geliRun) secret(files, passes []string, without bool) (geli.Secret, error) {
	s := geli.Secret{}
	for _, file := range files {
		data, err := r.contents(file)
		if err != nil {
			return s, r.said("Cannot open keyfile %s: %s.", file, bsd.Strerror(err))
		}
		s.KeyFiles = append(s.KeyFiles, data...)
	}
	if without {
		if len(files) == 0 {
			return s, r.said("No key components given.")
		}
		return s, nil
	}
	s.HasPassphrase = true
	if len(passes) == 0 {
		return s, r.said("Cannot read passphrase: Inappropriate ioctl for device.")
	}
	for _, file := range passes {
		data, err := r.contents(file)
		if err != nil {
			return s, r.said("Cannot open passfile %s: %s.", file, bsd.Strerror(err))
		}
		line, _, _ := bytes.Cut(data, []byte("\n"))
		s.Passphrase = append(s.Passphrase, line...)
	}
	return s, nil
}

func (r *geliRun) contents(file string) ([]byte, error) {
	if file == "-" {
		data, err := io.ReadAll(r.p.Stdin)
		return data, err
	}
	return os.ReadFile(file)
}
