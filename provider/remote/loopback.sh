# shellcheck shell=sh
# A loopback interface and its addresses, now and at every boot (lo(4), ifconfig(8), rc.conf(5): cloned_interfaces).
# $arg_addresses has lines of FAMILY ADDRESS PREFIX.

. "$library/addresses.sh"

rc_netif_d=/etc/rc.conf.d/netif

# op_create: the interface, its addresses, its file in /etc/rc.conf.d/netif/
op_create() {
  ( loopback_create )
  local status=$?
  [ "$status" = 0 ] || [ ! -e "$work/claimed" ] || loopback_remove
  return "$status"
}

# op_update: addresses that came are added before those that went are removed
op_update() {
  own "interface.$arg_name" "interface $arg_name"
  loopback_apply
}

# op_delete: unless a jail still uses it
op_delete() {
  owns "interface.$arg_name" || { drop_left; return 0; }
  loopback_in_use
  if [ -n "$kept_for" ]; then
    mark_hand_over "interface.$arg_name"
    warn "interface $arg_name stays, for jail $kept_for, which was handed back"
  else
    loopback_remove
  fi
}

loopback_create() {
  rc_netif_check
  local there=false
  if loopback_is_there; then there=true; fi
  mark_take_back "interface.$arg_name" "$there"
  claim "interface.$arg_name" "$there" "an interface $arg_name, or its line in rc.conf,"
  if [ "$resumed" = false ] && [ "$there" = false ]; then : >"$work/claimed"; fi
  loopback_apply
}

# loopback_is_there: the interface, or rc.conf's word that it will be
loopback_is_there() {
  ifconfig "$arg_name" >/dev/null 2>&1 || {
    set +f
    grep -Eqs "^[[:space:]]*(ifconfig_${arg_name}(_[a-z0-9]+)?=|cloned_interfaces=.*[\"' ]${arg_name}[\"' ]|ifconfig_[a-z0-9]+_name=[\"']?${arg_name}[\"']?\$)" \
      /etc/rc.conf /etc/rc.conf.local "$rc_netif_d"/*
    local status=$?
    set -f
    return "$status"
  }
}

# rc_netif_check: the folder is a folder, or an error says how to make it one
rc_netif_check() {
  if [ -e "$rc_netif_d" ] && [ ! -d "$rc_netif_d" ]; then
    fail in_the_way "$rc_netif_d is a file, and has to be a folder so that each interface can have a file in it; as root: mv $rc_netif_d $rc_netif_d.rc && mkdir $rc_netif_d && mv $rc_netif_d.rc $rc_netif_d/10-local"
  fi
}

loopback_apply() {
  local family address prefix
  make_dir "$rc_netif_d"
  loopback_conflicts
  stage_file "$arg_rc_file" "$arg_rc"
  settle
  ifconfig "$arg_name" >/dev/null 2>&1 || loopback_make
  while read -r family address prefix; do
    [ -z "$family" ] || ifconfig "$arg_name" "$family" "$address/$prefix" alias 2>"$work/ifconfig" ||
      { read_file "$work/ifconfig"; fail failed "cannot add $address/$prefix to $arg_name: $text"; }
  done <<E
$arg_addresses
E
  while read -r family address prefix; do
    [ -z "$family" ] || ifconfig "$arg_name" "$family" "$address" -alias 2>/dev/null || :
  done <<E
${arg_addresses_removed:-}
E
  ifconfig "$arg_name" up
  flush "$mark"
  ifconfig "$arg_name" | fact_lines interface
  fact_file rc "$arg_rc_file"
}

# loopback_make: loN, or one with a name of its own, as rc does it by ifconfig_loN_name
loopback_make() {
  ifconfig "$arg_unit" create 2>"$work/ifconfig" || { read_file "$work/ifconfig"; fail failed "cannot make the interface $arg_unit: $text"; }
  [ "$arg_unit" = "$arg_name" ] || ifconfig "$arg_unit" name "$arg_name" >/dev/null || fail failed "cannot name the interface $arg_unit $arg_name"
}

# loopback_conflicts: none of the addresses is on another interface of the host
loopback_conflicts() {
  local family address prefix
  interfaces=$(ifconfig) || fail failed "ifconfig failed"
  while read -r family address prefix; do
    [ -n "$family" ] || continue
    address_holder "$address"
    case $holder in
      '' | "$arg_name") ;;
      *) fail address_on_host "address $address is on interface $holder of this host already; give $arg_name another one" ;;
    esac
  done <<E
$arg_addresses
E
}

# loopback_in_use: a jail's configuration has one of its addresses. A jail that was handed back ($kept_for) keeps its interface.
loopback_in_use() {
  local file found
  kept_for=''
  set +f
  found=$(grep -lF "$arg_name|" "$jail_conf_d"/*.conf /etc/jail.conf 2>/dev/null)
  set -f
  for file in $found; do
    keeper_of "$file" || fail in_use "interface $arg_name is used by a jail ($file); remove that jail first"
  done
}

loopback_remove() {
  rm_if "$arg_rc_file"
  rm_if "$rc_netif_d/.${arg_rc_file##*/}.new"
  if ifconfig "$arg_name" >/dev/null 2>&1; then
    ifconfig "$arg_name" destroy || fail failed "cannot remove the interface $arg_name"
  fi
  mark_remove "interface.$arg_name"
  flush "$rc_netif_d" "$registry"
  drop_dir "$rc_netif_d"
  drop_registry
}
