# shellcheck shell=sh
# A jail's own network: an epair(4) between it and a bridge of the host. jail.conf makes the pair before the jail starts, and destroys
# it after the jail's end; what a failed start, a removal by force or a crash left is taken away here. epair(4), if_bridge(4), ifconfig(8).
# $arg_vnet is the host's end, $arg_vnet_inside the jail's; $arg_own_addresses has lines of FAMILY ADDRESS PREFIX.

# vnet_begin: what the jail's mark says of the pair that it had before, in $vnet_before; its bridge, if it is made for jails, in $bridge_before
vnet_begin() {
  local line name
  vnet_before='' bridge_before=${arg_old_bridge:-}
  for name in "${arg_old_name:-$arg_name}" "$arg_name"; do
    read_file "$registry/jail.$name" || continue
    while IFS= read -r line; do
      case $line in
        vnet=*) vnet_before=${line#vnet=} ;;
        bridge=*) bridge_before=${line#bridge=} ;;
      esac
    done <<E
$text
E
  done
}

# vnet_mark_data: what the mark says of it
vnet_mark_data() {
  [ -n "${arg_vnet:-}" ] || return 0
  mark_data="${mark_data}vnet=$arg_vnet$nl"
  [ "$arg_vnet_create_bridge" = false ] || mark_data="${mark_data}bridge=$arg_vnet_bridge$nl"
}

# check_vnet: the bridge is there, or is to be made; nobody has the addresses
check_vnet() {
  local family address prefix
  [ -n "${arg_vnet:-}" ] || return 0
  interfaces=$(ifconfig) || fail failed "ifconfig failed"
  case "$nl$interfaces" in
    *"$nl$arg_vnet_bridge: flags="*)
      case "$nl$(ifconfig -g bridge)$nl" in
        *"$nl$arg_vnet_bridge$nl"*) ;;
        *) fail no_bridge "vnet.bridge: $arg_vnet_bridge is an interface of this host, and no bridge; jail $arg_name is as it was" ;;
      esac
      ;;
    *)
      [ "$arg_vnet_create_bridge" = true ] ||
        fail no_bridge "vnet.bridge: there is no bridge $arg_vnet_bridge on this host; give createBridge: true, so that it is made. Jail $arg_name is as it was"
      ;;
  esac
  if [ "$vnet_before" != "$arg_vnet" ]; then
    case "$nl$interfaces" in
      *"$nl$arg_vnet: flags="*) fail foreign "an interface $arg_vnet is there already, and is not jail $arg_name's; rename it, or the jail" ;;
    esac
  fi
  while read -r family address prefix; do
    [ -n "$family" ] || continue
    address_user "$address"
    [ -z "$user" ] || fail address_used "address $address is used by jail $user; give jail $arg_name another one"
    address_holder "$address"
    [ -z "$holder" ] || fail address_on_host "address $address is the host's own, on $holder; give jail $arg_name another one"
  done <<E
${arg_own_addresses:-}
E
  [ -z "${arg_own_addresses:-}" ] || check_configurations
  while IFS= read -r address; do
    address_holder "${address%/*}"
    case $holder in
      '' | "$arg_vnet_bridge") ;;
      *) fail address_on_host "vnet.bridgeAddresses: ${address%/*} is on interface $holder of this host already" ;;
    esac
  done <<E
${arg_vnet_bridge_addresses:-}
E
}

# vnet_look: says where the jail's gateway would forward nothing
vnet_look() {
  [ "${arg_vnet_forward:-false}" = true ] || return 0
  [ "$(sysctl -n net.inet.ip.forwarding)" != 0 ] ||
    warn "jail $arg_name's gateway is this host, which forwards nothing between its interfaces: sysrc gateway_enable=YES; service routing start"
}

# vnet_release: no pair of a jail that doesn't run, and no bridge that was made for jails and has none
vnet_release() {
  local pair
  for pair in "${arg_vnet:-}" "${arg_old_vnet:-}" "${vnet_before:-}"; do
    [ -z "$pair" ] || ! ifconfig "$pair" >/dev/null 2>&1 || ifconfig "$pair" destroy 2>/dev/null || :
  done
  if [ "${arg_vnet_create_bridge:-false}" = true ]; then vnet_drop_bridge "$arg_vnet_bridge"; fi
  if [ "${bridge_before:-}" != "${arg_vnet_bridge:-}" ]; then vnet_drop_bridge "$bridge_before"; fi
}

# vnet_drop_bridge BRIDGE: jail.conf takes the same lock to join it
vnet_drop_bridge() {
  [ -n "$1" ] && ifconfig "$1" >/dev/null 2>&1 || return 0
  # shellcheck disable=SC2016 # the inner shell expands it
  lockf -k -s -t 120 "/var/run/bridge-$1.lock" /bin/sh -c '
    case $(ifconfig "$1") in *"	member: "*) ;; *"description: made for jails"*) ifconfig "$1" destroy ;; esac' sh "$1" 3>&- || :
}

# vnet_change_live: the running jail's own interface gets what is new before it loses what is old
vnet_change_live() {
  local family address prefix
  while read -r family address prefix; do
    [ -z "$family" ] || jexec "$arg_name" /sbin/ifconfig "$arg_vnet_inside" "$family" "$address/$prefix" alias 2>"$work/own" </dev/null 3>&- ||
      { read_file "$work/own"; fail failed "cannot add $address to $arg_vnet_inside in jail $arg_name: $text"; }
  done <<E
${arg_own_added:-}
E
  while read -r family address prefix; do
    [ -z "$family" ] || jexec "$arg_name" /sbin/ifconfig "$arg_vnet_inside" "$family" "$address" -alias </dev/null 2>/dev/null 3>&- || :
  done <<E
${arg_own_removed:-}
E
}
