# shellcheck shell=sh
# A jail that has another name, by the program or by hand.

# jail_renamed_by_hand: a running jail that somebody gave another name has its own again; that goes by its number alone. A jail whose
# name is a number never had one: it is what a killed one-shot left.
jail_renamed_by_hand() {
  local jid found path name="${arg_old_name:-$arg_name}"
  is_running "$name" && return 0
  while read -r jid found path; do
    case $found in *[!0-9]*) ;; *) continue ;; esac
    [ "$path" = "${arg_old_path:-$arg_path}" ] || continue
    jail -m "jid=$jid" "name=$name" >"$work/name" 2>&1 || { read_file "$work/name"; fail failed "jail $name could not have its name back: $text"; }
    read_jails
  done <<E
$(jls jid name path)
E
}

# jail_rename: the tree, the configuration and the mark go to the new name; may be cut off and called again anywhere
jail_rename() {
  local old="$arg_old_name" new="$arg_name"
  if ! owns "jail.$new"; then
    own "jail.$old" "jail $old"
    if jail_is_there; then fail foreign "a jail named $new is there already; choose another name"; fi
    jail_mark
  fi
  if is_running "$old"; then
    arg_name=$old
    conf="$jail_conf_d/$old.conf"
    jail_stop
    arg_name=$new
    conf="$jail_conf_d/$new.conf"
  fi
  rm_if "$arg_old_rc_file"
  disk_rename
  rm_if "$jail_conf_d/$old.conf"
  if [ -f "/var/log/jail_${old}_console.log" ]; then mv -f "/var/log/jail_${old}_console.log" "$console"; fi
  rm_if "/var/run/jail_$old.id"
  rm_if "$registry/inside.$old"
  if owns "jail.$old"; then mark_remove "jail.$old"; fi
}
