#!/bin/sh
# shellcheck shell=sh
# The merge of a jail's tree with another base's template: lists, plan, apply, undo. It runs in a one-shot jail whose root is a folder of
# ours (see move.sh): /old and /new are the templates, /jail the jail's tree, /work our own. The programs are a base's, mounted at /sharedfs.
# So the jail's links lead nowhere but in there, and what is written, is written from the inside. There is no /dev and no /etc.

LC_ALL=C
PATH=/sbin:/bin:/usr/sbin:/usr/bin
export LC_ALL PATH
umask 022
set -u -f
nl='
'

# What is made anew of other files: it is not merged.
derived='./etc/pwd.db ./etc/spwd.db ./etc/passwd ./etc/login.conf.db ./var/db/services.db'

stop() {
  echo "$1" >&2
  exit 1
}

. /moveDecide.sh # what is to be done with each path
. /moveTexts.sh  # texts that both have changed

# each COMMAND... <lines: the command with as many of the lines as go in one call
each() {
  local line count=0 arguments='' status=0
  while IFS= read -r line || [ -n "$line" ]; do
    [ -n "$line" ] || continue
    arguments="$arguments$line$nl" count=$((count + 1))
    [ "$count" -lt 500 ] || { each_call "$arguments" "$@" || status=1; arguments='' count=0; }
  done
  [ "$count" = 0 ] || each_call "$arguments" "$@" || status=1
  return "$status"
}

each_call() {
  local lines="$1" IFS="$nl"
  shift
  # shellcheck disable=SC2086 # split at line breaks on purpose
  "$@" $lines
}

# plan: what is done to the jail's tree, and all that is needed to take it back. Nothing of the jail is changed.
plan() {
  local kind mode uid gid path
  # Of what is made anew, the folders above it as well: whether they are the jail's own is told by them.
  # shellcheck disable=SC2086 # its words
  { cat /work/paths && printf '%s\n' ./etc ./var ./var/db $derived; } | sort -u >/work/look
  (cd /jail && each stat -f '%N|%p|%u|%g|%Sf|%Y' </work/look) >/work/jail 2>/work/said
  awk -F '|' '$2 ~ /^100/ { print $1 }' /work/jail >/work/files
  (cd /jail && each sha256 -r </work/files) >>/work/jail || stop 'the tree of the jail could not be read'
  mkdir /work/out
  : >/work/new.put
  : >/work/out.put
  : >/work/remove
  : >/work/rmdir
  : >/work/meta
  : >/work/conflicts
  : >/work/touched
  : >/work/added
  decide >/work/plan || stop 'the merge could not be planned'
  while IFS='|' read -r kind path mode uid gid; do
    case $kind in
      content) cp "/new/$path" /work/merged && merged "$path" "$mode" "$uid" "$gid" ;;
      merge)
        if merge_text "/old/$path" "/new/$path" "/jail/$path"; then
          merged "$path" "$mode" "$uid" "$gid"
        else
          kept "$path" 'the jail and the new base have both changed the same lines'
        fi
        ;;
      keyed) merge_keyed "$path" && merged "$path" "$mode" "$uid" "$gid" ;;
    esac
  done </work/plan
  tar -cf /work/undo.tar --numeric-owner -n -C /jail -T /work/touched || stop 'the tree of the jail could not be copied'
  fsync /work/undo.tar /work/touched /work/added || stop 'cannot write to the disk'
}

# merged PATH MODE UID GID: what lies in /work/merged is its new text
merged() {
  if ! mkdir -p "/work/out/${1%/*}" || ! mv /work/merged "/work/out/$1" || ! chown "$3:$4" "/work/out/$1" || ! chmod "$2" "/work/out/$1"; then
    stop "$1 could not be written"
  fi
  echo "$1" >>/work/out.put
  echo "$1" >>/work/touched
}

# kept PATH WHY: the jail's own stays
kept() {
  echo "$1|$2" >>/work/conflicts
}

# reversed FILE: its lines, the last one first
reversed() {
  awk '{ line[NR] = $0 } END { for (i = NR; i > 0; i--) print line[i] }' "$1"
}

# apply: what was planned is done; what is below comes away before the folders above it
apply() {
  local mode uid gid path
  cd /jail || exit 1
  reversed /work/remove | each rm -f || stop 'files could not be removed'
  reversed /work/rmdir | each rmdir 2>/work/said
  move_files /new /work/new.put
  move_files /work/out /work/out.put
  while read -r mode uid gid path; do
    { chown "$uid:$gid" "$path" && chmod "$mode" "$path"; } || stop "the mode of $path could not be changed"
  done </work/meta
  databases
  settle
}

# settle: what was changed is on the disk
settle() {
  local path
  cat /work/touched /work/added | while IFS= read -r path; do if [ -f "$path" ] && [ ! -L "$path" ]; then echo "$path"; fi; done |
    each fsync || stop 'cannot write to the disk'
}

# move_files FOLDER LIST: those of its files go into the jail, with modes and owners
move_files() {
  [ -s "$2" ] || return 0
  { tar -cf /work/put.tar --numeric-owner -n -C "$1" -T "$2" && tar -xpf /work/put.tar --numeric-owner -C /jail; } || stop 'the files of the new base could not be written'
}

# databases: made anew of what they are made of
databases() {
  local said
  if [ -f etc/master.passwd ] && [ ! -L etc/master.passwd ]; then
    said=$(pwd_mkdb -p -d /jail/etc /jail/etc/master.passwd 2>&1) || stop "pwd_mkdb: $said"
  fi
  if [ -f etc/login.conf ] && [ ! -L etc/login.conf ]; then
    said=$(cap_mkdb /jail/etc/login.conf 2>&1) || stop "cap_mkdb: $said"
  fi
  if [ -f etc/services ] && [ -d var/db ] && [ -f /new/var/db/services.db ]; then
    said=$(services_mkdb -q -o /jail/var/db/services.db /jail/etc/services 2>&1) || stop "services_mkdb: $said"
  fi
}

# undo: the tree as it was before; may be cut off and called again anywhere
undo() {
  local path
  cd /jail || exit 1
  reversed /work/added | while IFS= read -r path; do
    if [ -d "$path" ] && [ ! -L "$path" ]; then rmdir "$path" 2>/work/said; else rm -f "$path"; fi
  done
  tar -xpf /work/undo.tar --numeric-owner -C /jail || stop 'the files of the old base could not be put back'
  settle
}

"$1"
