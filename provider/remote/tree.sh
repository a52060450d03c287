# shellcheck shell=sh
# A new jail's tree: the base's template, the flavors over it. It is made beside its place and renamed when it is whole, so a tree under
# a jail's name is never half a tree. Until its first start nobody but us has written in it: no path changes under our hands, but links may
# lie there, from the base's archive. Never after.

# check_base: the base and its template are there
check_base() {
  [ -n "$arg_base" ] || return 0
  if [ -n "${arg_quota:-}" ] && [ -z "$zone" ]; then
    fail no_zfs "quota: the base $arg_base is not on ZFS, which is what quotas need (BaseInstall: storage); leave out quota, or make an ImageJail, whose disk has a size"
  fi
  if [ -n "$zone" ] && [ ! -d "$arg_base/bin" ]; then
    zfs_mount "$arg_base"
    zfs_mount "$arg_template"
  fi
  # A thick jail that is there needs none any more.
  if [ "${arg_thick:-false}" = true ] && disk_is_there; then return 0; fi
  [ -d "$arg_base/bin" ] || fail no_base "the base $arg_base is not on this host; use the output \`path\` of a BaseInstall, or run \`pulumi up --refresh\` where it was there before"
  [ "${arg_given:-false}" = true ] || [ -d "$arg_template/etc" ] || fail no_base "the base $arg_base has no template $arg_template on this host"
}

# make_tree
make_tree() {
  local stage="$arg_root/.new-$arg_name"
  case ${arg_archive:-} in *.zfs) shot_verify ;; esac
  disk_stage "$stage"
  if [ -n "${arg_archive:-}" ]; then
    tree_from_archive "$stage"
  elif [ -n "${arg_source_jail:-}" ]; then
    tree_from_jail "$stage"
  else
    tree_from_template "$stage"
  fi
  # Names come after contents: a power loss leaves no tree with empty files under the jail's name. A clone alone is on the disk already.
  shot_clones || flush_tree "$stage"
  disk_place "$stage"
}

# tree_from_template STAGE
tree_from_template() {
  local flavor
  [ "${disk_filled:-false}" = true ] || progress "copying the template"
  if [ "${disk_filled:-false}" = false ] && ! tree_copy "$arg_template" "$1" 2>"$work/cp"; then
    disk_too_small "$1"
    read_file "$work/cp"
    disk_drop_stage
    fail disk_full "the template could not be copied to $1: $text"
  fi
  while IFS= read -r flavor; do
    [ -z "$flavor" ] || apply_flavor "$flavor" "$1"
  done <<E
${arg_flavors:-}
E
  set_time_zone "$1"
  set_resolv_conf "$1"
}

# tree_copy FROM TO: cp(1) would make as many files of a whole base's as they have names
tree_copy() {
  if [ "${arg_thick:-false}" = false ]; then
    cp -a "$1/." "$2"
    return
  fi
  { tar -cf - -C "$1" . || : >"$work/unread"; } | tar -xpf - -C "$2" && [ ! -e "$work/unread" ]
}

# apply_flavor FLAVOR STAGE: its files over the tree, its lines behind those of rc.conf, its users among the tree's
apply_flavor() {
  local before settings=''
  [ -f "$1/.flavor/digest" ] || fail no_flavor "the flavor $1 is not on this host; use the output \`name\` of a Flavor, or run \`pulumi up --refresh\` where it was there before"
  read_file "$1/.flavor/digest"
  before=$text
  flavor_way "$1" "$2"
  rm_link "$2/etc/rc.conf"
  if [ -f "$2/etc/rc.conf" ]; then read_file "$2/etc/rc.conf" && settings="$text$nl"; fi
  cp -a "$1/." "$2" 2>"$work/cp" || { disk_too_small "$2"; read_file "$work/cp"; fail disk_full "the flavor $1 could not be copied: $text"; }
  if [ -f "$1/etc/rc.conf" ]; then
    read_file "$1/etc/rc.conf"
    printf '%s' "$settings$text$nl" >"$2/etc/rc.conf" || fail disk_full "cannot write $2/etc/rc.conf"
  fi
  inside_keep_packages "$1" "$2"
  if [ -f "$1/.flavor/master.passwd" ]; then merge_users "$1/.flavor" "$2/etc"; fi
  rm -rf "$2/.flavor"
  # Another stack may have put a new flavor there while this one was read.
  read_file "$1/.flavor/digest"
  [ "$text" = "$before" ] || fail changed "the flavor $1 was changed while it was copied; run \`pulumi up\` again"
}

# flavor_way FLAVOR STAGE: cp(1) writes through links that it finds. In place of a file's comes the flavor's; a folder's has to stay in the tree.
flavor_way() {
  local name top real
  top=$(cd "$2" && pwd -P)
  (cd "$1" && find . ! -name .) >"$work/names" || fail failed "cannot read the flavor $1"
  while IFS= read -r name; do
    [ -L "$2/$name" ] || continue
    if [ -L "$1/$name" ] || [ ! -d "$1/$name" ]; then
      rm_link "$2/$name"
      continue
    fi
    real=$(cd "$2/$name" 2>/dev/null && pwd -P)
    case $real/ in "$top"/*) ;; *) fail link "the flavor $1 has files in ${name#.}, and in the base that is a link that leads out of the jail" ;; esac
  done <"$work/names"
}

# merge_users FLAVOR ETC: its users and groups go in, in place of those of the same name
merge_users() {
  local clash
  rm_link "$2/master.passwd"
  rm_link "$2/group"
  clash=$(awk -F: 'NR == FNR { name[$3] = $1; next } ($3 in name) && name[$3] != $1 { print $3 " is both " $1 "'"'"'s and " name[$3] "'"'"'s"; exit }' \
    "$1/master.passwd" "$2/master.passwd")
  [ -z "$clash" ] || fail users "in jail $arg_name the user id $clash; give one of them another \`uid\`"
  if ! awk -F: 'NR == FNR { mine[$1] = $0; order[++n] = $1; next }
    ($1 in mine) { print mine[$1]; done[$1] = 1; next } { print }
    END { for (i = 1; i <= n; i++) if (!(order[i] in done)) print mine[order[i]] }' \
    "$1/master.passwd" "$2/master.passwd" >"$work/passwd" || ! cat "$work/passwd" >"$2/master.passwd"; then
    fail failed "cannot add users to $2/master.passwd"
  fi
  # A group line NAME:*:GID:MEMBERS makes the group, or adds the members to one that is there.
  if ! awk -F: -v OFS=: 'NR == FNR { line[$1] = $0; members[$1] = $4; order[++n] = $1; next }
    ($1 in line) {
      k = split(members[$1], who, ",")
      for (i = 1; i <= k; i++) if (index("," $4 ",", "," who[i] ",") == 0) $4 = $4 ($4 == "" ? "" : ",") who[i]
      done[$1] = 1
    }
    { print }
    END { for (i = 1; i <= n; i++) if (!(order[i] in done)) print line[order[i]] }' \
    "$1/group" "$2/group" >"$work/group" || ! cat "$work/group" >"$2/group"; then
    fail failed "cannot add groups to $2/group"
  fi
  pwd_mkdb -p -d "$2" "$2/master.passwd" || fail failed "pwd_mkdb failed for $2/master.passwd"
}

# set_time_zone STAGE: var/db/zoneinfo names it, as tzsetup(8) leaves it
set_time_zone() {
  [ ! -L "$1/var/db/zoneinfo" ] && [ -f "$1/var/db/zoneinfo" ] || return 0
  rm_link "$1/etc/localtime"
  read_file "$1/var/db/zoneinfo"
  [ -f "$arg_base/usr/share/zoneinfo/$text" ] || fail time_zone "there is no time zone $text in $arg_base/usr/share/zoneinfo"
  cp "$arg_base/usr/share/zoneinfo/$text" "$1/etc/localtime" || fail disk_full "cannot write $1/etc/localtime"
}

# set_resolv_conf STAGE: the jail's own, or the host's of today; also where neither the jail nor a flavor says anything
set_resolv_conf() {
  rm_link "$1/etc/resolv.conf"
  case ${arg_resolv_conf:-} in
    '') if [ -f /etc/resolv.conf ] && [ ! -e "$1/etc/resolv.conf" ]; then cp /etc/resolv.conf "$1/etc/resolv.conf"; fi ;;
    host) if [ -f /etc/resolv.conf ]; then cp /etc/resolv.conf "$1/etc/resolv.conf"; fi ;;
    *) printf '%s\n' "$arg_resolv_conf" >"$1/etc/resolv.conf" ;;
  esac || fail disk_full "cannot write $1/etc/resolv.conf"
}

# jail_resolv_conf: a jail that has run is written to from the inside, never by its path
jail_resolv_conf() {
  [ "${arg_resolv_conf_changed:-false}" = true ] || return 0
  case $arg_resolv_conf in
    '') : >"$work/resolv.conf" ;;
    host) if [ -f /etc/resolv.conf ]; then cp /etc/resolv.conf "$work/resolv.conf"; else : >"$work/resolv.conf"; fi ;;
    *) printf '%s\n' "$arg_resolv_conf" >"$work/resolv.conf" ;;
  esac || unwritten "$work/resolv.conf"
  # shellcheck disable=SC2016 # the jail's shell expands it
  jail_inside 'umask 022; cat >/etc/.resolv.conf.new && mv -f /etc/.resolv.conf.new /etc/resolv.conf' <"$work/resolv.conf"
}
