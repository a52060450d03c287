# shellcheck shell=sh
# The jail's own programs, run for us: in the running jail, or in one that lives as long as they do. What they print is not believed to be
# short, and what they start doesn't live on where the jail doesn't run.

# Without -k: the file is there as long as something is done inside.
inside_locks=/var/run/pulumi-freebsd-jails.lock/inside

# inside_wait: what an operation began whose shell was killed comes to its end first
inside_wait() {
  local name
  for name in "$arg_name" "${arg_old_name:-$arg_name}"; do
    [ -e "$inside_locks.$name" ] || continue
    progress "waiting for what an operation that was cut off still does inside"
    lockf -s -t 400 "$inside_locks.$name" true || fail busy "something is still done inside of jail $name (\`pgrep -f $inside_locks.$name\` on the host shows it)"
  done
}

# limited COMMAND…: its status; what it said, as far as anybody would read it, in $work/inside. What a jail does is not believed to end. Its
# daemons don't inherit the way back to the client, nor an ignored SIGPIPE. The environment is what a login would give: jail(8)'s exec.clean
# and jexec(8)'s -l look for root's in the jail's group(5), and for a FIFO there they wait for ever.
limited() {
  local status=1 limit="${arg_inside_limit:-300}"
  set -- env -i HOME=/root USER=root SHELL=/bin/sh LANG=C.UTF-8 PATH="$PATH" "$@"
  { ( trap - PIPE; exec lockf -s -t 300 "$inside_locks.$arg_name" timeout --foreground -k 5 "$limit" "$@" ) 2>&1 3>&-; printf '%s\n' "$?" >"$work/inside.status"; } | head -c "${arg_inside_most:-100000}" >"$work/inside"
  read -r status <"$work/inside.status"
  [ "$status" != 124 ] || printf 'it was not done within %s s, and ended\n' "$limit" >>"$work/inside"
  return "$status"
}

# one_shot_end: what a script started there doesn't live on behind it. Such a jail was given no name, so its number is its name.
one_shot_end() {
  local jid name path
  while read -r jid name path; do
    [ "$jid $path" != "$name $arg_path" ] || jail -R "$jid" 2>/dev/null
  done <<E
$(jls jid name path 2>/dev/null)
E
}

# jail_inside SCRIPT <stdin: in the running jail, or in one that can do no more than the script
jail_inside() {
  local status
  if is_running "$arg_name" || jls -j "$arg_name" jid >/dev/null 2>&1; then
    limited jexec "$arg_name" /bin/sh -c "$1"
    status=$?
  else
    disk_open
    local script="$1"
    set -- "path=$arg_path" "host.hostname=$arg_name"
    [ "${arg_thick:-false}" = true ] || [ -z "$arg_base" ] || set -- "$@" "mount=$arg_base $arg_path/sharedfs nullfs ro 0 0"
    limited jail -c "$@" command=/bin/sh -c "$script"
    status=$?
    one_shot_end
    disk_release
  fi
  [ "$status" = 0 ] || inside_failed
}

# inside_failed: what was said there, without the script that jail(8) repeats
inside_failed() {
  read_file "$work/inside"
  fail inside "in jail $arg_name: ${text%%"jail: /bin/sh -c "*}"
}
