# shellcheck shell=sh
# The functions of disk.sh for a tree that is a data set: a clone of its template, or of its whole base if it is a thick one.

disk_is_there() {
  place_there "$arg_path" && return 0
  # A rename that was cut off before the data set's.
  [ "${arg_old_path:-$arg_path}" != "$arg_path" ] && place_there "$arg_old_path"
}

disk_in_the_way() {
  zfs_look "$arg_path"
  [ "$zfs_is" != none ] || [ -e "$arg_path" ]
}

disk_check() {
  zfs_refuse_foreign "$arg_path"
}

disk_mark_data() {
  mark_data="${mark_data}zone=$zone$nl"
}

# disk_stage STAGE: filled already, if it is a clone
disk_stage() {
  zfs_drop "$1"
  disk_filled=false
  if shot_clones; then
    zfs_make "$1" jail "$m_dataset" fresh
    disk_filled=true
  elif [ -n "${arg_archive:-}${arg_source_jail:-}" ]; then
    zfs_make "$1" jail
  else
    zfs_name "$arg_template"
    zfs_make "$1" jail "$dataset"
    disk_filled=true
  fi
}

disk_place() {
  zfs_name "$1"
  disk_quota "$dataset"
  zfs_put "$1" "$arg_path"
}

disk_drop_stage() {
  zfs_drop "$arg_root/.new-$arg_name"
}

# disk_quota DATASET: as it is asked for, where it is another one
disk_quota() {
  local now
  now=$(zfs get -Hp -o value refquota "$1") || fail zfs_failed "$1 is gone"
  [ "$now" != "${arg_quota:-0}" ] || return 0
  zfs_do set "refquota=${arg_quota:-none}" "$1" && return 0
  case $text in
    *'less than current used'*) fail quota_too_small "quota: $((arg_quota / 1024)) KB are less than the $(($(zfs get -Hp -o value referenced "$1") / 1024)) KB that jail $arg_name uses" ;;
    *) fail zfs_failed "quota: $text" ;;
  esac
}

# disk_compress DATASET: as its base's
disk_compress() {
  local value source
  zfs get -H -o value,source compression "$1" >"$work/zfs.get" || fail zfs_failed "$1 is gone"
  IFS='	' read -r value source <"$work/zfs.get"
  if [ -n "$compression" ]; then
    [ "$value $source" = "$compression local" ] || zfs_do set "compression=$compression" "$1" || fail zfs_failed "storage.zfs.compression: $text"
  elif [ "$source" = local ]; then
    zfs_do inherit compression "$1" || fail zfs_failed "storage.zfs.compression: $text"
  fi
}

disk_change() {
  zfs_mount "$arg_path"
  disk_quota "$dataset"
  disk_compress "$dataset"
}

disk_prepare() {
  zfs_mount "$arg_path"
}

disk_open() {
  zfs_mount "$arg_path"
}

disk_release() {
  unmount_inside "$arg_path"
}

disk_remove() {
  zfs_drop "$arg_root/.new-$arg_name"
  zfs_drop "$arg_path"
  zfs_tidy "$arg_template"
  zfs_zone_drop
}

disk_rename() {
  zfs_look "$arg_old_path"
  [ "$zfs_is" = ours ] || return 0
  unmount_inside "$arg_old_path"
  zfs_refuse_foreign "$arg_path"
  [ "$zfs_is" = none ] || fail foreign "the data set $dataset is there already; choose another name"
  # The data set has its new name for good at once; so the mark that says so comes first.
  fsync "$mark" || fail failed "cannot write $mark to the disk"
  zfs_put "$arg_old_path" "$arg_path"
}

disk_report() {
  zfs_name "$arg_path"
  fact dataset "$dataset"
}
