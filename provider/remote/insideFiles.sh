# shellcheck shell=sh
# Inside of a jail: files, and the lines of rc.conf(5). Behind insideJail.sh.

original=$state/original

# apply_files: each as the plan says; those of packages come when the packages are there
apply_files() {
  local kind n bits owner group path complete
  complete=$(packages_are_there)
  while IFS="$tab" read -r kind n bits owner group path; do
    [ "$kind" = file ] || continue
    want file "$path"
    if [ "$mode" = early ]; then
      case "$complete $path" in 'false '/usr/local/*) continue ;; esac
      id "$owner" >/dev/null 2>&1 || continue
    fi
    apply_file
  done <<E
$plan
E
}

# apply_file: $n $bits $owner $group $path
apply_file() {
  local who="$owner" test
  id "$owner" >/dev/null 2>&1 || [ "${owner#[0-9]}" != "$owner" ] || stop "files: there is no user $owner in the jail, whom $path is to belong to"
  if [ "$group" = - ]; then group=$(id -gn "$owner" 2>/dev/null) || group=wheel; fi
  who="$owner:$group"
  [ ! -d "$path" ] || [ -L "$path" ] || stop "files: $path is a folder in the jail, and has to be a file; remove it, or choose another path"
  if [ -f "$path" ] && [ ! -L "$path" ] && cmp -s "$stage/$n" "$path"; then
    test=$(find "$path" -prune -perm "$bits" -user "$owner" -group "$group" 2>/dev/null)
    if [ -n "$test" ]; then
      keep_original "$path"
      return 0
    fi
  fi
  keep_original "$path"
  make_folders "${path%/*}"
  before_change "$path"
  put_file "$stage/$n" "$path" "$who" "$bits"
}

# keep_original FILE: what was there before we came
keep_original() {
  local i=1
  known file "$1" && return 0
  if [ ! -e "$1" ] && [ ! -L "$1" ]; then
    remember file "$1" -
    return 0
  fi
  [ -d "$original" ] || mkdir -m 0700 "$original" || stop "cannot write $state"
  while [ -e "$original/$i" ] || [ -L "$original/$i" ]; do i=$((i + 1)); done
  copy_of "$1" "$original/$i" || stop "files: $1 could not be copied to $original: is the disk full?"
  remember file "$1" "$i"
}

# copy_of FILE COPY: it is there also if the power goes, before FILE becomes another
copy_of() {
  cp -a "$1" "$2" || return 1
  [ -L "$2" ] || [ ! -f "$2" ] || fsync "$2"
}

# before_change FILE: as it is now, for an undo
before_change() {
  local i=1
  if [ ! -e "$1" ] && [ ! -L "$1" ]; then
    note "absent$tab$1"
    return 0
  fi
  while [ -e "$undo/$i" ] || [ -L "$undo/$i" ]; do i=$((i + 1)); done
  copy_of "$1" "$undo/$i" || stop "files: $1 could not be copied to $undo: is the disk full?"
  note "file$tab$1$tab$i"
}

# make_folders FOLDER: those that are missing; a user's own below what is the user's own, else root's
make_folders() {
  local above who bits=0755
  case $1 in '') return 0 ;; esac
  [ ! -d "$1" ] || return 0
  above=${1%/*}
  make_folders "$above"
  case $1 in */.ssh) bits=0700 ;; esac
  remember dir "$1" -
  note "dir$tab$1"
  mkdir -m "$bits" "$1" || stop "files: cannot make the folder $1"
  who=$(stat -f %Su:%Sg "${above:-/}")
  case $who in root:*) who=root:wheel ;; esac
  chown "$who" "$1"
}

# put_file FROM FILE WHO BITS: whole or not at all
put_file() {
  local beside="${2%/*}/.pulumi-freebsd-jails.new"
  rm -f "$beside"
  cp "$1" "$beside" 2>"$out" || { rm -f "$beside"; stop "files: $2 could not be written: $(cat "$out")"; }
  try "files: $2: chown $3" chown "$3" "$beside"
  try "files: $2: chmod $4" chmod "$4" "$beside"
  fsync "$beside"
  try "files: $2: mv" mv -f "$beside" "$2"
}

# put_back COPY FILE: with its mode and owner
put_back() {
  local beside="${2%/*}/.pulumi-freebsd-jails.new"
  rm -f "$beside"
  cp -a "$1" "$beside" 2>"$out" || { rm -f "$beside"; stop "files: $2 could not be put back: $(cat "$out")"; }
  try "files: $2: mv" mv -f "$beside" "$2"
}

# drop_files: those that the program no longer has are put back, or removed
drop_files() {
  local kind path n
  while IFS="$tab" read -r kind path n; do
    if [ "$kind" != file ] || is_wanted file "$path"; then continue; fi
    before_change "$path"
    if [ "$n" = - ]; then rm -f "$path"; else put_back "$original/$n" "$path"; fi
    forget file "$path"
  done <<E
$ledger
E
  drop_folders
}

# drop_folders: those that we made and that are empty now
drop_folders() {
  local kind path rest lines=''
  while IFS="$tab" read -r kind path rest; do
    [ "$kind" = dir ] && lines="$path$nl$lines"
  done <<E
$ledger
E
  while IFS= read -r path; do
    [ -n "$path" ] || continue
    if [ ! -d "$path" ] || rmdir "$path" 2>/dev/null; then forget dir "$path"; fi
  done <<E
$lines
E
}

# drop_originals: copies that no file needs any more
drop_originals() {
  local file
  [ -d "$original" ] || return 0
  set +f
  for file in "$original"/*; do
    case $ledger in *"$tab${file##*/}$nl"*) ;; *) rm -f "$file" ;; esac
  done
  set -f
  rmdir "$original" 2>/dev/null || :
}

rc_begin='# BEGIN pulumi-freebsd-jails'
rc_end='# END pulumi-freebsd-jails'

# apply_rc: our lines stand at the end of rc.conf, where they win; what was there before stays above
apply_rc() {
  local kind name line rest own='' others='' block='' inside=false now=''
  while IFS="$tab" read -r kind name line rest; do
    case $kind in
      rc) own="$own$line$nl" ;;
      service)
        rc_variable "$name" || continue
        [ -z "$variable" ] || own="$own$variable=\"YES\"$nl"
        ;;
    esac
  done <<E
$plan
E
  if [ -f /etc/rc.conf ]; then
    while IFS= read -r line || [ -n "$line" ]; do
      now="$now$line$nl"
      case $line in
        "$rc_begin") inside=true ;;
        "$rc_end") inside=false ;;
        *) [ "$inside" = true ] || others="$others$line$nl" ;;
      esac
    done </etc/rc.conf
  fi
  [ -z "$own" ] || block="$rc_begin$nl$own$rc_end$nl"
  [ "$now" != "$others$block" ] || return 0
  before_change /etc/rc.conf
  if [ -z "$others$block" ]; then
    rm -f /etc/rc.conf
    return 0
  fi
  printf '%s' "$others$block" >"$stage/rc.conf" || stop "rcConf: cannot write $stage: is the disk full?"
  put_file "$stage/rc.conf" /etc/rc.conf root:wheel 0644
}

# rc_variable SERVICE: what enables it, in $variable; empty where nothing has to. False where the service comes with a package later.
rc_variable() {
  local line
  variable=''
  if ! line=$(service "$1" rcvar 2>&1 </dev/null); then
    [ "$mode" = early ] && return 1
    stop "services: $line"
  fi
  while IFS= read -r line; do
    case $line in
      '#'*) ;;
      [A-Za-z_]*'="'*)
        variable=${line%%=*}
        return 0
        ;;
    esac
  done <<E
$line
E
}
