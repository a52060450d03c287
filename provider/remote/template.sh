# shellcheck shell=sh
# What a new jail starts from: etc, root, var of its own, and links into the shared base, which is mounted at /sharedfs.

# template_make BASE: made in $template_stage, beside its place
template_make() {
  local part
  template_stage="$arg_root/template/.new-${arg_template##*/}"
  ! place_there "$arg_template" || return 0
  progress "making the template"
  place_drop "$template_stage"
  place_new "$template_stage" template
  for part in dev home media mnt net proc sharedfs tmp usr usr/local usr/obj; do
    mkdir "$template_stage/$part" || fail disk_full "cannot make $template_stage/$part"
  done
  chmod 1777 "$template_stage/tmp"
  for part in bin lib libexec sbin; do
    ln -s "sharedfs/$part" "$template_stage/$part" || fail disk_full "cannot write $template_stage"
  done
  for part in bin include lib lib32 libdata libexec sbin share src ports; do
    [ ! -d "$1/usr/$part" ] || ln -s "../sharedfs/usr/$part" "$template_stage/usr/$part" || fail disk_full "cannot write $template_stage"
  done
  set --  "$1"
  for part in etc root var .cshrc .profile COPYRIGHT; do
    [ ! -e "$1/$part" ] || set -- "$@" "$1/$part"
  done
  shift
  cp -a "$@" "$template_stage" 2>"$work/cp" || { read_file "$work/cp"; fail disk_full "the template could not be copied: $text"; }
  if [ -d "$arg_path/usr/ports" ] || [ -d "${stage:-}/usr/ports" ]; then template_ports; fi
}

# template_ports: the ports tree is read-only in a jail: work, packages and distribution files go elsewhere (ports(7))
template_ports() {
  rm_link "$template_stage/etc/make.conf"
  printf '%s\n' 'WRKDIRPREFIX=/var/ports' 'DISTDIR=/var/ports/distfiles' 'PACKAGES=/var/ports/packages' 'INDEXDIR=/var/ports' \
    >>"$template_stage/etc/make.conf" || fail disk_full "cannot write $template_stage/etc/make.conf"
}

# clean_host_etc ETC: a copy of the host's /etc without what makes it that host: its configuration, its keys, its users
clean_host_etc() {
  local file
  for file in rc.conf rc.conf.local rc.conf.d jail.conf jail.conf.d fstab resolv.conf pf.conf hostid machine-id exports wpa_supplicant.conf \
    sysctl.conf.local rc.local crontab.local opiekeys localtime; do
    rm -rf "${1:?}/$file"
  done
  mkdir "$1/rc.conf.d" "$1/jail.conf.d" || fail disk_full "cannot make $1/rc.conf.d"
  set +f
  rm -f "$1"/ssh/ssh_host_* "$1"/jail.*.conf "$1"/fstab.*
  set -f
  awk -F: -v OFS=: '/^#/ { print; next } $3 < 1000 || $1 == "nobody" { $2 = ($1 == "root" || $1 == "toor") && $2 == "" ? "" : "*"; if ($1 == "root") { $2 = "*" } print }' \
    /etc/master.passwd >"$1/master.passwd" || fail failed "cannot write $1/master.passwd"
  awk -F: -v OFS=: '/^#/ { print; next } $3 < 1000 || $1 ~ /^no(body|group)$/ { if ($1 == "wheel") $4 = "root"; print }' /etc/group >"$1/group"
  chmod 600 "$1/master.passwd"
  pwd_mkdb -p -d "$1" "$1/master.passwd" || fail failed "pwd_mkdb failed for $1/master.passwd"
}
