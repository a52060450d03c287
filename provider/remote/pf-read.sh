# shellcheck shell=sh
# What a refresh has to know of pf; nothing where there is no rule of ours. Behind each "=KEY" its lines, "+LINE".

. "$library/pf-conf.sh"
. "$library/pf-undo.sh"

pf_read() {
  set +f
  set -- "$registry"/pf.*
  set -f
  [ -f "$1" ] || return 0
  local line
  pf_rc
  pf_section running "$(pfctl -s Running 2>/dev/null)"
  pf_section main "$(pfctl -s nat 2>/dev/null)"
  pf_section anchor "$(pfctl -a "$pf_anchor" -s nat 2>/dev/null)"
  if [ -f "$pf_rc_file" ] && read_file "$pf_rc_file" && [ "$text" = "$pf_rc_text" ]; then pf_rc_enable=true; fi
  pf_section boot "$pf_rc_enable"
  read_file "$pf_anchor_file" || :
  pf_section file "$text"
  read_file "$pf_conf" || :
  pf_section conf "$text"
}

pf_section() {
  local line
  fact pf "=$1"
  while IFS= read -r line; do [ -z "$line" ] || fact pf "+$line"; done <<E
$2
E
}
