package programs

import (
	"errors"
	"strings"

	"standin/bsd"
	"standin/wire"
)

// mount_nullfs follows mount_nullfs(8) and sbin/mount_nullfs/mount_nullfs.c: both folders by their full names, a
// link below the mount point included.
func init() { Register(mountNullfs, "mount_nullfs") }

func mountNullfs(p *Process) int {
	const usage = "usage: mount_nullfs [-o options] target mount-point\n"
	found, rest, ok := p.options("o:")
	if !ok || len(rest) != 2 {
		return p.Usage(1, usage)
	}
	var options []string
	for _, o := range found {
		for _, word := range strings.Split(o.Value, ",") {
			if flag, _ := mountFlag(word); flag == 0 && word != "" && !strings.Contains(word, "cache") {
				return p.Errx(1, "-o %s: option not supported", word)
			}
			options = append(options, word)
		}
	}
	lower, err := checkFolder(rest[0])
	if err != nil {
		return p.Err(64, err, "%s", rest[0])
	}
	on, err := checkFolder(rest[1])
	if err != nil {
		return p.Err(64, err, "%s", rest[1])
	}
	err = p.nmount("nullfs", lower, on, options)
	var worded *wire.Error
	switch {
	case err == nil:
		return 0
	case errors.As(err, &worded):
		return p.Errx(1, "%s: %s: %s", on, worded.Text, bsd.Strerror(worded.Errno))
	}
	return p.Err(1, err, "%s", on)
}
