package programs

import (
	"errors"
	"os"
	"strings"
	"syscall"

	"standin/bsd"
	"standin/geli"
	"standin/kernel"
)

// Iterations of PKCS #5 that a new key gets where nobody says how many: FreeBSD counts what takes two seconds.
const geliIterations = 65536

func (r *geliRun) init(name string) error {
	var reply kernel.GELIReply
	if err := r.p.Call("geli.read", kernel.GELIRequest{Disk: name}, &reply); err != nil {
		return r.said("Cannot access %s: %s.", name, bsd.Strerror(err))
	}
	algorithm, ok := geli.AlgorithmNamed(orText(r.algorithm, "AES-XTS"))
	if !ok {
		return r.said("Invalid encryption algorithm.")
	}
	length := r.keyLength
	if length == 0 {
		length = 128
	}
	if length != 128 && length != 256 {
		return r.said("Invalid key length.")
	}
	sector := r.sector
	if sector == 0 {
		sector = 512
	}
	if sector < 512 || sector%512 != 0 || sector&(sector-1) != 0 {
		return r.said("Invalid sector size.")
	}
	secret, err := r.secret(r.newFiles, r.newPasses, r.noNewPass)
	if err != nil {
		return err
	}
	iterations := r.iterations
	if iterations < 0 {
		iterations = geliIterations
	}
	if !secret.HasPassphrase {
		iterations = -1
	}
	meta, master := geli.New(reply.Size, uint32(sector), algorithm, uint16(length), int32(iterations))
	meta.SetKey(0, secret, master)
	if err := r.write(name, meta.Encode(), -1); err != nil {
		return err
	}
	return r.keepBackup(name, meta)
}

// keepBackup writes the copy of the metadata that init makes unless it is told -B none.
func (r *geliRun) keepBackup(name string, meta *geli.Metadata) error {
	if r.backup == "none" {
		return nil
	}
	file := r.backup
	if file == "" {
		file = "/var/backups/" + strings.ReplaceAll(bareDisk(name), "/", "_") + ".eli"
	}
	if err := os.WriteFile(file, meta.Encode(), 0o600); err != nil {
		return r.said("Unable to create file %s: %s.", file, bsd.Strerror(err))
	}
	r.p.Printf("\nMetadata backup for provider %s can be found in %s\nand can be restored with the following command:\n\n"+
		"\t# geli restore %s %s\n\n", name, file, file, name)
	return nil
}

func (r *geliRun) attach(name string) error {
	meta, _, err := r.read(name)
	if err != nil {
		return err
	}
	for _, c := range r.ciphers() {
		if c.Below == bareDisk(name) {
			r.secret(r.oldFiles, r.oldPasses, r.noOldPass)
			return r.said("Cannot access %s (error=1).", bareDisk(name))
		}
	}
	secret, err := r.secret(r.oldFiles, r.oldPasses, r.noOldPass)
	if err != nil {
		return err
	}
	master, slot := meta.Master(secret)
	if master == nil {
		return r.said("Wrong key for %s.", bareDisk(name))
	}
	err = r.p.Call("geli.attach", kernel.GELIRequest{
		Disk: name, Sector: meta.Encode(), Master: master, Slot: slot, Detach: r.detach, ReadOnly: r.readOnly,
	}, nil)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EPERM):
		return r.said("Cannot access %s (error=1).", bareDisk(name))
	}
	return r.said("Cannot attach to %s: %s.", bareDisk(name), bsd.Strerror(err))
}

func (r *geliRun) ciphers() (list []kernel.CipherInfo) {
	r.p.Call("geli.list", nil, &list)
	return list
}

func (r *geliRun) detachOne(name string) error {
	err := r.p.Call("geli.detach", kernel.GELIRequest{Disk: name, Force: r.force}, nil)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOENT):
		return r.said("No such device: %s.", bareDisk(name))
	}
	return r.said("Cannot destroy device %s (error=%d).", bareDisk(name), int(bsd.Errno(err)))
}

// setKey takes the master key from the attached provider, or opens it with the old secret.
func (r *geliRun) setKey(name string) error {
	meta, _, err := r.read(name)
	if err != nil {
		return err
	}
	var master []byte
	slot := 0
	for _, c := range r.ciphers() {
		if c.Below == bareDisk(name) {
			master, slot = c.Master, c.Slot
		}
	}
	if master == nil {
		old, err := r.secret(r.oldFiles, r.oldPasses, r.noOldPass)
		if err != nil {
			return err
		}
		if master, slot = meta.Master(old); master == nil {
			return r.said("Wrong key for %s.", bareDisk(name))
		}
	}
	if r.slot >= 0 {
		slot = r.slot
	}
	if slot > 1 {
		return r.said("Invalid 'keyno' argument.")
	}
	secret, err := r.secret(r.newFiles, r.newPasses, r.noNewPass)
	if err != nil {
		return err
	}
	if r.iterations >= 0 {
		meta.Iterations = int32(r.iterations)
	} else if meta.Iterations < 0 && secret.HasPassphrase {
		meta.Iterations = geliIterations
	}
	meta.SetKey(slot, secret, master)
	if err := r.write(name, meta.Encode(), slot); err != nil {
		return err
	}
	r.p.Printf("Note, that the master key encrypted with old keys and/or passphrase may still exists in a metadata backup file.\n")
	return nil
}

func (r *geliRun) delKey(name string) error {
	meta, _, err := r.read(name)
	if err != nil {
		return err
	}
	slots := []int{0, 1}
	if !r.all {
		slots = []int{r.slot}
		if r.slot < 0 {
			return r.said("Key number has to be specified.")
		}
		if meta.Keys == 1<<r.slot && !r.force {
			return r.said("This is the last Master Key. Use '-f' option if you really want to remove it.")
		}
	} else if !r.force {
		return r.said("Use '-f' option if you really want to remove all keys.")
	}
	for _, slot := range slots {
		meta.DropKey(slot)
	}
	return r.write(name, meta.Encode(), slots[0])
}

func (r *geliRun) clear(name string) error {
	if _, _, err := r.read(name); err != nil {
		return err
	}
	return r.write(name, make([]byte, 512), -1)
}

// kill makes the data unreadable for ever, and detaches.
func (r *geliRun) kill(name string) error {
	r.p.Call("geli.detach", kernel.GELIRequest{Disk: name, Force: true}, nil)
	return r.clear(name)
}
