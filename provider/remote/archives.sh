# shellcheck shell=sh
# Archives of jails' trees: tar(1), and beside each a manifest that says of what it is, with its digest. An archive without its manifest
# isn't one: so none is ever half-written under its name.

# archive_write FOLDER COMPRESSION: the tree in $arg_path, in which nobody writes now; its file in $archive, its digest in $digest
archive_write() {
  local folder="$1" stamp suffix temporary size
  progress "archiving"
  make_dir "$folder" 0700
  archive_sweep "$folder"
  case $2 in
    zstd) set -- --zstd && suffix=.tar.zst ;;
    gzip) set -- -z && suffix=.tar.gz ;;
    none) set -- && suffix=.tar ;;
    *) set -- -J && suffix=.tar.xz ;;
  esac
  while :; do
    stamp=$(date -u +%Y%m%dT%H%M%SZ)
    archive="$folder/$arg_name-$stamp$suffix"
    [ -e "$archive" ] || break
    sleep 1
  done
  temporary="$folder/.new-$arg_name.$stamp"
  archive_hold "$folder" "$temporary"
  ( umask 077; exec tar -c "$@" -f "$temporary" --one-file-system --numeric-owner --exclude ./.snap -C "$arg_path" . ) 2>"$work/tar" ||
    { read_file "$work/tar"; archive_sweep "$folder"; fail archive_failed "jail $arg_name could not be archived in $folder: $text"; }
  digest=$(sha256 -q "$temporary")
  size=$(du -sk "$arg_path")
  if ! ( umask 077; archive_manifest "${size%%[!0-9]*}" >"$temporary.manifest" ) || ! fsync "$temporary" "$temporary.manifest"; then
    archive_sweep "$folder"
    unwritten "$temporary.manifest"
  fi
  mv "$temporary" "$archive" || fail failed "cannot rename $temporary"
  mv "$temporary.manifest" "$archive.manifest" || fail failed "cannot rename $temporary.manifest"
  flush "$archive" "$archive.manifest" "$folder"
}

# archive_hold FOLDER FILE: an empty folder may go with another resource's end just now; with a file in it, it stays
archive_hold() {
  local tries=0
  until ( umask 077; : >"$2" ) 2>/dev/null || [ "$tries" -ge 5 ]; do
    tries=$((tries + 1))
    make_dir "$1" 0700
  done
}

# archive_sweep FOLDER: what an archive that was cut off left there
archive_sweep() {
  set +f
  rm -f "$1/.new-$arg_name."*
  set -f
  [ -z "${zone:-}" ] || shot_sweep
}

# archive_left FOLDER: archives that are there stay, and with them the folders, whoever made those
archive_left() {
  local folder="$1"
  set +f
  set -- "$folder"/*.manifest
  set -f
  [ -e "$1" ] || return 0
  while [ -n "$folder" ]; do
    path_key "$folder"
    rm_if "$registry/made$key"
    folder=${folder%/*}
  done
}

# archive_manifest KILOBYTES
archive_manifest() {
  local line
  base_release "$arg_base"
  printf '%s\n' "format=1" "jail=$arg_name" "release=$release" "architecture=$(uname -p)" "created=$(date +%s)" "kilobytes=$1" \
    "sha256=$digest" "token=$arg_token" "owner=$arg_owner"
  [ ! -f "$conf" ] || while IFS= read -r line; do printf 'conf=%s\n' "$line"; done <"$conf"
}

# base_release BASE: without a patch level, in $release
base_release() {
  local line
  release=''
  [ -f "$1/bin/freebsd-version" ] || return 0
  while IFS= read -r line; do
    case $line in USERLAND_VERSION=*) release=${line#*=} && break ;; esac
  done <"$1/bin/freebsd-version"
  release=${release#\"}
  release=${release%\"}
  release=${release%-p[0-9]*}
}

# manifest_read ARCHIVE: what it says, in $m_jail, $m_release …
manifest_read() {
  local line
  m_jail='' m_release='' m_architecture='' m_created=0 m_kilobytes=0 m_sha256='' m_token='' m_owner='' m_dataset=''
  [ -f "$1.manifest" ] || return 1
  while IFS= read -r line; do
    case $line in
      jail=*) m_jail=${line#*=} ;;
      release=*) m_release=${line#*=} ;;
      architecture=*) m_architecture=${line#*=} ;;
      created=*) m_created=${line#*=} ;;
      kilobytes=*) m_kilobytes=${line#*=} ;;
      sha256=*) m_sha256=${line#*=} ;;
      token=*) m_token=${line#*=} ;;
      owner=*) m_owner=${line#*=} ;;
      dataset=*) m_dataset=${line#*=} ;;
    esac
  done <"$1.manifest"
  case $m_created$m_kilobytes in *[!0-9]*) m_created=0 m_kilobytes=0 ;; esac
}

# archive_verify ARCHIVE SHA256: it is what its manifest says, for this base, and stays within the tree; nothing is unpacked before
archive_verify() {
  local found
  progress "checking the archive"
  [ -f "$1" ] || fail no_archive "there is no archive $1 on this host"
  archive_fits "$1"
  found=$(sha256 -q "$1")
  if [ "$found" != "$m_sha256" ] || [ "$found" != "${2:-$found}" ]; then
    fail wrong_digest "the archive $1 was changed or cut short after it was made: its SHA-256 is $found, and has to be ${2:-$m_sha256}"
  fi
  archive_members "$1"
}

# archive_fits ARCHIVE: it is one, for this base
archive_fits() {
  local found
  manifest_read "$1" || fail no_manifest "there is no manifest $1.manifest: it is no archive of a jail, or its making was cut short"
  found=$(uname -p)
  [ "$m_architecture" = "$found" ] || fail wrong_architecture "the archive $1 is of a jail for $m_architecture, and this host is $found"
  base_release "$arg_base"
  [ "$m_release" = "$release" ] || fail wrong_release "the archive $1 is of a jail of $m_release, and the base is $release; take a base of $m_release"
}

# archive_as_named: restored under its own name, or like a template under any
archive_as_named() {
  [ "$arg_archive_as" = template ] || [ "$m_jail" = "$arg_name" ] ||
    fail wrong_jail "the archive $arg_archive is of jail $m_jail, and is restored under that name; for a jail with another name, give it as \`template\`"
}

# archive_members ARCHIVE: no name that leaves the tree, no device, no hard link to anything but a file before it
archive_members() {
  local bad
  tar -tvf "$1" --numeric-owner >"$work/members" 2>"$work/tar" ||
    { read_file "$work/tar"; fail bad_archive "the archive $1 cannot be read: $text"; }
  bad=$(awk 'function leaves(path) { return path ~ /^\// || path ~ /(^|\/)\.\.(\/|$)/ }
    function refuse(why) { print why ": " name; exit }
    {
      type = substr($0, 1, 1); name = $0
      for (i = 0; i < 8; i++) sub(/^[^ ]+ +/, "", name)
      if (type == "b" || type == "c") refuse("a device")
      if (type == "h") {
        if (split(name, part, " link to ") != 2 || leaves(part[1]) || leaves(part[2]) || !(part[2] in file)) refuse("a hard link that leaves it")
        file[part[1]] = 1
        next
      }
      if (type == "l") sub(/ -> .*/, "", name)
      if (leaves(name)) refuse("a path that leaves it")
      if (type == "-") file[name] = 1
    }' "$work/members") || fail failed "awk failed"
  [ -z "$bad" ] || fail bad_archive "the archive $1 has $bad; nothing was unpacked"
}

# What makes a jail that jail, and not a template for others: options of tar(1).
not_for_copies='--exclude ./etc/ssh/ssh_host_* --exclude ./etc/hostid --exclude ./etc/machine-id --exclude ./var/db/dbus/machine-id
  --exclude ./var/lib/dbus/machine-id --exclude ./var/db/dhclient.leases.* --exclude ./var/db/dhcpcd* --exclude ./var/db/entropy/*
  --exclude ./entropy --exclude ./boot/entropy --exclude ./var/run/*'

# tree_from_archive STAGE
tree_from_archive() {
  local stage="$1"
  case $arg_archive in
    *.zfs)
      shot_unpack "$stage"
      return
      ;;
  esac
  archive_verify "$arg_archive" "${arg_archive_sha256:-}"
  archive_as_named
  progress "unpacking the archive"
  set --
  # shellcheck disable=SC2086 # options on purpose
  [ "$arg_archive_as" != template ] || set -- $not_for_copies
  if ! tar -xpf "$arg_archive" --numeric-owner "$@" -C "$stage" 2>"$work/cp"; then
    need_kilobytes=$m_kilobytes
    disk_too_small "$stage"
    read_file "$work/cp"
    disk_drop_stage
    fail bad_archive "the archive $arg_archive could not be unpacked: $text"
  fi
}

# tree_from_jail STAGE: as another jail is, which must not run
tree_from_jail() {
  local stage="$1" line source='' image='' base='' theirs status
  [ -f "$registry/jail.$arg_source_jail" ] || fail no_jail "template: there is no jail $arg_source_jail of ours on this host"
  while IFS= read -r line; do
    case $line in path=*) source=${line#*=} ;; image=*) image=${line#*=} ;; base=*) base=${line#*=} ;; zone=*) ( zone=${line#*=} arg_root=${source%/*}; zfs_mount "$source" ) || exit 1 ;; esac
  done <"$registry/jail.$arg_source_jail"
  ! is_running "$arg_source_jail" ||
    fail template_runs "template: jail $arg_source_jail runs; stop it (\`running: false\`), or give a JailArchive of it"
  base_release "$base"
  theirs=$release
  base_release "$arg_base"
  [ "$theirs" = "$release" ] || fail wrong_release "template: jail $arg_source_jail is of $theirs, and the base is $release; take a base of $theirs"
  if [ -n "$image" ]; then source_open "$image" "$source"; fi
  progress "copying jail $arg_source_jail"
  # shellcheck disable=SC2086 # options on purpose
  tree_pipe "$source" "$stage" $not_for_copies
  status=$?
  if [ -n "$image" ]; then source_close "$image" "$source"; fi
  [ "$status" != 0 ] || return 0
  tree_pipe_broke "$stage"
  fail template_failed "template: jail $arg_source_jail could not be copied: $text"
}

# tree_pipe FROM TO [OPTION…]: a tree, without what is mounted in it; what went wrong is in $work/source and $work/cp
tree_pipe() {
  local from="$1" to="$2"
  shift 2
  { tar -cf - --one-file-system --numeric-owner --exclude ./.snap "$@" -C "$from" . 2>"$work/source" || : >"$work/source-failed"; } |
    tar -xpf - --numeric-owner -C "$to" 2>"$work/cp" || return 1
  [ ! -e "$work/source-failed" ]
}

# tree_pipe_broke STAGE: nothing is left of it, and $text says why
tree_pipe_broke() {
  disk_too_small "$1"
  read_file "$work/source"
  [ -n "$text" ] || read_file "$work/cp"
  disk_drop_stage
}

# source_open IMAGE PATH: another jail's disk, for the time of a copy. What was cut off is closed by the next one, or by that jail.
source_open() {
  local arg_encrypted=false
  . "$library/imageDisk.sh"
  mounts_below "$2"
  case "$nl$mounts" in *"$nl$2$nl"*) return 0 ;; esac
  : >"$registry/opened.$arg_source_jail"
  [ -d "$2" ] || mkdir "$2" || fail failed "cannot make $2"
  image_mount "$1" "$2"
}

# source_close IMAGE PATH
source_close() {
  local arg_encrypted=false
  [ -e "$registry/opened.$arg_source_jail" ] || return 0
  image_release "$2" "$1"
  rm_if "$registry/opened.$arg_source_jail"
}

# archive_doomed RULES NOW <lines of CREATED FILE, the newest first: those that no rule keeps. RULES: "last=3 daily=7 weekly=4 monthly=12
# age=SECONDS"; without one of the first four, age alone counts. A rule keeps the newest of each of the last days, weeks, months.
archive_doomed() {
  awk -v "rules=$1" -v "now=$2" '
    BEGIN {
      n = split(rules, rule, " ")
      for (i = 1; i <= n; i++) { split(rule[i], part, "="); most[part[1]] = part[2] + 0 }
      counted = ("last" in most) || ("daily" in most) || ("weekly" in most) || ("monthly" in most)
    }
    # Months are told by the name: NAME-YYYYMMDDTHHMMSSZ.tar…
    function month(file) { return match(file, /-[0-9]+T[0-9]+Z\./) ? substr(file, RSTART + 1, 6) : "" }
    function newest(kind, bucket) {
      if (!(kind in most) || ((kind, bucket) in seen)) return 0
      seen[kind, bucket] = 1
      return ++used[kind] <= most[kind]
    }
    NF >= 2 {
      day = int($1 / 86400)
      keep = !counted
      if (newest("last", NR)) keep = 1
      if (newest("daily", day)) keep = 1
      # The first of January 1970 was a Thursday; weeks begin on Monday.
      if (newest("weekly", int((day + 3) / 7))) keep = 1
      if (newest("monthly", month($2))) keep = 1
      if (("age" in most) && now - $1 > most["age"]) keep = 0
      if (!keep && NR > 1) print
    }'
}
