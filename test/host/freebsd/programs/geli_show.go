package programs

import (
	"fmt"
	"os"
	"syscall"

	"standin/bsd"
	"standin/geli"
	"standin/kernel"
)

func (r *geliRun) dump(name string) error {
	meta, _, err := r.read(name)
	if err != nil {
		return err
	}
	r.p.Printf("Metadata on %s:\n%s", name, meta.Dump())
	return nil
}

// resize finds the metadata where the provider ended before it grew.
func (r *geliRun) resize(name string) error {
	old, ok := expandNumber(r.oldSize)
	if !ok {
		return r.said("Invalid oldsize: Out of range")
	}
	var reply kernel.GELIReply
	if err := r.p.Call("geli.read", kernel.GELIRequest{Disk: name}, &reply); err != nil {
		return r.said("Cannot access %s: %s.", name, bsd.Strerror(err))
	}
	if old > reply.Size {
		return r.said("Invalid oldsize: Out of range")
	}
	if old == reply.Size {
		return r.said("Size hasn't changed.")
	}
	f, err := os.OpenFile(devicePath(name), os.O_RDWR, 0)
	if err != nil {
		return r.said("Cannot open %s: %s.", name, bsd.Strerror(err))
	}
	defer f.Close()
	sector := make([]byte, 512)
	f.ReadAt(sector, old-512)
	meta, err := geli.Decode(sector)
	if err != nil {
		return r.said("Cannot read old metadata: %s.", bsd.Strerror(syscall.EINVAL))
	}
	meta.Size = uint64(reply.Size)
	if err := r.write(name, meta.Encode(), -1); err != nil {
		return err
	}
	f.WriteAt(make([]byte, 512), old-512)
	return nil
}

func (r *geliRun) copyMetadata(verb string, names []string) error {
	if verb == "backup" {
		meta, _, err := r.read(names[0])
		if err != nil {
			return err
		}
		if err := os.WriteFile(names[1], meta.Encode(), 0o600); err != nil {
			return r.said("Unable to create file %s: %s.", names[1], bsd.Strerror(err))
		}
		return nil
	}
	sector, err := os.ReadFile(names[0])
	if err != nil {
		return r.said("Unable to open %s: %s.", names[0], bsd.Strerror(err))
	}
	if _, err := geli.Decode(sector); err != nil {
		return r.said("MD5 hash mismatch: not a geli backup file?")
	}
	return r.write(names[1], sector, -1)
}

// status and list are those of geom(8), for the class ELI.
func (r *geliRun) status() int {
	list := r.ciphers()
	if len(list) == 0 {
		return 0
	}
	name, status := 4, 6
	for _, c := range list {
		if len(c.Name) > name {
			name = len(c.Name)
		}
	}
	r.p.Printf("%*s  %*s  %s\n", name, "Name", status, "Status", "Components")
	for _, c := range list {
		r.p.Printf("%*s  %*s  %s\n", name, c.Name, status, "ACTIVE", c.Below)
	}
	return 0
}

func (r *geliRun) list(names []string) int {
	list, shown := r.ciphers(), 0
	for _, c := range list {
		if len(names) > 0 && !inList(names, c.Name) && !inList(names, "/dev/"+c.Name) {
			continue
		}
		shown++
		flags, mode := "NONE", "r0w0e0"
		if c.Flags&geli.FlagAutoResize != 0 {
			flags = "AUTORESIZE"
		}
		if c.Open {
			mode = "r1w1e1"
		}
		r.p.Printf("Geom name: %s\nState: ACTIVE\nEncryptionAlgorithm: %s\nKeyLength: %d\nCrypto: software\nVersion: 7\nUsedKey: %d\n"+
			"Flags: %s\nKeysAllocated: 1\nKeysTotal: 1\n", c.Name, c.Algorithm, c.KeyLength, c.Slot, flags)
		r.p.Printf("Providers:\n%sConsumers:\n%s\n", provider(c.Name, c.Size, c.Sector, mode), provider(c.Below, c.BelowSize, c.BelowSector, "r1w1e1"))
	}
	if len(names) > 0 && shown == 0 {
		return r.p.Errx(1, "Class 'ELI' does not have an instance named '%s'.", names[0])
	}
	return 0
}

func provider(name string, size int64, sector int, mode string) string {
	return fmt.Sprintf("1. Name: %s\n   Mediasize: %d (%s)\n   Sectorsize: %d\n   Mode: %s\n", name, size, humanize(size, 5, false), sector, mode)
}
