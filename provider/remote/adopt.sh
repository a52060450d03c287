# shellcheck shell=sh
# A jail that is there already: made by hand, by another jail manager, or handed back by us. It goes on under our configuration; what it
# had instead stays beside our marks until that is done. jail(8), rc.d/jail: /etc/jail.NAME.conf goes before /etc/jail.conf.d/NAME.conf,
# and that before /etc/jail.conf.

# adopt_begin: before our files come. A jail that needs a restart is stopped now, with the configuration that it was started with.
adopt_begin() {
  [ "$there" = true ] || return 0
  adopt_look
  # One that we made ourselves, up to where a create was cut off.
  if [ "$adopt_conf" = "$conf" ] && read_file "$conf" && [ "$text" = "$arg_config" ]; then return 0; fi
  : >"$work/adopted"
  adopt_save before "$conf"
  adopt_save before-etc "/etc/jail.$arg_name.conf"
  adopt_save before-rc "$arg_rc_file"
  if is_running "$arg_name" && [ "${arg_adopt_live:-false}" != true ]; then
    : >"$work/adopt.stopped"
    adopt_stop
  fi
}

# adopt_look: the file that the jail was started with, in $adopt_conf; the last is what rc.d/jail makes of variables in rc.conf
adopt_look() {
  for adopt_conf in "/etc/jail.$arg_name.conf" "$conf" /etc/jail.conf "/var/run/jail.$arg_name.conf"; do
    if [ -f "$adopt_conf" ] && adopt_names "$adopt_conf"; then return 0; fi
  done
  adopt_conf=''
}

# adopt_names FILE: it configures this jail
adopt_names() {
  local line
  while IFS= read -r line; do
    case "$line|" in "name=$arg_name|"*) return 0 ;; esac
  done <<END
$(jail -f "$1" -e '|' 2>/dev/null)
END
  return 1
}

# adopt_save KIND FILE: a copy beside our marks, of what it was before us
adopt_save() {
  local copy="$registry/$1.$arg_name"
  if [ ! -f "$2" ] || [ -e "$copy" ]; then return 0; fi
  { cp -p "$2" "$copy.new" && fsync "$copy.new" && mv -f "$copy.new" "$copy"; } || unwritten "$copy.new"
}

# adopt_stop
adopt_stop() {
  progress "stopping, as it was configured"
  fact life down
  if [ -n "$adopt_conf" ]; then
    jail_stop_by "$adopt_conf" || :
    read_jails
  fi
  if is_running "$arg_name"; then
    jail -R "$arg_name" >"$work/stop" 2>&1 </dev/null
    read_jails
    drop_addresses
  fi
  jail_must_be_stopped
  disk_release
  rm_if "$jid_file"
}

# adopt_settled: our configuration is in its place; the one that would go before it goes away
adopt_settled() {
  [ ! -e "$work/adopted" ] || rm_if "/etc/jail.$arg_name.conf"
}

# adopt_done: it is ours, and is as it is to be
adopt_done() {
  [ -e "$work/adopted" ] || return 0
  adopt_forget
  if [ "$adopt_conf" = /etc/jail.conf ]; then
    warn "jail $arg_name stands in /etc/jail.conf, too; $conf goes before it, and its block there can be taken out"
  fi
  adopt_look_at_managers
}

# adopt_forget: what was before is of no use any more
adopt_forget() {
  local kind
  for kind in before before-etc before-rc; do
    rm_if "$registry/$kind.$arg_name"
    rm_if "$registry/$kind.$arg_name.new"
  done
}

# adopt_look_at_managers: qjail and ezjail have a file for each of their jails, and start it at boot
adopt_look_at_managers() {
  local file
  for file in "/usr/local/etc/ezjail/$arg_name" "/usr/local/etc/qjail.config/$arg_name" "/usr/local/etc/qjail.local/$arg_name"; do
    if [ -f "$file" ]; then
      warn "another jail manager has jail $arg_name in $file, too; move that file away, so that only one of you starts and stops the jail"
    fi
  done
}

# adopt_undo: what was there is as it was, and runs if it ran
adopt_undo() {
  inside_undo
  read_jails
  if [ -e "$work/adopt.stopped" ] && is_running "$arg_name"; then ( jail_stop ); fi
  adopt_put_back "$conf" before
  adopt_put_back "/etc/jail.$arg_name.conf" before-etc
  adopt_put_back "$arg_rc_file" before-rc
  adopt_forget
  if [ "${taken_back:-false}" = true ]; then mark_hand_over "jail.$arg_name"; else mark_remove "jail.$arg_name"; fi
  rc_last
  flush "$jail_conf_d" "$rc_jail_d" "$registry"
  drop_dir "$rc_jail_d"
  drop_dir "$jail_conf_d"
  drop_registry
  [ ! -e "$work/adopt.stopped" ] || adopt_start_again
}

# adopt_put_back FILE KIND: as it was before, or not there
adopt_put_back() {
  if [ -e "$registry/$2.$arg_name" ]; then
    mv -f "$registry/$2.$arg_name" "$1" || fail failed "cannot write $1"
  else
    rm_if "$1"
  fi
}

adopt_start_again() {
  adopt_look
  [ -n "$adopt_conf" ] || return 0
  if ( trap - PIPE; exec jail -q -f "$adopt_conf" -c "$arg_name" ) >"$work/start" 2>&1 </dev/null 3>&-; then
    jls -j "$arg_name" jid >"$jid_file" 2>/dev/null || rm_if "$jid_file"
    warn "jail $arg_name runs with its old configuration again"
  else
    read_file "$work/start"
    warn "jail $arg_name could not be started with its old configuration: $text"
  fi
}

# jail_was_adopted: it was there before us; its mark says so
jail_was_adopted() {
  local file
  [ "${adopting:-false}" = false ] || return 0
  for file in "$registry/jail.$arg_name" "$registry/jail.${arg_old_name:-$arg_name}"; do
    if read_file "$file"; then
      case "$nl$text$nl" in *"${nl}adopted=true$nl"*) return 0 ;; esac
    fi
  done
  return 1
}
