# shellcheck shell=sh
# A jail is started and stopped, as rc.d/jail does it, but with the status that jail(8) gives.

# jail_start: as rc.d/jail does it, but with the status that jail(8) gives. What its daemons inherit is closed or reset: the way back
# to the client (3), and the ignored SIGPIPE. Stop and start are told as they happen ("life"): so the time between them is known.
jail_start() {
  local out status
  order_wait
  if [ -n "${arg_after:-}" ]; then
    # That may have taken a while.
    read_jails
    if is_running "$arg_name"; then jail_started_by_others; fi
  fi
  progress "starting"
  jail_clear
  disk_release
  disk_prepare
  # Until it is up; the file goes with the boot, as aliases and mounts do.
  printf 'starting\n' >"$jid_file"
  ( trap - PIPE; exec jail -i -f "$conf" -c "$arg_name" ) >"$work/start" 2>&1 </dev/null 3>&-
  status=$?
  if [ "$status" != 0 ]; then
    read_file "$work/start"
    out=$text
    rm_if "$jid_file"
    case $out in *"jail: \"$arg_name\" already exists"*) jail_started_by_others ;; esac
    disk_release
    vnet_release
    limits_drop "$arg_name"
    # jail(8) takes them back itself, unless it was killed.
    drop_addresses
    [ ! -f "$console" ] || out="$out${nl}its console said:$nl$(tail -n 8 "$console")"
    fail start_failed "jail $arg_name did not start: $out"
  fi
  # As rc.d/jail leaves it; "starting" would say that it was cut off.
  read_file "$work/start"
  case $text in
    # A hook said something as well.
    '' | *[!0-9]*) jls -j "$arg_name" jid >"$jid_file" 2>/dev/null || rm_if "$jid_file" ;;
    *) printf '%s\n' "$text" >"$jid_file" ;;
  esac
  fact life up
}

# jail_started_by_others: its mounts and addresses are theirs
jail_started_by_others() {
  fail start_failed "jail $arg_name was started by somebody else in the same moment; run \`pulumi up\` again"
}

# jail_word: what was begun with the jail and not ended, in $word: starting, stopping, archiving; of one that is up, its number
jail_word() {
  word=''
  [ ! -r "/var/run/jail_$arg_name.id" ] || IFS= read -r word <"/var/run/jail_$arg_name.id"
}

# jail_clear: jail(8) was killed while it started or stopped the jail: that leaves a jail that is half up, or its aliases on an interface
jail_clear() {
  local word
  jail_word
  case $word in starting | stopping) ;; *) return 0 ;; esac
  if is_running "$arg_name"; then jail_stop; fi
  drop_addresses
  disk_release
  vnet_release
  rm_if "$jid_file"
}

# jail_stop: in order, with its own configuration; by force where that fails, or doesn't end. $stopped_for says why, to whom finds it stopped.
jail_stop() {
  local failed=false
  progress "stopping"
  printf 'stopping\n' >"$jid_file"
  fact life down
  if [ -f "$conf" ]; then
    # One that was killed may have removed the jail, but not its aliases.
    jail_stop_by "$conf" || failed=true
    read_jails
    if is_running "$arg_name"; then
      read_file "$work/stop"
      warn "jail $arg_name did not stop by itself, and was removed by force: $text"
      jail -q -f "$conf" -R "$arg_name" >"$work/stop" 2>&1 </dev/null
      read_jails
    fi
    if [ "$failed" = true ] && ! is_running "$arg_name"; then drop_addresses; fi
  else
    jail -R "$arg_name" >"$work/stop" 2>&1 </dev/null
    read_jails
    drop_addresses
  fi
  jail_must_be_stopped
  disk_release
  vnet_release
  limits_drop "$arg_name"
  if [ -n "${stopped_for:-}" ]; then printf '%s\n' "$stopped_for" >"$jid_file"; else rm_if "$jid_file"; fi
}

# jail_stop_by CONF: as its configuration says; what a jail does at its end is not believed to end
jail_stop_by() {
  local status limit="${arg_stop_limit:-300}"
  timeout --foreground -k 5 "$limit" jail -q -f "$1" -r "$arg_name" >"$work/stop" 2>&1 </dev/null
  status=$?
  [ "$status" != 124 ] || printf 'it was not done within %s s\n' "$limit" >>"$work/stop"
  return "$status"
}

# jail_must_be_stopped: or an error says what jail(8) said
jail_must_be_stopped() {
  is_running "$arg_name" || return 0
  read_file "$work/stop"
  fail stop_failed "jail $arg_name could not be stopped: $text"
}
