# shellcheck shell=sh
# What a jail's tree lies on: here a folder of the host's file system, $arg_path. image.sh has these functions for a disk of its own.

# disk_is_there: the whole tree of this jail
disk_is_there() {
  [ -d "$arg_path" ]
}

# disk_in_the_way: something of somebody's is where the tree would be
disk_in_the_way() {
  [ "${arg_given:-false}" = false ] && [ -e "$arg_path" ]
}

# disk_check: a new jail takes nobody's place
disk_check() {
  local file
  if [ "${arg_given:-false}" = true ]; then
    [ -d "$arg_path" ] || fail no_tree "path: there is no folder $arg_path on this host"
    set +f
    for file in "$registry"/jail.*; do
      case $file in *.new | "$registry/jail.$arg_name") continue ;; esac
      set -f
      if read_file "$file"; then
        case "$nl$text$nl" in *"${nl}path=$arg_path$nl"*) fail owned "path: $arg_path is the tree of jail ${file##*/jail.} already" ;; esac
      fi
    done
    set -f
  fi
  if read_file "$registry/jail.$arg_name"; then
    case "$nl$text" in
      *"${nl}image="*) fail other_kind "jail $arg_name is an ImageJail with a disk of its own; a Jail takes its place only by archive and restore: archive it (JailArchive), remove it, then make the Jail with \`restore\`" ;;
    esac
  fi
}

# disk_mark_data: what its mark says of it
disk_mark_data() {
  :
}

# disk_stage STAGE: an empty place for a new tree
disk_stage() {
  remove_tree "$1"
  mkdir "$1" || fail failed "cannot make $1"
}

# disk_too_small STAGE: ends the operation where a copy failed for the disk's size
disk_too_small() {
  :
}

# disk_place STAGE: the tree that was made there becomes the jail's
disk_place() {
  mv "$1" "$arg_path" || fail failed "cannot rename $1 to $arg_path"
}

# disk_drop_stage: nothing is left of a tree that was begun
disk_drop_stage() {
  remove_tree "$arg_root/.new-$arg_name"
}

# disk_prepare: what a start needs that its configuration doesn't do
disk_prepare() {
  :
}

# disk_release: what a start that failed, or a stop without its configuration, left mounted
disk_release() {
  local place
  if [ "${arg_given:-false}" = false ]; then
    unmount_below "$arg_path"
    return
  fi
  # What the administrator has mounted there, or as the tree itself, stays.
  mounts_below "$arg_path"
  while IFS= read -r place; do
    case "$nl$mounts" in
      *"$nl$arg_path$place$nl"*) umount "$arg_path$place" 2>/dev/null || umount -f "$arg_path$place" || fail busy "cannot unmount $arg_path$place, which is still in use" ;;
    esac
  done <<E
${arg_own_mounts:-/proc${nl}/dev/fd${nl}/dev${nl}/sharedfs}
E
}

# disk_by_mark: where it lies, if that is not where it is looked for
disk_by_mark() {
  :
}

# disk_change: what of the disk is another one now
disk_change() {
  :
}

# disk_open: what is on it can be read at $arg_path
disk_open() {
  :
}

# disk_settle: the jail doesn't run
disk_settle() {
  :
}

# disk_state: the word for a jail that doesn't run, in $state
disk_state() {
  state=stopped
}

# disk_remove
disk_remove() {
  if [ "${arg_given:-false}" = true ]; then
    disk_release
    return
  fi
  retire_tree "$arg_path"
  disk_drop_stage
}

# disk_report: what there is to tell of it
disk_report() {
  :
}

# disk_rename: from $arg_old_path
disk_rename() {
  [ "${arg_given:-false}" = false ] || return 0
  if [ -d "$arg_old_path" ] && [ ! -e "$arg_path" ]; then mv "$arg_old_path" "$arg_path" || fail failed "cannot rename $arg_old_path"; fi
}
