# shellcheck shell=sh
# What is done inside of a jail: the jail's own /bin/sh runs this text as the jail's root, so that a link that somebody planted there leads
# nowhere else. sh -c TEXT inside MODE ORIGIN. What it says on standard output is for the operation; its last line is "=done" if all went well.
# MODE: early (before a start: users, files, rc.conf), all (and packages, commands, services), closed (the same in a jail that doesn't run), undo.
# Standard input: the plan, a line a thing with tabs between its fields, an empty line, and an archive of the contents in base64.

set -f
umask 022
PATH=/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin
export PATH
unset ENV
cd / || exit 1
nl='
'
tab=$(printf '\t')
mode=$1
# own, or other: the ledger is of a jail that this one was made like
origin=$2
# What we made here, what was there before, and, until all went well, how it was before this operation.
state=/var/db/pulumi-freebsd-jails
undo=$state/undo
stage=$state/new
out=$state/output

# stop TEXT: what went wrong
stop() {
  printf '%s\n' "$1"
  exit 1
}

# try WHAT COMMAND…: what it printed is said where it fails
try() {
  local what="$1" status
  shift
  "$@" </dev/null >"$out" 2>&1
  status=$?
  [ "$status" = 0 ] || stop "$what ended with $status: $(tail -n 20 "$out")"
}

# What is read here, and by pw(8) and rc(8), before anything is done.
read_by_us='/etc/group /etc/master.passwd /etc/passwd /etc/pwd.db /etc/spwd.db /etc/pw.conf /etc/login.conf /etc/rc.conf'

# no_traps: a FIFO would keep its reader waiting for ever
no_traps() {
  local file
  for file in $read_by_us "$state/ledger" "$undo/log"; do
    if [ -e "$file" ] && [ ! -f "$file" ]; then stop "$file is no file; put it right in the jail, or make the jail anew"; fi
  done
}

# begin: the ledger and the plan are read, the contents lie in $stage
begin() {
  local line
  no_traps
  { mkdir -p "$state" && chmod 0700 "$state" && rm -rf "$stage" && mkdir -m 0700 "$stage"; } || stop "cannot write $state"
  [ -e "$state/ledger" ] || : >"$state/ledger" || stop "cannot write $state"
  if [ "$origin" = other ] && [ ! -d "$undo" ]; then take_no_credit; fi
  if [ ! -d "$undo" ]; then
    rm -rf "$undo.new"
    { mkdir -m 0700 "$undo.new" && cp "$state/ledger" "$undo.new/ledger" && : >"$undo.new/log" && fsync "$undo.new/ledger" && mv "$undo.new" "$undo"; } || stop "cannot write $state"
  fi
  read_ledger
  plan='' wanted=$nl
  while IFS= read -r line && [ -n "$line" ]; do plan="$plan$line$nl"; done
  b64decode -r | tar -xpf - -C "$stage" || stop "the contents could not be unpacked in $stage: is the disk full?"
}

# take_no_credit: commands that have run have run; all else is as it was found
take_no_credit() {
  local kind key rest
  while IFS="$tab" read -r kind key rest; do
    case $kind in run) printf '%s\t%s\t%s\n' "$kind" "$key" "$rest" ;; esac
  done <"$state/ledger" >"$state/ledger.new"
  mv -f "$state/ledger.new" "$state/ledger" || stop "cannot write $state"
  rm -rf "$state/original"
}

read_ledger() {
  local line
  ledger=$nl
  while IFS= read -r line; do ledger="$ledger$line$nl"; done <"$state/ledger"
}

# known KIND KEY: the rest of its line in the ledger, in $value
known() {
  case $ledger in
    *"$nl$1$tab$2$tab"*)
      value=${ledger#*"$nl$1$tab$2$tab"}
      value=${value%%"$nl"*}
      ;;
    *) return 1 ;;
  esac
}

# remember KIND KEY VALUE: in the ledger, before it is done
remember() {
  forget "$1" "$2"
  ledger="$ledger$1$tab$2$tab$3$nl"
  printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$state/ledger" || stop "cannot write $state/ledger: is the disk full?"
  fsync "$state/ledger"
}

# forget KIND KEY: not ours any more; the file is written anew at the end
forget() {
  local before after
  while known "$1" "$2"; do
    before=${ledger%%"$nl$1$tab$2$tab"*}
    after=${ledger#*"$nl$1$tab$2$tab"}
    ledger="$before$nl${after#*"$nl"}"
  done
}

# note LINE: how it is put back if the operation fails
note() {
  printf '%s\n' "$1" >>"$undo/log" || stop "cannot write $undo/log: is the disk full?"
  fsync "$undo/log"
}

# want KIND KEY: it stands in the plan
want() {
  wanted="$wanted$1$tab$2$nl"
}

is_wanted() {
  case $wanted in *"$nl$1$tab$2$nl"*) return 0 ;; *) return 1 ;; esac
}

# end: the ledger says what is ours; what an undo would need goes. Nothing stays where nothing is ours.
end() {
  # What pkg, pw and commands wrote is on the disk before the ledger says so: FreeBSD's sync(8) begins to write, and fsync waits.
  sync
  flush_below /etc
  [ "${packages_changed:-false}" = false ] || flush_below /usr/local /var/db/pkg
  { printf '%s' "${ledger#"$nl"}" >"$state/ledger.new" && fsync "$state/ledger.new" && mv -f "$state/ledger.new" "$state/ledger"; } || stop "cannot write $state/ledger"
  set +f
  rm -rf "$undo" "$stage" "$out" "$state"/output.* "$state/flavor-packages"
  set -f
  drop_originals
  [ "$ledger" != "$nl" ] || rm -rf "$state"
}

# flush_below FOLDER…: contents and names of all that is there
flush_below() {
  find -x "$@" \( -type f -o -type d \) -exec fsync {} + 2>/dev/null || :
}

# finish: an early part leaves the journal for what comes behind it
finish() {
  [ "$mode" = early ] || end
  echo "=done"
}
