package programs

import (
	archive "archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

// The repositories of pkg(8): pkg.conf(5), and what lies in one: packagesite.pkg and All/NAME-VERSION.pkg (pkg-repository(5)).

type pkgRepository struct {
	name, url, signature string
	enabled              bool
}

var (
	repositoryBlock = regexp.MustCompile(`(?s)([A-Za-z0-9_-]+)\s*:?\s*\{(.*?)\}\s*(?:\n|$)`)
	repositoryValue = regexp.MustCompile(`(?m)^\s*([a-z_]+)\s*[:=]\s*"?(.*?)"?\s*,?\s*$`)
)

// pkgRepositories reads the folders of pkg.conf(5), later ones over earlier ones, key by key.
func (p *Process) pkgRepositories() map[string]*pkgRepository {
	found := map[string]*pkgRepository{}
	major, _, _ := strings.Cut(p.sysctlText("kern.osrelease"), ".")
	for _, folder := range []string{"/etc/pkg", "/usr/local/etc/pkg/repos"} {
		files, _ := filepath.Glob(folder + "/*.conf")
		sort.Strings(files)
		for _, file := range files {
			text, _ := os.ReadFile(file)
			clear := regexp.MustCompile(`(?m)^\s*#.*$`).ReplaceAllString(string(text), "")
			clear = strings.ReplaceAll(clear, "${ABI}", "FreeBSD:"+major+":amd64")
			for _, block := range repositoryBlock.FindAllStringSubmatch(clear, -1) {
				one := found[block[1]]
				if one == nil {
					one = &pkgRepository{name: block[1], enabled: true, signature: "none"}
					found[block[1]] = one
				}
				one.set(block[2])
			}
		}
	}
	return found
}

func (r *pkgRepository) set(text string) {
	for _, pair := range repositoryValue.FindAllStringSubmatch(text, -1) {
		switch pair[1] {
		case "url":
			r.url = pair[2]
		case "signature_type":
			r.signature = strings.ToLower(pair[2])
		case "enabled":
			r.enabled = hasWord([]string{"yes", "true", "on"}, strings.ToLower(pair[2]))
		}
	}
}

// folder is where the repository lies, if it lies in the file system.
func (r *pkgRepository) folder() (string, bool) {
	if r == nil || !strings.HasPrefix(r.url, "file://") {
		return "", false
	}
	return strings.TrimPrefix(r.url, "file://"), true
}

// pkgManifest is a package's manifest (pkg-create(8)).
type pkgManifest struct {
	Name    string                       `json:"name"`
	Version string                       `json:"version"`
	Origin  string                       `json:"origin"`
	Comment string                       `json:"comment"`
	Deps    map[string]map[string]string `json:"deps"`
	Files   map[string]any               `json:"files"`
	Scripts map[string]string            `json:"scripts"`
	Path    string                       `json:"repopath,omitempty"`
	// Automatic is what only the database says: it came for another package's sake.
	Automatic bool `json:"automatic,omitempty"`
}

func (m *pkgManifest) is(name string) bool {
	return name == m.Name || name == m.Origin || name == m.Name+"-"+m.Version
}

// openPackage opens an archive, plain or packed with gzip.
func openPackage(file string) (*archive.Reader, io.Closer, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, nil, err
	}
	in := bufio.NewReader(f)
	if magic, _ := in.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return nil, f, err
		}
		return archive.NewReader(unpacked), f, nil
	}
	return archive.NewReader(in), f, nil
}

func readPackage(file string) (*pkgManifest, error) {
	from, f, err := openPackage(file)
	if f != nil {
		defer f.Close()
	}
	for err == nil {
		var h *archive.Header
		if h, err = from.Next(); err == nil && h.Name == "+MANIFEST" {
			one := &pkgManifest{}
			return one, json.NewDecoder(from).Decode(one)
		}
	}
	return nil, fmt.Errorf("not a package: %v", err)
}

// readCatalogue reads packagesite.yaml: a manifest a line.
func readCatalogue(folder string) ([]*pkgManifest, error) {
	from, f, err := openPackage(folder + "/packagesite.pkg")
	if f != nil {
		defer f.Close()
	}
	var all []*pkgManifest
	for err == nil {
		var h *archive.Header
		if h, err = from.Next(); err != nil || h.Name != "packagesite.yaml" {
			continue
		}
		lines := json.NewDecoder(from)
		for lines.More() {
			one := &pkgManifest{}
			if err := lines.Decode(one); err != nil {
				return nil, err
			}
			all = append(all, one)
		}
		return all, nil
	}
	return nil, err
}
