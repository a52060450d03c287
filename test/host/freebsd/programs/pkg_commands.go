package programs

import (
	"fmt"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// pkg(8), after pkg 1.20: install, delete, autoremove, info, query and update, of repositories in the file system.

func (p *Process) pkg8(args []string) int {
	if len(args) > 0 && args[0] == "-N" {
		db := openPackages()
		p.Printf("pkg is already installed: %d packages installed\n", len(db.Installed))
		return 0
	}
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		p.Errorf("pkg: this stand-in knows no global options\nUsage: pkg <command> [<args>]\n")
		return 64
	}
	p.Name, p.Args = "pkg", args[1:]
	switch args[0] {
	case "bootstrap":
		p.Printf("pkg already bootstrapped at %s\n", pkgPath)
		return 0
	case "install":
		return p.pkgInstall()
	case "delete", "remove":
		return p.pkgDelete()
	case "autoremove":
		return p.pkgAutoremove()
	case "info":
		return p.pkgInfo()
	case "query":
		return p.pkgQuery()
	case "update":
		_, failed := p.pkgUpdate()
		return failed
	}
	p.Errorf("pkg: unknown command: %s\nUsage: pkg <command> [<args>]\n\nFor more information on available commands and options see 'pkg help'.\n", args[0])
	return 64
}

// pkgUpdate reads the catalogues of all repositories.
func (p *Process) pkgUpdate() (all []*pkgManifest, status int) {
	repositories := p.pkgRepositories()
	var names []string
	for name, one := range repositories {
		if one.enabled {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for _, name := range names {
		one := repositories[name]
		p.Printf("Updating %s repository catalogue...\n", name)
		p.Stdout.Flush()
		folder, local := one.folder()
		failure := "No address record"
		if local {
			found, err := readCatalogue(folder)
			if err == nil {
				for _, m := range found {
					m.Path = folder + "/" + m.Path
				}
				all = append(all, found...)
				p.Printf("%s repository update completed. %d packages processed.\n", name, len(found))
				continue
			}
			failure = "No such file or directory"
		}
		p.Errorf("pkg: %s/meta.txz: %s\nrepository %s has no meta file, using default settings\npkg: %s/packagesite.pkg: %s\npkg: %s/packagesite.txz: %s\nUnable to update repository %s\n",
			one.url, failure, name, one.url, failure, one.url, failure, name)
		status = 1
	}
	if status != 0 {
		p.Errorf("Error updating repositories!\n")
		return nil, status
	}
	p.Printf("All repositories are up to date.\n")
	return all, 0
}

func (p *Process) pkgInstall() int {
	options, names := p.Getopt("AfgiMqr:UxyIF")
	yes := strings.EqualFold(os.Getenv("ASSUME_ALWAYS_YES"), "yes")
	for _, o := range options {
		if o.Letter != 'y' {
			return p.Errx(64, "install: this stand-in knows no option -%c", o.Letter)
		}
		yes = true
	}
	catalogue, failed := p.pkgUpdate()
	if failed != 0 {
		return failed
	}
	db := openPackages()
	var plan []*pkgManifest
	automatic := map[*pkgManifest]bool{}
	for _, name := range names {
		one := findPackage(catalogue, name)
		if one == nil {
			p.Stdout.Flush()
			return p.Errx(1, "No packages available to install matching '%s' have been found in the repositories", name)
		}
		plan = p.pkgPlan(db, catalogue, one, false, plan, automatic)
	}
	if len(plan) == 0 {
		p.Printf("Checking integrity... done (0 conflicting)\nThe most recent versions of packages are already installed\n")
		return 0
	}
	p.Printf("The following %d package(s) will be affected (of 0 checked):\n\nNew packages to be INSTALLED:\n", len(plan))
	for _, one := range plan {
		p.Printf("\t%s: %s\n", one.Name, one.Version)
	}
	p.Printf("\nNumber of packages to be installed: %d\n", len(plan))
	if !yes {
		return 1 // standard input is no terminal: the answer is no
	}
	for i, one := range plan {
		whole, err := readPackage(one.Path)
		if err == nil {
			p.Printf("[%d/%d] Installing %s-%s...\n", i+1, len(plan), one.Name, one.Version)
			err = db.install(p, whole, one.Path, automatic[one])
		}
		if err != nil {
			db.save(p)
			return p.Errx(1, "%s: %s", one.Path, err)
		}
	}
	return db.save(p)
}

func findPackage(catalogue []*pkgManifest, name string) *pkgManifest {
	for _, one := range catalogue {
		if one.is(name) {
			return one
		}
	}
	return nil
}

// pkgPlan puts a package behind what it needs.
func (p *Process) pkgPlan(db *packages, catalogue []*pkgManifest, one *pkgManifest, automatic bool, plan []*pkgManifest, marks map[*pkgManifest]bool) []*pkgManifest {
	if db.find(one.Name) != nil || findPackage(plan, one.Name) != nil {
		return plan
	}
	var needs []string
	for name := range one.Deps {
		needs = append(needs, name)
	}
	sort.Strings(needs)
	for _, name := range needs {
		if other := findPackage(catalogue, name); other != nil {
			plan = p.pkgPlan(db, catalogue, other, true, plan, marks)
		}
	}
	marks[one] = automatic
	return append(plan, one)
}

func (p *Process) pkgDelete() int {
	options, names := p.Getopt("fy")
	force := false
	for _, o := range options {
		force = force || o.Letter == 'f'
	}
	db := openPackages()
	var going []*pkgManifest
	for _, name := range names {
		one := db.find(name)
		if one == nil {
			p.Printf("No packages matched for pattern '%s'\n\nChecking integrity... done (0 conflicting)\n1 packages requested for removal: 0 locked, 1 missing\n", name)
			return 1
		}
		if one.Name == "pkg" && !force {
			p.Errorf("Cannot delete pkg itself without force flag\n")
			return 1
		}
		going = append(going, one)
	}
	for i := 0; i < len(going) && !force; i++ { // what needs it goes as well
		for _, other := range db.needing(going[i]) {
			if findPackage(going, other.Name) == nil {
				going = append(going, other)
			}
		}
	}
	return p.pkgRemove(db, going)
}

func (p *Process) pkgRemove(db *packages, going []*pkgManifest) int {
	p.Printf("Checking integrity... done (0 conflicting)\nDeinstallation has been requested for the following %d packages (of 0 packages in the universe):\n\nInstalled packages to be REMOVED:\n", len(going))
	for _, one := range going {
		p.Printf("\t%s: %s\n", one.Name, one.Version)
	}
	p.Printf("\nNumber of packages to be removed: %d\n", len(going))
	for i, one := range going {
		p.Printf("[%d/%d] Deinstalling %s-%s...\n", i+1, len(going), one.Name, one.Version)
		db.remove(p, one)
	}
	return db.save(p)
}

func (p *Process) pkgAutoremove() int {
	db := openPackages()
	var going []*pkgManifest
	for _, one := range db.Installed {
		if one.Automatic && len(db.needing(one)) == 0 {
			going = append(going, one)
		}
	}
	if len(going) == 0 {
		p.Printf("Checking integrity... done (0 conflicting)\nNothing to do.\n")
		return 0
	}
	return p.pkgRemove(db, going)
}

func (p *Process) pkgInfo() int {
	options, names := p.Getopt("aeq")
	quiet := false
	for _, o := range options {
		quiet = quiet || o.Letter == 'e'
	}
	db := openPackages()
	if len(names) == 0 {
		for _, one := range db.Installed {
			p.Printf("%-30s %s\n", one.Name+"-"+one.Version, one.Comment)
		}
		return 0
	}
	for _, name := range names {
		one := db.find(name)
		if one == nil {
			if !quiet {
				p.Errorf("pkg: No package(s) matching %s\n", name)
			}
			return 1
		}
		if !quiet {
			p.Printf("%s-%s\n", one.Name, one.Version)
		}
	}
	return 0
}

var queryTest = regexp.MustCompile(`^\s*%(#?[a-z])\s*=\s*([0-9]+)\s*$`)

func (p *Process) pkgQuery() int {
	options, words := p.Getopt("ae:")
	condition := ""
	for _, o := range options {
		if o.Letter == 'e' {
			condition = o.Value
		}
	}
	if len(words) == 0 {
		p.Errorf("Usage: pkg query <query-format> <pkg-name>\n       pkg query [-a] <query-format>\n       pkg query -e <evaluation> <query-format>\n")
		return 64
	}
	db := openPackages()
	found := 1
	for _, one := range db.Installed {
		fields := map[string]string{
			"n": one.Name, "v": one.Version, "o": one.Origin, "c": one.Comment, "a": strconv.Itoa(map[bool]int{true: 1}[one.Automatic]),
			"#r": strconv.Itoa(len(db.needing(one))), "#d": strconv.Itoa(len(one.Deps)),
		}
		matches, err := queryMatches(condition, fields)
		if err != nil {
			return p.Errx(64, "%s", err)
		}
		if len(words) > 1 {
			named := false
			for _, name := range words[1:] {
				named = named || one.is(name)
			}
			matches = matches && named
		}
		if matches {
			found = 0
			p.Printf("%s\n", regexp.MustCompile(`%#?[a-z]`).ReplaceAllStringFunc(words[0], func(word string) string { return fields[word[1:]] }))
		}
	}
	if len(words) == 1 {
		return 0
	}
	return found
}

func queryMatches(condition string, fields map[string]string) (bool, error) {
	if condition == "" {
		return true, nil
	}
	for _, part := range strings.Split(condition, "&&") {
		test := queryTest.FindStringSubmatch(part)
		if test == nil {
			return false, fmt.Errorf("this stand-in doesn't know the evaluation %q", part)
		}
		if fields[test[1]] != test[2] {
			return false, nil
		}
	}
	return true, nil
}
