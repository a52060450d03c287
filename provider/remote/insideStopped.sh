# shellcheck shell=sh
# How things are inside of a jail that doesn't run, for a refresh: insideReport.sh in a one-shot jail with its base.
# insideStopped.sh NAME WORK LIBRARY, under the jail's lock; on standard input the lines of what is to be. What the jail said is in WORK/inside.

arg_name=$1 work=$2
_dir=${3%/lib}
set -u -f
. "$_dir/lib/protocol.sh"
. "$_dir/lib/lib.sh"
. "$library/oneShot.sh"
. "$library/disk.sh"

# stopped_read: where its mark says that the tree and the base are; the disk of an ImageJail is detached, and nobody changes what is on it
stopped_read() {
  local line
  arg_path='' arg_base=''
  while IFS= read -r line; do
    case $line in
      path=*) arg_path=${line#path=} ;;
      base=*) arg_base=${line#base=} ;;
      image=*) exit 0 ;;
    esac
  done <"$registry/jail.$arg_name"
  [ -d "$arg_path" ]
}

# stopped_in_use: it was started meanwhile, under whatever name, or somebody works in its tree
stopped_in_use() {
  if jls -j "$arg_name" jid >/dev/null 2>&1; then return 0; fi
  case "$nl$(jls path)$nl" in *"$nl$arg_path$nl"*) return 0 ;; esac
  mounts_below "$arg_path"
  case "$nl$mounts" in *"$nl$arg_path/dev$nl"* | *"$nl$arg_path/sharedfs$nl"*) return 0 ;; esac
  return 1
}

if ! stopped_read || stopped_in_use; then exit 0; fi
printf 'a refresh, pid %s\n' "$$" >"/var/run/pulumi-freebsd-jails.lock/jail.$arg_name.by"
set -- "path=$arg_path" "host.hostname=$arg_name" mount.devfs devfs_ruleset=4
[ -z "$arg_base" ] || [ ! -d "$arg_path/sharedfs" ] || set -- "$@" "mount=$arg_base $arg_path/sharedfs nullfs ro 0 0"
arg_inside_limit=60 arg_inside_most=1000000
limited jail -c "$@" command=/bin/sh -c "$(cat "$library/insideReport.sh")" report stopped
one_shot_end
# Nothing but what was mounted here: a refresh takes nothing of the administrator's away.
arg_given=true arg_own_mounts="/dev$nl/sharedfs"
disk_release
