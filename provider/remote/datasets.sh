# shellcheck shell=sh
# Data sets of the host that are handed to a jail (zfs-jail(8), zfsprops(7): jailed). They are the administrator's: never made and never destroyed
# here. The jail's mark has a line for each from before the first change of it, "dataset=NAME WAS MOUNTED PLACES", by which it is put back.

# check_datasets: they are there, nobody else's, and none of ours
check_datasets() {
  local name
  [ -n "${arg_datasets:-}" ] || return 0
  kldstat -qm zfs ||
    fail no_zfs "datasets: this host has no ZFS at work: load it (\`kldload zfs\`, \`sysrc zfs_enable=YES\`), or leave out \`datasets\`. Jail $arg_name is as it was"
  while IFS= read -r name; do
    check_dataset "$name"
    datasets_of_others "$name"
  done <<E
$arg_datasets
E
}

# check_dataset NAME
check_dataset() {
  local name property value found jailed=off
  found=$(zfs get -H -r -t filesystem,volume -o name,property,value "type,jailed,$zfs_mine" "$1" 2>"$work/zfs") ||
    { read_file "$work/zfs"; fail no_dataset "datasets: there is no data set $1 on this host; make it first (\`zfs create $1\`). Jail $arg_name is as it was: $text"; }
  while IFS='	' read -r name property value; do
    case "$property $value" in
      "$zfs_mine -") ;;
      "$zfs_mine "*) fail foreign "datasets: $name belongs to a zone of jails (BaseInstall: storage), and can't be handed to one; give another data set than $1. Jail $arg_name is as it was" ;;
      'type volume') [ "$name" != "$1" ] || fail no_dataset "datasets: $1 is a volume; give a file system. Jail $arg_name is as it was" ;;
      'jailed on') [ "$name" != "$1" ] || jailed=on ;;
    esac
  done <<E
$found
E
  [ "$jailed" = off ] || dataset_is_free "$1"
}

# dataset_is_free NAME: no jail that runs has it, also none that somebody else made
dataset_is_free() {
  local jail
  for jail in $(jls name); do
    case $jail in "$arg_name" | "${arg_old_name:-$arg_name}") continue ;; esac
    [ -z "$(timeout -k 1 10 jexec "$jail" /sbin/zfs list -H -o name "$1" 2>/dev/null </dev/null)" ] ||
      fail dataset_taken "datasets: $1 lies in jail $jail already (\`zfs unjail $jail $1\` takes it out). Jail $arg_name is as it was"
  done
}

# datasets_of_others NAME: no other jail of ours has it, or what it lies in, or what lies in it
datasets_of_others() {
  local file line other
  set +f
  for file in "$registry"/jail.* "$registry"/kept.jail.*; do
    set -f
    case ${file##*jail.} in *.new | "$arg_name" | "${arg_old_name:-$arg_name}") continue ;; esac
    [ -f "$file" ] || continue
    while IFS= read -r line; do
      case $line in dataset=*) other=${line#dataset=} && other=${other%% *} ;; *) continue ;; esac
      case "$other/" in "$1"/*) ;; *) case "$1/" in "$other"/*) ;; *) continue ;; esac ;; esac
      fail dataset_taken "datasets: $other is handed to jail ${file##*jail.} already. Jail $arg_name is as it was"
    done <"$file"
  done
  set -f
}

# datasets_marked: the lines of the mark, in $handed
datasets_marked() {
  local line
  handed=''
  read_file "$registry/jail.$arg_name" || read_file "$registry/jail.${arg_old_name:-$arg_name}" || return 0
  while IFS= read -r line; do
    case $line in dataset=*) handed="$handed$line$nl" ;; esac
  done <<E
$text
E
}

# datasets_mark_data: those that the jail has, and gets, as they were before
datasets_mark_data() {
  local line name
  datasets_marked
  while IFS= read -r line; do
    name=${line#dataset=}
    case "$nl${datasets_back:-}" in *"$nl${name%% *}$nl"*) ;; *) [ -z "$line" ] || mark_data="$mark_data$line$nl" ;; esac
  done <<E
$handed
E
  while IFS= read -r name; do
    case "$nl$handed" in *"${nl}dataset=$name "*) continue ;; esac
    [ -z "$name" ] || { dataset_was "$name" && mark_data="${mark_data}dataset=$name $was$nl"; }
  done <<E
${arg_datasets:-}
E
}

# dataset_was NAME: on, off or inherited, whether it is mounted, and where it would be, in $was
dataset_was() {
  local property value source found
  found=$(zfs get -H -o property,value,source jailed,mounted "$1" 2>"$work/zfs") || { read_file "$work/zfs"; fail no_dataset "datasets: $text"; }
  while IFS='	' read -r property value source; do
    case "$property $value $source" in
      'jailed on '*) was=on ;;
      'jailed off local') was=off ;;
      'jailed '*) was=inherited ;;
      *) was="$was $value" ;;
    esac
  done <<E
$found
E
  was="$was $(dataset_places "$1")"
}

# dataset_places NAME: a digest of the mount points that are set in it
dataset_places() {
  zfs get -H -r -t filesystem -s local -o name,value mountpoint "$1" | sha256 -q
}

# datasets_hand: before the jail starts: from here on the host doesn't mount them
datasets_hand() {
  local name
  while IFS= read -r name; do
    if [ -z "$name" ] || [ "$(zfs get -H -o value jailed "$name")" = on ]; then continue; fi
    zfs_do set jailed=on "$name" || fail dataset_busy "datasets: $name could not be handed to jail $arg_name: $text"
  done <<E
${arg_datasets:-}
E
}

# datasets_settle: those that the jail has no more are as they were before
datasets_settle() {
  local line name back=''
  datasets_marked
  while IFS= read -r line; do
    [ -n "$line" ] || continue
    name=${line#dataset=}
    name=${name%% *}
    case "$nl${arg_datasets:-}$nl" in *"$nl$name$nl"*) continue ;; esac
    # shellcheck disable=SC2086 # split on purpose
    dataset_put_back ${line#dataset=}
    back="$back$name$nl"
  done <<E
$handed
E
  [ -n "$back" ] || return 0
  datasets_back="${datasets_back:-}$back"
  jail_mark
}

# dataset_put_back NAME WAS MOUNTED PLACES: one that was never handed over, or was put back before a cut, is as it was but for its mount
dataset_put_back() {
  case "$2 $(zfs get -H -o value jailed "$1" 2>/dev/null)" in
    'on on') dataset_unmount "$1" ;;
    *' on') dataset_unmount "$1" && dataset_take_back "$@" ;;
    *' off') [ "$3" != yes ] || dataset_mount "$1" ;;
  esac
}

# dataset_take_back NAME WAS MOUNTED PLACES: what runs in a jail may have changed where it is mounted, and the host is not to follow that
dataset_take_back() {
  if [ "$(dataset_places "$1")" != "$4" ]; then
    warn "datasets: $1 stays jailed, so that the host doesn't mount it: mount points in it were changed from inside of the jail; look at them (\`zfs get -r mountpoint $1\`), then \`zfs inherit jailed $1\`"
    return 0
  fi
  case $2 in off) zfs_do set jailed=off "$1" ;; *) zfs_do inherit jailed "$1" ;; esac || fail zfs_failed "datasets: $1 could not be taken back: $text"
  [ "$3" != yes ] || dataset_mount "$1"
}

# dataset_unmount NAME: what the jail has left mounted of it, the deepest first
dataset_unmount() {
  local name mounted
  while IFS='	' read -r name mounted; do
    [ "$mounted" != yes ] || zfs_do unmount -f "$name" || fail in_use "datasets: $name could not be unmounted: $text"
  done <<E
$(zfs list -H -r -t filesystem -o name,mounted "$1" | sort -r)
E
}

# dataset_mount NAME: with what is in it, as `zfs mount -a` does
dataset_mount() {
  local name can at mounted
  while IFS='	' read -r name can at mounted; do
    case "$can $at $mounted" in 'on /'*' no') zfs_do mount "$name" || warn "datasets: $name is not mounted on the host again: $text" ;; esac
  done <<E
$(zfs list -H -r -t filesystem -o name,canmount,mountpoint,mounted "$1")
E
}
