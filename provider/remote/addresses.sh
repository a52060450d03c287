# shellcheck shell=sh
# Who has which address: the host's interfaces, running jails, and jails that are configured.
# $arg_addresses has lines of INTERFACE ADDRESS PREFIX; "-" for an address that the host carries itself.

# check_addresses: each is free, or is this jail's already
check_addresses() {
  local interface address prefix
  [ -n "${arg_addresses:-}" ] || return 0
  interfaces=$(ifconfig) || fail failed "ifconfig failed"
  while read -r interface address prefix; do
    check_address "$interface" "$address"
  done <<E
$arg_addresses
E
  check_configurations
}

# check_address INTERFACE ADDRESS
check_address() {
  address_user "$2"
  [ -z "$user" ] || fail address_used "address $2 is used by jail $user; give jail $arg_name another one"
  address_holder "$2"
  if [ "$1" = - ]; then
    [ -n "$holder" ] || fail no_address "address $2 is on no interface of this host; write it as lo1.address(…) of a LoopbackInterface, or as \"interface|$2\""
    return 0
  fi
  case "$nl$interfaces" in
    *"$nl$1: flags="*) ;;
    *) fail no_interface "there is no interface $1 on this host; declare it as a LoopbackInterface and write the jail's address as lo1.address(…), so that the jail waits for it" ;;
  esac
  [ -n "$holder" ] || return 0
  if is_running "$arg_name" && [ "$holder" = "$1" ]; then return 0; fi
  # An alias of its own that a stop without the configuration left behind.
  if [ "$holder" = "$1" ] && [ "$holder_is_single" = true ] && [ "${resumed:-true}" = true ]; then return 0; fi
  fail address_on_host "address $2 is the host's own, on $holder; write it without the interface (\"$2\") if the jail is to share it, or give jail $arg_name another one"
}

# address_user ADDRESS: the other running jail that has it, in $user
address_user() {
  local line
  user=''
  while IFS= read -r line; do
    case "$line " in
      *" name=$arg_name ip4.addr="*) ;;
      *"=$1 "* | *"=$1,"* | *",$1,"* | *",$1 "*)
        user=${line#* name=}
        user=${user%% ip4.addr=*}
        ;;
    esac
  done <<E
$jails
E
}

# address_holder ADDRESS: the interface that has it, in $holder; $holder_is_single says that its prefix is the address alone
address_holder() {
  local line current word
  holder='' holder_is_single=false current=''
  while IFS= read -r line; do
    case $line in
      '	'*"inet $1 netmask 0xffffffff"*) holder=$current holder_is_single=true ;;
      '	'*"inet $1 "*) holder=$current ;;
      '	'*"inet6 $1 prefixlen 128"*) holder=$current holder_is_single=true ;;
      '	'*"inet6 $1 "*) holder=$current ;;
      '	'*) ;;
      *) current=${line%%: flags=*} ;;
    esac
  done <<E
$interfaces
E
}

# check_configurations: no other jail's configuration, running or not, names one of the addresses
check_configurations() {
  local file found
  set +f
  found=$(grep -lE "(^|[^0-9A-Fa-f:.])($arg_address_pattern)([^0-9A-Fa-f:.]|\$)" "$jail_conf_d"/*.conf /etc/jail.conf /etc/jail.*.conf 2>/dev/null)
  set -f
  while IFS= read -r file; do
    case $file in
      '' | "$conf" | "$jail_conf_d/${arg_old_name:-$arg_name}.conf") ;;
      /etc/jail.conf) check_blocks ;;
      *) fail address_used "an address of jail $arg_name stands in $file already; give jail $arg_name another one" ;;
    esac
  done <<E
$found
E
}

# check_blocks: no jail of /etc/jail.conf but this one, which may have been there before us, has one of the addresses
check_blocks() {
  local line blocks
  blocks=$(jail -f /etc/jail.conf -e '|' 2>/dev/null) || fail address_used "an address of jail $arg_name stands in /etc/jail.conf, which jail(8) cannot read; correct it, or give jail $arg_name another one"
  while IFS= read -r line; do
    case "$line|" in "name=$arg_name|"* | "name=${arg_old_name:-$arg_name}|"*) continue ;; esac
    if printf '%s\n' "$line" | grep -qE "(^|[^0-9A-Fa-f:.])($arg_address_pattern)([^0-9A-Fa-f:.]|\$)"; then
      fail address_used "an address of jail $arg_name stands in /etc/jail.conf already; give jail $arg_name another one"
    fi
  done <<E
$blocks
E
}

# drop_addresses: a jail that was removed without its configuration leaves its aliases behind
drop_addresses() {
  local interface address prefix family
  while read -r interface address prefix; do
    case $address in '') continue ;; *:*) family=inet6 ;; *) family=inet ;; esac
    [ "$interface" = - ] || ifconfig "$interface" "$family" "$address" -alias 2>/dev/null || :
  done <<E
${arg_addresses:-}
E
}

# jail_change_live: the running jail takes what changed, its interface too: the new address comes before the old goes
jail_change_live() {
  local parameter interface address prefix family
  [ -n "${arg_live_parameters:-}" ] || return 0
  while read -r interface address prefix; do
    case $address in '') continue ;; *:*) family=inet6 ;; *) family=inet ;; esac
    ifconfig "$interface" "$family" "$address/$prefix" alias || fail failed "cannot add $address to $interface"
  done <<E
${arg_addresses_added:-}
E
  set --
  while IFS= read -r parameter; do
    [ -z "$parameter" ] || set -- "$@" "$parameter"
  done <<E
$arg_live_parameters
E
  jail -m "name=$arg_name" "$@" >"$work/live" 2>&1 || { read_file "$work/live"; fail failed "jail $arg_name could not be changed: $text"; }
  while read -r interface address prefix; do
    case $address in '') continue ;; *:*) family=inet6 ;; *) family=inet ;; esac
    ifconfig "$interface" "$family" "$address" -alias 2>/dev/null || :
  done <<E
${arg_addresses_removed:-}
E
}
