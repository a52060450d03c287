# shellcheck shell=sh
# How pf is put back, and the timer that does so. A copy of this file lies in the folder with what was saved, since the timer outlives
# the session that armed it: `sh undo.sh timer FOLDER SECONDS`. In FOLDER:
#   armed       a word that the confirmation must know; whoever renames it first, to confirmed or to undone, has decided
#   enabled     Enabled, Disabled, or nothing where pf was not loaded
#   conf        the path of pf.conf
#   main        is there if more than our anchor is to be loaded
#   main.rules  what was loaded: filter rules, then translation rules
#   anchor      what was loaded in our anchor
#   ssh         the connection that asked for it
#   timer       the timer's process

pf_anchor=pulumi-freebsd-jails

# pf_main_rules: what is loaded, less what is in anchors
pf_main_rules() {
  pfctl -s rules 2>/dev/null
  pfctl -s nat 2>/dev/null
}

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
  [ "$(pf_main_rules)" = "$(cat "$1/main.rules")" ] || {
    # Options are not loaded by -N and -R; this one is for the reader of the file, which has its rules in another order.
    { echo 'set require-order no' && cat "$1/main.rules"; } >"$1/main.load"
    pfctl -N -R -f "$1/main.load" 2>/dev/null
  }
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
