package kernel

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// words are the properties that take one of some words, the default first (zfsprops(7)).
var words = map[string]string{
	"compression": "off on lz4 lzjb zle gzip gzip-1 gzip-2 gzip-3 gzip-4 gzip-5 gzip-6 gzip-7 gzip-8 gzip-9 zstd zstd-fast " +
		"zstd-1 zstd-2 zstd-3 zstd-4 zstd-5 zstd-6 zstd-7 zstd-8 zstd-9 zstd-10 zstd-11 zstd-12 zstd-13 zstd-14 zstd-15 zstd-16 zstd-17 zstd-18 zstd-19",
	"atime": "on off", "exec": "on off", "setuid": "on off", "devices": "on off", "readonly": "off on", "jailed": "off on",
	"canmount": "on off noauto", "snapdir": "hidden visible", "sync": "standard always disabled", "dedup": "off on verify sha256",
	"checksum": "on off fletcher2 fletcher4 sha256", "copies": "1 2 3", "primarycache": "all metadata none", "overlay": "on off",
}

// sizes are those that take a number of bytes; none of them is inherited.
var sizes = []string{"quota", "refquota", "reservation", "refreservation"}

var userProperty = regexp.MustCompile(`^[a-z0-9+._-]*:[a-z0-9:+._-]*$`)

func isSize(name string) bool { return contains(sizes, name) }

// settable checks a value; what it is as it is kept, or the complaint.
func settable(name, value string) (string, string) {
	switch {
	case userProperty.MatchString(name):
		return value, ""
	case isSize(name):
		if value == "none" {
			return "", ""
		}
		n, ok := bytesOf(value)
		if !ok {
			return "", fmt.Sprintf("bad numeric value '%s'", value)
		}
		if n == 0 {
			return "", ""
		}
		return strconv.FormatInt(n, 10), ""
	case name == "mountpoint":
		if value == "none" || value == "legacy" || strings.HasPrefix(value, "/") {
			return value, ""
		}
		return "", "'mountpoint' must be an absolute path, 'none', or 'legacy'"
	case words[name] != "":
		if contains(strings.Fields(words[name]), value) {
			return value, ""
		}
		return "", fmt.Sprintf("'%s' must be one of '%s'", name, strings.ReplaceAll(words[name], " ", " | "))
	}
	return "", fmt.Sprintf("invalid property '%s'", name)
}

// bytesOf is zfs_nicestrtonum.
func bytesOf(text string) (int64, bool) {
	m := regexp.MustCompile(`^([0-9]+)([BbKkMmGgTtPp]?)[Bb]?$`).FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseInt(m[1], 10, 50)
	return n << (10 * strings.Index("BKMGTP", strings.ToUpper(m[2] + "B")[:1])), err == nil
}

// value is a property as it is in force, and where it comes from.
func (p *pool) value(d *dataset, name string) (value, source string) {
	if value, ok := d.Props[name]; ok {
		return value, "local"
	}
	inherited := !isSize(name) && name != "canmount"
	for up := parentOf(d.Name); inherited && up != ""; up = parentOf(up) {
		if set := p.find(up); set != nil {
			if value, ok := set.Props[name]; ok {
				return value, "inherited from " + up
			}
		}
	}
	if name == "mountpoint" {
		return "/", "default"
	}
	if words[name] == "" {
		return "", ""
	}
	return strings.Fields(words[name])[0], "default"
}

// shown is a property as zfs get and zfs list print it; ok is false for one that there isn't.
func (k *Kernel) shown(p *pool, d *dataset, name string, exact bool) (value, source string, ok bool) {
	bytes := func(n int64) (string, string, bool) {
		if exact {
			return strconv.FormatInt(n, 10), "-", true
		}
		return niceBytes(n), "-", true
	}
	switch name {
	case "name":
		return d.Name, "-", true
	case "type":
		return map[bool]string{true: "snapshot", false: "filesystem"}[d.isSnapshot()], "-", true
	case "creation":
		if exact {
			return strconv.FormatInt(d.Created, 10), "-", true
		}
		at := time.Unix(d.Created, 0).UTC()
		return at.Format("Mon Jan _2 ") + fmt.Sprintf("%2d", at.Hour()) + at.Format(":04 2006"), "-", true
	case "used":
		return bytes(p.used(d))
	case "referenced", "refer", "logicalreferenced":
		return bytes(p.referenced(d))
	case "guid":
		return strconv.FormatUint(d.GUID, 10), "-", true
	case "clones":
		var names []string
		for _, clone := range p.clonesOf(d.Name) {
			names = append(names, clone.Name)
		}
		return strings.Join(names, ","), "-", true
	case "createtxg":
		return strconv.Itoa(d.Txg), "-", true
	}
	if userProperty.MatchString(name) {
		if value, source = p.value(d, name); source == "" {
			return "-", "-", true
		}
		return value, source, true
	}
	if d.isSnapshot() {
		return "-", "-", name == "available" || name == "avail" || name == "mountpoint" || name == "mounted" || name == "origin" || words[name] != "" || isSize(name)
	}
	switch name {
	case "available", "avail":
		return bytes(p.available(d))
	case "mounted":
		return map[bool]string{true: "yes", false: "no"}[k.mountOf(d) != nil], "-", true
	case "origin":
		if d.Origin == "" {
			return "-", "-", true
		}
		return d.Origin, "-", true
	case "mountpoint":
		_, source = p.value(d, name)
		return p.mountPoint(d), source, true
	}
	if isSize(name) {
		set, isSet := d.Props[name]
		source := map[bool]string{true: "local", false: "default"}[isSet]
		switch {
		case exact:
			set = strconv.FormatInt(byteCount(set), 10)
		case set == "":
			set = "none"
		default:
			set = niceBytes(byteCount(set))
		}
		return set, source, true
	}
	value, source = p.value(d, name)
	return value, source, source != ""
}

// niceBytes is zfs_nicenum_format of a number of bytes.
func niceBytes(n int64) string {
	unit, v := 0, n
	for v >= 1024 {
		v, unit = v/1024, unit+1
	}
	letters := "BKMGTPE"
	if unit == 0 || n%(1<<(10*unit)) == 0 {
		return strconv.FormatInt(v, 10) + letters[unit:unit+1]
	}
	for digits := 2; ; digits-- {
		text := strconv.FormatFloat(float64(n)/float64(int64(1)<<(10*unit)), 'f', digits, 64) + letters[unit:unit+1]
		if len(text) <= 5 || digits == 0 {
			return text
		}
	}
}
