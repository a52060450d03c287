# shellcheck shell=sh
# What starts at boot: files of ours in /etc/rc.conf.d/jail/, which rc reads after rc.conf in the order of their names.
# rc.conf itself is never written.

rc_jail_d=/etc/rc.conf.d/jail
# It says the jails of /etc/jail.conf, which rc would no longer start once jail_list has a word of ours.
rc_jail_first="$rc_jail_d/00-jail.conf"

# rc_check: the folder is a folder, or an error says how to make it one
rc_check() {
  if [ -e "$rc_jail_d" ] && [ ! -d "$rc_jail_d" ]; then
    fail in_the_way "$rc_jail_d is a file, and has to be a folder so that each jail can have a file in it; as root: mv $rc_jail_d $rc_jail_d.rc && mkdir $rc_jail_d && mv $rc_jail_d.rc $rc_jail_d/10-local"
  fi
}

# rc_first TEXT: the file in front is there. Several jails may come at the same moment: each writes a file of its own beside it.
rc_first() {
  # An empty one is one that a power loss cut short.
  [ ! -s "$rc_jail_first" ] || return 0
  local temporary="$rc_jail_d/.first-$arg_name.new"
  printf '%s\n' "$1" >"$temporary" || unwritten "$temporary"
  fsync "$temporary" || fail failed "cannot write $temporary to the disk"
  mv -f "$temporary" "$rc_jail_first" || fail failed "cannot write $rc_jail_first"
  settled="${settled:-} $rc_jail_first"
}

# rc_last: with the last of our jails the file in front goes; a jail that came in the meantime has it again
rc_last() {
  [ -f "$rc_jail_first" ] || return 0
  rc_has_jails && return 0
  read_file "$rc_jail_first"
  local first="$text"
  rm_if "$rc_jail_first"
  if rc_has_jails; then rc_first "$first"; fi
}

# rc_has_jails: a file of one of our jails is there
rc_has_jails() {
  local file
  set +f
  for file in "$registry"/jail.*; do
    case $file in *.new | "$registry/jail.$arg_name") continue ;; esac
    [ ! -f "$file" ] || { set -f; return 0; }
  done
  set -f
  return 1
}
