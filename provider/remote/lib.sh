# shellcheck shell=sh
# Helpers that every operation shares. POSIX sh as FreeBSD 13.2 has it; an exec costs tens of milliseconds
# on a slow host, so what the shell can do by itself, it does.

# What is ours is marked here, one small file a resource: who made it, and its token.
registry=/var/db/pulumi-freebsd-jails
jail_conf_d=/etc/jail.conf.d
# Where the session laid the files of this folder.
library=$_dir/lib
nl='
'

# read_file FILE: its text, without the last line break, in $text
read_file() {
  text=''
  [ -f "$1" ] && [ -r "$1" ] || return 1
  local line
  while IFS= read -r line || [ -n "$line" ]; do text="$text$line$nl"; done <"$1"
  text=${text%"$nl"}
}

# fact_file KEY FILE: its lines as facts
fact_file() {
  [ -f "$2" ] && fact_lines "$1" <"$2"
  return 0
}

# path_key PATH: a file name for it in $key
path_key() {
  local IFS=/
  # shellcheck disable=SC2086 # split on purpose
  set -- $1
  IFS=:
  key="$*"
}

# key_path KEY: what it was made of, in $path
key_path() {
  local IFS=:
  # shellcheck disable=SC2086 # split on purpose
  set -- $1
  IFS=/
  path="$*"
}

# make_registry: the folder of our marks
make_registry() {
  [ ! -d "$registry" ] || return 0
  mkdir -m 0700 "$registry" 2>/dev/null || [ -d "$registry" ] || fail failed "cannot make $registry"
  # Marks that are flushed bring their own names to the disk, and not their folder's.
  fsync "$registry" 2>/dev/null || :
}

# make_dir FOLDER [MODE]: made with the folders above it, and remembered, so that drop_dir takes away what we made and no more
make_dir() {
  if [ -d "$1" ]; then
    [ ! -L "$1" ] || fail link "$1 is a symbolic link; nothing is written through it"
    return 0
  fi
  [ ! -e "$1" ] || fail in_the_way "$1 is a file, and has to be a folder; move it out of the way"
  local parent="${1%/*}"
  [ -z "$parent" ] || make_dir "$parent"
  path_key "$1"
  : >"$registry/made$key"
  mkdir -m "${2:-0755}" "$1" 2>/dev/null || [ -d "$1" ] || fail failed "cannot make the folder $1"
  # What is put there is flushed by its own name, which doesn't bring those of the folders above it to the disk.
  fsync "$registry/made$key" "$1" 2>/dev/null || :
}

# make_zone: the folder of a zone, for root alone: a set-uid program in a jail's tree is nothing for the users of the host
make_zone() {
  make_dir "$arg_root" 0700
}

# drop_dir FOLDER: away with it and with those above it, where we made them and they are empty
drop_dir() {
  path_key "$1"
  [ -e "$registry/made$key" ] || return 0
  [ ! -d "$1" ] || rmdir "$1" 2>/dev/null || return 0
  dropped="${dropped:-} ${1%/*}/"
  rm -f "$registry/made$key"
  [ -z "${1%/*}" ] || drop_dir "${1%/*}"
}

# drop_left: folders that we made and that are empty by now. A delete that was cut off right behind its mark ends so another time.
drop_left() {
  local file
  set +f
  set -- "$registry"/made*
  set -f
  for file; do
    if [ -e "$file" ]; then
      key_path "${file##*/made}"
      drop_dir "$path"
    fi
  done
  drop_registry
}

# drop_registry: the last one out closes the door
drop_registry() {
  rmdir "$registry" 2>/dev/null || :
  # What is gone stays gone, also if the power goes now.
  # shellcheck disable=SC2086 # our own paths have no white space
  fsync /var/db ${dropped:-} 2>/dev/null || :
}

# unwritten FILE: nothing is left of a file that could not be written as a whole, nor of the marks' folder if it was to be the first
unwritten() {
  rm -f "$1"
  rmdir "$registry" 2>/dev/null
  fail disk_full "cannot write $1: is the disk full? (\`df ${1%/*}\` says)"
}

# written FILE COMMAND…: what the command says, in FILE, as a whole: not every program tells that the disk is full
written() {
  local file="$1"
  shift
  "$@" >"$file"
  "$@" | cmp -s - "$file" || unwritten "$file"
}

# mark_read KIND.KEY: what the mark says, in $mark_token, $mark_owner; false where there is none
mark_read() {
  mark="$registry/$1"
  mark_token='' mark_owner=''
  local line
  [ -f "$mark" ] || return 1
  while IFS= read -r line; do
    case $line in
      token=*) mark_token=${line#token=} ;;
      owner=*) mark_owner=${line#owner=} ;;
    esac
  done <"$mark"
  # A mark that a power loss cut short says nothing, and what it stood for was not begun yet.
  [ -n "$mark_token" ]
}

# mark_write KIND.KEY: what is made from here on is ours; further lines of the mark in $mark_data. One that says so already stays as it is:
# it is on the disk, and a power loss can't take it.
mark_write() {
  make_registry
  mark="$registry/$1"
  local new="token=$arg_token${nl}owner=$arg_owner$nl${mark_data:-}"
  if read_file "$mark" && [ "$text" = "${new%"$nl"}" ]; then return 0; fi
  printf '%s' "$new" >"$mark.new" || unwritten "$mark.new"
  # One that says something already is not lost if the power goes.
  [ ! -s "$mark" ] || fsync "$mark.new" || fail failed "cannot write $mark to the disk"
  mv -f "$mark.new" "$mark" || fail failed "cannot write $mark"
}

# mark_remove KIND.KEY
mark_remove() {
  rm -f "$registry/$1" "$registry/$1.new"
}

# mark_hand_over KIND.KEY: what it marks stays on the host, and is no longer ours. A note stays, on the disk before the mark goes: the same
# resource takes it again without being told to. Further lines in $mark_data.
mark_hand_over() {
  local token="$arg_token"
  arg_token=kept
  mark_write "kept.$1"
  arg_token=$token
  flush "$mark" "$registry"
  mark_remove "$1"
}

# mark_take_back KIND.KEY THERE: marked as ours again, if it was this resource's and is still there; $taken_back says so
mark_take_back() {
  taken_back=false
  mark_read "kept.$1" || return 0
  if [ "$2" = true ]; then
    [ "$mark_owner" = "$arg_owner" ] || return 0
    taken_back=true
    [ -e "$registry/$1" ] || mv "$registry/kept.$1" "$registry/$1" || fail failed "cannot rename $registry/kept.$1"
  fi
  mark_remove "kept.$1"
}

# keeper_of FILE: the configuration of a jail that was handed back, which keeps what it is made for ($kept_for)
keeper_of() {
  local name="${1##*/}"
  name=${name%.conf}
  [ -e "$registry/kept.jail.$name" ] || return 1
  kept_for=$name
}

# claim KIND.KEY EXISTS WHAT [ADVICE]: the mark of a new resource. A create that was cut off is found again by its owner's name, and goes
# on ($resumed); what bears no mark, or another's, is not touched.
claim() {
  resumed=false
  if mark_read "$1"; then
    [ "$mark_owner" = "$arg_owner" ] || fail owned "$3 belongs to $mark_owner, another Pulumi resource on this host; choose another name"
    resumed=true
  elif [ "$2" = true ] && [ "${arg_adopt:-false}" != true ]; then
    fail foreign "$3 is there already, and is not ours; remove it by hand or choose another name${4:-}"
  fi
  mark_write "$1"
}

# own KIND.KEY WHAT: stops where the mark is not this resource's; an owner that was renamed is written down
own() {
  mark_read "$1" || fail gone "$2 is gone from the host, or has lost its mark; run \`pulumi refresh\`, then \`pulumi up\`"
  [ "$mark_token" = "$arg_token" ] || fail owned "$2 belongs to $mark_owner now, another Pulumi resource; nothing was changed"
  [ "$mark_owner" = "$arg_owner" ] || mark_write "$1"
}

# owns KIND.KEY: is the mark this resource's? A delete that comes late, after a newer one took its place, deletes nothing.
owns() {
  mark_read "$1" && [ "$mark_token" = "$arg_token" ]
}

# stage_file FILE TEXT: TEXT beside FILE, to be put in its place by settle; nothing where FILE says that already
stage_file() {
  local temporary="${1%/*}/.${1##*/}.new"
  if [ ! -L "$1" ] && read_file "$1" && [ "$text" = "$2" ]; then
    rm_if "$temporary"
    return 0
  fi
  [ ! -d "$1" ] || fail in_the_way "$1 is a folder, and has to be a file; move it out of the way"
  rm_if "$temporary"
  # Its folder may have gone with the last file of another resource just now.
  [ -d "${1%/*}" ] || make_dir "${1%/*}"
  printf '%s\n' "$2" >"$temporary" || unwritten "$temporary"
  staged="${staged:-} $temporary"
}

# settle: what was staged takes its place, whole or not at all, also if the power goes
settle() {
  local temporary file
  [ -n "${staged:-}" ] || return 0
  # shellcheck disable=SC2086 # our own paths have no white space
  fsync "$mark" $staged || fail failed "cannot write to the disk"
  for temporary in $staged; do
    file=${temporary##*/.}
    file="${temporary%/*}/${file%.new}"
    mv -f "$temporary" "$file" || fail failed "cannot replace $file"
    settled="${settled:-} $file"
  done
  staged=''
}

# flush [FILE …]: their contents and names, and those that are gone from a folder, are on the disk when it returns
flush() {
  # shellcheck disable=SC2086 # our own paths have no white space
  fsync ${settled:-} "$@" 2>/dev/null || :
  settled=''
}

# flush_tree FOLDER …: the contents and names of all that is below are on the disk when it returns. FreeBSD's sync(8) alone begins to write and
# doesn't wait, and UFS with soft updates writes names a good while later; fsync waits, and finds little left to write behind it.
flush_tree() {
  sync
  find -x "$@" \( -type f -o -type d \) -exec fsync {} + || fail failed "cannot write $* to the disk"
}

# rm_if FILE: removed if it is there
rm_if() {
  if [ -e "$1" ] || [ -L "$1" ]; then rm -f "$1" || fail failed "cannot remove $1"; fi
}

# rm_link FILE: what is written there next is written there, and not where a link leads
rm_link() {
  [ ! -L "$1" ] || rm_if "$1"
}

# mounts_below FOLDER: mount points at or below it, the last mounted first, in $mounts. Of mount(8)'s two ways of saying it, -p leaves open where
# a name with white space ends; here it ends where the last parenthesis begins. Our own paths have no white space.
mounts_below() {
  local line point
  mounts=''
  while IFS= read -r line; do
    point=${line#*" on $1"}
    [ "$point" != "$line" ] || continue
    point=${point% (*}
    case $point in '' | /*) mounts="$1$point$nl$mounts" ;; esac
  done <<E
$(mount)
E
}

# unmount_below FOLDER: what a start that failed, or a stop without its configuration, left there
unmount_below() {
  local point
  mounts_below "$1"
  while IFS= read -r point; do
    [ -z "$point" ] || umount "$point" 2>/dev/null || umount -f "$point" || fail in_use "cannot unmount $point, which is still in use"
  done <<E
$mounts
E
}

# remove_tree FOLDER: a tree and all in it, never anything that is mounted there, nothing through a link
remove_tree() {
  if [ -L "$1" ]; then
    rm -f "$1"
    return
  fi
  [ -d "$1" ] || return 0
  unmount_below "$1"
  rm -rfx "$1" 2>/dev/null && return 0
  # Some files of a base are schg: rm can't, and rightly so.
  chflags -R 0 "$1" 2>/dev/null
  rm -rfx "$1" || fail failed "cannot remove $1"
}

# retire_tree FOLDER: out of the way at once, under a name that says that it goes, then removed
retire_tree() {
  local going="${1%/*}/.old-${1##*/}"
  remove_tree "$going"
  [ -d "$1" ] || return 0
  unmount_below "$1"
  mv "$1" "$going" || fail failed "cannot move $1 away"
  remove_tree "$going"
}
