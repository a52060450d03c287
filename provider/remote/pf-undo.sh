# shellcheck shell=sh
# How pf is put back, and the timer that does so. A copy of this file lies in the folder with what was saved, since the timer outlives
# the session that armed it: `sh undo.sh timer FOLDER SECONDS`. In FOLDER:
#   armed       a word that the confirmation must know; whoever renames it first, to confirmed or to undone, has decided
#   enabled     Enabled, Disabled, or nothing where pf was not loaded
#   conf        the path of pf.conf
#   main        is there if more than our anchor is to be loaded
#   main.rules  filter rules that were loaded
#   main.nat    translation rules that were loaded
#   anchor      what was loaded in our anchor
#   ssh         the connection that asked for it
#   timer       the timer's process

pf_anchor=pulumi-freebsd-jails

# pf_undo FOLDER: loaded and enabled is what was loaded and enabled before
pf_undo() {
  local enabled conf
  enabled='' conf=''
  IFS= read -r enabled <"$1/enabled"
  IFS= read -r conf <"$1/conf"
  [ "$enabled" = Enabled ] || pfctl -d 2>/dev/null
  [ ! -e "$1/main" ] || pf_undo_main "$1"
  pfctl -a "$pf_anchor" -f "$1/anchor" 2>/dev/null
  [ "$enabled" != Enabled ] || pfctl -e 2>/dev/null
  return 0
}

# pf_undo_main FOLDER: options come from pf.conf alone; where other rules had been loaded by hand, those are loaded
pf_undo_main() {
  if [ "$enabled" = Enabled ] && [ -f "$conf" ]; then pfctl -f "$conf" 2>/dev/null; fi
  pf_undo_kind rules -R "$1/main.rules"
  pf_undo_kind nat -N "$1/main.nat"
}

# pf_undo_kind KIND OPTION FILE
pf_undo_kind() {
  [ "$(pfctl -s "$1" 2>/dev/null)" != "$(cat "$3")" ] || return 0
  if [ -s "$3" ]; then pfctl "$2" -f "$3" 2>/dev/null; else pfctl -F "$1" 2>/dev/null; fi
}

# pf_timer FOLDER SECONDS: puts everything back, unless it is confirmed by then, or at once if somebody ends it
pf_timer() {
  local nap
  sleep "$2" &
  nap=$!
  trap 'kill "$nap" 2>/dev/null' TERM
  printf '%s\n' "$$" >"$1/timer.new"
  mv "$1/timer.new" "$1/timer"
  wait "$nap"
  mv "$1/armed" "$1/undone" 2>/dev/null || exit 0
  pf_undo "$1"
}

if [ "${1:-}" = timer ]; then
  LC_ALL=C
  PATH=/sbin:/bin:/usr/sbin:/usr/bin
  export LC_ALL PATH
  set -u -f
  pf_timer "$2" "$3"
fi
