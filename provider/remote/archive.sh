# shellcheck shell=sh
# A resource's archives of one jail: making another one, and which of them stay.
# $arg_jail, $arg_folder (none: the zone's), $arg_compression or $arg_snapshot, $arg_keep (see archive_doomed), $arg_mark, and for an encrypted
# disk its key.

. "$library/jail.sh"

# op_create
op_create() {
  archive_begin
  archive_mark_data
  claim "$arg_mark" false "the archives $arg_label"
  flush "$mark"
  ( archive_make )
  local status=$?
  [ "$status" = 0 ] || [ "$resumed" = true ] || { mark_remove "$arg_mark"; drop_dir "$arg_folder"; drop_registry; }
  return "$status"
}

# op_update: another archive if one is asked for ($arg_again), and those that go by the new rules
op_update() {
  archive_begin
  own "$arg_mark" "the archives $arg_label"
  if [ "$arg_again" = true ]; then
    archive_make
  else
    archive="$arg_file"
    archive_marked
    archive_prune
    archive_report
  fi
}

# op_delete: the files stay, unless they are to go; one that a jail was made of stays in any case
op_delete() {
  owns "$arg_mark" || { drop_left; return 0; }
  arg_name=$arg_jail
  archive_wake
  archive_place
  if [ "$arg_on_delete" = destroy ]; then
    archive=''
    archive_list
    archive_remove_all <<E
$archives
E
  fi
  archive_sweep "$arg_folder"
  if [ -n "$zone" ]; then zfs_zone_drop; fi
  mark_remove "$arg_mark"
  archive_left "$arg_folder"
  flush "$registry"
  drop_dir "$arg_folder"
  drop_registry
}

# archive_place: where they are; without the jail it is told by what the state knows, or by the mark of a create that was cut off
archive_place() {
  local line folder=''
  zone='' arg_root=''
  while IFS= read -r line; do
    case $line in folder=*) folder=${line#*=} ;; zone=*) zone=${line#*=} ;; root=*) arg_root=${line#*=} ;; esac
  done <"$registry/$arg_mark"
  arg_path="$arg_root/$arg_name"
  [ -z "${arg_folder:-}" ] || return 0
  arg_folder=${arg_file%/*}
  [ -n "$arg_file" ] || arg_folder=$folder
}

# archive_begin: the jail, as its mark says where its things lie
archive_begin() {
  local line
  arg_name=$arg_jail arg_path='' arg_base='' arg_image=''
  [ -f "$registry/jail.$arg_name" ] || fail no_jail "jail: there is no jail $arg_name of ours on this host; give a Jail or an ImageJail, or the name of one"
  while IFS= read -r line; do
    case $line in path=*) arg_path=${line#*=} ;; base=*) arg_base=${line#*=} ;; image=*) arg_image=${line#*=} ;; given=true) arg_given=true ;; esac
  done <"$registry/jail.$arg_name"
  arg_root=${arg_path%/*}
  arg_folder=${arg_folder:-$arg_root/archive}
  case $arg_folder/ in "$arg_path"/*) fail bad_path "path: $arg_folder lies in the jail itself" ;; esac
  if [ -n "$arg_image" ]; then . "$library/diskImage.sh"; fi
  jail_begin
  if [ "$arg_snapshot" = true ]; then shot_possible; fi
  disk_is_there || fail gone "the tree of jail $arg_name, ${arg_image:-$arg_path}, is gone"
}

# archive_make: the jail is stopped for that time
archive_make() {
  local up
  if [ "$arg_snapshot" = true ]; then
    shot_make
    return
  fi
  archive_down
  ! is_running "$arg_name" || fail running "jail $arg_name runs, and is not to be stopped for an archive (\`stop: false\`); stop it first"
  disk_state
  ( disk_open && archive_write "$arg_folder" "$arg_compression" && archive_marked && archive_prune && archive_report )
  local status=$?
  if [ "$state" = stopped ]; then disk_release; fi
  if [ "$up" = true ]; then jail_start; fi
  [ "$status" = 0 ] || exit "$status"
}

# archive_down: stopped, if it may be; $up says that it is to run again
archive_down() {
  up=false
  archive_was_cut && up=true
  if is_running "$arg_name" && [ "$arg_stop" = true ]; then
    archive_can_start
    up=true
    stopped_for=archiving
    jail_stop
  fi
  [ "$up" = false ] || printf 'archiving\n' >"$jid_file"
}

# archive_was_cut: the jail ran until an archive of it was begun, which did not come to its end
archive_was_cut() {
  local word
  jail_word
  case $word in
    archiving) return 0 ;;
    stopping | starting)
      jail_clear
      return 0
      ;;
  esac
  return 1
}

# archive_wake: a jail that was stopped for an archive that was cut off runs again
archive_wake() {
  local word
  jail_word
  case $word in archiving | stopping | starting) ;; *) return 0 ;; esac
  [ -f "$registry/jail.$arg_name" ] || return 0
  ( archive_begin && archive_was_cut && jail_start ) || warn "jail $arg_name was stopped for an archive that was cut off, and did not start again"
}

# archive_can_start: a disk that is closed can be opened again
archive_can_start() {
  [ -n "$arg_image" ] && [ "$arg_encrypted" = false ] || return 0
  read_file "$conf"
  case $text in
    *.eli*) fail no_key "the disk of jail $arg_name is encrypted, and would stay closed after the archive: give \`jail\` as the ImageJail itself, not its name, so that its key is known" ;;
  esac
}

# archive_mark_data: where they are; the data sets of those that are snapshots are found by it when the jail is gone
archive_mark_data() {
  mark_data="jail=$arg_name${nl}folder=$arg_folder$nl"
  [ -z "$zone" ] || mark_data="${mark_data}zone=$zone${nl}root=$arg_root$nl"
}

# archive_marked: the mark names the newest
archive_marked() {
  archive_mark_data
  mark_data="${mark_data}file=$archive$nl"
  mark_write "$arg_mark"
}

# archive_list: lines of CREATED FILE of this resource's archives of this jail, the newest first, in $archives
archive_list() {
  local file found=''
  set +f
  set -- "$arg_folder/$arg_name"-*.manifest
  set -f
  for file in "$@"; do
    manifest_read "${file%.manifest}" || continue
    [ "$m_jail" = "$arg_name" ] || continue
    [ "$m_token" = "$arg_token" ] || [ "$m_owner" = "$arg_owner" ] || continue
    found="$found$m_created ${file%.manifest}$nl"
  done
  archives=$(printf '%s' "$found" | sort -rn)
}

# archive_prune: what the rules don't keep goes; the newest always stays
archive_prune() {
  local doomed
  [ -n "${arg_keep:-}" ] || return 0
  archive_list
  doomed=$(printf '%s\n' "$archives" | archive_doomed "$arg_keep" "$(date +%s)")
  archive_remove_all <<E
$doomed
E
}

# archive_remove_all <lines of CREATED FILE
archive_remove_all() {
  local created file found
  while read -r created file; do
    case $file in '' | "$archive") continue ;; esac
    set +f
    found=$(grep -lFx "archive=$file" "$registry"/jail.* 2>/dev/null)
    set -f
    if [ -n "$found" ]; then
      warn "$file stays: jail ${found##*/jail.} was made of it"
      continue
    fi
    # Without its manifest it isn't one any more.
    rm_if "$file.manifest"
    case $file in *.zfs) shot_drop "$file" ;; *) rm_if "$file" ;; esac
  done
  flush "$arg_folder"
}

archive_report() {
  local created file
  fact file "$archive"
  manifest_read "$archive" || fail gone "the archive $archive is gone; run \`pulumi refresh\`"
  fact sha256 "$m_sha256"
  fact release "$m_release"
  fact created "$m_created"
  archive_list
  while read -r created file; do [ -z "$file" ] || fact files "$file"; done <<E
$archives
E
}
