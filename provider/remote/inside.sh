# shellcheck shell=sh
# What is inside of a jail: users, packages, files, rc.conf, commands, services. All of it is done by a script in the jail (insideJail.sh and
# what follows it), to which the plan goes on standard input: here nothing is written through the jail's path.

# inside_touches: something is to be inside, or was
inside_touches() {
  [ "${arg_inside_any:-false}" = true ] || [ "${arg_inside_had:-false}" = true ] || [ -e "$registry/inside.$arg_name" ] || inside_flavor_packages
}

# inside_flavor_packages: a flavor of a new jail has packages
inside_flavor_packages() {
  local flavor
  [ -z "${arg_old_name:-}" ] || return 1
  while IFS= read -r flavor; do
    [ -z "$flavor" ] || [ ! -s "$flavor/.flavor/packages" ] || return 0
  done <<E
${arg_flavors:-}
E
  return 1
}

# inside_keep_packages FLAVOR STAGE: a new tree, which nobody but us has written in, remembers what the flavor wants installed
inside_keep_packages() {
  [ -s "$1/.flavor/packages" ] || return 0
  local folder="$2/var/db/pulumi-freebsd-jails"
  rm_link "$folder"
  rm_link "$folder/flavor-packages"
  [ -d "$folder" ] || mkdir -m 0700 "$folder" || fail disk_full "cannot make $folder"
  cat "$1/.flavor/packages" >>"$folder/flavor-packages" || fail disk_full "cannot write $folder"
}

# inside_early: what the jail's own rc has to find when it starts
inside_early() {
  inside_touches || return 0
  [ "${arg_inside_early:-false}" = true ] || [ "${arg_inside_had:-false}" = true ] || return 0
  : >"$work/inside.begun"
  inside_closed early
}

# inside_apply: all of it, in the jail as it is now
inside_apply() {
  inside_touches || return 0
  : >"$work/inside.begun"
  read_jails
  if is_running "$arg_name"; then
    progress "packages, files, services inside"
    inside_running all
  else
    progress "packages and files inside"
    inside_closed closed
  fi
  inside_mark
}

# inside_mark: what a refresh compares with; it has digests, no contents
inside_mark() {
  if [ -n "${arg_inside_text:-}" ]; then
    stage_file "$registry/inside.$arg_name" "$arg_inside_text"
    settle
  else
    rm_if "$registry/inside.$arg_name"
  fi
}

# inside_undo: what a failed operation did inside is undone, in whatever state the jail is
inside_undo() {
  [ -e "$work/inside.begun" ] || return 0
  read_jails
  if is_running "$arg_name"; then ( inside_running undo ); else ( inside_closed undo ); fi || warn "what was done inside of jail $arg_name could not be undone as a whole"
}

# inside_script: the text that runs in the jail, in $script. A tree that was made like another jail has that one's ledger in it: what is
# there isn't this jail's own.
inside_script() {
  origin=own
  if [ ! -e "$registry/inside.$arg_name" ] && [ "${arg_archive_as:-}" != restore ]; then origin=other; fi
  script=$(cat "$library/insideJail.sh" "$library/insideFiles.sh" "$library/insideUsers.sh" "$library/insideServices.sh")
}

# inside_running MODE: in the running jail
inside_running() {
  inside_script
  limited jexec "$arg_name" /bin/sh -c "$script" inside "$1" "$origin" <<E
${arg_inside:-}
E
  inside_done
}

# inside_closed MODE: in a jail that lives as long as the script, with the base and a /dev of its own; before a start nothing of it needs a network
inside_closed() {
  local mode="$1" parameter
  inside_script
  disk_release
  disk_open
  set --
  while IFS= read -r parameter; do
    if [ "$mode" = closed ] && [ -n "$parameter" ]; then set -- "$@" "$parameter"; fi
  done <<E
${arg_one_shot:-}
E
  # A thick jail, and a tree that was there, may share no base; one that has all of it in itself has no place for it.
  [ "${arg_thick:-false}" = true ] || [ -z "$arg_base" ] || [ ! -d "$arg_path/sharedfs" ] || set -- "mount=$arg_base $arg_path/sharedfs nullfs ro 0 0" "$@"
  limited jail -c "path=$arg_path" "host.hostname=$arg_name" mount.devfs devfs_ruleset=4 \
    "$@" command=/bin/sh -c "$script" inside "$mode" "$origin" <<E
${arg_inside:-}
E
  one_shot_end
  disk_release
  drop_addresses
  inside_done
}

# inside_done: the script came to its end, or what it said is the error
inside_done() {
  read_file "$work/inside"
  case "$nl$text$nl" in
    *"$nl=done$nl") return 0 ;;
  esac
  inside_failed
}
