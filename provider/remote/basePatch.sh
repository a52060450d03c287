# shellcheck shell=sh
# A base of a world that was built on the host (build(7), jail(8)), and a base's security patches (freebsd-update(8)).

# base_from_world: what `make installworld` and `make distribution` put there
base_from_world() {
  [ -f "$arg_world/Makefile.inc1" ] || fail no_world "source.world: there is no source tree of FreeBSD in $arg_world on this host"
  base_make_target installworld
  base_make_target distribution
}

base_make_target() {
  progress "make $1 from $arg_world"
  make -C "$arg_world" "$1" "DESTDIR=$stage" >"$work/make" 2>&1 && return 0
  text=$(tail -n 15 "$work/make")
  fail world_failed "\`make -C $arg_world $1\` failed; was the world built (make buildworld)? It said: $text"
}

# base_level: the patch level of what is in $stage, in $level; its version in $version
base_level() {
  version=$(sed -n 's/^USERLAND_VERSION="\(.*\)"$/\1/p' "$stage/bin/freebsd-version")
  case $version in *-p[0-9]*) level=${version##*-p} ;; *) level=0 ;; esac
}

# base_patch: the level that is asked for, or the latest. Its working files are a folder of ours: nothing of the host's own updates is touched.
base_patch() {
  [ -n "${arg_patch:-}" ] || return 0
  base_level
  [ "$arg_patch" != "$level" ] || return 0
  [ "$arg_patch" = latest ] || [ "$arg_patch" -gt "$level" ] ||
    fail wrong_level "patch: the archive has level $level already, and $arg_patch is asked for; give \"latest\", or another archive"
  base_update_folder
  remove_tree "$update_folder"
  mkdir -m 0700 "$update_folder" || fail failed "cannot make $update_folder"
  progress "fetching the patches of $version"
  if ! base_update fetch; then
    # For a release past its end of life it fetches all that there is, and says so with a failure.
    case $text in *'HAS PASSED ITS END-OF-LIFE DATE'*) warn "there are no patches for $version after its end of life" ;; *) base_patch_failed ;; esac
  fi
  # Nothing there to be installed: the archive has the latest.
  set +f
  set -- "$update_folder"/*-install
  set -f
  if [ -L "$1" ]; then
    progress "installing the patches of $version"
    base_update install || base_patch_failed
  fi
  remove_tree "$update_folder"
  base_level
  [ "$arg_patch" = latest ] || [ "$arg_patch" = "$level" ] ||
    fail wrong_level "patch: freebsd-update gives level $level of $release, and $arg_patch is asked for; give \"latest\" or $level"
}

# base_update COMMAND: what it said in $text
base_update() {
  local status
  PAGER="cat" freebsd-update --not-running-from-cron --currently-running "$version" -b "$stage" -d "$update_folder" "$1" >"$work/update" 2>&1 </dev/null
  status=$?
  text=$(tail -n 15 "$work/update")
  return "$status"
}

base_patch_failed() {
  fail patch_failed "freebsd-update failed for $version; no base was made. It said: $text"
}

base_update_folder() {
  update_folder="$arg_root/sharedfs/.update-${arg_path##*/}"
}
