package machine

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func init() { Commands["build"] = build }

// build makes what a machine starts from, each only if it isn't there: base.txz with its MANIFEST, and a disk.
func build(args []string) int {
	flags := flag.NewFlagSet("build", flag.ExitOnError)
	treeFile := flags.String("tree", "", "the listing of the release's base")
	dir := flags.String("dir", "", "the folder to build in")
	name := flags.String("release", "13.2-RELEASE", "the release")
	size := flags.Int64("disk", 0, "make a disk of so many bytes, too")
	flags.Parse(args)
	if err := buildAll(*treeFile, *dir, *name, *size); err != nil {
		fmt.Fprintln(os.Stderr, "standin build:", err)
		return 1
	}
	return 0
}

func buildAll(treeFile, dir, name string, size int64) error {
	archive := filepath.Join(dir, name+".base.txz")
	manifest := filepath.Join(dir, name+".MANIFEST")
	image := filepath.Join(dir, fmt.Sprintf("%s.%d.img", name, size))
	if exists(archive) && (size == 0 || exists(image)) {
		return nil
	}
	tree, err := readTree(treeFile)
	if err != nil {
		return err
	}
	r := &release{name: name, base: newBorrowed(tree)}
	if err := r.base.sharedPrograms(); err != nil {
		return err
	}
	if !exists(archive) {
		err := r.writeBase(tree, archive+".new", manifest)
		if err == nil {
			err = os.Rename(archive+".new", archive)
		}
		if err != nil {
			return err
		}
	}
	if size == 0 || exists(image) {
		return nil
	}
	if err := r.base.hostPrograms(); err != nil {
		return err
	}
	fresh := fmt.Sprintf("%s.%d", image, os.Getpid())
	if err := r.writeImage(tree, fresh, size, archive, manifest); err != nil {
		os.Remove(fresh)
		return err
	}
	return os.Rename(fresh, image)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
