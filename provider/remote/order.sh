# shellcheck shell=sh
# Jails that start before a jail: now, where another resource may still be making them, and at boot, by the numbers of our files.

# order_wait: until those in $arg_after run, but not for ever, and not for one that is meant to be stopped
order_wait() {
  local other waited limit
  while IFS= read -r other; do
    waited=0 limit=20
    while [ -n "$other" ] && ! jls -j "$other" jid >/dev/null 2>&1; do
      if read_file "$registry/jail.$other"; then
        limit=60
        case "$nl$text$nl" in *"${nl}running=false$nl"*) break ;; esac
      fi
      if [ "$waited" -ge "$limit" ]; then
        warn "jail $arg_name is after jail $other, which does not run; it is started without it"
        break
      fi
      [ "$waited" != 0 ] || progress "waiting for jail $other"
      sleep 1
      waited=$((waited + 1))
    done
  done <<E
${arg_after:-}
E
}

# order_look: says where the boot has another order than the one that is asked for, as by another stack's jail
order_look() {
  local other file number
  number=${arg_rc_file##*/}
  number=${number%%-*}
  while IFS= read -r other; do
    [ -n "$other" ] || continue
    set +f
    for file in "$rc_jail_d"/[0-9][0-9]-"$other"; do
      file=${file##*/}
      file=${file%%-*}
      case $file in
        [0-9][0-9])
          [ "$file" -lt "$number" ] || warn "jail $arg_name is after jail $other, but at boot jail $other starts behind it ($file, $number): declare both in one program, $other first"
          ;;
      esac
    done
    set -f
  done <<E
${arg_after:-}
E
}
