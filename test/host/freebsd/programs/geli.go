package programs

import (
	"errors"
	"strconv"
	"strings"

	"standin/kernel"
)

// geli follows geli(8), lib/geom/eli/geom_eli.c and sys/geom/eli/g_eli_ctl.c.
func init() { Register(geliMain, "geli") }

const geliUsage = `usage: geli init [-bdgPRTv] [-a aalgo] [-B backupfile] [-e ealgo] [-i iterations] [-l keylen] [-J newpassfile] [-K newkeyfile] [-s sectorsize] [-V version] prov ...
       geli label - an alias for 'init'
       geli attach [-Cdprv] [-n keyno] [-j passfile] [-k keyfile] prov ...
       geli detach [-flv] prov ...
       geli stop - an alias for 'detach'
       geli onetime [-dRTv] [-a aalgo] [-e ealgo] [-l keylen] [-s sectorsize] prov
       geli configure [-bBdDgGrRtTv] prov ...
       geli setkey [-pPv] [-i iterations] [-j passfile] [-J newpassfile] [-k keyfile] [-K newkeyfile] [-n keyno] prov
       geli delkey [-afv] [-n keyno] prov
       geli suspend [-v] -a | prov ...
       geli resume [-pv] [-j passfile] [-k keyfile] prov
       geli kill [-av] [prov ...]
       geli backup [-v] prov file
       geli restore [-fv] file prov
       geli resize [-v] -s oldsize prov
       geli version [prov ...]
       geli clear [-v] prov ...
       geli dump [-v] prov ...
       geli list [-agt] [name ...]
       geli status [-ags] [name ...]
       geli load [-v]
       geli unload [-v]
`

type geliRun struct {
	p                    *Process
	backup               string
	algorithm            string
	keyLength            int
	iterations           int
	sector               int
	slot                 int
	force, detach, all   bool
	readOnly, noOldPass  bool
	noNewPass            bool
	oldSize              string
	oldFiles, newFiles   []string // key files
	oldPasses, newPasses []string // files of passphrases
	stdin                []byte
}

// errGELI has been said already.
var errGELI = errors.New("said")

func geliMain(p *Process) int {
	if len(p.Args) == 0 {
		return p.Usage(1, geliUsage)
	}
	verb := p.Args[0]
	p.Args = p.Args[1:]
	spec := geliOptions(verb)
	if spec == "" {
		p.Warnx("Unknown command: %s.", verb)
		return p.Usage(1, geliUsage)
	}
	r := &geliRun{p: p, keyLength: 0, iterations: -1, slot: -1}
	found, rest, ok := p.options(spec)
	if !ok {
		return p.Usage(1, geliUsage)
	}
	for _, o := range found {
		if status := r.option(verb, o); status >= 0 {
			return status
		}
	}
	return r.run(verb, rest)
}

// geliOptions is the verb's row in the table of commands.
func geliOptions(verb string) string {
	switch verb {
	case "init", "label":
		return "a:bB:de:gi:J:K:l:Ps:RTvV:"
	case "attach":
		return "Cdj:k:n:prv"
	case "detach", "stop":
		return "flv"
	case "setkey":
		return "i:j:J:k:K:n:pPv"
	case "delkey":
		return "afn:v"
	case "kill":
		return "av"
	case "resize":
		return "s:v"
	case "restore":
		return "fv"
	case "clear", "dump", "backup", "version", "load", "unload":
		return "v"
	case "list", "status":
		return "agst"
	}
	return ""
}

func (r *geliRun) option(verb string, o Option) int {
	n, err := strconv.Atoi(o.Value)
	switch o.Letter {
	case 'B':
		r.backup = o.Value
	case 'e':
		r.algorithm = o.Value
	case 'l':
		if verb != "detach" && verb != "stop" {
			r.keyLength = n
		}
	case 'i':
		r.iterations = n
	case 's':
		r.sector, r.oldSize = n, o.Value
		if size, ok := expandNumber(o.Value); ok && verb != "resize" {
			r.sector, err = int(size), nil
		}
	case 'n':
		r.slot = n
	case 'f':
		r.force = true
	case 'd':
		r.detach = true
	case 'a':
		r.all = true
	case 'r':
		r.readOnly = true
	case 'p':
		r.noOldPass = true
	case 'P':
		r.noNewPass = true
	case 'j':
		r.oldPasses = append(r.oldPasses, o.Value)
	case 'J':
		r.newPasses = append(r.newPasses, o.Value)
	case 'k':
		r.oldFiles = append(r.oldFiles, o.Value)
	case 'K':
		r.newFiles = append(r.newFiles, o.Value)
	}
	if err != nil && strings.IndexByte("lin", o.Letter) >= 0 && o.Value != "" {
		return r.p.Errx(1, "Invalid value for '%c' argument.", o.Letter)
	}
	return -1
}

func (r *geliRun) run(verb string, names []string) int {
	switch verb {
	case "list":
		return r.list(names)
	case "status":
		return r.status()
	case "load":
		r.p.Call("kld.load", kernel.KldRequest{Name: "geom_eli"}, nil)
		return 0
	case "unload":
		return 0
	case "version":
		r.p.Printf("userland: 7\n")
		return 0
	}
	if len(names) == 0 && !(verb == "kill" && r.all) {
		return r.p.Errx(1, "%s", choose(verb == "setkey", "Invalid number of arguments.", "Too few arguments."))
	}
	each := map[string]func(string) error{
		"init": r.init, "label": r.init, "attach": r.attach, "detach": r.detachOne, "stop": r.detachOne, "clear": r.clear,
		"dump": r.dump, "kill": r.kill,
	}[verb]
	if each != nil {
		return r.each(names, each, verb)
	}
	var err error
	switch verb {
	case "setkey":
		err = r.setKey(names[0])
	case "delkey":
		err = r.delKey(names[0])
	case "resize":
		err = r.resize(names[0])
	case "backup", "restore":
		if len(names) != 2 {
			return r.p.Errx(1, "Invalid number of arguments.")
		}
		err = r.copyMetadata(verb, names)
	}
	if err != nil {
		return 1
	}
	return 0
}

func (r *geliRun) each(names []string, do func(string) error, verb string) int {
	failed := false
	for _, name := range names {
		failed = do(name) != nil || failed
	}
	if failed {
		if verb != "detach" && verb != "stop" {
			r.p.Warnx("There was an error with at least one provider.")
		}
		return 1
	}
	return 0
}
