# shellcheck shell=sh
# Inside of a jail: commands that run once, services, the health check; the way back, and which part does what. The last part of the text.

# apply_run: commands that haven't run yet, in their order
apply_run() {
  local kind n digest i=0 status
  while IFS="$tab" read -r kind n digest; do
    [ "$kind" = run ] || continue
    want run "$digest"
    if ! known run "$digest"; then
      sh "$stage/$n" </dev/null >"$out" 2>&1
      status=$?
      [ "$status" = 0 ] || stop "run[$i] ended with $status: $(tail -n 20 "$out")"
      # It counts as done only when what it did outlives a power loss.
      sync
      remember run "$digest" -
    fi
    i=$((i + 1))
  done <<E
$plan
E
  drop_lines run
}

# drop_lines KIND: what stands in the ledger and not in the plan
drop_lines() {
  local kind key rest
  while IFS="$tab" read -r kind key rest; do
    if [ "$kind" != "$1" ] || is_wanted "$kind" "$key"; then continue; fi
    forget "$kind" "$key"
  done <<E
$ledger
E
}

# apply_services: each runs; those that were started now are looked at once more, since a daemon may start and end at once
apply_services() {
  local kind name digest started=' '
  while IFS="$tab" read -r kind name digest; do
    [ "$kind" = service ] || continue
    want service "$name"
    if [ "$mode" = all ]; then apply_service; fi
    if ! known service "$name" || [ "$value" != "$digest" ]; then remember service "$name" "$digest"; fi
  done <<E
$plan
E
  [ "$started" = ' ' ] || sleep 1
  for name in $started; do
    service_runs "$name" || stop "services: $name ended as soon as it was started: $(cat "$state/output.$name" 2>/dev/null; service_log)"
    rm -f "$state/output.$name"
  done
}

# apply_service: $name $digest
apply_service() {
  if ! service_runs "$name"; then
    note "started$tab$name"
    service_do start
  elif known service "$name" && [ "$value" != "$digest" ]; then
    note "restarted$tab$name"
    service_do restart
  fi
}

# service_do ACTION: what it says is kept until it is seen to run
service_do() {
  local status
  service "$name" "$1" </dev/null >"$state/output.$name" 2>&1
  status=$?
  if [ "$status" != 0 ]; then
    cp "$state/output.$name" "$out"
    rm -f "$state/output.$name"
    stop "services: service $name $1 ended with $status: $(tail -n 20 "$out")$(service_log)"
  fi
  started="$started$name "
}

# service_log: the end of what daemons said in the jail
service_log() {
  [ -s /var/log/messages ] || return 0
  printf '%s/var/log/messages: %s' "$nl" "$(tail -n 3 /var/log/messages)"
}

# service_runs SERVICE: or it is one of those that only do something once, and don't know the word
service_runs() {
  local said
  said=$(service "$1" onestatus 2>&1 </dev/null) && return 0
  case $said in *"unknown directive 'status'"*) ;; *) return 1 ;; esac
  case ${started:-} in *" $1 "*) return 0 ;; esac
  known service "$1"
}

# drop_services: those that other lines of rc.conf enable run on
drop_services() {
  local kind name rest
  while IFS="$tab" read -r kind name rest; do
    if [ "$kind" != service ] || is_wanted service "$name"; then continue; fi
    forget service "$name"
    [ "$mode" = all ] || continue
    if service "$name" enabled >/dev/null 2>&1 </dev/null || ! service "$name" onestatus >/dev/null 2>&1 </dev/null; then continue; fi
    note "stopped$tab$name"
    try "services: service $name stop" service "$name" onestop
  done <<E
$ledger
E
}

# check_health: until it is well, or the time is over
check_health() {
  local kind n limit spent=0 from status
  while IFS="$tab" read -r kind n limit; do
    if [ "$kind" != health ] || [ "$mode" != all ]; then continue; fi
    from=$(date +%s)
    while :; do
      timeout --foreground -k 2 "$((limit - spent))" sh "$stage/$n" </dev/null >"$out" 2>&1
      status=$?
      [ "$status" != 0 ] || break
      spent=$(($(date +%s) - from))
      [ "$spent" -lt "$limit" ] || stop "healthCheck: it ended with $status, for $limit seconds; the last time it said: $(tail -n 20 "$out")"
      sleep 1
      spent=$(($(date +%s) - from))
      [ "$spent" -lt "$limit" ] || spent=$((limit - 1))
    done
  done <<E
$plan
E
}

# undo_all: all as it was before the operation, the last change first
undo_all() {
  local line log=''
  [ -d "$undo" ] || return 0
  while IFS= read -r line; do log="$line$nl$log"; done <"$undo/log"
  while IFS= read -r line; do
    [ -z "$line" ] || ( undo_one "$line" )
  done <<E
$log
E
  mv -f "$undo/ledger" "$state/ledger"
  read_ledger
  end
}

# undo_one LINE: as far as it goes; what doesn't go is said, and the rest goes on
undo_one() {
  local kind path rest name
  IFS="$tab" read -r kind path rest <<E
$1
E
  name=$path
  case $kind in
    absent) rm -f "$path" ;;
    dir) rmdir "$path" 2>/dev/null ;;
    home) rm -rf "$path" ;;
    file) put_back "$undo/$rest" "$path" ;;
    users) [ -s "$undo/group" ] && [ -s "$undo/master.passwd" ] && users_from "$undo/group" "$undo/master.passwd" ;;
    packages) undo_packages ;;
    removed) undo_removed ;;
    started) service "$name" onestop </dev/null >"$out" 2>&1 ;;
    stopped) service "$name" onestart </dev/null >"$out" 2>&1 ;;
    restarted) service "$name" onerestart </dev/null >"$out" 2>&1 ;;
  esac
}

# users_from GROUP MASTER.PASSWD: in their places, whole or not at all
users_from() {
  local status
  cp -p "$1" /etc/group.pulumi && cp -p "$2" /etc/master.passwd.pulumi && mv -f /etc/group.pulumi /etc/group && pwd_mkdb -p /etc/master.passwd.pulumi
  status=$?
  rm -f /etc/group.pulumi /etc/master.passwd.pulumi
  return "$status"
}

# undo_removed: $path has the names of packages
undo_removed() {
  ASSUME_ALWAYS_YES=yes
  export ASSUME_ALWAYS_YES
  packages_changed=true
  # shellcheck disable=SC2086 # words on purpose
  pkg install -y $path </dev/null >"$out" 2>&1 || stop "packages: pkg install $path: $(tail -n 3 "$out")"
}

# undo_packages: those that were not there before
undo_packages() {
  local before name new=''
  [ -x /usr/local/sbin/pkg ] || return 0
  before=$(cat "$undo/packages")
  for name in $(package_names); do
    case "$before " in *" $name "*) ;; *) new="$new $name" ;; esac
  done
  packages_changed=true
  # shellcheck disable=SC2086 # words on purpose
  [ -z "$new" ] || ASSUME_ALWAYS_YES=yes pkg delete -fy $new </dev/null >"$out" 2>&1
}

main() {
  if [ "$mode" = undo ]; then
    undo_all
    echo "=done"
    return 0
  fi
  begin
  apply_users
  [ "$mode" = early ] || apply_packages
  apply_files
  apply_rc
  if [ "$mode" != early ]; then
    apply_services_dropped
    drop_files
    apply_run
    apply_services
    drop_packages
    check_health
  fi
  finish
}

# apply_services_dropped: the plan's services are known, so that the others can go
apply_services_dropped() {
  local kind name rest
  while IFS="$tab" read -r kind name rest; do
    [ "$kind" != service ] || want service "$name"
  done <<E
$plan
E
  drop_services
}

main
