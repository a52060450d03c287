package machine

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// released is the date that all of a base's files bear.
var released = time.Date(2023, 4, 7, 3, 0, 0, 0, time.UTC)

// writeTar writes a base as the release's own base.txz has it: every entry of the tree in its order, with owners,
// modes and file flags.
func (r *release) writeTar(to io.Writer, tree []entry) error {
	all, err := readIDs()
	if err != nil {
		return err
	}
	w := tar.NewWriter(to)
	for _, e := range tree {
		uid, known := all.users[e.owner]
		gid, too := all.groups[e.group]
		if !known || !too {
			return fmt.Errorf("%s: no such owner: %s:%s", e.path, e.owner, e.group)
		}
		h := &tar.Header{
			Name: "./" + e.path, Mode: e.mode, Uid: uid, Gid: gid, Uname: e.owner, Gname: e.group,
			ModTime: released,
		}
		if e.flags != "-" {
			h.PAXRecords = map[string]string{"SCHILY.fflags": e.flags}
		}
		var data []byte
		switch e.kind {
		case "dir":
			h.Typeflag, h.Name = tar.TypeDir, h.Name+"/"
			if e.path == "." {
				h.Name = "./"
			}
		case "link":
			h.Typeflag, h.Linkname = tar.TypeSymlink, e.link
		default:
			h.Typeflag = tar.TypeReg
			if data, err = r.content(e); err != nil {
				return err
			}
			h.Size = int64(len(data))
		}
		if err := w.WriteHeader(h); err != nil {
			return fmt.Errorf("%s: %w", e.path, err)
		}
		if _, err := w.Write(data); err != nil {
			return err
		}
	}
	return w.Close()
}

// writeBase makes base.txz and its line of the MANIFEST.
func (r *release) writeBase(tree []entry, archive, manifest string) error {
	var plain bytes.Buffer
	if err := r.writeTar(&plain, tree); err != nil {
		return err
	}
	cmd := exec.Command("xz", "-c", "-3", "-T0")
	cmd.Stdin, cmd.Stderr = &plain, os.Stderr
	packed, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("xz: %w", err)
	}
	sum := sha256.Sum256(packed)
	line := fmt.Sprintf("base.txz\t%s\t%d\tbase\t\"Base system (MANDATORY)\"\ton\n", hex.EncodeToString(sum[:]), len(tree))
	if err := os.WriteFile(manifest, []byte(line), 0o644); err != nil {
		return err
	}
	return os.WriteFile(archive, packed, 0o644)
}
