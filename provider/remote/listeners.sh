# shellcheck shell=sh
# Daemons of the host that listen on a jail's addresses: who connects to the jail's port 22 gets the host's sshd. sockstat(1), ps(1).

# listeners_look: a warning that names them; $arg_looked_at has the addresses that are new, with spaces between them
listeners_look() {
  local found
  [ -n "${arg_looked_at:-}" ] || return 0
  found=$({ ps -ax -o pid= -o jid=; echo '=='; sockstat -4 -6 -l -q 2>/dev/null; } | awk -v addresses=" $arg_looked_at " '
    $1 == "==" { sockets = 1; next }
    !sockets { if ($2 == 0) host[$1] = 1; next }
    ($3 in host) {
      address = $6; port = $6
      sub(/:[^:]*$/, "", address); sub(/^.*:/, "", port)
      if (port != "*" && (address == "*" || index(addresses, " " address " "))) print $2 " (" $6 ")"
    }' | sort -u | tr '\n' ',')
  [ -z "$found" ] || warn "daemons of the host listen on jail $arg_name's addresses ($arg_looked_at), and answer there in its place: ${found%,}; bind them to the host's own addresses (sshd_config(5): ListenAddress; syslogd_flags=\"-ss\")"
}
