# shellcheck shell=sh
# A flavor: what goes over a new jail's tree. It comes as one archive ($upload), made by the provider: files with modes and numeric owners,
# and .flavor/ with what is merged rather than copied (users, groups) and the digest of all.

# op_create
op_create() {
  local there=false
  if [ -e "$arg_path" ]; then there=true; fi
  mark_data="path=$arg_path$nl"
  claim "$arg_mark" "$there" "a flavor $arg_name in $arg_root"
  ( flavor_is_there || flavor_write )
  local status=$?
  [ "$status" = 0 ] || [ "$resumed" = true ] || flavor_remove
  return "$status"
}

# op_update
op_update() {
  mark_data="path=$arg_path$nl"
  own "$arg_mark" "flavor $arg_name"
  flavor_write
}

# op_delete
op_delete() {
  owns "$arg_mark" || { drop_left; return 0; }
  flavor_remove
}

# flavor_is_there: as a create that was cut off left it
flavor_is_there() {
  read_file "$arg_path/.flavor/digest" && [ "$text" = "$arg_digest" ] && flavor_report
}

# flavor_write: unpacked beside its place, then exchanged
flavor_write() {
  local stage="$arg_root/flavors/.new-$arg_name"
  flush "$mark"
  make_zone
  make_dir "$arg_root/flavors"
  remove_tree "$stage"
  mkdir "$stage" || fail failed "cannot make $stage"
  if ! tar -xpf "$upload" -C "$stage" 2>"$work/tar"; then
    read_file "$work/tar"
    remove_tree "$stage"
    fail disk_full "the flavor could not be unpacked: $text"
  fi
  flush_tree "$stage"
  retire_tree "$arg_path"
  mv "$stage" "$arg_path" || fail failed "cannot rename $stage to $arg_path"
  flush "$mark" "$arg_path"
  flavor_report
}

flavor_report() {
  fact_file digest "$arg_path/.flavor/digest"
  flavor_listing "$arg_path" | fact_lines listing
}

# flavor_listing FOLDER: a line a file: digest and name
flavor_listing() {
  (cd "$1" && find . -type f ! -path './.flavor/digest' -exec sha256 -r {} +)
}

flavor_remove() {
  retire_tree "$arg_path"
  remove_tree "$arg_root/flavors/.new-$arg_name"
  mark_remove "$arg_mark"
  flush "$arg_root/flavors" "$registry"
  drop_dir "$arg_root/flavors"
  drop_registry
}
