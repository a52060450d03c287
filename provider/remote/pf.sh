# shellcheck shell=sh
# pf's rules (pf.conf(5), pfctl(8)): one anchor of ours, replaced whole. What a rule means, and whether it may be loaded, is decided by the
# caller from what `look` says; `apply` does it only if the host is still as it was then. Each rule has a mark, $registry/pf.NAME.

. "$library/pf-conf.sh"
. "$library/pf-undo.sh"
. "$library/pf-load.sh"

# op_look: all that decides about rules
op_look() {
  pf_rc
  pf_look_conf
  fact ssh "${SSH_CONNECTION:-}"
  fact fingerprint "$(pf_fingerprint)"
  ifconfig | fact_lines ifconfig
  pf_route egress4 -inet default
  pf_route egress6 -inet6 default
  # shellcheck disable=SC2086 # split on purpose
  set -- ${SSH_CONNECTION:-}
  case ${1:-} in
    '') ;;
    *:*) pf_route way -inet6 "${1%%%*}" ;;
    *) pf_route way -inet "$1" ;;
  esac
  pf_marks fact_mark
}

# pf_route KEY FAMILY DESTINATION: the interface that leads there
pf_route() {
  local name value
  while read -r name value; do
    [ "$name" != interface: ] || fact "$1" "$value"
  done <<E
$(route -n get "$2" "$3" 2>/dev/null)
E
}

# pf_marks COMMAND…: runs it with each of our rules' marks
pf_marks() {
  local file
  set +f
  for file in "$registry"/pf.*; do
    set -f
    case $file in
      *'/pf.*' | *.new) ;;
      *) "$@" "$file" ;;
    esac
  done
  set -f
}

fact_mark() {
  local line
  fact marks "=${1##*/pf.}"
  while IFS= read -r line || [ -n "$line" ]; do fact marks "+$line"; done <"$1"
}

# pf_fingerprint: of the marks, pf.conf and what it includes, and the connection
pf_fingerprint() {
  # shellcheck disable=SC2086 # their names have no white space
  { printf '%s\n' "${SSH_CONNECTION:-}" "$pf_conf" && pf_marks cat_named && cat /dev/null $pf_conf_files 2>/dev/null; } | sha256 -q
}

cat_named() {
  printf '=%s\n' "$1"
  cat "$1"
}

# op_apply: rules that came or changed ($arg_nameN, $arg_markN, N from 1 to $arg_count), rules that go ($arg_removed: NAME TOKEN)
op_apply() {
  pf_settle_earlier
  pf_rc
  pf_look_conf
  pf_refuse
  [ "$(pf_fingerprint)" = "$arg_fingerprint" ] || fail changed "pf's rules, its configuration or the connection changed meanwhile"
  pf_plan_marks
  pf_plan_anchor
  pf_plan_conf
  pf_load
  ( pf_write ) || {
    pf_unwrite
    exit 1
  }
  rm -rf "$pf_run"
  local i name
  i=1
  while [ "$i" -le "$arg_count" ]; do
    eval "name=\$arg_name$i"
    fact_printed "$name"
    i=$((i + 1))
  done
}

# fact_printed NAME: the lines that pf shows for it
fact_printed() {
  local line
  while IFS= read -r line; do
    case $line in printed=*) fact printed "$1 ${line#printed=}" ;; esac
  done <"$registry/pf.$1"
}

# op_confirm: by a connection that was opened after the load
op_confirm() {
  local word='' ssh='' timer=''
  [ ! -r "$pf_run/armed" ] || IFS= read -r word <"$pf_run/armed"
  [ "$word" = "$arg_nonce" ] || fail too_late "there is nothing to confirm: pf was put back, or confirmed before"
  IFS= read -r ssh <"$pf_run/ssh"
  [ -z "$ssh" ] || [ "${SSH_CONNECTION:-}" != "$ssh" ] || fail same_connection "only a new connection confirms"
  mv "$pf_run/armed" "$pf_run/confirmed" 2>/dev/null || fail too_late "pf was put back already"
  read -r timer <"$pf_run/timer"
  kill "$timer" 2>/dev/null || :
}

# pf_plan_marks: in $work/marks each rule's mark as it will be; in $pf_names the rules, in their order; in $pf_wanted whether pf has to run
pf_plan_marks() {
  local i name token line
  mkdir "$work/marks" "$work/before"
  pf_marks pf_copy_mark
  while read -r name token; do
    # What bears another's token came later, and stays.
    if [ -n "$name" ] && mark_read "pf.$name" && [ "$mark_token" = "$token" ]; then rm -f "$work/marks/pf.$name"; fi
  done <<E
$arg_removed
E
  i=1
  while [ "$i" -le "$arg_count" ]; do
    eval "name=\$arg_name$i line=\$arg_mark$i"
    printf '%s\n' "$line" >"$work/marks/pf.$name" || unwritten "$work/marks/pf.$name"
    pf_print_rule "$name"
    i=$((i + 1))
  done
  pf_sort_marks
}

pf_copy_mark() {
  cp -p "$1" "$work/marks/" || unwritten "$work/marks/${1##*/}"
  cp -p "$1" "$work/before/" || unwritten "$work/before/${1##*/}"
}

# pf_print_rule NAME: its mark gets what pfctl makes of it
pf_print_rule() {
  local line rule
  while IFS= read -r line; do
    case $line in rule=*) rule=${line#rule=} ;; esac
  done <"$work/marks/pf.$1"
  printf '%s\n' "$rule" | pfctl -nvf - >"$work/printed" 2>"$work/pfctl" ||
    { read_file "$work/pfctl"; fail pf_rule "pf does not take the rule $1 ($rule): $text"; }
  while IFS= read -r line; do
    printf 'printed=%s\n' "$line" >>"$work/marks/pf.$1" || fail disk_full "cannot write $work: is the disk full?"
  done <"$work/printed"
}

pf_sort_marks() {
  local file line order unsorted=''
  pf_wanted=false
  set +f
  for file in "$work/marks"/pf.*; do
    set -f
    [ -f "$file" ] || continue
    order=0
    while IFS= read -r line; do
      case $line in
        order=*) order=${line#order=} ;;
        enable=true) pf_wanted=true ;;
      esac
    done <"$file"
    unsorted="$unsorted$order ${file##*/pf.}$nl"
  done
  set -f
  pf_names=$(printf '%s' "$unsorted" | sort -k 1,1n -k 2,2)
}

# pf_plan_anchor: the file that our anchor is loaded from, in $work/anchor
pf_plan_anchor() {
  local order name line owner rule anchor="# The rules of pulumi-freebsd-jails, made anew whenever one of them changes."
  while read -r order name; do
    [ -n "$name" ] || continue
    owner='' rule=''
    while IFS= read -r line; do
      case $line in
        owner=*) owner=${line#owner=} ;;
        rule=*) rule=${line#rule=} ;;
      esac
    done <"$work/marks/pf.$name"
    anchor="$anchor$nl# $name: $owner$nl$rule"
  done <<E
$pf_names
E
  printf '%s\n' "$anchor" >"$work/anchor" || unwritten "$work/anchor"
}
