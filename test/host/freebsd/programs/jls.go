package programs

import (
	"strconv"
	"strings"

	"standin/kernel"
)

// jls(8), after usr.sbin/jls/jls.c: lists jails.

func init() { Register(jls, "jls") }

type jlsOptions struct {
	dying, header, names, verbose, quoted, skip, byName bool
	json                                                bool
	jail                                                string
	params                                              []string
}

func jls(p *Process) int {
	args, json := libxo(p.Args)
	pretty := json && strings.Contains(strings.Join(p.Args, " "), "pretty")
	p.Args = args
	options, operands := p.Getopt("adhj:Nnqsv")
	o := jlsOptions{json: json, params: operands}
	for _, option := range options {
		switch option.Letter {
		case 'a', 'd':
			o.dying = true
		case 'h':
			o.header = true
		case 'j':
			o.jail = option.Value
		case 'N':
			o.byName = true
		case 'n':
			o.names = true
		case 'q':
			o.quoted = true
		case 's':
			o.names, o.quoted, o.skip = true, true, true
		case 'v':
			o.verbose = true
		default:
			return p.Usage(1, "usage: jls [-dhNnqv] [-j jail] [param ...]\n       jls -s [-dhNnqv]\n")
		}
	}
	return o.run(p, pretty)
}

func (o *jlsOptions) run(p *Process, pretty bool) int {
	out := &jlsOutput{p: p, o: o, pretty: pretty}
	table := p.jailTable()
	full := o.names || o.header || len(o.params) > 0 || o.skip
	var shown []kernel.JailParam
	if full && !(o.verbose && len(o.params) == 0 && !o.names) {
		var bad string
		if shown, bad = jlsParams(table, o.params); bad != "" {
			return p.Errx(1, "unknown parameter: %s", bad)
		}
	} else {
		full = false
	}
	jails := p.jailList()
	out.begin(full, shown)
	found := false
	for _, j := range jails {
		if j.Values["dying"][0] == "1" && !o.dying {
			continue
		}
		if o.jail != "" && o.jail != strconv.Itoa(j.ID) && o.jail != j.Values["name"][0] {
			continue
		}
		found = true
		if full {
			out.params(j, shown)
		} else {
			out.jail(j)
		}
	}
	out.end()
	if o.jail != "" && !found {
		p.Stdout.Flush()
		_, message := p.jailGetID(o.jail)
		return p.Errx(1, "%s", message)
	}
	return 0
}

// jlsParams are the parameters to show: those named, or all.
func jlsParams(table []kernel.JailParam, names []string) (list []kernel.JailParam, bad string) {
	if len(names) == 0 {
		return table, ""
	}
	for _, name := range names {
		if name == "all" {
			list = append(list, table...)
			continue
		}
		param, _, ok := kernel.FindParam(table, name)
		if !ok {
			return nil, name
		}
		list = append(list, param)
	}
	return list, ""
}
