# shellcheck shell=sh
# Inside of a jail: users and packages. Behind insideFiles.sh. pw(8), pkg(8).

# apply_users: those that go, go first: another may have their number
apply_users() {
  local kind name uid groups shell home hash digest change gecos
  want_users
  [ "$mode" = early ] || drop_users
  while IFS="$tab" read -r kind name uid groups shell home hash digest change gecos; do
    [ "$kind" = user ] || continue
    apply_groups_there
    apply_user
  done <<E
$plan
E
}

# want_users: what the plan has of users and groups
want_users() {
  local kind name uid groups rest one IFS
  while IFS="$tab" read -r kind name uid groups rest; do
    [ "$kind" = user ] || continue
    want user "$name"
    want password "$name"
    IFS=,
    for one in $groups; do want group "$one"; done
  done <<E
$plan
E
}

# save_users: once, before the first change
save_users() {
  [ ! -e "$undo/master.passwd" ] || return 0
  { cp -p /etc/group "$undo/group" && cp -p /etc/master.passwd "$undo/users" && fsync "$undo/group" "$undo/users" && mv "$undo/users" "$undo/master.passwd"; } || stop "users: cannot write $undo: is the disk full?"
  note users
}

# apply_groups_there: groups of $groups that are missing
apply_groups_there() {
  local IFS=, one
  [ "$groups" != - ] || return 0
  for one in $groups; do
    pw groupshow "$one" >/dev/null 2>&1 && continue
    save_users
    remember group "$one" -
    try "users: pw groupadd $one" pw groupadd -n "$one"
  done
}

apply_user() {
  local line
  if ! line=$(pw usershow "$name" 2>/dev/null); then
    save_users
    [ -e "$home" ] || note "home$tab$home"
    remember user "$name" made
    set -- pw useradd -n "$name" -c "$gecos" -d "$home" -s "$shell" -w no -m
    [ "$uid" = - ] || set -- "$@" -u "$uid"
    try "users: pw useradd $name" "$@"
    # The home's files are on the disk when the next run finds the user there.
    sync
    [ ! -d "$home" ] || flush_below "$home"
    line=$(pw usershow "$name") || stop "users: $name was not made"
  fi
  known user "$name" || remember user "$name" "found$tab$line$tab$(id -Gn "$name")"
  apply_user_fields
  apply_user_groups
  apply_password
}

# apply_user_fields: $line is what pw shows of the user
apply_user_fields() {
  local now_uid now_gecos now_home now_shell
  user_fields "$line"
  [ "$uid" = - ] || [ "$uid" = "$now_uid" ] ||
    stop "users: $name has the user id $now_uid in the jail, and files that belong to it; leave out uid, or give $now_uid"
  [ "$now_gecos" != "$gecos" ] || [ "$now_home" != "$home" ] || [ "$now_shell" != "$shell" ] || return 0
  save_users
  try "users: pw usermod $name" pw usermod -n "$name" -c "$gecos" -d "$home" -s "$shell"
}

# user_fields LINE: of master.passwd(5)
user_fields() {
  local rest="$1"
  rest=${rest#*:*:}
  now_uid=${rest%%:*}
  rest=${rest#*:*:*:*:*:}
  now_gecos=${rest%%:*}
  rest=${rest#*:}
  now_home=${rest%%:*}
  now_shell=${rest#*:}
}

# apply_user_groups: those of the program and no others, beside the user's own
apply_user_groups() {
  local one own now IFS
  own=$(id -gn "$name") now=$(id -Gn "$name")
  IFS=' ,'
  for one in $groups; do
    case " $now " in *" $one "*) continue ;; esac
    [ "$one" != - ] || continue
    save_users
    try "users: pw groupmod $one" pw groupmod -n "$one" -m "$name"
  done
  for one in $now; do
    case ",$groups,$own," in *",$one,"*) continue ;; esac
    save_users
    try "users: pw groupmod $one" pw groupmod -n "$one" -d "$name"
  done
}

# apply_password: where the program's is another one; what the users give themselves stays, also where a flavor's user was there before
apply_password() {
  local had=false
  if known password "$name"; then
    [ "$value" != "$digest" ] || return 0
    had=true
  fi
  if [ "$had" = false ] && [ "$change" -ge 2 ] && known user "$name" && [ "$value" != made ]; then
    [ "$hash" = '*' ] || remember password "$name" "$digest"
    return 0
  fi
  if [ "$hash" != - ] && { [ "$hash" != '*' ] || known password "$name"; }; then
    save_users
    remember password "$name" "$digest"
    printf '%s\n' "$hash" | pw usermod -n "$name" -H 0 >"$out" 2>&1 || stop "users: pw usermod $name: $(cat "$out")"
    [ "$((change % 2))" = 0 ] || try "users: pw usermod $name" pw usermod -n "$name" -p 1
  fi
}

# drop_users: those that we made go, others are as they were; homes stay, there may be work in them
drop_users() {
  local kind name rest
  while IFS="$tab" read -r kind name rest; do
    case $kind in user | group | password) ;; *) continue ;; esac
    ! is_wanted "$kind" "$name" || continue
    forget "$kind" "$name"
    case $kind in
      user) drop_user ;;
      group)
        save_users
        pw groupdel -n "$name" >/dev/null 2>&1 || :
        ;;
    esac
  done <<E
$ledger
E
}

# drop_user: $name, and $rest of the ledger's line
drop_user() {
  local line groups one now_uid now_gecos now_home now_shell
  if ! pw usershow "$name" >/dev/null 2>&1; then
    # Where pw(8) was cut off, or the disk was full, the user has gone and its group has not.
    case "$rest $(pw groupshow "$name" 2>/dev/null)" in
      "made $name:"*:)
        save_users
        pw groupdel -n "$name" >/dev/null 2>&1
        ;;
    esac
    return 0
  fi
  save_users
  if [ "$rest" = made ]; then
    try "users: pw userdel $name" pw userdel -n "$name"
    return 0
  fi
  line=${rest#*"$tab"}
  groups=${line#*"$tab"}
  user_fields "${line%%"$tab"*}"
  try "users: pw usermod $name" pw usermod -n "$name" -c "$now_gecos" -d "$now_home" -s "$now_shell"
  groups=$(printf %s "$groups" | tr ' ' ,)
  apply_user_groups
}

# there_is_package NAME
there_is_package() {
  [ -x /usr/local/sbin/pkg ] && pkg info -e "$1" >/dev/null 2>&1
}

# packages_are_there: prints whether all of the plan are
packages_are_there() {
  local kind name rest
  while IFS="$tab" read -r kind name rest; do
    if [ "$kind" = package ] && ! there_is_package "$name"; then
      echo false
      return 0
    fi
  done <<E
$plan
E
  echo true
}

# apply_packages: those that are missing, and those of the flavors of a new jail
apply_packages() {
  local kind name rest missing='' asked=' '
  while IFS="$tab" read -r kind name rest; do
    [ "$kind" = package ] || continue
    want package "$name"
    asked="$asked$name "
    there_is_package "$name" || missing="$missing $name"
  done <<E
$plan
E
  if [ -f "$state/flavor-packages" ]; then
    while IFS= read -r name; do
      there_is_package "$name" || missing="$missing $name"
    done <"$state/flavor-packages"
  fi
  [ -z "$missing" ] || install_packages
}

# install_packages: $missing; what comes with them is remembered, too
install_packages() {
  local before=' ' name
  ASSUME_ALWAYS_YES=yes
  export ASSUME_ALWAYS_YES
  if [ -x /usr/local/sbin/pkg ]; then before=$(package_names); fi
  [ -e "$undo/packages" ] || { printf '%s\n' "$before" >"$undo/packages" && note packages; } || stop "packages: cannot write $undo: is the disk full?"
  [ -x /usr/local/sbin/pkg ] || try "packages: pkg bootstrap" pkg bootstrap -y
  for name in $missing; do
    case $asked in *" $name "*) remember package "$name" - ;; esac
  done
  packages_changed=true
  # shellcheck disable=SC2086 # words on purpose
  try "packages: pkg install$missing" pkg install -y $missing
  for name in $(package_names); do
    case "$before$missing pkg " in *" $name "* | *" $name"*) continue ;; esac
    remember dependency "$name" -
  done
}

# package_names: of all that is installed, with spaces around each
package_names() {
  local name
  printf ' '
  pkg query -a %n 2>/dev/null | while IFS= read -r name; do printf '%s ' "$name"; done
}

# drop_packages: those that we installed, and what came with them and nobody needs any more
drop_packages() {
  local kind name rest gone='' again=false
  while IFS="$tab" read -r kind name rest; do
    if [ "$kind" != package ] || is_wanted package "$name"; then continue; fi
    forget package "$name"
    again=true
    ! there_is_package "$name" || gone="$gone $name"
  done <<E
$ledger
E
  if [ -n "$gone" ]; then
    note "removed$tab$gone"
    packages_changed=true
    # shellcheck disable=SC2086 # words on purpose
    try "packages: pkg delete$gone" pkg delete -y $gone
  fi
  while [ "$again" = true ]; do
    again=false
    for name in $(pkg query -e '%a = 1 && %#r = 0' %n 2>/dev/null); do
      known dependency "$name" || continue
      forget dependency "$name"
      note "removed$tab$name"
      packages_changed=true
      try "packages: pkg delete $name" pkg delete -y "$name"
      again=true
    done
  done
}
