# shellcheck shell=sh
# What stays of a jail that goes: an archive of it, or its tree where it is.

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

# jail_keep: stopped and out of the boot; its tree, or its disk, stays where it is, for the resource that made it
jail_keep() {
  local token="$arg_token"
  rm_if "$arg_rc_file"
  if is_running "$arg_name"; then jail_stop; fi
  disk_release
  vnet_release
  jail_mark_data
  arg_token=kept
  mark_write "kept.$arg_name"
  arg_token=$token
  jail_forget
}

# jail_take_back: a jail that was kept goes on, if the same resource makes it again
jail_take_back() {
  [ -e "$registry/kept.$arg_name" ] || return 0
  mark_read "kept.$arg_name"
  [ "$mark_owner" = "$arg_owner" ] ||
    fail owned "the tree of a jail $arg_name that $mark_owner has kept is in $arg_path; choose another name"
  [ -e "$registry/jail.$arg_name" ] || mv "$registry/kept.$arg_name" "$registry/jail.$arg_name" || fail failed "cannot rename $registry/kept.$arg_name"
  mark_remove "kept.$arg_name"
}
