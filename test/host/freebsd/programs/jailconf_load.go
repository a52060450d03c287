package programs

import "strings"

// jailConfig is one jail with its parameters, as jail(8) works with it.
type jailConfig struct {
	name   string // "" for one from the command line
	params []*jailParam
	jid    int // 0 unknown, -1 not running
	failed bool
	wild   bool // one of all
	depend bool // only because another needs it
	deps   []*jailConfig

	persisted bool // made to persist until its commands have run
	made      bool
}

// loadJailConf makes the jails of a file: each gets what stands for all, and its variables' values.
func loadJailConf(blocks []*jailBlock, warn func(*jailConfig, string, ...any)) []*jailConfig {
	var jails []*jailConfig
	for i, block := range blocks {
		if wildJail(block.name) {
			continue
		}
		j := &jailConfig{name: block.name}
		j.add(&jailParam{name: nameParam(block.name), values: []jailString{{{text: block.name}}}, fixed: true}, warn)
		for n, other := range blocks {
			if n == i || wildJail(other.name) && wildMatch(block.name, other.name) {
				for _, param := range other.params {
					copied := *param
					j.add(&copied, warn)
				}
			}
		}
		for _, param := range j.params {
			j.resolve(param, warn)
		}
		jails = append(jails, j)
	}
	return jails
}

// nameParam is what a jail's name in the file is: its number, if it is one.
func nameParam(name string) string {
	if name != "" && strings.Trim(name, "0123456789") == "" {
		return "jid"
	}
	return "name"
}

// positive is a name without the "no" before its last part.
func positive(name string) string {
	i := strings.LastIndexByte(name, '.') + 1
	return name[:i] + strings.TrimPrefix(name[i:], "no")
}

// add adds a parameter to a jail, or to the one of that name: a later one replaces, += adds.
func (j *jailConfig) add(param *jailParam, warn func(*jailConfig, string, ...any)) {
	for _, old := range j.params {
		same := old.name == param.name || !param.variable && !old.variable && positive(old.name) == positive(param.name)
		if !same || old.variable != param.variable {
			continue
		}
		if old.fixed {
			warn(j, "cannot redefine parameter \"%s\".", old.name)
			j.failed = true
			return
		}
		old.name = param.name
		if param.append {
			old.values = append(append([]jailString{}, old.values...), param.values...)
		} else {
			old.values = param.values
		}
		return
	}
	j.params = append(j.params, param)
}

// resolve puts a parameter's values together, with those of the variables in them.
func (j *jailConfig) resolve(param *jailParam, warn func(*jailConfig, string, ...any)) bool {
	if param.resolved == 2 {
		return true
	}
	param.resolved = 1
	defer func() { param.resolved = 2 }()
	for _, value := range param.values {
		texts, ok := j.expand(param, value, warn)
		param.texts = append(param.texts, texts...)
		if !ok {
			j.failed = true
			return false
		}
	}
	return true
}

// expand makes texts of one value: several, if a variable in it has several.
func (j *jailConfig) expand(param *jailParam, value jailString, warn func(*jailConfig, string, ...any)) ([]string, bool) {
	texts := []string{""}
	for _, part := range value {
		last := len(texts) - 1
		if !part.variable {
			texts[last] += part.text
			continue
		}
		v := j.find(part.text)
		switch {
		case v != nil && v.resolved == 1:
			warn(j, "%s: variable loop", v.name)
			return texts, false
		case v != nil && v.resolved == 0 && !j.resolve(v, warn):
			return texts, false
		}
		if v == nil || len(v.texts) == 0 {
			warn(j, "%s: variable \"%s\" not found", param.name, part.text)
			return texts, false
		}
		texts[last] += v.texts[0]
		texts = append(texts, v.texts[1:]...)
	}
	return texts, true
}

// find is a parameter or variable by its name.
func (j *jailConfig) find(name string) *jailParam {
	for _, param := range j.params {
		if param.name == name {
			return param
		}
	}
	return nil
}

// param is a parameter (no variable), in the form without "no".
func (j *jailConfig) param(name string) *jailParam {
	for _, param := range j.params {
		if !param.variable && (param.name == name || positive(param.name) == name) {
			return param
		}
	}
	return nil
}

// text is a parameter's last value, and whether it is given at all.
func (j *jailConfig) text(name string) (string, bool) {
	param := j.param(name)
	if param == nil || len(param.texts) == 0 {
		return "", false
	}
	return param.texts[len(param.texts)-1], true
}

// texts are a parameter's values.
func (j *jailConfig) list(name string) []string {
	if param := j.param(name); param != nil {
		return param.texts
	}
	return nil
}

// on says whether a boolean is set.
func (j *jailConfig) on(name string) bool {
	param := j.param(name)
	if param == nil {
		return false
	}
	on := true
	if text, given := j.text(name); given {
		on = strings.EqualFold(text, "true") || strings.Trim(text, "0") != "" && !strings.EqualFold(text, "false")
	}
	return on == (param.name == name)
}

// show writes a jail as jail -e does.
func (j *jailConfig) show(separator string) string {
	var fields []string
	for _, param := range j.params {
		if param.variable {
			continue
		}
		field := param.name
		if len(param.texts) > 0 {
			quoted := make([]string, len(param.texts))
			for i, text := range param.texts {
				quoted[i] = quoteJail(text)
			}
			field += "=" + strings.Join(quoted, ",")
		}
		fields = append(fields, field)
	}
	return strings.Join(fields, separator)
}

func quoteJail(text string) string {
	quote := ""
	switch {
	case text == "" || strings.Contains(text, "'"):
		quote = `"`
	case strings.Contains(text, `"`):
		quote = "'"
	case strings.ContainsAny(text, " \t"):
		quote = `"`
	}
	text = strings.ReplaceAll(text, `\`, `\\`)
	if quote != "" {
		text = strings.ReplaceAll(text, quote, `\`+quote)
	}
	return quote + text + quote
}
