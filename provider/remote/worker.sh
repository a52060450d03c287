# shellcheck shell=sh
# The worker: `/bin/sh` at the end of ssh reads this from standard input, in braces (so that a line that is cut runs
# nothing), behind `set -- NONCE PREVIOUS PLACES SSH_CONNECTION` and protocol.sh, and after it the frames of the session.
# It makes a folder for the session, a relay for the replies, a janitor that outlives it, and runs operations as jobs.

LC_ALL=C
PATH=/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin
export LC_ALL PATH
unset ENV
umask 077
set -u -f

run=/var/run/pulumi-freebsd-jails
nonce=$1
# doas and sudo take it out of the environment.
SSH_CONNECTION=${SSH_CONNECTION:-$4}
export SSH_CONNECTION
dir=$run.$nonce
_prefix="$nonce 0"
relay='' places=0 said=''

begin() {
  exec 3>&1
  [ -O /etc ] || refuse not_root "the user there is not root"
  # shellcheck disable=SC2046 # seven words; the name of the host may be missing
  greet "$2" $(sysctl -n kern.ostype kern.hostuuid kern.osreldate kern.osrelease hw.machine hw.ncpu kern.hostname 2>/dev/null)
  [ "$1" = none ] || [ ! -d "$run.$1" ] || : >"$run.$1/gone"
  make_session || refuse no_session "cannot make $dir, which every operation needs: $said"
  look_for_boot
  start_relay
  start_janitor
  _write '=' . - 0
  apart sweep &
}

# apart COMMAND...: holds nothing of the session open. (By exec: a redirection of a function would keep a copy.)
apart() {
  exec </dev/null 3>&- 5>&-
  "$@"
}

# greet SLOTS TYPE HOSTUUID OSRELDATE RELEASE MACHINE CPUS [NAME]
greet() {
  [ "${2:-}" = FreeBSD ] || refuse not_freebsd "$(uname -s 2>/dev/null)"
  uuid=$3
  places=$((2 * $1))
  [ "$1" -gt 0 ] || places=$((8 * $7))
  [ "$places" -ge 64 ] || places=64
  fact host_uuid "$3"
  fact osreldate "$4"
  fact release "$5"
  fact machine "$6"
  fact cpus "$7"
  fact hostname "${8:-}"
}

refuse() {
  _say x "$1" "$2"
  # No session goes on where this one was.
  [ ! -d "$dir" ] || : >"$dir/refused"
  _write '=' . - 1
  exit 1
}

# Each operation has a place: a work folder, a file for its errors, one for its job.
make_session() {
  local i
  i=1
  set -- "$run.lock" "$dir" "$dir/lib"
  while [ "$i" -le "$places" ]; do
    set -- "$@" "$dir/work.$i"
    i=$((i + 1))
  done
  said=$(mkdir -p "$@" 2>&1 && mkfifo "$dir/out" "$dir/life" 2>&1)
}

# look_for_boot: the number of the boot's rc(8) where that still runs: sshd comes before jails do. It leads a session; what its scripts
# left in the background (bgfsck) has its name as well, and leads none.
look_for_boot() {
  local pid
  pid=$(pgrep -j none -o -f '^(/bin/)?sh /etc/rc autoboot') || return 0
  case " $(ps -o pgid= -p "$pid") " in *" $pid "*) printf '%s\n' "$pid" >"$dir/booting" ;; esac
}

# Operations write into the relay's fifo, never into sshd's socket: a jail's daemon that got hold of it holds nothing.
start_relay() {
  cat "$dir/out" 3>&- &
  relay=$!
  exec >"$dir/out" 2>&1 3>&1
  printf '%s\n' "$$" >"$dir/pid"
}

# The janitor sees this shell's end, of whatever kind, by the end of file on `life`, which nobody else may hold open.
start_janitor() {
  janitor </dev/null >/dev/null 2>&1 3>&- &
  printf '%s\n' "$!" >"$dir/janitor"
  exec 5>"$dir/life"
}

# library SHA256 NAME...; the texts on 4, with the byte 036 between them
library() {
  local text IFS
  text=$(cat <&4)
  [ "$(printf '%s' "$text" | sha256 -q)" = "$1" ] || exit 1
  shift
  IFS=$(printf '\036')
  for text in $text; do
    printf '%s\n' "$text" >"$dir/lib/$1" || refuse no_room "cannot write $dir/lib/$1, which every operation needs: is the disk full? (\`df /var/run\` says)"
    shift
  done
}

# op ID PLACE TIMEOUT PATIENCE SHA256 [LOCK...]; the body on 4
op() {
  local before
  eval "before=\${job_$2:-}"
  [ -z "$before" ] || wait "$before" 2>/dev/null
  : >"$dir/state.$2"
  {
    exec <&4 4<&- 5>&-
    (job "$@")
    lost_job "$1" "$2" $?
  } &
  eval "job_$2=$!"
  printf '%s %s %s\n' "$1" "$!" "$3" >"$dir/job.$2"
}

# The same arguments. Once the locks are there the operation runs, whatever becomes of the session.
job() {
  local id place patience sum waited status
  id=$1 place=$2 patience=$4 sum=$5 waited=0
  shift 5
  _prefix="$nonce $id"
  attempt 0 "$@"
  while [ "$status" = 75 ] && [ ! -s "$dir/state.$place" ] && [ ! -e "$dir/gone" ]; do
    wait_for "$@" || break
  done
  # Whoever was to read this may be gone. Not before: what an operation runs would inherit it.
  trap '' PIPE
  [ "$status" = 0 ] || errors "$dir/err.$place"
  # Before the last word: who has read that finds nothing of the upload any more.
  if [ -s "$dir/state.$place" ] || [ ! -e "$dir/gone" ]; then drop_upload "$place"; fi
  _write '=' . - "$status"
  tidy "$dir/work.$place"
  printf ended >"$dir/state.$place"
}

# lost_job ID PLACE STATUS: an operation whose own shell was killed hasn't said its last word
lost_job() {
  local state
  state=''
  [ ! -s "$dir/state.$2" ] || read -r state <"$dir/state.$2"
  [ "$state" != ended ] || return 0
  trap '' PIPE
  _prefix="$nonce $1"
  _say x lost "its process on the host was killed"
  if [ "$state" = started ] || [ ! -e "$dir/gone" ]; then drop_upload "$2"; fi
  _write '=' . - "$3"
  tidy "$dir/work.$2"
  printf ended >"$dir/state.$2"
}

# attempt SECONDS [LOCK...]: the operation's status, or 75 if a lock was not free within that time
attempt() {
  local prefix seconds lock
  prefix='' seconds=$1
  shift
  for lock; do
    prefix="$prefix lockf -k -s -t $seconds $run.lock/$lock"
  done
  # shellcheck disable=SC2086 # several words
  $prefix /bin/sh "$dir/lib/operation.sh" "$nonce" "$id" "$place" "$sum" "$uuid" "$@" >"$dir/err.$place" 2>&1
  status=$?
}

# wait_for LOCK...: says who holds the locks, and waits some seconds
wait_for() {
  local slice held
  held=$(holders "$@")
  if [ "$waited" -ge "$patience" ]; then
    _say x busy "$held"
    return 1
  fi
  _say l - "$held"
  slice=$((patience - waited))
  [ "$slice" -le 10 ] || slice=10
  waited=$((waited + slice))
  attempt "$slice" "$@"
}

holders() {
  local lock by
  for lock; do
    by=''
    [ ! -r "$run.lock/$lock.by" ] || IFS= read -r by <"$run.lock/$lock.by"
    printf '%s (%s)\n' "$lock" "${by:-somebody}"
  done
}

errors() {
  local line
  tail -n 20 "$1" 2>/dev/null | while IFS= read -r line; do
    _say e - "$line"
  done
}

# tidy FOLDER: empties it; most operations leave nothing there, and then nothing is executed
tidy() {
  local name
  set +f
  set -- "$1"/* "$1"/.[!.]*
  set -f
  for name; do
    if [ -e "$name" ] || [ -L "$name" ]; then
      rm -rf "$@"
      return 0
    fi
  done
}

# upload ID PLACE NONCE OLDPLACE; on 4 its folder. The file goes there, or into the nearest folder above that
# exists. With a NONCE other than none it goes on where that session was cut. Says how much is there.
upload() {
  local folder file size
  IFS= read -r folder <&4
  while [ ! -d "$folder" ]; do folder=${folder%/*}; done
  drop_strays "$folder"
  file=$folder/.pulumi-freebsd-jails.$nonce.$2
  printf '%s\n' "$file" >"$dir/upload.$2"
  : >"$dir/failed.$2"
  size=0
  if resume "$file" "$3" "$4"; then size=$(stat -f %z "$file"); else : >"$file"; fi 2>"$dir/failed.$2"
  _prefix="$nonce $1"
  _say u - "$size"
  _prefix="$nonce 0"
}

# resume FILE NONCE PLACE: what lies there is this session's now, unless the operation of that one has it in its hands
resume() {
  local old state=''
  [ "$2" != none ] && [ -s "$run.$2/upload.$3" ] || return 1
  IFS= read -r old <"$run.$2/upload.$3"
  : >"$run.$2/claimed.$3"
  ln "$old" "$1" 2>/dev/null || return 1
  [ ! -s "$run.$2/state.$3" ] || read -r state <"$run.$2/state.$3"
  [ "$state" = started ] || rm -f "$old"
}

# drop_strays FOLDER: uploads of sessions that are no more, as after the power was lost
drop_strays() {
  local file owner
  set +f
  for file in "$1"/.pulumi-freebsd-jails.*; do
    owner=${file##*/.pulumi-freebsd-jails.}
    [ ! -f "$file" ] || alive "$run.${owner%.*}" || rm -f "$file"
  done
  set -f
}

# chunk PLACE; on 4 what comes next in the file
chunk() {
  local file
  [ ! -e "$dir/gone" ] || exit 1
  [ ! -s "$dir/failed.$1" ] || return 0
  IFS= read -r file <"$dir/upload.$1"
  b64decode -r <&4 2>"$dir/failed.$1" >>"$file" || printf 'the file could not be written\n' >>"$dir/failed.$1"
}

drop_upload() {
  local file
  [ -s "$dir/upload.$1" ] || return 0
  IFS= read -r file <"$dir/upload.$1"
  rm -f "$file"
  : >"$dir/upload.$1"
}

# cancel ID PLACE: ends an operation whose time is up
cancel() {
  local id pid
  id='' pid=''
  [ ! -r "$dir/job.$2" ] || read -r id pid _ <"$dir/job.$2"
  [ "$id" != "$1" ] || apart kill_below "$pid" &
}

# kill_below PID: its descendants (lockf, the operation, what it runs; not the daemons of a jail, which left the tree)
kill_below() {
  local signal tree
  for signal in TERM 0 0 0 0 KILL; do
    descendants "$1"
    [ -n "$tree" ] || return 0
    # shellcheck disable=SC2086 # several words
    kill "-$signal" $tree 2>/dev/null
    sleep 1
  done
}

descendants() {
  local level table
  table=$(ps -ax -o pid= -o ppid=)
  tree='' level=$1
  while [ -n "$level" ]; do
    # shellcheck disable=SC2086 # pairs of numbers
    below "$level" $table
    [ -z "$level" ] || tree="$level $tree"
  done
}

# below PARENTS PID PPID...: the children in $level
below() {
  local parents
  parents=" $1 "
  shift
  level=''
  while [ $# -gt 1 ]; do
    case $parents in *" $2 "*) level="$level$1 " ;; esac
    shift 2
  done
  level=${level% }
}

bye() {
  kill "$relay"
  rm -rf "$dir"
  exit 0
}

# When the worker is gone (cut off, or killed): ssh is let go at once, operations go on to their ends, and then the
# folder goes away.
janitor() {
  local ticker
  ticker &
  ticker=$!
  read -r _ <"$dir/life"
  kill "$ticker"
  [ -d "$dir" ] || exit 0
  : >"$dir/gone"
  kill "$relay"
  bury
}

# Ends operations that are over their time; and the worker, when the next session has taken its place
ticker() {
  local nap
  nap=''
  trap '[ -z "$nap" ] || kill "$nap"; exit 0' TERM
  while :; do
    sleep 10 &
    nap=$!
    wait "$nap"
    kill -0 $$ || : >"$dir/gone"
    [ ! -e "$dir/gone" ] || kill -KILL $$
    each_job check_time 10
  done
}

# each_job COMMAND...: runs it with PLACE ID PID TIMEOUT of each operation that has not ended
each_job() {
  local i id pid limit state
  i=1
  while [ "$i" -le "$places" ]; do
    id='' pid='' limit='' state=''
    [ ! -s "$dir/job.$i" ] || read -r id pid limit <"$dir/job.$i"
    [ ! -s "$dir/state.$i" ] || read -r state <"$dir/state.$i"
    [ -z "$limit" ] || [ "$state" = ended ] || "$@" "$i" "$id" "$pid" "$limit"
    i=$((i + 1))
  done
}

# check_time SECONDS PLACE ID PID TIMEOUT: the client counts exactly; this is for when the client is gone, or sleeps
check_time() {
  local seen spent
  eval "seen=\${seen_$2:-} spent=\${spent_$2:-0}"
  [ "$seen" = "$3" ] || spent=0
  spent=$((spent + $1))
  eval "seen_$2=$3 spent_$2=$spent"
  [ "$spent" -le $(($5 + 20)) ] || kill_below "$4" &
}

bury() {
  local left
  while :; do
    left=''
    each_job count_living
    [ -n "$left" ] || break
    sleep 1
    each_job check_time 1
  done
  bury_uploads
  drop_folder "$dir"
}

# drop_folder FOLDER: another session may be claiming an upload in it at this moment
drop_folder() {
  rm -rf "$1" 2>/dev/null || { sleep 1; rm -rf "$1"; }
}

count_living() {
  ! kill -0 "$3" 2>/dev/null || left=$3
}

# A file that was on its way stays for ten minutes, so that the client can go on with it in another session.
bury_uploads() {
  local i waited
  i=1 waited=0
  while [ "$i" -le "$places" ]; do
    if [ ! -s "$dir/upload.$i" ]; then
      i=$((i + 1))
    elif [ -e "$dir/refused" ] || [ -e "$dir/claimed.$i" ] || [ "$waited" -ge 600 ]; then
      drop_upload "$i"
    else
      sleep 2
      waited=$((waited + 2))
    fi
  done
}

# What workers left that were killed together with their janitors, or that ran when the host booted: then only folders
# are left, as in a session that is just being made; those have five seconds.
sweep() {
  local old
  drop_strays /var/tmp
  set +f
  for old in "$run".*; do
    case ${old#"$run".} in
      "$nonce" | lock) continue ;;
    esac
    [ -e "$old/pid" ] || sleep 5
    alive "$old" || sweep_one "$old"
  done
}

# alive FOLDER: its worker, its janitor or an operation runs
alive() {
  local file pid
  for file in "$1"/pid "$1"/janitor "$1"/job.*; do
    pid=''
    [ ! -r "$file" ] || read -r pid <"$file"
    case $file in *job.*) pid=${pid#* } && pid=${pid%% *} ;; esac
    if [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; then return 0; fi
  done
  return 1
}

# sweep_one FOLDER
sweep_one() {
  local file name
  for file in "$1"/upload.*; do
    [ -s "$file" ] && IFS= read -r name <"$file" && rm -f "$name"
  done
  drop_folder "$1"
}

begin "$2" "$3"
