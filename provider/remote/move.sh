# shellcheck shell=sh
# A jail moves to another base: what its tree has from the old base's template follows the new one's, what the jail changed stays or is
# merged (moveInside.sh does that, in a one-shot jail). What was there before is kept in a folder of ours until the jail runs on the new
# base; a move that fails, or was cut off, is taken back from it. Which base a tree is made for is said by the jail's mark.

# move_look: the base that the jail's tree is made for, in $tree_base. $move_stage is the move's folder.
move_look() {
  local line file="$registry/jail.$arg_name"
  [ -f "$file" ] || file="$registry/jail.${arg_old_name:-$arg_name}"
  tree_base=''
  # A thick jail has a tree of its own, and one whose tree was there before was not made from a template of ours.
  if [ "${arg_thick:-false}" = true ] || [ "${arg_given:-false}" = true ] || ! read_file "$file"; then return 0; fi
  while IFS= read -r line; do
    case $line in base=*) tree_base=${line#base=} ;; esac
  done <<E
$text
E
}

# move_needed: the tree is made for another base than the one that is asked for
move_needed() {
  [ -n "${tree_base:-}" ] && [ "$tree_base" != "$arg_base" ] && [ ! -f "$move_stage/ready" ]
}

# move_settle: a move that was cut off goes on where its jail runs on the new base already; else it is taken back
move_settle() {
  [ -d "$move_stage" ] || return 0
  local to=''
  read_file "$move_stage/ready" && to=$text
  if [ -z "$to" ] || [ "$to" = "$tree_base" ]; then
    move_drop
    return 0
  fi
  if [ "$to" = "$arg_base" ] && is_running "$arg_name" && read_file "$conf" && [ "$text" = "$arg_config" ]; then return 0; fi
  progress "taking back a move that was cut off"
  if is_running "$arg_name"; then jail_stop; fi
  move_undo
}

# move_prepare: while the jail still runs: what differs between the templates
move_prepare() {
  [ "${tree_base%/sharedfs/*}" = "$arg_root" ] ||
    fail other_zone "the tree of jail $arg_name is made for $tree_base; a jail doesn't move to another zone: archive it (JailArchive), and restore it there"
  move_old="$arg_root/template/${tree_base##*/}"
  if [ ! -d "$move_old/etc" ] || [ ! -d "$tree_base/bin" ]; then
    fail no_base "jail $arg_name is made for the base $tree_base, which is gone from this host: what the jail has changed in its /etc can't be told any more; make that base again (a BaseInstall), then move the jail"
  fi
  progress "comparing $tree_base with $arg_base"
  remove_tree "$move_stage"
  move_room
  move_mount "$arg_base" ro sharedfs
  move_mount "$move_old" ro old
  move_mount "$arg_template" ro new
  move_inside lists
}

# move_room: the root of the one-shot jail; of one that a power loss cut short, what is missing
move_room() {
  local part
  [ -d "$move_stage" ] || mkdir -m 0700 "$move_stage" || fail failed "cannot make $move_stage"
  for part in sharedfs old new jail work tmp; do
    [ -d "$move_stage/$part" ] || mkdir "$move_stage/$part" || fail failed "cannot make $move_stage/$part"
  done
  for part in bin lib libexec sbin usr; do
    [ -L "$move_stage/$part" ] || ln -s "sharedfs/$part" "$move_stage/$part" || fail disk_full "cannot write $move_stage"
  done
  cp "$library/moveInside.sh" "$library/moveDecide.sh" "$library/moveTexts.sh" "$move_stage" || fail disk_full "cannot write $move_stage"
}

# move_mount FOLDER OPTION PLACE
move_mount() {
  mount -t nullfs -o "$2" "$1" "$move_stage/$3" 2>"$work/mount" || { read_file "$work/mount"; fail failed "cannot mount $1 in $move_stage: $text"; }
}

# move_inside WHAT: in a jail that lives as long as it
move_inside() {
  jail -c "path=$move_stage" "host.hostname=$arg_name" command=/bin/sh /moveInside.sh "$1" >"$work/move" 2>&1 </dev/null 3>&- && return 0
  read_file "$work/move"
  fail merge_failed "the files of jail $arg_name could not be merged with those of $arg_base: $text"
}

# move_merge: the jail is stopped. From the moment that all is there to take it back, it counts as begun.
move_merge() {
  if [ -s "$move_stage/work/paths" ]; then
    progress "merging the jail's files with those of $arg_base"
    disk_open
    move_mount "$arg_path" rw jail
    move_inside plan
    move_begun
    move_inside apply
  else
    move_begun
  fi
  unmount_below "$move_stage"
}

move_begun() {
  printf '%s\n' "$arg_base" >"$move_stage/.ready" || fail disk_full "cannot write $move_stage"
  { fsync "$move_stage/.ready" && mv "$move_stage/.ready" "$move_stage/ready"; } || fail failed "cannot write $move_stage/ready"
  fsync "$move_stage"
}

# move_conflicts: what stays as the jail has it, by name
move_conflicts() {
  local path why
  [ -s "$move_stage/work/conflicts" ] || return 0
  while IFS='|' read -r path why; do
    warn "jail $arg_name keeps its own ${path#.}: $why"
  done <"$move_stage/work/conflicts"
}

# move_done: the jail is on its new base
move_done() {
  [ -f "$move_stage/ready" ] || return 0
  tree_base=$arg_base
  jail_mark
  fsync "$mark"
  move_conflicts
  move_drop
}

# move_undo: the tree is as it was. The jail doesn't run; the old base's programs do it, which have run before.
move_undo() {
  unmount_below "$move_stage"
  if [ -s "$move_stage/work/undo.tar" ]; then
    move_room
    disk_open
    move_mount "$tree_base" ro sharedfs
    move_mount "$arg_path" rw jail
    move_inside undo
    unmount_below "$move_stage"
  fi
  move_drop
  disk_release
}

# move_back UP: after a move that failed: the old files, the old configuration, and the jail running if it ran
move_back() {
  progress "putting the jail back on $tree_base"
  read_jails
  if is_running "$arg_name"; then ( jail_stop ); fi
  ( move_undo ) || return 1
  [ "${arg_old_name:-}" = "$arg_name" ] && [ -n "${arg_old_config:-}" ] || return 0
  stage_file "$conf" "$arg_old_config"
  settle
  if [ "$1" = true ] && ( jail_start ); then warn "jail $arg_name runs on its old base again, $tree_base"; fi
}

move_drop() {
  remove_tree "$move_stage"
}
