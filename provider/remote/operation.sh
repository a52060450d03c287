# shellcheck shell=sh
# One operation, as a child of the worker and of a lockf for each of its locks.
# operation.sh NONCE ID PLACE SHA256 HOSTUUID [LOCK...]; on standard input its body in base64; what it says goes to 3.
# The body: FILE, NAME, expected HOSTUUID, client, upload's SHA256, then KEY=VALUE..., all ended by the byte 036. It may hold
# secrets: it stays in this process's memory.

LC_ALL=C
PATH=/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin
export LC_ALL PATH
unset ENV
umask 022
set -u -f
trap '' PIPE
upload=''

_dir=${0%/lib/operation.sh}
_prefix="$1 $2"
work=$_dir/work.$3
. "$_dir/lib/protocol.sh"
[ ! -e "$_dir/gone" ] || exit 1
printf started >"$_dir/state.$3" || fail disk_full "nothing was done: cannot write $_dir/state.$3: is the disk full? (\`df /var/run\` says)"

_body=$(b64decode -r)
exec </dev/null
[ "$(printf '%s' "$_body" | sha256 -q)" = "$4" ] || fail broken_frame "the request came broken: nothing was done"
_uuid=$5
_place=$3
shift 5
_locks=$*

# _await_boot: rc(8) starts jails too, and knows nothing of our locks. One that doesn't end is waited for once.
_await_boot() {
  local pid waited=0
  read -r pid <"$_dir/booting"
  while [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; do
    if [ "$waited" -ge 120 ]; then
      : >"$_dir/booting"
      warn "the host's boot (/etc/rc, pid $pid) has not come to its end within $waited s; what is done now may meet jails that it is starting"
      return 0
    fi
    [ "$waited" != 0 ] || progress "waiting for the host to boot: its /etc/rc still starts daemons and jails"
    sleep 1
    waited=$((waited + 1))
  done
  : >"$_dir/booting"
}

_take_header() {
  _file=$1 _name=$2 _expected=$3 _client=$4 _digest=$5
}

# _check_upload PLACE: what arrived is what was sent
_check_upload() {
  IFS= read -r upload <"$_dir/upload.$1"
  [ ! -s "$_dir/failed.$1" ] || fail upload "$upload could not be written: $(cat "$_dir/failed.$1")"
  [ "$(sha256 -q "$upload")" = "$_digest" ] || fail broken_upload "$upload is not the file that was sent"
}

_take_argument() {
  case ${1%%=*} in
    '' | [!a-z]* | *[!a-z0-9_]*) fail broken_frame "${1%%=*} is no name of an argument" ;;
  esac
  eval "arg_${1%%=*}=\${1#*=}"
}

_split() {
  local IFS
  IFS=$(printf '\036')
  # shellcheck disable=SC2086 # split on purpose
  set -- $_body
  IFS=' '
  _take_header "$@"
  shift 5
  while [ $# -gt 0 ]; do
    _take_argument "$1"
    shift
  done
}

_split
unset _body
[ "$_expected" = - ] || [ "$_expected" = "$_uuid" ] ||
  fail wrong_host "this is the host $_uuid, and the resource was made on the host $_expected: nothing was done"
for _lock in $_locks; do
  printf '%s\n' "$_client, pid $$" >"/var/run/pulumi-freebsd-jails.lock/$_lock.by"
done
[ ! -s "$_dir/booting" ] || _await_boot
set --
[ "$_digest" = - ] || _check_upload "$_place"
. "$_dir/lib/lib.sh"
# shellcheck source=/dev/null
. "$_dir/lib/$_file.sh"
"op_$_name"
