# shellcheck shell=sh
# One jail: its tree, its /etc/jail.conf.d/NAME.conf, its word in jail_list, and whether it runs.
# jail(8), jail.conf(5), rc.conf(5).

. "$library/addresses.sh"    # who has which address
. "$library/boot.sh"         # what starts at boot
. "$library/given.sh"        # what its configuration asks of the host
. "$library/order.sh"        # who starts before it
. "$library/listeners.sh"    # who listens on its addresses
. "$library/vnet.sh"         # a network of its own
. "$library/tree.sh"         # a new jail's tree
. "$library/oneShot.sh"      # its own programs, run for us
. "$library/zfs.sh"          # data sets
. "$library/datasets.sh"     # those that are handed to it
. "$library/disk.sh"         # what the tree lies on
. "$library/archives.sh"     # what it can be made of, and what can be made of it
. "$library/archiveZfs.sh"   # the same, as snapshots
. "$library/jailRun.sh"      # started and stopped
. "$library/jailRename.sh"   # from one name to another
. "$library/jailEnd.sh"      # its end, and what stays of it
. "$library/adopt.sh"        # one that was there before
. "$library/inside.sh"       # what is inside
. "$library/move.sh"         # from one base to another

# op_create: a new jail, or one whose create was cut off
op_create() {
  jail_begin
  ( jail_create )
  local status=$?
  [ "$status" = 0 ] || jail_undo
  return "$status"
}

# op_update: the jail as its new properties say; a new name is given to it while it is stopped
op_update() {
  jail_begin
  jail_renamed_by_hand
  jail_clear
  if [ "${arg_old_name:-$arg_name}" != "$arg_name" ]; then jail_rename; fi
  own "jail.$arg_name" "jail $arg_name"
  disk_by_mark
  disk_is_there || fail gone "the tree of jail $arg_name, ${arg_image:-$arg_path}, is gone; run \`pulumi refresh\`, then \`pulumi up\`"
  check_base
  check_given
  check_vnet
  check_addresses
  move_look
  local up=false
  if is_running "$arg_name"; then up=true; fi
  move_settle
  jail_mark
  ( jail_apply && jail_report )
  local status=$?
  if [ "$status" = 0 ]; then
    move_done
  elif [ -f "$move_stage/ready" ]; then
    inside_undo
    move_back "$up"
  else
    ( move_drop )
    jail_go_back
    arg_datasets=${arg_old_datasets:-}
    ( datasets_settle )
  fi
  return "$status"
}

# op_delete: nothing of it stays; what is not this resource's is left alone
op_delete() {
  local name
  jail_begin
  if owns "jail.$arg_name"; then
    disk_by_mark
    jail_delete
  fi
  # A rename that was cut off: under its new name.
  for name in $(jail_names); do
    jail_by_mark "$name"
    jail_begin
    jail_delete
  done
  rc_last
  drop_left
}

# jail_begin: where everything of the jail lies, and which jails run
jail_begin() {
  conf="$jail_conf_d/$arg_name.conf"
  console="/var/log/jail_${arg_name}_console.log"
  jid_file="/var/run/jail_$arg_name.id"
  move_stage="$arg_root/.move-$arg_name" tree_base=''
  inside_wait
  vnet_begin
  read_jails
  jail_zone
}

# jail_zone: the data set of its zone, in $zone; none where its tree is a folder, or lies on a disk of its own
jail_zone() {
  local file line
  zone='' compression=''
  if [ "${arg_given:-false}" = true ] || [ -n "${arg_image:-}" ]; then return 0; fi
  path_key "${arg_base:-none}"
  for file in "$registry/jail.$arg_name" "$registry/jail.${arg_old_name:-$arg_name}" "$registry/base.$key"; do
    if read_file "$file"; then break; fi
  done
  case "$nl$text" in *"${nl}zone="*) ;; *) return 0 ;; esac
  zone=${text#*"${nl}zone="}
  zone=${zone%%"$nl"*}
  . "$library/diskZfs.sh"
  read_file "$registry/base.$key" || return 0
  while IFS= read -r line; do
    case $line in compression=*) compression=${line#*=} ;; esac
  done <<E
$text
E
}

# read_jails: one line a running jail in $jails
read_jails() {
  jails=$(jls -n jid name ip4.addr ip6.addr) || fail failed "jls failed: $jails"
}

# is_running NAME
is_running() {
  case "$jails" in *" name=$1 ip4.addr="*) return 0 ;; *) return 1 ;; esac
}

jail_create() {
  check_base
  check_given
  local there=false
  if jail_is_there; then there=true; fi
  mark_take_back "jail.$arg_name" "$there"
  disk_check
  move_look
  if [ "$there" = true ] && [ "${arg_adopt:-false}" = true ] && [ ! -e "$registry/jail.$arg_name" ]; then adopting=true; fi
  jail_mark_data
  claim "jail.$arg_name" "$there" "a jail named $arg_name" "; set \`adopt: true\` to take it over as it is"
  jail_clear
  : >"$work/claimed"
  adopt_begin
  make_dir "$jail_conf_d"
  # The configuration comes before the look at the others': of two that want one address at the same time, none misses the other.
  stage_file "$conf" "$arg_config"
  settle
  adopt_settled
  check_vnet
  check_addresses
  if ! disk_is_there; then
    : >"$work/made"
    if [ "${tree_base:-$arg_base}" != "$arg_base" ]; then
      tree_base=$arg_base
      jail_mark
    fi
    make_tree
    # A tree that others made is written to from the inside alone.
    if [ -n "${arg_archive:-}${arg_source_jail:-}" ] && [ -n "$arg_resolv_conf" ]; then arg_resolv_conf_changed=true; fi
  elif [ "${arg_given:-false}" = true ] && [ -n "$arg_resolv_conf" ]; then
    arg_resolv_conf_changed=true
  else
    move_settle
  fi
  jail_apply
  jail_report
  move_done
  adopt_done
}

# jail_is_there: a jail of this name that somebody else made, running or not
jail_is_there() {
  is_running "$arg_name" || [ -e "$conf" ] || [ -e "/etc/jail.$arg_name.conf" ] || disk_in_the_way ||
    { [ -f /etc/jail.conf ] && grep -Eq "^[[:space:]]*\"?$arg_name\"?[[:space:]]*(\\{|\$)" /etc/jail.conf; }
}

jail_mark_data() {
  mark_data="path=$arg_path${nl}base=${tree_base:-$arg_base}${nl}rc_file=$arg_rc_file$nl"
  [ -z "${arg_archive:-}" ] || mark_data="${mark_data}archive=$arg_archive$nl"
  [ "$arg_running" = true ] || mark_data="${mark_data}running=false$nl"
  [ "${arg_given:-false}" = false ] || mark_data="${mark_data}given=true$nl"
  ! jail_was_adopted || mark_data="${mark_data}adopted=true$nl"
  vnet_mark_data
  disk_mark_data
  datasets_mark_data
}

# jail_mark: the mark says where things lie now
jail_mark() {
  jail_mark_data
  mark_write "jail.$arg_name"
}

# jail_undo: a create that failed leaves the host as it was; data of an earlier one stays
jail_undo() {
  [ -e "$work/claimed" ] || return 0
  disk_drop_stage
  if [ -e "$work/adopted" ]; then
    adopt_undo
    return
  fi
  if [ -e "$work/made" ] || [ "${arg_given:-false}" = true ] || ! disk_is_there; then
    read_jails
    jail_remove
  fi
}

# jail_apply: configuration and boot as asked for, and the jail running or stopped. A jail is stopped with the file that it was
# started with, and only then is that file replaced.
jail_apply() {
  local up=false
  local move=false
  if is_running "$arg_name"; then up=true; fi
  rc_check
  make_places
  if move_needed; then
    move=true
    move_prepare
  fi
  if [ "$up" = true ] && { [ "$arg_running" = false ] || [ "$move" = true ] || ! jail_may_go_on; }; then
    : >"$work/stopped"
    jail_stop
    up=false
  fi
  disk_change
  if [ "$move" = true ]; then move_merge; fi
  stage_file "$conf" "$arg_config"
  make_dir "${arg_rc_file%/*}"
  stage_file "$arg_rc_file" "$arg_rc"
  settle
  if [ "${arg_old_rc_file:-$arg_rc_file}" != "$arg_rc_file" ]; then rm_if "$arg_old_rc_file"; fi
  rc_first "$arg_rc_first"
  order_look
  listeners_look
  if [ "$up" = true ]; then
    jail_change_live
    vnet_change_live
    limits_change_live
  fi
  datasets_hand
  if [ "$arg_running" = true ] && [ "$up" = false ]; then
    inside_early
    vnet_look
    jail_start
  fi
  jail_resolv_conf
  inside_apply
  datasets_settle
  [ "$arg_running" = true ] || disk_settle
  flush "$arg_path" "$mark"
}

# jail_may_go_on: the running jail needs no restart: its configuration stays, or changes in what the kernel takes live
jail_may_go_on() {
  [ "${arg_restart:-false}" = false ] || return 1
  read_file "$conf" || return 1
  [ "$text" = "$arg_config" ] && return 0
  [ "${arg_live:-false}" = true ] && [ "$text" = "$arg_old_config" ]
}

# jail_go_back: what was done inside is undone, and a jail that ran, and does not come up as its new properties say, runs as before
jail_go_back() {
  inside_undo
  [ "$up" = true ] || { jail_off_again; return 0; }
  [ -e "$work/stopped" ] || return 0
  read_jails
  if is_running "$arg_name"; then
    # It came up, but something inside of it did not.
    [ -e "$work/inside.begun" ] || return 0
    ( jail_stop ) || return 0
  fi
  if [ "$arg_old_name" != "$arg_name" ] || [ -z "$arg_old_config" ]; then return 0; fi
  stage_file "$conf" "$arg_old_config"
  settle
  if ( jail_start ); then warn "jail $arg_name runs with its old configuration again"; fi
}

# jail_off_again: one that was started, and inside of which something did not come up, is as it was
jail_off_again() {
  read_jails
  if [ -e "$work/inside.begun" ] && is_running "$arg_name"; then ( jail_stop ); fi
}

# jail_report: what is there now, read back from the host
jail_report() {
  local line
  if line=$(jls -j "$arg_name" -n jid name path ip4.addr ip6.addr host.hostname 2>/dev/null); then
    line=${line#jid=}
    printf '%s\n' "${line%% *}" >"$jid_file"
    fact state running
    fact jail "${line#* }"
  else
    [ "$arg_running" = false ] || fail start_failed "jail $arg_name was started, but does not run; see $console on the host"
    disk_state
    fact state "$state"
  fi
  disk_report
  fact_file config "$conf"
  fact_file rc "$arg_rc_file"
}
