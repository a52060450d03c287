package programs

import (
	archive "archive/tar"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
)

// What pkg(8) has installed, in /var/db/pkg/local.sqlite: here as JSON.

const packagesFile = "/var/db/pkg/local.sqlite"

type packages struct{ Installed []*pkgManifest }

func openPackages() *packages {
	db := &packages{}
	if text, err := os.ReadFile(packagesFile); err == nil {
		json.Unmarshal(text, db)
	}
	return db
}

func (db *packages) save(p *Process) int {
	sort.Slice(db.Installed, func(i, j int) bool { return db.Installed[i].Name < db.Installed[j].Name })
	text, _ := json.Marshal(db)
	os.MkdirAll(filepath.Dir(packagesFile), 0o755)
	if err := writeSynced(packagesFile, text, 0o644); err != nil {
		return p.Err(1, err, "%s", packagesFile)
	}
	return 0
}

func (db *packages) find(name string) *pkgManifest {
	for _, one := range db.Installed {
		if one.is(name) {
			return one
		}
	}
	return nil
}

// needing are those that depend on one.
func (db *packages) needing(one *pkgManifest) (names []*pkgManifest) {
	for _, other := range db.Installed {
		if _, needs := other.Deps[one.Name]; needs {
			names = append(names, other)
		}
	}
	return names
}

// install unpacks an archive, between its scripts.
func (db *packages) install(p *Process, one *pkgManifest, file string, automatic bool) error {
	if err := p.pkgScript(one.Scripts["pre-install"]); err != nil {
		return fmt.Errorf("PRE-INSTALL script failed")
	}
	from, f, err := openPackage(file)
	if f != nil {
		defer f.Close()
	}
	for err == nil {
		var h *archive.Header
		if h, err = from.Next(); err == nil && h.Name[0] == '/' {
			err = unpackPackaged(from, h)
		}
	}
	if err != io.EOF {
		return err
	}
	one.Automatic = automatic
	db.Installed = append(db.Installed, one)
	if err := p.pkgScript(one.Scripts["post-install"]); err != nil {
		p.Errorf("pkg: POST-INSTALL script failed\n")
	}
	return nil
}

func unpackPackaged(from *archive.Reader, h *archive.Header) error {
	if err := os.MkdirAll(filepath.Dir(h.Name), 0o755); err != nil {
		return err
	}
	if h.Typeflag == archive.TypeSymlink {
		os.Remove(h.Name)
		return os.Symlink(h.Linkname, h.Name)
	}
	os.Remove(h.Name)
	f, err := os.OpenFile(h.Name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.Copy(f, from); err != nil {
		return err
	}
	if err := f.Chown(h.Uid, h.Gid); err != nil {
		return err
	}
	return f.Chmod(os.FileMode(h.Mode & 0o7777))
}

// remove deletes a package's files, and folders below /usr/local that are empty then.
func (db *packages) remove(p *Process, one *pkgManifest) {
	p.pkgScript(one.Scripts["pre-deinstall"])
	for file := range one.Files {
		os.Remove(file)
		for dir := filepath.Dir(file); len(dir) > len("/usr/local/x"); dir = filepath.Dir(dir) {
			if os.Remove(dir) != nil {
				break
			}
		}
	}
	for i, other := range db.Installed {
		if other == one {
			db.Installed = append(db.Installed[:i:i], db.Installed[i+1:]...)
			break
		}
	}
	p.pkgScript(one.Scripts["post-deinstall"])
}
