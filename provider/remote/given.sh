# shellcheck shell=sh
# What a jail's configuration asks of the host and of the jail's tree, beside addresses: looked at before anything is changed.
# jail(8), sysctl(8), rctl(8), cpuset(1), mount(8).

# check_given: the host can do what is asked for
check_given() {
  check_parameters
  check_processors
  check_limits
  check_sources
  check_components
  check_datasets
}

# check_parameters: the kernel knows each of $arg_kernel_parameters, or knows it once jail(8) has loaded the module
check_parameters() {
  local name known
  [ -n "${arg_kernel_parameters:-}" ] || return 0
  known=$(sysctl security.jail.param) || fail failed "sysctl security.jail.param failed"
  while IFS= read -r name; do
    case "$nl$known" in
      *"${nl}security.jail.param.$name: "* | *"${nl}security.jail.param.$name.: "*) continue ;;
    esac
    case $name in
      allow.mount.*) [ ! -f "/boot/kernel/${name#allow.mount.}.ko" ] || continue ;;
      linux | linux.*) [ ! -f /boot/kernel/linux.ko ] || continue ;;
    esac
    fail unknown_parameter "the kernel of this host ($(uname -r)) knows no parameter $name of a jail (sysctl security.jail.param lists those that it knows); jail $arg_name is as it was"
  done <<E
$arg_kernel_parameters
E
}

# check_processors: there are so many, and so many routing tables
check_processors() {
  local count
  if [ -n "${arg_last_cpu:-}" ]; then
    count=$(sysctl -n hw.ncpu)
    [ "$arg_last_cpu" -lt "$count" ] ||
      fail no_cpu "cpuset: this host has $count processors (0 to $((count - 1))), and no $arg_last_cpu; jail $arg_name is as it was"
  fi
  if [ "${arg_fib:-0}" -gt 0 ]; then
    count=$(sysctl -n net.fibs)
    [ "$arg_fib" -lt "$count" ] ||
      fail no_fib "fib: this host has $count routing tables (0 to $((count - 1))), and no $arg_fib; put net.fibs=$((arg_fib + 1)) into /boot/loader.conf and reboot it. Jail $arg_name is as it was"
  fi
}

# check_limits: the kernel counts what is to be limited
check_limits() {
  [ -n "${arg_limits:-}" ] || return 0
  [ "$(sysctl -n kern.racct.enable 2>/dev/null)" = 1 ] ||
    fail no_racct "limits: this host's kernel doesn't count what jails use; put kern.racct.enable=1 into /boot/loader.conf and reboot it, or leave out \`limits\`. Jail $arg_name is as it was"
}

# check_sources: folders of the host that are to be mounted in the jail; none of them leads into a jail's own tree
check_sources() {
  local source real
  [ -n "${arg_mount_sources:-}" ] || return 0
  while IFS= read -r source; do
    [ -d "$source" ] || fail no_source "mounts: there is no folder $source on this host; make it first. Jail $arg_name is as it was"
    real=$(realpath "$source") || fail no_source "mounts: $source cannot be resolved"
    [ "$real" != "$source" ] || continue
    case "$real/" in
      "$arg_root"/sharedfs/* | "$arg_root"/archive/*) ;;
      "$arg_root"/* | "$arg_path"/*)
        fail bad_source "mounts: $source leads to $real among the jails' own trees, where a jail's root could plant links; share a folder outside of $arg_root"
        ;;
    esac
  done <<E
$arg_mount_sources
E
}

# check_components: the base has what the jail is to see of it
check_components() {
  check_component ports "${arg_ports:-false}"
  check_component src "${arg_src:-false}"
}

# check_component PART WANTED
check_component() {
  if [ "$arg_thick" = true ] && disk_is_there; then return 0; fi
  [ "$2" = false ] || [ -n "$arg_base" ] || fail no_component "$1: jail $arg_name has no base whose /usr/$1 it could see"
  [ "$2" = false ] || [ -d "$arg_base/usr/$1" ] ||
    fail no_component "$1: the base $arg_base has no /usr/$1; give its BaseInstall components: [\"$1\"]. Jail $arg_name is as it was"
}

# make_places: mount points, and the way to ports and src, made in the jail from the inside: its tree may have links that lead out of it
make_places() {
  if [ -z "${arg_mount_points:-}" ] && [ "${arg_ports:-false}" = false ] && [ "${arg_src:-false}" = false ]; then return 0; fi
  printf '%s\n' "ports=${arg_ports:-}" "src=${arg_src:-}" "${arg_mount_points:-}" >"$work/places" || unwritten "$work/places"
  # shellcheck disable=SC2016 # the jail's shell expands it
  jail_inside '
    place() {
      path="" rest="${1#/}"
      while [ -n "$rest" ]; do
        path="$path/${rest%%/*}"
        case $rest in */*) rest=${rest#*/} ;; *) rest="" ;; esac
        if [ -L "$path" ]; then echo "mounts: $path is a symbolic link; nothing is mounted through it" >&2; exit 1; fi
        if [ -d "$path" ]; then continue; fi
        if [ -e "$path" ]; then echo "mounts: $path is a file, and has to be a folder" >&2; exit 1; fi
        mkdir "$path" || exit 1
      done
    }
    part() {
      if [ -d /sharedfs ] && [ ! -e "/usr/$1" ] && [ ! -L "/usr/$1" ]; then ln -s "../sharedfs/usr/$1" "/usr/$1" || exit 1; fi
    }
    umask 022
    while IFS= read -r line; do
      case $line in
        ports=true)
          part ports
          grep -qs "^WRKDIRPREFIX" /etc/make.conf || printf "%s\n" WRKDIRPREFIX=/var/ports DISTDIR=/var/ports/distfiles \
            PACKAGES=/var/ports/packages INDEXDIR=/var/ports >>/etc/make.conf || exit 1
          ;;
        src=true) part src ;;
        /*) place "$line" ;;
      esac
    done' <"$work/places"
}

# limits_change_live: the running jail's processors and limits
limits_change_live() {
  local rule
  if [ -n "${arg_cpuset_live:-}" ]; then
    cpuset -l "$arg_cpuset_live" -j "$arg_name" 2>"$work/cpuset" || { read_file "$work/cpuset"; fail failed "cpuset: $arg_cpuset_live: $text"; }
  fi
  [ "${arg_limits_live:-false}" = true ] || return 0
  rctl -r "jail:$arg_name" 2>/dev/null || :
  while IFS= read -r rule; do
    [ -z "$rule" ] || rctl -a "$rule" 2>"$work/rctl" || { read_file "$work/rctl"; fail failed "limits: $rule: $text"; }
  done <<E
${arg_limits:-}
E
}

# limits_drop: no rule stays of a jail that was removed by force, or whose start was cut off
limits_drop() {
  if [ -n "${arg_limits:-}${arg_old_limits:-}" ]; then rctl -r "jail:$1" 2>/dev/null || :; fi
}
