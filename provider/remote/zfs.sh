# shellcheck shell=sh
# Bases and jails as data sets (zfs(8), zfsprops(7)). A zone on ZFS has a data set, $zone, which is mounted nowhere; in it are
# sharedfs.RELEASE, template.RELEASE, and each jail under its name, mounted where the folders of other zones are. What zfs(8) has done
# is on the disk when it returns. Each of ours bears a property from the moment that it is there; what doesn't is never touched.

zfs_mine=pulumi-freebsd-jails:kind
zfs_tag=pulumi-freebsd-jails

# zfs_do ARGUMENT…: false with what it said in $text
zfs_do() {
  zfs "$@" >"$work/zfs" 2>&1 && return 0
  read_file "$work/zfs"
  return 1
}

# zfs_name PATH: the data set that is mounted there, in $dataset
zfs_name() {
  local last="${1##*/}" folder="${1%/*}" new=''
  folder=${folder#"$arg_root"}
  folder=${folder#/}
  case $last in .new-*) new=new. last=${last#.new-} ;; esac
  dataset="$zone/$new$folder${folder:+.}$last"
}

# zfs_look PATH: its data set is "none", "ours" or "foreign", in $zfs_is; $zfs_at and $zfs_mounted say where it belongs and whether it is there
zfs_look() {
  local property value source
  zfs_is=none zfs_at='' zfs_mounted=''
  zfs_name "$1"
  if ! zfs get -H -o property,value,source "$zfs_mine,mountpoint,mounted" "$dataset" >"$work/zfs.get" 2>"$work/zfs"; then
    read_file "$work/zfs"
    case $text in *'does not exist'*) return 0 ;; *) fail zfs_failed "the data set $dataset cannot be looked at: $text" ;; esac
  fi
  zfs_is=foreign
  while IFS='	' read -r property value source; do
    case $property in
      mountpoint) zfs_at=$value ;;
      mounted) zfs_mounted=$value ;;
      *) [ "$source" != local ] || zfs_is=ours ;;
    esac
  done <"$work/zfs.get"
}

# zfs_refuse_foreign PATH: nothing is begun where another's data set has the name
zfs_refuse_foreign() {
  zfs_look "$1"
  case $zfs_is in
    foreign) fail foreign "the data set $dataset is there already, and is not ours; rename or destroy it by hand, or choose another name or storage.zfs.dataset" ;;
    ours) case $zfs_at in "$arg_root"/*) ;; *) fail foreign "the data set $dataset belongs to another zone ($zfs_at); give each zone a storage.zfs.dataset of its own" ;; esac ;;
  esac
}

# zfs_need: a host with ZFS and the pool
zfs_need() {
  local yes
  kldstat -qm zfs ||
    fail no_zfs "storage.zfs: this host has no ZFS at work: load it (\`kldload zfs\`, \`sysrc zfs_enable=YES\`) and make a pool (zpool(8)), or leave out \`storage\`"
  zfs_do list -H -o name "${zone%%/*}" || fail no_pool "storage.zfs: there is no pool ${zone%%/*} on this host (see \`zpool list\`): $text"
  yes=$(sysrc -n zfs_enable 2>/dev/null)
  case $yes in
    [Yy][Ee][Ss] | [Tt][Rr][Uu][Ee] | [Oo][Nn] | 1) ;;
    *) warn "zfs_enable is not YES in this host's rc.conf: after a reboot its data sets are not mounted, and their jails don't start; \`sysrc zfs_enable=YES\`" ;;
  esac
}

# zfs_zone: the zone's data set; one that is there already is used as it is, and stays
zfs_zone() {
  zfs_do list -H -o name "$zone" && return 0
  zfs_do create -o canmount=off -o mountpoint=none -o "$zfs_mine=zone" "$zone" && return 0
  case $text in *'already exists'*) ;; *) fail zfs_failed "storage.zfs.dataset: $text" ;; esac
}

# zfs_zone_drop: with the last data set in it goes the zone's, if we made it
zfs_zone_drop() {
  [ "$(zfs get -H -o source "$zfs_mine" "$zone" 2>/dev/null)" != local ] || zfs destroy "$zone" 2>/dev/null || :
}

# zfs_make PATH KIND [DATASET [fresh]]: empty, or as DATASET is now, without a copy; mounted at PATH
zfs_make() {
  local place="$1" kind="$2" from="${3:-}" fresh="${4:-}" tries=0 snapshot=''
  while :; do
    # The zone's data set, or the snapshot, may have gone with the last of another resource's just now.
    [ -z "$from" ] || zfs_snapshot "$from" "$fresh"
    zfs_name "$place"
    set -- -o "mountpoint=$place" -o "$zfs_mine=$kind"
    [ -z "${compression:-}" ] || set -- "$@" -o "compression=$compression"
    if [ -z "$from" ]; then
      zfs_do create "$@" "$dataset" && return 0
    else
      zfs_do clone "$@" "$snapshot" "$dataset" && return 0
    fi
    tries=$((tries + 1))
    case "$tries $text" in [1-3]' '*'does not exist'*) zfs_zone ;; *) fail zfs_failed "$place could not be made: $text" ;; esac
  done
}

# zfs_snapshot DATASET [fresh]: the snapshot that clones of it are made of, in $snapshot. Bases and templates stay as they are, and their
# newest one serves all (they are listed as they were made); what else is cloned may have those of older archives, and gets one for each
# clone. Nobody else's has its name, also where a promotion has moved it.
zfs_snapshot() {
  if [ "$2" != fresh ]; then
    snapshot=$(zfs list -H -d 1 -t snapshot -o name "$1" | grep -F "$1@$zfs_tag." | tail -n 1)
    [ -z "$snapshot" ] || return 0
  fi
  snapshot="$1@$zfs_tag.${arg_token%"${arg_token#????????????}"}"
  sync
  zfs_do snapshot "$snapshot" && return 0
  case "$2 $text" in 'fresh '*'already exists'*) ;; *) fail zfs_failed "no clone can be made of $1: $text" ;; esac
}

# zfs_put FROM TO: what was made at FROM is whole, and goes to its place. The last step gives it its name.
zfs_put() {
  local from
  zfs_name "$1"
  from=$dataset
  zfs_do set "mountpoint=$2" "$from" || fail zfs_failed "$1 could not be mounted at $2: $text"
  [ ! -d "$1" ] || rmdir "$1" || fail in_the_way "$1 is not empty; move what is in it away"
  zfs_name "$2"
  zfs_do rename "$from" "$dataset" || fail zfs_failed "$from could not become $dataset: $text"
}

# zfs_mount PATH: mounted where it belongs, also after a boot without zfs_enable, or a change that was cut off
zfs_mount() {
  zfs_look "$1"
  [ "$zfs_is" = ours ] || return 0
  if [ "$zfs_at" != "$1" ]; then
    zfs_do set "mountpoint=$1" "$dataset" || fail zfs_failed "$dataset could not be mounted at $1: $text"
  elif [ "$zfs_mounted" = no ]; then
    zfs_do mount "$dataset" || fail zfs_failed "$dataset could not be mounted: $text"
  fi
}

# unmount_inside PATH: all that is mounted below it, and not itself
unmount_inside() {
  local point
  mounts_below "$1"
  while IFS= read -r point; do
    [ -z "$point" ] || [ "$point" = "$1" ] || umount "$point" 2>/dev/null || umount -f "$point" || fail in_use "cannot unmount $point, which is still in use"
  done <<E
$mounts
E
}

# zfs_drop PATH: its data set with its snapshots, if it is ours, and the folder below it. Who was cloned of it goes on without it. The
# snapshot that it was cloned from goes with its last clone, also where a promotion has moved it.
zfs_drop() {
  local below origin
  zfs_look "$1"
  if [ "$zfs_is" = ours ]; then
    below=$(zfs list -H -r -t filesystem,volume -o name "$dataset" | sed 1d | head -n 3)
    [ -z "$below" ] || fail in_use "data sets of somebody else's lie in $dataset ($below); rename or destroy them by hand"
    case $zfs_at in /*) unmount_inside "$zfs_at" ;; esac
    zfs_free "$dataset"
    origin=$(awk -F '\t' -v "of=$dataset" '$1 == of { print $2 }' "$work/zfs.list")
    zfs_do destroy -rf "$dataset" || fail in_use "$dataset could not be destroyed: $text"
    case $origin in *"@$zfs_tag."*) zfs destroy "$origin" 2>/dev/null || : ;; esac
    case $zfs_at in "$1") ;; "$arg_root"/*) [ ! -d "$zfs_at" ] || rmdir "$zfs_at" 2>/dev/null || : ;; esac
  fi
  [ ! -d "$1" ] || [ "$zfs_is" = foreign ] || rmdir "$1" || fail in_the_way "$1 is not empty; move what is in it away"
}

# zfs_free DATASET: its clones take over the snapshots that they need
zfs_free() {
  local clone
  while :; do
    zfs list -H -t filesystem,volume -o name,origin >"$work/zfs.list" || fail zfs_failed "zfs list failed"
    clone=$(awk -F '\t' -v "of=$1@" 'index($2, of) == 1 { print $1; exit }' "$work/zfs.list")
    [ -n "$clone" ] || return 0
    zfs_do promote "$clone" || fail zfs_failed "$1 could not be destroyed, as $clone is a clone of it that could not be promoted: $text"
  done
}

# zfs_tidy PATH: snapshots of ours of which nothing is a clone any more
zfs_tidy() {
  local name
  zfs_name "$1"
  zfs list -H -d 1 -t snapshot -o name "$dataset" >"$work/zfs.list" 2>/dev/null || return 0
  while IFS= read -r name; do
    case $name in "$dataset@$zfs_tag."*) zfs destroy "$name" 2>/dev/null || : ;; esac
  done <"$work/zfs.list"
}

# The same for both kinds of zones.

# place_there PATH: whole, under its name
place_there() {
  [ -n "$zone" ] || { [ -d "$1" ]; return; }
  zfs_refuse_foreign "$1"
  [ "$zfs_is" = ours ]
}

# place_new PATH KIND: an empty one
place_new() {
  if [ -n "$zone" ]; then
    zfs_make "$1" "$2"
  else
    mkdir "$1" || fail failed "cannot make $1"
  fi
}

# place_put FROM TO
place_put() {
  if [ -n "$zone" ]; then
    zfs_put "$1" "$2"
  else
    mv "$1" "$2" || fail failed "cannot rename $1"
  fi
}

# place_drop PATH: of one that was begun, nothing stays
place_drop() {
  if [ -n "$zone" ]; then zfs_drop "$1"; else remove_tree "$1"; fi
}

# place_retire PATH
place_retire() {
  if [ -n "$zone" ]; then zfs_drop "$1"; else retire_tree "$1"; fi
}
