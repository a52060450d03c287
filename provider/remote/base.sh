# shellcheck shell=sh
# A shared base and the template of its jails, made from a release's archives: fetched or found, checked, unpacked beside its place, and
# renamed when it is whole. Handbook, "Service Jails"; release(7) for the archives.
# $arg_sets has lines of NAME SHA256 ENTRIES ("-" where not known), base first; $arg_urls lines of NAME URL for those to be fetched.

. "$library/template.sh"
. "$library/zfs.sh"
. "$library/basePatch.sh" # a built world, and patches

# All that a base can be made of.
base_archives='base lib32 ports src'

# Its zone's data set, and the compression of those in it; none where it lies in folders.
zone=${arg_zone:-}
compression=${arg_compression:-}

# op_create
op_create() {
  local there=false
  base_check_host
  [ -z "$zone" ] || zfs_need
  if place_there "$arg_path" || place_there "$arg_template" || [ -e "$arg_path" ] || [ -e "$arg_template" ]; then there=true; fi
  base_mark_data
  mark_take_back "$arg_mark" "$there"
  claim "$arg_mark" "$there" "a base $arg_path"
  ( base_make )
  local status=$?
  [ "$status" = 0 ] || base_undo
  return "$status"
}

# op_update: only the mark can change, and the compression; a base is immutable
op_update() {
  base_mark_data
  own "$arg_mark" "base $arg_path"
  [ -z "$zone" ] || base_settle_zfs
  [ -d "$arg_path/bin" ] || fail gone "the base $arg_path is gone; run \`pulumi refresh\`, then \`pulumi up\`"
  mark_write "$arg_mark"
  base_report
}

# op_delete: unless a jail still uses it
op_delete() {
  owns "$arg_mark" || { drop_left; return 0; }
  base_in_use
  if [ -n "$kept_for" ]; then
    base_mark_data
    mark_hand_over "$arg_mark"
    warn "the base $arg_path stays, for jail $kept_for, which was handed back"
  else
    base_remove
  fi
}

base_mark_data() {
  mark_data="path=$arg_path${nl}template=$arg_template${nl}"
  [ -z "$zone" ] || mark_data="${mark_data}zone=$zone${nl}compression=$compression$nl"
}

# base_settle_zfs: it is mounted, and it and the jails on it are compressed as asked for
base_settle_zfs() {
  local file
  . "$library/diskZfs.sh"
  for file in "$arg_path" "$arg_template"; do
    zfs_mount "$file"
    disk_compress "$dataset"
  done
  set +f
  set -- "$registry"/jail.*
  set -f
  for file; do
    case $file in *.new) continue ;; esac
    read_file "$file" || continue
    case "$nl$text$nl" in *"${nl}base=$arg_path$nl"*"${nl}zone=$zone$nl"*) ;; *) continue ;; esac
    zfs_look "$arg_root/${file##*/jail.}"
    [ "$zfs_is" != ours ] || disk_compress "$dataset"
  done
}

# base_check_host: the host's kernel can run that release; its name in $release
base_check_host() {
  kernel=$(uname -K) || fail failed "uname -K failed"
  release=$arg_release
  if [ "$release" = host ]; then
    release=$(freebsd-version -u) || fail failed "freebsd-version failed"
    release=${release%-p[0-9]*}
  elif [ "$arg_osreldate" -gt "$((kernel / 1000 * 1000 + 999))" ]; then
    fail release_too_new "release $release is newer than this host's kernel ($(uname -r), $kernel), which cannot run it; update the host first or choose an older release"
  fi
}

base_make() {
  # It stands for what may be there, half made, when the power goes.
  flush "$mark"
  stage="$arg_root/sharedfs/.new-${arg_path##*/}"
  if ! place_there "$arg_path" || ! place_there "$arg_template"; then
    [ -z "$zone" ] || zfs_zone
    make_zone
    make_dir "$arg_root/sharedfs"
    make_dir "$arg_root/template"
    if ! place_there "$arg_path"; then
      place_drop "$stage"
      place_new "$stage" base
      case $arg_source in
        host) base_from_host ;;
        world) base_from_world ;;
        *) base_from_sets ;;
      esac
      base_check_tree
      base_patch
    else
      stage=$arg_path
      [ -z "$zone" ] || zfs_mount "$stage"
    fi
    template_make "$stage"
    flush_tree "$stage"
    [ ! -d "$template_stage" ] || flush_tree "$template_stage"
    place_there "$arg_template" || place_put "$template_stage" "$arg_template"
    place_there "$arg_path" || place_put "$stage" "$arg_path"
    flush "$mark" "$arg_path" "$arg_template"
    base_forget_downloads
  elif [ -n "$zone" ]; then
    base_settle_zfs
  fi
  base_report
}

# base_from_sets: every archive is had, checked and unpacked
base_from_sets() {
  local name digest entries file
  while read -r name digest entries; do
    [ -n "$name" ] || continue
    base_get "$name"
    base_check_digest "$name" "$digest"
    base_unpack "$name" "$entries"
  done <<E
$arg_sets
E
}

# base_get NAME: where its archive lies, in $file; a download that was cut goes on
base_get() {
  case $arg_source in
    file) if [ "$1" = base ]; then file=$arg_file; else file="$arg_file_folder/$1.txz"; fi ;;
    upload) file=$upload ;;
    *) base_download "$1" ;;
  esac
  [ -f "$file" ] || fail no_archive "there is no archive $file on this host"
}

# base_download NAME: from the first place that has it
base_download() {
  local name url arch problem=''
  make_dir "$arg_root/sharedfs/.download"
  file="$arg_root/sharedfs/.download/${arg_path##*/}-$1.txz"
  arch="$(uname -m)/$(uname -p)"
  [ "${arch%/*}" != "${arch#*/}" ] || arch=${arch%/*}
  while read -r name url; do
    [ "$name" = "$1" ] || continue
    case $url in *@arch@*) url="${url%%@arch@*}$arch${url#*@arch@}" ;; esac
    case $url in *@release@*) url="${url%%@release@*}$release${url#*@release@}" ;; esac
    if base_fetch "$1" "$url" "$file"; then return 0; fi
    problem="$problem${problem:+; }$text"
  done <<E
$arg_urls
E
  [ ! -f "$file.part" ] || fail unfinished "cannot fetch $1.txz: $problem; what came of it is kept: \`pulumi up\` goes on with it, \`pulumi destroy\` removes it"
  fail fetch_failed "cannot fetch $1.txz: $problem"
}

# base_fetch NAME URL FILE: fetch(1) into FILE.part, continued where it was cut, and told of while it runs
base_fetch() {
  [ ! -f "$3" ] || return 0
  progress "fetching $1.txz from $2"
  fetch -q -r -T 60 -o "$3.part" "$2" >"$work/fetch" 2>&1 &
  local pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 2
    [ ! -f "$3.part" ] || progress "fetching $1.txz: $(($(stat -f %z "$3.part" 2>/dev/null || echo 0) / 1048576)) MB"
  done
  if ! wait "$pid"; then
    read_file "$work/fetch"
    return 1
  fi
  mv "$3.part" "$3" || fail failed "cannot rename $3.part"
}

# base_check_digest NAME SHA256: before anything of it is unpacked
base_check_digest() {
  local found
  progress "checking $1.txz"
  found=$(sha256 -q "$file") || fail failed "cannot read $file"
  fact "sha256_$1" "$found"
  if [ "$2" = - ]; then
    warn "$1.txz was not checked, for want of its digest; its SHA-256 is $found"
    return 0
  fi
  [ "$found" = "$2" ] || {
    case $file in "$arg_root"/*) rm_if "$file" ;; esac
    fail wrong_digest "the SHA-256 of $file is $found, and has to be $2; it is another archive, or was changed or cut short"
  }
}

# base_unpack NAME ENTRIES: told of while it runs
base_unpack() {
  local count status='' line
  progress "unpacking $1.txz"
  { tar -xvpf "$file" -C "$stage" 2>&1; echo "status $?"; } |
    awk -v "rest=$work/tar" '/^x / { if (++n % 500 == 0) { print n; fflush() } next } /^status / { print; next } { print >rest }' |
    while read -r line count; do
      if [ "$line" = status ]; then
        printf '%s' "$count" >"$work/status"
      elif [ "$2" = - ]; then
        progress "unpacking $1.txz: $line files"
      else
        progress "unpacking $1.txz: $line of $2 files" "$((line * 100 / $2))"
      fi
    done
  read_file "$work/status" && status=$text
  if [ "$status" != 0 ]; then
    read_file "$work/tar"
    fail bad_archive "$file could not be unpacked: ${text:-tar ended with $status}"
  fi
}

# base_from_host: what the host itself runs (qjail's update -b); its own configuration, keys and users stay out, see template_make
base_from_host() {
  local part
  progress "copying the running host's base"
  for part in bin lib libexec sbin etc root usr/bin usr/include usr/lib usr/lib32 usr/libdata usr/libexec usr/sbin usr/share .cshrc .profile COPYRIGHT; do
    [ -e "/$part" ] || continue
    progress "copying /$part"
    case $part in usr/*) [ -d "$stage/usr" ] || mkdir "$stage/usr" ;; esac
    cp -a "/$part" "$stage/$part" 2>"$work/cp" || { read_file "$work/cp"; fail disk_full "/$part could not be copied: $text"; }
  done
  for part in dev media mnt net proc tmp usr/local usr/obj usr/src var; do
    mkdir -p "$stage/$part" || fail disk_full "cannot make $stage/$part"
  done
  chmod 1777 "$stage/tmp"
  mtree -deU -q -f /etc/mtree/BSD.var.dist -p "$stage/var" >/dev/null 2>"$work/mtree" || { read_file "$work/mtree"; fail failed "mtree: $text"; }
  clean_host_etc "$stage/etc"
}

# base_check_tree: it is a FreeBSD of that release, for this machine
base_check_tree() {
  local mine theirs part
  # Of these we read, write and copy by their paths.
  for part in . etc root var var/db usr bin; do
    [ ! -L "$stage/$part" ] || fail bad_archive "what was unpacked is no FreeBSD base: $part is a link"
  done
  for part in bin/freebsd-version bin/sh; do
    if [ -L "$stage/$part" ] || { [ -e "$stage/$part" ] && [ ! -f "$stage/$part" ]; }; then fail bad_archive "what was unpacked is no FreeBSD base: $part is no file"; fi
  done
  [ -f "$stage/bin/freebsd-version" ] || fail bad_archive "what was unpacked is no FreeBSD base: it has no bin/freebsd-version"
  version=$(sed -n 's/^USERLAND_VERSION="\(.*\)"$/\1/p' "$stage/bin/freebsd-version")
  case $version in
    "$release" | "$release"-p*) ;;
    *) fail wrong_release "what was unpacked is release ${version:-unknown}, and has to be $release" ;;
  esac
  theirs=$(od -An -tx1 -j4 -N16 "$stage/bin/sh") && mine=$(od -An -tx1 -j4 -N16 /bin/sh)
  [ "$theirs" = "$mine" ] || fail wrong_architecture "the archive is for another architecture than this host's $(uname -p)"
}

base_report() {
  local version
  version=$(sed -n 's/^USERLAND_VERSION="\(.*\)"$/\1/p' "$arg_path/bin/freebsd-version")
  fact version "$version"
  fact architecture "$(uname -p)"
  [ -z "$zone" ] || { zfs_name "$arg_path"; fact dataset "$dataset"; }
}

# base_undo: a create that failed leaves the host as it was; but a download that was cut goes on another time, under its mark
base_undo() {
  base_drop_stages
  if base_has_part; then return 0; fi
  if [ "$resumed" = false ] || ! place_there "$arg_path"; then base_remove; fi
}

# base_has_part: a part of a download is there
base_has_part() {
  local name
  for name in $base_archives; do
    [ ! -f "$arg_root/sharedfs/.download/${arg_path##*/}-$name.txz.part" ] || return 0
  done
  return 1
}

base_forget_downloads() {
  local name
  for name in $base_archives; do
    rm_if "$arg_root/sharedfs/.download/${arg_path##*/}-$name.txz"
    rm_if "$arg_root/sharedfs/.download/${arg_path##*/}-$name.txz.part"
  done
  drop_dir "$arg_root/sharedfs/.download"
}

# base_in_use: a jail's mount, or a configuration that will mount it. A jail that was handed back ($kept_for) keeps its base.
base_in_use() {
  local device point rest file files
  kept_for=''
  while read -r device point rest; do
    [ "$device" != "$arg_path" ] || base_keeper_at "${point%/sharedfs}" || fail in_use "the base $arg_path is mounted in $point; remove that jail first"
  done <<E
$(mount -p)
E
  set +f
  files=$(grep -lF "$arg_path " "$jail_conf_d"/*.conf /etc/jail.conf /etc/fstab.* 2>/dev/null)
  set -f
  for file in $files; do
    keeper_of "$file" || fail in_use "the base $arg_path is used by a jail ($file); remove that jail first"
  done
}

# base_keeper_at PATH: a jail that was handed back lies there
base_keeper_at() {
  local note
  set +f
  note=$(grep -lFx "path=$1" "$registry"/kept.jail.* 2>/dev/null)
  set -f
  [ -n "$note" ] || return 1
  kept_for=${note##*/kept.jail.}
}

base_drop_stages() {
  base_update_folder
  remove_tree "$update_folder"
  place_drop "$arg_root/sharedfs/.new-${arg_path##*/}"
  place_drop "$arg_root/template/.new-${arg_template##*/}"
}

base_remove() {
  base_drop_stages
  base_forget_downloads
  place_retire "$arg_path"
  place_retire "$arg_template"
  [ -z "$zone" ] || zfs_zone_drop
  mark_remove "$arg_mark"
  flush "$arg_root/sharedfs" "$arg_root/template" "$registry"
  drop_dir "$arg_root/sharedfs"
  drop_dir "$arg_root/template"
  drop_registry
}
