# shellcheck shell=sh
# A disk in a file. What is attached as which unit is asked of mdconfig(8) each time.

# image_unit FILE: the unit that it is attached as, in $unit; empty where it is not
image_unit() {
  local file="$1"
  unit=''
  [ -f "$file" ] || return 0
  # shellcheck disable=SC2046 # its words: md0 md1
  set -- $(mdconfig -lf "$file" 2>/dev/null)
  [ $# -le 1 ] || fail attached_twice "the disk $file is attached $# times ($*): detach all but the one that is mounted (mdconfig -du N), before the data on it is destroyed"
  unit=${1:-}
}

# image_attach FILE [init]: attached, and opened if it is encrypted; what is to be mounted is $device
image_attach() {
  image_unit "$1"
  if [ -z "$unit" ]; then
    unit=$(mdconfig -a -t vnode -f "$1" 2>"$work/md") || { read_file "$work/md"; fail bad_image "the disk $1 cannot be attached: $text"; }
  fi
  device="/dev/$unit"
  [ "$arg_encrypted" = true ] || return 0
  if [ "${2:-}" = init ]; then image_encrypt "$1"; fi
  if [ ! -e "$device.eli" ]; then image_open "$1"; fi
  device="$device.eli"
}

# image_encrypt FILE: without a copy of the keys in /var/backups; the passphrase goes on standard input
image_encrypt() {
  set -- "$1" -B none -s 4096 -e "$arg_algorithm" -l "$arg_key_length"
  [ -z "${arg_iterations:-}" ] || set -- "$@" -i "$arg_iterations"
  image_with_key init "$@" || fail failed "the disk $1 could not be encrypted: $text"
}

# image_with_key COMMAND FILE OPTION…: geli init or setkey with the key that is asked for
image_with_key() {
  local command="$1"
  shift 2
  if [ -n "${arg_keyfile:-}" ]; then
    image_need_keyfile "$arg_keyfile"
    geli "$command" "$@" -P -K "$arg_keyfile" "$device" >"$work/geli" 2>&1
  else
    printf '%s' "$arg_passphrase" | geli "$command" "$@" -J - "$device" >"$work/geli" 2>&1
  fi || { read_file "$work/geli"; return 1; }
}

image_need_keyfile() {
  [ -s "$1" ] || fail no_keyfile "image.encryption.keyfile: there is no key in $1 on this host"
}

# image_open FILE: with the key that is asked for, else with the one from before
image_open() {
  image_undo_growing "$1"
  if image_try "${arg_passphrase:-}" "${arg_keyfile:-}"; then return 0; fi
  local said="$text"
  if image_try "${arg_old_passphrase:-}" "${arg_old_keyfile:-}"; then return 0; fi
  mdconfig -du "$unit" 2>/dev/null
  case $said in
    *'Wrong key'*) fail wrong_key "the ${arg_passphrase:+passphrase}${arg_keyfile:+key file} of the disk $1 is wrong; correct image.encryption (nothing was changed)" ;;
    *) fail bad_image "the encrypted disk $1 cannot be opened: $said" ;;
  esac
}

# image_try PASSPHRASE KEYFILE
image_try() {
  text=''
  if [ -n "$2" ]; then
    image_need_keyfile "$2"
    geli attach -p -k "$2" "$device" >"$work/geli" 2>&1
  elif [ -n "$1" ]; then
    printf '%s' "$1" | geli attach -j - "$device" >"$work/geli" 2>&1
  else
    false
  fi || { read_file "$work/geli"; return 1; }
}

# image_detach FILE
image_detach() {
  image_unit "$1"
  [ -n "$unit" ] || return 0
  if [ -e "/dev/$unit.eli" ]; then
    geli detach "$unit.eli" 2>"$work/geli" || { read_file "$work/geli"; fail in_use "the disk $1 is still in use: $text"; }
  fi
  mdconfig -du "$unit" 2>"$work/md" || { read_file "$work/md"; fail in_use "the disk $1 is still in use: $text"; }
}

# image_release PATH FILE: unmounted and detached
image_release() {
  unmount_below "$1"
  image_detach "$2"
}

# image_mount FILE PATH: checked before, unless it is mounted there already. $device is what is attached
image_mount() {
  mounts_below "$2"
  case "$nl$mounts" in *"$nl$2$nl"*) return 0 ;; esac
  image_attach "$1"
  image_check "$1"
  mount "$device" "$2" || fail failed "the disk $1 cannot be mounted"
}

# image_check FILE: a disk that can't be repaired stays as it is
image_check() {
  fsck_ffs -p "$device" >"$work/fsck" 2>&1 && return 0
  read_file "$work/fsck"
  local said="$text"
  image_detach "$1"
  fail broken_disk "the disk $1 is damaged, and fsck_ffs -p cannot repair it; it was left as it is. Look at it by hand (mdconfig -a -t vnode -f $1; fsck_ffs /dev/mdN), or restore the jail from an archive. It said: $said"
}

# image_allocate FILE FROM TO: so many bytes, with holes or without
image_allocate() {
  local room
  if [ "$arg_sparse" = false ]; then
    room=$(df -k "${1%/*}" | tail -n 1 | awk '{ print $4 }')
    [ "$(((arg_size - $2) / 1024))" -lt "$room" ] ||
      fail disk_full "image.size: $((arg_size / 1048576)) MB are more than the $((room / 1024)) MB that are free in ${1%/*}; make it smaller, or \`sparse\`"
    ( umask 077; dd if=/dev/zero "of=$1" bs=4096 "seek=$(($2 / 4096))" "count=$((($3 - $2) / 4096))" conv=notrunc 2>"$work/dd" ) ||
      { read_file "$work/dd"; fail disk_full "cannot write $1: $text"; }
  fi
  ( umask 077; truncate -s "$3" "$1" ) || fail disk_full "cannot make $1"
}

# image_move: to its new name, while nothing has it
image_move() {
  [ "$arg_old_image" != "$arg_image" ] && [ -f "$arg_old_image" ] || return 0
  [ ! -e "$arg_image" ] || fail foreign "$arg_image is there already; move it out of the way or choose another image.path"
  make_dir "${arg_image%/*}"
  mv "$arg_old_image" "$arg_image" || fail failed "cannot rename $arg_old_image to $arg_image"
  flush "$arg_image" "${arg_image%/*}" "${arg_old_image%/*}"
  drop_dir "${arg_old_image%/*}"
}

# image_grow: the file, the unit, the file system; live if it is mounted. Until that is done, a file beside it has the old size.
image_grow() {
  local now
  now=$(stat -f %z "$arg_image") || fail gone "the disk $arg_image is gone"
  [ "$now" -le "$arg_size" ] || fail smaller "image.size: a disk only grows, and $arg_image has $now bytes already"
  [ "$now" -lt "$arg_size" ] || [ -f "$arg_image.growing" ] || return 0
  progress "growing the disk"
  image_attach "$arg_image"
  mounts_below "$arg_path"
  case "$nl$mounts" in *"$nl$arg_path$nl"*) ;; *) image_check "$arg_image" ;; esac
  [ -f "$arg_image.growing" ] || { printf '%s\n' "$now" >"$arg_image.growing" && fsync "$arg_image.growing"; } || fail disk_full "cannot write $arg_image.growing"
  image_allocate "$arg_image" "$now" "$arg_size"
  mdconfig -r -u "$unit" -s "$((arg_size / 1024))k" 2>"$work/md" || { read_file "$work/md"; fail failed "the disk $arg_image could not be grown: $text"; }
  if ! growfs -y "$device" >"$work/growfs" 2>&1; then
    read_file "$work/growfs"
    case $text in *'is equal to'* | *'is not larger'*) ;; *) fail failed "the file system on $arg_image could not be grown: $text" ;; esac
  fi
  rm_if "$arg_image.growing"
}

# image_undo_growing FILE: geli's metadata is the last sector: a file that became longer while nobody had it attached is cut back
image_undo_growing() {
  [ -f "$1.growing" ] || return 0
  if geli dump "$device" >/dev/null 2>&1; then return 0; fi
  read_file "$1.growing"
  mdconfig -du "$unit" || fail in_use "cannot detach $unit"
  truncate -s "$text" "$1" || fail failed "cannot bring $1 back to its size"
  unit=$(mdconfig -a -t vnode -f "$1") || fail bad_image "the disk $1 cannot be attached"
  device="/dev/$unit"
}

# image_rekey: another passphrase, key file or number of iterations
image_rekey() {
  [ "${arg_rekey:-false}" = true ] && [ "$arg_encrypted" = true ] || return 0
  progress "changing the key"
  image_attach "$arg_image"
  device="/dev/$unit"
  set --
  [ -z "${arg_iterations:-}" ] || set -- -i "$arg_iterations"
  image_with_key setkey "$arg_image" "$@" || fail failed "the key of the disk $arg_image could not be changed: $text"
}
