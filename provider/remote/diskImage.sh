# shellcheck shell=sh
# The functions of disk.sh for a tree on a disk of its own, in the file $arg_image: md(4), geli(8), newfs(8). Its unit is looked up by
# the file, never stored: FreeBSD lets one file be attached twice, which destroys what is on it.

. "$library/imageDisk.sh" # attached and detached, opened, checked, grown

disk_is_there() {
  [ -f "$arg_image" ] || { [ -n "${arg_old_image:-}" ] && [ -f "$arg_old_image" ]; }
}

# disk_check: nobody else's disk, and no jail of the other kind
disk_check() {
  local found
  if read_file "$registry/jail.$arg_name"; then
    case "$nl$text$nl" in
      *"${nl}image=$arg_image$nl"*) ;;
      *"${nl}image="*) fail in_use "jail $arg_name has another disk than $arg_image" ;;
      *) fail other_kind "jail $arg_name is a Jail with a tree of its own; an ImageJail takes its place only by archive and restore: archive it (JailArchive), remove it, then make the ImageJail with \`restore\`" ;;
    esac
  elif [ -e "$arg_image" ] && [ "${arg_adopt:-false}" = false ]; then
    fail foreign "$arg_image is there already, and is not ours; remove it by hand or give image.path"
  fi
  set +f
  found=$(grep -lFx "image=$arg_image" "$registry"/jail.* 2>/dev/null)
  set -f
  found=${found#"$registry/jail.$arg_name"}
  [ -z "$found" ] || fail in_use "the disk $arg_image belongs to another jail (${found##*/jail.}); give image.path"
}

disk_mark_data() {
  mark_data="${mark_data}image=$arg_image$nl"
}

# disk_stage STAGE: a new disk, mounted there
disk_stage() {
  disk_drop_stage
  progress "making the disk"
  make_dir "${arg_image%/*}"
  image_allocate "$staged_image" 0 "$arg_size"
  image_attach "$staged_image" init
  # shellcheck disable=SC2086 # options on purpose
  newfs $arg_newfs "$device" >"$work/newfs" 2>&1 ||
    { read_file "$work/newfs"; disk_drop_stage; fail bad_size "no file system could be made on the disk $arg_image: $text"; }
  mkdir "$1" || fail failed "cannot make $1"
  mount "$device" "$1" || fail failed "cannot mount $device on $1"
}

# disk_too_small STAGE: the size that would do, by what is to be copied
disk_too_small() {
  local need=0 size rest
  read_file "$work/cp"
  case $text in *'No space left on device'*) ;; *) return 0 ;; esac
  # shellcheck disable=SC2086 # our own paths have no white space
  du -sk "$arg_template" ${arg_flavors:-} >"$work/du" 2>/dev/null
  while read -r size rest; do need=$((need + size)); done <"$work/du"
  need=${need_kilobytes:-$need}
  disk_drop_stage
  fail disk_too_small "image.size: $((arg_size / 1048576)) MB are too small for the jail's files; they need about $((need * 12 / 10 / 1024 + 2))m"
}

disk_place() {
  # Nobody but us knows of it; what looks into every file system for a moment (a periodic job) doesn't spoil it.
  umount "$1" 2>/dev/null || { sleep 1; umount -f "$1"; } || fail in_use "cannot unmount $1"
  image_detach "$staged_image"
  rmdir "$1"
  fsync "$staged_image" || fail failed "cannot write $staged_image to the disk"
  [ -d "$arg_path" ] || mkdir "$arg_path" || fail failed "cannot make $arg_path"
  mv "$staged_image" "$arg_image" || fail failed "cannot rename $staged_image to $arg_image"
  flush "$arg_image" "${arg_image%/*}"
}

disk_drop_stage() {
  staged_image="${arg_image%/*}/.new-${arg_image##*/}"
  remove_tree "$arg_root/.new-$arg_name"
  image_detach "$staged_image"
  rm_if "$staged_image"
}

# disk_prepare: the mount point, and for an encrypted disk what only we have: its key
disk_prepare() {
  [ -d "$arg_path" ] || mkdir "$arg_path" || fail failed "cannot make $arg_path"
  [ "$arg_encrypted" = false ] || image_attach "$arg_image"
}

disk_release() {
  rm_if "$registry/opened.$arg_name"
  image_release "$arg_path" "$arg_image"
}

disk_remove() {
  disk_drop_stage
  disk_release
  rm_if "$arg_image"
  rm_if "$arg_image.growing"
  retire_tree "$arg_path"
  drop_dir "${arg_image%/*}"
}

disk_rename() {
  image_release "$arg_old_path" "$arg_old_image"
  image_move
  [ -d "$arg_path" ] || mkdir "$arg_path" || fail failed "cannot make $arg_path"
  [ ! -d "$arg_old_path" ] || rmdir "$arg_old_path" || fail in_the_way "$arg_old_path is not empty; move what is in it away"
}

# disk_by_mark: a move of the disk whose end nobody heard of was done all the same
disk_by_mark() {
  local line there=''
  if [ -f "${arg_old_image:-$arg_image}" ] || ! read_file "$registry/jail.${arg_old_name:-$arg_name}"; then return 0; fi
  while IFS= read -r line; do
    case $line in image=*) there=${line#image=} ;; esac
  done <<E
$text
E
  [ -f "$there" ] || return 0
  if [ -n "${arg_old_image:-}" ]; then arg_old_image=$there; else arg_image=$there; fi
}

# disk_change: the disk as it is to be: its file's name, its size, its key
disk_change() {
  if [ "${arg_old_image:-$arg_image}" != "$arg_image" ]; then
    is_running "$arg_name" || image_release "$arg_path" "$arg_old_image"
    image_move
  fi
  image_grow
  image_rekey
}

# disk_open: what is on it can be read at $arg_path
disk_open() {
  disk_prepare
  image_mount "$arg_image" "$arg_path"
}

# disk_settle: the jail doesn't run: its disk is attached for maintenance, or not at all
disk_settle() {
  if [ "$arg_state" = attached ]; then
    disk_open
  else
    disk_release
  fi
}

# disk_state
disk_state() {
  state=stopped
  mounts_below "$arg_path"
  case "$nl$mounts" in *"$nl$arg_path$nl"*) state=attached ;; esac
}
