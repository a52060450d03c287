# shellcheck shell=sh
# Daemons of the host that listen on a jail's addresses: who connects to the jail's port 22 gets the host's sshd. sockstat(1), ps(1).

# listeners_look: a warning that names them; $arg_looked_at has the addresses that are new, with spaces between them
listeners_look() {
  local found='' program where
  [ -n "${arg_looked_at:-}" ] || return 0
  [ -e "$_dir/listeners" ] || listeners_list
  while read -r program where; do
    case " * $arg_looked_at " in
      *" ${where%:*} "*) found="$found,$program ($where)" ;;
    esac
  done <"$_dir/listeners"
  [ -z "$found" ] || warn "daemons of the host listen on jail $arg_name's addresses ($arg_looked_at), and answer there in its place: ${found#,}; bind them to the host's own addresses (sshd_config(5): ListenAddress; syslogd_flags=\"-ss\")"
}

# listeners_list: once a session, for all of its jails: "PROGRAM ADDRESS:PORT" of each that the host has
listeners_list() {
  { ps -ax -o pid= -o jid=; echo '=='; sockstat -4 -6 -l -q 2>/dev/null; } | awk '
    $1 == "==" { sockets = 1; next }
    !sockets { if ($2 == 0) host[$1] = 1; next }
    ($3 in host) && $6 !~ /:\*$/ { print $2, $6 }' | sort -u >"$work/listeners"
  mv -f "$work/listeners" "$_dir/listeners"
}
