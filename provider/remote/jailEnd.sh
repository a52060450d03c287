# shellcheck shell=sh
# The end of a jail: nothing of it stays, or an archive of it, or all of it, without us.

# jail_names: under which other names there are marks with this resource's token
jail_names() {
  local file line token
  set +f
  for file in "$registry"/jail.*; do
    token=''
    [ ! -f "$file" ] || IFS= read -r token <"$file"
    case $file in *.new) continue ;; esac
    [ "$token" != "token=$arg_token" ] || printf '%s\n' "${file#"$registry/jail."}"
  done
  set -f
}

# jail_by_mark NAME: where its things lie, by its mark
jail_by_mark() {
  local line
  arg_name=$1
  while IFS= read -r line; do
    case $line in
      path=*) arg_path=${line#*=} ;;
      rc_file=*) arg_rc_file=${line#*=} ;;
      image=*) arg_image=${line#*=} ;;
    esac
  done <"$registry/jail.$1"
}

jail_delete() {
  jail_renamed_by_hand
  jail_clear
  move_look
  local end="${arg_on_delete:-destroy}"
  if [ -z "${arg_on_delete:-}" ] && jail_was_adopted; then end=keep; fi
  case $end in
    archive)
      move_settle
      jail_archive_first
      ;;
    keep)
      move_settle
      jail_hand_back
      return 0
      ;;
  esac
  jail_remove
}

# jail_remove: stopped, out of the boot, its tree and its files gone, the mark last
jail_remove() {
  rm_if "$arg_rc_file"
  jail_clear
  if is_running "$arg_name"; then jail_stop; fi
  one_shot_end
  move_drop
  vnet_release
  limits_drop "$arg_name"
  case ${arg_archive:-} in *.zfs) shot_close ;; esac
  disk_remove
  arg_datasets=''
  datasets_settle
  jail_forget
}

# jail_forget: all but its tree is gone from the host
jail_forget() {
  rm_if "$conf"
  rm_if "${conf%/*}/.$arg_name.conf.new"
  rm_if "$rc_jail_d/.first-$arg_name.new"
  rm_if "$rc_jail_d/.${arg_rc_file##*/}.new"
  rm_if "$console"
  rm_if "$jid_file"
  rm_if "$registry/inside.$arg_name"
  rm_if "$registry/.inside.$arg_name.new"
  mark_remove "jail.$arg_name"
  # Behind the mark: of several that go at the same time, the last one sees no other.
  rc_last
  flush "$arg_root" "$jail_conf_d" "$rc_jail_d" "$registry"
  drop_dir "$rc_jail_d"
  drop_dir "$jail_conf_d"
  drop_registry
}

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
