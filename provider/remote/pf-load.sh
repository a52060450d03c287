# shellcheck shell=sh
# Loading: checked before, armed, read back, confirmed by a new connection or undone.

# Not named like a session's folder: those of dead sessions are swept away.
pf_run=/var/run/pulumi-freebsd-pf
pf_timer_lock=/var/run/pulumi-freebsd-jails.lock/pf.timer

# pf_settle_earlier: a load whose operation was killed is confirmed or undone by its timer first, and undone here if that was killed too
pf_settle_earlier() {
  [ -d "$pf_run" ] || return 0
  if [ -e "$pf_run/armed" ]; then
    progress "waiting for pf's rules of a run that was cut off: they are put back if nobody confirms them"
    lockf -k -s -t 3700 "$pf_timer_lock" true || fail busy "pf (a change that is not confirmed yet)"
    if mv "$pf_run/armed" "$pf_run/undone" 2>/dev/null; then pf_undo "$pf_run"; fi
  fi
  rm -rf "$pf_run"
}

# pf_load: in the kernel is what was planned. Nothing is written before that is confirmed, so that a reboot meanwhile gives the old rules.
pf_load() {
  pf_running=$(pfctl -s Running 2>/dev/null)
  pf_expected=''
  [ -z "$pf_names" ] || pf_expected=$(pfctl -nvf "$work/anchor" 2>/dev/null | sort)
  pf_what
  [ "$pf_do" != nothing ] || return 0
  pf_test
  if [ "$pf_do" = files ]; then return 0; fi
  pf_module
  pf_arm
  ( pf_load_now && pf_read_back ) || {
    pf_fire
    exit 1
  }
  fact loaded "$arg_nonce"
  lockf -k -s -t "$((arg_confirm_timeout + 120))" "$pf_timer_lock" true
  [ ! -e "$pf_run/confirmed" ] || return 0
  pf_unremember
  rm -rf "$pf_run"
  fail undone "the rules were loaded, but no new SSH connection came through within $arg_confirm_timeout s, so the host has put back what was loaded before"
}

# pf_what: $pf_do is nothing, files (pf is off, and stays so), anchor (our rules alone) or main (pf.conf, with our rules); $pf_end whether
# pf runs afterwards
pf_what() {
  local calls
  pf_do=nothing pf_end=$pf_running
  calls=$(pfctl -s nat 2>/dev/null)
  if [ -n "$pf_names" ]; then
    [ "$pf_wanted" = false ] || pf_end=Enabled
    if [ "$pf_end" != Enabled ]; then
      pf_do=files
    elif [ "$pf_running" != Enabled ] || ! pf_called; then
      pf_do=main
      pf_foreign
    elif [ "$(pfctl -a "$pf_anchor" -s nat 2>/dev/null | sort)" != "$pf_expected" ]; then
      pf_do=anchor
    elif [ "$pf_conf_plan" != keep ]; then
      pf_do=files
    fi
  else
    pf_what_last
  fi
}

# pf_called: the main rules have the three lines that lead to our anchor
pf_called() {
  local kind
  for kind in nat rdr binat; do
    case "$nl$calls$nl" in
      *"$nl$kind-anchor \"$pf_anchor\" all$nl"*) ;;
      *) return 1 ;;
    esac
  done
}

# pf_what_last: no rule is left: our anchor goes from the main rules, and pf is off again if it was off before us and nobody wants it on
pf_what_last() {
  local before=''
  [ ! -r "$pf_ran" ] || IFS= read -r before <"$pf_ran"
  if [ -e "$pf_ran" ] && [ "$before" != Enabled ] && [ "$pf_rc_enable" = false ] && pf_by_us; then pf_end=Disabled; fi
  case $calls in
    *"-anchor \"$pf_anchor\" all"*) pf_do=main ;;
    *) [ -z "$(pfctl -a "$pf_anchor" -s nat 2>/dev/null)" ] || pf_do=anchor ;;
  esac
  [ "$pf_end" = "$pf_running" ] || pf_do=main
}

# pf_by_us: pf runs since we said so: our file for rc says it, or what we began was cut off before any file was written
pf_by_us() {
  [ "$pf_running" = Enabled ] || return 1
  [ ! -e "$pf_rc_file" ] || return 0
  set +f
  set -- "$work/before"/pf.*
  set -f
  [ ! -e "$1" ]
}

# pf_foreign: rules that run without a pf.conf would be gone
pf_foreign() {
  [ -f "$pf_conf" ] || [ -z "$(pfctl -s rules 2>/dev/null)$calls" ] ||
    fail foreign "pf has rules that no $pf_conf says, which would be lost; write them there (pfctl -s rules, pfctl -s nat) first"
}

# pf_test: pf.conf loads with ours in it; if not, whose fault it is
pf_test() {
  [ -f "$work/conf.test" ] || return 0
  pfctl -nf "$work/conf.test" >"$work/pfctl" 2>&1 && return 0
  pf_said "$work/conf.test" "$pf_conf"
  local with="$said"
  pfctl -nf "$work/anchor" >"$work/pfctl" 2>&1 || { pf_said "$work/anchor" "$pf_anchor_file"; fail pf_rule "pf does not take these rules: $said"; }
  [ -f "$pf_conf" ] || fail failed "pf does not take a minimal $pf_conf: $with"
  pf_strip "$pf_conf" >"$work/conf.alone"
  pfctl -nf "$work/conf.alone" >"$work/pfctl" 2>&1 || {
    pf_said "$work/conf.alone" "$pf_conf"
    fail broken_conf "$pf_conf does not load as it is, without any of our rules ($said): \`service pf restart\` would leave pf without rules. Mend it first; nothing was changed"
  }
  fail in_the_way "our lines can't be placed in $pf_conf: $with"
}

# pf_said FILE NAME: what pfctl complained of, in $said, with NAME for the copy that it was given
pf_said() {
  local line
  said=''
  while IFS= read -r line; do
    while :; do
      case $line in
        *"$1"*) line="${line%%"$1"*}$2${line#*"$1"}" ;;
        *) break ;;
      esac
    done
    said="$said${said:+; }$line"
  done <"$work/pfctl"
}

pf_module() {
  [ -c /dev/pf ] || kldload -n pf >"$work/pfctl" 2>&1 || {
    read_file "$work/pfctl"
    fail pf_module "pf can't be loaded into the kernel (kldload pf: $text); nothing was changed"
  }
}

# pf_arm: what is loaded is saved, and a process of its own will put it back
pf_arm() {
  local tries=0
  rm -rf "$pf_run"
  mkdir -m 0700 "$pf_run"
  printf '%s\n' "$pf_running" >"$pf_run/enabled"
  printf '%s\n' "$pf_conf" >"$pf_run/conf"
  printf '%s\n' "${SSH_CONNECTION:-}" >"$pf_run/ssh"
  if [ "$pf_do" = main ]; then
    : >"$pf_run/main"
    pfctl -s rules >"$pf_run/main.rules" 2>/dev/null
    pfctl -s nat >"$pf_run/main.nat" 2>/dev/null
  fi
  pfctl -a "$pf_anchor" -s nat >"$pf_run/anchor" 2>/dev/null
  cp "$library/pf-undo.sh" "$pf_run/undo.sh" || fail disk_full "cannot write $pf_run: is /var full?"
  printf '%s\n' "$arg_nonce" >"$pf_run/armed" || fail disk_full "cannot write $pf_run: is /var full?"
  pf_remember
  daemon -f lockf -k -s -t 0 "$pf_timer_lock" /bin/sh "$pf_run/undo.sh" timer "$pf_run" "$arg_confirm_timeout" 3>&- 4>&-
  while [ ! -e "$pf_run/timer" ]; do
    [ "$tries" -lt 100 ] || { rm -f "$pf_run/armed"; pf_unremember; fail failed "the timer that would put pf back did not start; nothing was loaded"; }
    tries=$((tries + 1))
    sleep 0.1
  done
}

# pf_fire: the timer puts everything back now
pf_fire() {
  local timer
  read -r timer <"$pf_run/timer"
  kill "$timer" 2>/dev/null || :
  lockf -k -s -t 120 "$pf_timer_lock" true
  rm -rf "$pf_run"
  pf_unremember
}

pf_load_now() {
  case $pf_do in
    anchor) pf_try "our rules" -a "$pf_anchor" -f "$work/anchor" ;;
    main) pf_load_main ;;
  esac
}

pf_load_main() {
  # pf goes first where it is to be off: the old rules must not work alone, nor half of the new ones.
  [ "$pf_end" != Disabled ] || [ "$pf_running" != Enabled ] || pf_try "pf off" -d
  if [ -f "$work/conf.test" ]; then
    pf_try "$pf_conf" -f "$work/conf.test"
  elif [ -f "$pf_conf" ] && [ "$pf_conf_plan" = keep ]; then
    pf_try "$pf_conf" -f "$pf_conf"
  else
    pf_try "no rules" -F rules
    pf_try "no rules" -F nat
  fi
  [ -n "$pf_names" ] || pf_try "our anchor" -a "$pf_anchor" -F nat
  [ "$pf_end" != Enabled ] || [ "$pf_running" = Enabled ] || pf_try "pf on" -e
}

# pf_try WHAT ARGUMENT…
pf_try() {
  local what="$1"
  shift
  pfctl "$@" >"$work/pfctl" 2>&1 || { pf_said "$work/conf.test" "$pf_conf"; fail failed "pf failed to load $what: $said"; }
}

# pf_read_back: FreeBSD 14 and 15 leave out, without a word, rules that they take for one that is there
pf_read_back() {
  local found line
  found=$(pfctl -a "$pf_anchor" -s nat 2>/dev/null | sort)
  [ "$pf_expected" != "$found" ] || return 0
  while IFS= read -r line; do
    case "$nl$found$nl" in
      *"$nl$line$nl"*) found="${found%%"$line"*}${found#*"$line"}" ;;
      *) fail dropped "pf left out a rule without a word: $line" ;;
    esac
  done <<E
$pf_expected
E
  fail dropped "pf has other rules than were loaded:$nl$found"
}
