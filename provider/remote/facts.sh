# shellcheck shell=sh
# One reading of the host that serves every refresh of a run.

# op_read: the host, and what its jails say of their insides
op_read() {
  read_host
  read_insides
}

# read_host: the marks, the files that they speak of, and what runs, is mounted and is configured now
read_host() {
  local file
  # As JSON, since a jail gives itself the name of its host, which may hold line breaks and what looks like parameters. In pieces that the
  # reader joins.
  jls -n --libxo json | sed 's/},/},\
/g' | fact_lines jls
  ifconfig | fact_lines ifconfig
  mount -p | fact_lines mounts
  set +f
  set -- "$registry"/*.* "$jail_conf_d"/*.conf /etc/rc.conf.d/jail/* /etc/rc.conf.d/netif/*
  set -f
  for file in "$@"; do
    case $file in *.new) continue ;; esac
    [ ! -f "$file" ] || read_into_facts "$file"
  done
  read_trees
  . "$library/pf-read.sh"
  pf_read
}

# op_preflight: what a preview wants to know beside that: room on the disks, pools, resource limits, a pf.conf that loads
op_preflight() {
  read_host
  df -k | fact_lines df
  # zpool(8) would load the module.
  if kldstat -qm zfs; then
    fact zpool -
    zpool list -H -o name | fact_lines zpool
  fi
  if sysctl -n kern.racct.enable >"$work/racct" 2>/dev/null; then fact_file racct "$work/racct"; fi
  pf_rc
  if [ -f "$pf_conf" ] && ! pfctl -n -f "$pf_conf" >"$work/pf" 2>&1; then fact_file pf_error "$work/pf"; fi
}

# read_into_facts FILE: "=FILE", then "+" and the line for each of its lines
read_into_facts() {
  local line
  fact files "=$1"
  while IFS= read -r line || [ -n "$line" ]; do fact files "+$line"; done <"$1"
}

# read_trees: which trees and disks that the marks name are there; a flavor's files with their digests
read_trees() {
  local file line path images='' zones='' sets=''
  set +f
  set -- "$registry"/*.*
  set -f
  for file in "$@"; do
    [ -f "$file" ] || continue
    while IFS= read -r line; do
      path=${line#*=}
      case $line in
        path=* | template=*) [ ! -d "$path" ] || fact tree "$path" ;;
      esac
      case $line in
        path=*/flavors/*) [ ! -d "$path" ] || read_flavor "$path" ;;
        # Of a snapshot, its data set is looked for as well.
        file=*.zfs) [ ! -f "$path.manifest" ] || fact tree "$path" ;;
        file=*) [ ! -f "$path" ] || fact tree "$path" ;;
        image=*) [ ! -f "$path" ] || images="$images $path" ;;
        dataset=*) sets="$sets ${path%% *}" ;;
        zone=*) case "$zones " in *" $path "*) ;; *) zones="$zones $path" ;; esac ;;
      esac
    done <"$file"
  done
  for path in $zones; do
    zfs get -H -p -r -t filesystem -o name,property,value,source pulumi-freebsd-jails:kind,refquota,referenced,compression "$path" 2>/dev/null | fact_lines zfs
  done
  # shellcheck disable=SC2086 # names of data sets have no white space
  [ -z "$sets" ] || zfs get -H -p -o name,property,value,source jailed $sets 2>/dev/null | fact_lines zfs
  # shellcheck disable=SC2086 # our own paths have no white space
  [ -z "$images" ] || stat -f '%z %N' $images | fact_lines image
  for path in $images; do
    # A growth that was cut off isn't done: the old size is what it has.
    [ ! -f "$path.growing" ] || { read_file "$path.growing" && fact image "$text $path"; }
  done
}

# read_insides: what the jails that have something of ours inside say of it, asked all at once
read_insides() {
  local file name report folders=''
  set +f
  set -- "$registry"/inside.*
  set -f
  [ -e "$1" ] || return 0
  report=$(cat "$library/insideReport.sh")
  for file in "$@"; do folders="$folders $work/insides/${file##*/inside.}"; done
  # shellcheck disable=SC2086 # names of jails have no white space
  mkdir -p $folders
  for file in "$@"; do
    [ ! -f "$file" ] || ask_inside "${file##*/inside.}" <"$file" >/dev/null 2>&1 3>&- &
  done
  wait
  for file in "$@"; do
    name=${file##*/inside.}
    tell_inside "$name" "$work/insides/$name/inside"
  done
}

# ask_inside NAME: what a jail says is not believed to end, nor to be short; one that somebody works on isn't asked while it is stopped
ask_inside() {
  if jls -j "$1" jid >/dev/null 2>&1; then
    # shellcheck disable=SC2016 # for the inner shell
    timeout -k 1 60 env -i PATH="$PATH" /bin/sh -c 'jexec "$1" /bin/sh -c "$2" | head -c 1000000' inside "$1" "$report" >"$work/insides/$1/inside"
  else
    lockf -k -s -t 0 "/var/run/pulumi-freebsd-jails.lock/jail.$1" /bin/sh "$library/insideStopped.sh" "$1" "$work/insides/$1" "$library"
  fi
}

# tell_inside NAME FILE: a report that was cut off says nothing
tell_inside() {
  local line
  if [ ! -s "$2" ] || [ "$(tail -n 1 "$2")" != "=done" ]; then return 0; fi
  fact inside "=$1"
  while IFS= read -r line; do [ "$line" = "=done" ] || fact inside "+$line"; done <"$2"
}

# read_flavor FOLDER: "=FOLDER", then "+DIGEST ./FILE" for each of its files
read_flavor() {
  local line
  fact listings "=$1"
  (cd "$1" && find . -type f ! -path './.flavor/digest' -exec sha256 -r {} +) | while IFS= read -r line; do fact listings "+$line"; done
}
