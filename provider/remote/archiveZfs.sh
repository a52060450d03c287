# shellcheck shell=sh
# Archives of jails as snapshots (zfs-snapshot(8)), made and restored without a copy. Each is a read-only clone, ROOT/archive/NAME-TIME.zfs, so that
# it outlives its jail: the clone takes the snapshot over when the jail goes. It is mounted only while it is copied. Its manifest lies beside it.

# shot_possible: the jail lies in a data set
shot_possible() {
  [ -z "$arg_image" ] || fail no_zfs "snapshot: jail $arg_name is an ImageJail, whose disk is a file; leave out \`snapshot\`, and its archive is a file, too"
  [ "${arg_given:-false}" = false ] || fail no_zfs "snapshot: the tree of jail $arg_name was there before it (\`path\`), and is no data set of ours; leave out \`snapshot\`"
  [ -n "$zone" ] || fail no_zfs "snapshot: jail $arg_name does not lie on ZFS (BaseInstall: storage); leave out \`snapshot\`, and its archive is a file"
}

# shot_make: the jail is stopped for the snapshot alone. One of a running jail has its files as a power cut would leave them.
shot_make() {
  local up status stamp=''
  archive_down
  progress "archiving"
  archive_sweep "$arg_folder"
  shot_name
  ( shot_take )
  status=$?
  if [ "$up" = true ] && ! is_running "$arg_name"; then ( jail_start ) || status=$?; fi
  [ "$status" != 0 ] || ( shot_manifest && archive_marked ) || status=$?
  if [ "$status" != 0 ]; then
    archive_sweep "$arg_folder"
    exit "$status"
  fi
  archive_prune
  archive_report
}

# shot_name: the next one, in $archive, and its moment in $stamp
shot_name() {
  while :; do
    stamp=$(date -u +%Y%m%dT%H%M%SZ)
    archive="$arg_folder/$arg_name-$stamp.zfs"
    zfs_look "$archive"
    [ "$zfs_is" != none ] || return 0
    sleep 1
  done
}

# shot_take: a snapshot, and the clone that keeps it
shot_take() {
  local snapshot
  zfs_name "$arg_path"
  snapshot="$dataset@$zfs_tag.$stamp"
  sync
  zfs_do snapshot "$snapshot" || fail archive_failed "jail $arg_name could not be archived: $text"
  zfs_name "$archive"
  zfs_do clone -o readonly=on -o canmount=noauto -o "mountpoint=$archive" -o "$zfs_mine=archive" "$snapshot" "$dataset" ||
    fail archive_failed "jail $arg_name could not be archived: $text"
}

# shot_manifest: with it, it is an archive
shot_manifest() {
  local temporary="$arg_folder/.new-$arg_name.$stamp.manifest" size digest=''
  zfs_name "$archive"
  size=$(zfs get -Hp -o value logicalreferenced "$dataset") || fail zfs_failed "$dataset is gone"
  make_dir "$arg_folder" 0700
  archive_hold "$arg_folder" "$temporary"
  ( umask 077; { archive_manifest "$((size / 1024))" && printf '%s\n' "dataset=$dataset"; } >"$temporary" ) || unwritten "$temporary"
  fsync "$temporary" || unwritten "$temporary"
  mv "$temporary" "$archive.manifest" || fail failed "cannot rename $temporary"
  flush "$archive.manifest" "$arg_folder"
}

# shot_sweep: what one that was cut off left: a clone without a manifest, a snapshot without a clone; and manifests whose clones are gone
shot_sweep() {
  local name file there
  there=$(zfs list -H -d 1 -t filesystem -o name "$zone" 2>/dev/null) || return 0
  while IFS= read -r name; do
    name=${name#"$zone/archive."}
    case ${name#"$arg_name-"} in
      "$name") ;;
      [0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]T[0-9][0-9][0-9][0-9][0-9][0-9]Z.zfs)
        [ -f "$arg_root/archive/$name.manifest" ] || zfs_drop "$arg_root/archive/$name"
        ;;
    esac
  done <<E
$there
E
  zfs_tidy "$arg_path"
  set +f
  set -- "$arg_root/archive/$arg_name"-*.zfs.manifest
  set -f
  for file; do
    manifest_read "${file%.manifest}" || continue
    case "$m_dataset $nl$there$nl" in *"$nl$m_dataset$nl"*) ;; "$zone"/*) rm_if "$file" ;; esac
  done
}

# shot_drop ARCHIVE: its manifest is gone for good before it is
shot_drop() {
  flush "${1%/*}"
  zfs_drop "$1"
}

# shot_verify: $arg_archive is one, for this base and this jail; its data set is there, in $m_dataset
shot_verify() {
  progress "checking the archive"
  archive_fits "$arg_archive"
  archive_as_named
  zfs get -H -o property,value,source "$zfs_mine,mountpoint" "$m_dataset" >"$work/zfs.get" 2>"$work/zfs" ||
    { read_file "$work/zfs"; fail no_archive "the data set $m_dataset of the archive $arg_archive is gone: $text"; }
  read_file "$work/zfs.get"
  case "$nl$text$nl" in
    "$nl$zfs_mine	archive	local${nl}mountpoint	$arg_archive	local$nl") ;;
    *) fail foreign "the data set $m_dataset is not the archive $arg_archive" ;;
  esac
}

# shot_clones: the jail is a clone of it: restored in the same pool
shot_clones() {
  case ${arg_archive:-} in *.zfs) ;; *) return 1 ;; esac
  [ "$arg_archive_as" = restore ] && [ -n "$zone" ] && [ "${zone%%/*}" = "${m_dataset%%/*}" ]
}

# shot_unpack STAGE: what tar(1) does with a file
shot_unpack() {
  local status
  ! shot_clones || return 0
  progress "copying the archive"
  zfs_do mount "$m_dataset" || case $text in *'already mounted'*) ;; *) fail zfs_failed "the archive $arg_archive could not be mounted: $text" ;; esac
  # shellcheck disable=SC2086 # options on purpose
  if [ "$arg_archive_as" = template ]; then tree_pipe "$arg_archive" "$1" $not_for_copies; else tree_pipe "$arg_archive" "$1"; fi
  status=$?
  shot_close
  [ "$status" != 0 ] || return 0
  need_kilobytes=$m_kilobytes
  tree_pipe_broke "$1"
  fail bad_archive "the archive $arg_archive could not be copied: $text"
}

# shot_close: mounted nowhere, also where a copy was cut off
shot_close() {
  manifest_read "$arg_archive" || return 0
  zfs unmount -f "$m_dataset" 2>/dev/null || :
  [ ! -d "$arg_archive" ] || rmdir "$arg_archive" || fail in_use "$arg_archive could not be unmounted"
}
