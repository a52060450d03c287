# shellcheck shell=sh
# What stays of a jail that goes: an archive of it, or all of it, without us.

# jail_archive_first: before anything is removed; what can't be archived stays
jail_archive_first() {
  local up=false
  if ! disk_is_there; then
    warn "the tree of jail $arg_name is gone; there is nothing to archive"
    return 0
  fi
  if is_running "$arg_name"; then
    up=true
    jail_stop
  fi
  if ( disk_open && archive_write "$arg_archive_to" xz && warn "jail $arg_name was archived: $archive" ); then
    archive_left "$arg_archive_to"
    return 0
  fi
  [ "$up" = false ] || jail_start
  exit 1
}

# jail_hand_back: it goes on as it is, running or not, and starts with the host as before; our marks go. A note stays, so that the same
# resource takes it again without being told to.
jail_hand_back() {
  if [ -e "$registry/before.$arg_name" ] || [ -e "$registry/before-etc.$arg_name" ] || [ -e "$registry/before-rc.$arg_name" ]; then
    # Its adoption was cut off.
    adopt_undo
    return
  fi
  rc_hand_back
  hand_back_inside
  disk_drop_stage
  jail_mark_data
  mark_hand_over "jail.$arg_name"
  rc_last
  flush "$jail_conf_d" "$rc_jail_d" "$registry"
  warn "jail $arg_name was handed back: it stays as it is, with $conf and $arg_rc_file"
}

# rc_hand_back: its file says all by itself, without the one in front
rc_hand_back() {
  local first
  if [ ! -s "$arg_rc_file" ] || ! read_file "$rc_jail_first"; then return 0; fi
  first=$text
  read_file "$arg_rc_file"
  case $text in "$first"*) return 0 ;; esac
  stage_file "$arg_rc_file" "$first$nl$text"
  settle
}

# hand_back_inside: what is inside stays; what we noted there of it goes
hand_back_inside() {
  if [ -e "$registry/inside.$arg_name" ] && ! ( jail_inside 'rm -rf /var/db/pulumi-freebsd-jails' ); then
    warn "jail $arg_name has a folder /var/db/pulumi-freebsd-jails inside, which can be removed"
  fi
  rm_if "$registry/inside.$arg_name"
  rm_if "$registry/.inside.$arg_name.new"
}
