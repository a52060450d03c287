# shellcheck shell=sh
# How things are inside of a jail, for a refresh: the jail's own /bin/sh runs this text. On standard input stand the lines of what is to be;
# each comes out as it was where that is so, and as it is where it is not. sh -c TEXT report [stopped]: no service runs in a stopped jail.

set -f
PATH=/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin
export PATH
unset ENV
cd / || exit 1
nl='
'
tab=$(printf '\t')
state=${1:-running}
ledger=$nl
if [ -f /var/db/pulumi-freebsd-jails/ledger ]; then
  while IFS= read -r line; do ledger="$ledger$line$nl"; done </var/db/pulumi-freebsd-jails/ledger
fi

in_ledger() {
  case $ledger in *"$nl$1"*) return 0 ;; *) return 1 ;; esac
}

# say TEXT: echo(1) of some shells takes backslashes for more than they are
say() {
  printf '%s\n' "$1"
}

# say_user NAME REST
say_user() {
  local now rest uid gecos home shell groups='' one own wanted
  if ! now=$(pw usershow "$1" 2>/dev/null); then
    say "user $1 is not there"
    return
  fi
  rest=${now#*:*:}
  uid=${rest%%:*}
  rest=${rest#*:*:*:*:*:}
  gecos=${rest%%:*}
  rest=${rest#*:}
  home=${rest%%:*}
  shell=${rest#*:}
  case $2 in uid=-*) uid=- ;; esac
  own=$(id -gn "$1")
  wanted=${2#* groups=}
  wanted=,${wanted%% *},
  for one in $(id -Gn "$1" | tr ' ' '\n' | sort); do
    # A user's own group counts only where the program names it.
    if [ "$one" = "$own" ]; then case $wanted in *",$one,"*) ;; *) continue ;; esac; fi
    groups="$groups${groups:+,}$one"
  done
  printf '%s\n' "user $1 uid=$uid groups=${groups:--} shell=$shell home=$home gecos=$gecos" | sed 's/ *$//'
}

# say_file LINE: file MODE WHO SIZE DIGEST PATH
say_file() {
  local path="$1" who now bits
  path=${path#* * * * * }
  who=${1#* * }
  who=${who%% *}
  if [ ! -f "$path" ] || [ -L "$path" ]; then
    say "file $path is not there"
    return
  fi
  case $who in
    [0-9]*:*) who=$(stat -f '%u:%g' "$path") ;;
    *:*) who=$(stat -f '%Su:%Sg' "$path") ;;
    *) who=$(stat -f %Su "$path") ;;
  esac
  now=$(stat -f '%Mp %Lp %z' "$path")
  bits=${now#* }
  bits=${now%% *}$(printf %03d "${bits%% *}")
  say "file $bits $who ${now##* } sha256:$(sha256 -q "$path") $path"
}

# say_rc ASSIGNMENT: what rc(8) gets out of its files, against what the assignment gives
say_rc() (
  name=${1%%=*}
  eval "$1"
  eval "expected=\$$name"
  unset "$name"
  for file in /etc/defaults/rc.conf /etc/rc.conf /etc/rc.conf.local; do
    # shellcheck disable=SC1090 # the jail's own
    [ ! -r "$file" ] || . "$file"
  done >/dev/null 2>&1 </dev/null
  eval "now=\${$name-is not set}"
  # shellcheck disable=SC2154 # by eval
  if [ "$now" = "$expected" ]; then say "rc.conf $1"; else say "rc.conf $name='$now'"; fi
)

# say_service LINE: enabled, and running where the jail runs
say_service() {
  local name="${1#service }" said
  name=${name%% *}
  if ! service "$name" enabled >/dev/null 2>&1 </dev/null; then
    say "service $name is not enabled"
  elif [ "$state" = stopped ]; then
    say "$1"
  elif said=$(service "$name" onestatus 2>&1 </dev/null); then
    say "$1"
  else
    case $said in *"unknown directive 'status'"*) say "$1" ;; *) say "service $name does not run" ;; esac
  fi
}

while IFS= read -r line; do
  case $line in
    'user '*)
      line=${line#user }
      say_user "${line%% *}" "${line#* }"
      ;;
    'password '*)
      rest=${line#password }
      if in_ledger "password$tab${rest%% *}$tab${rest#* sha256:}$nl"; then say "$line"; else say "password of ${rest%% *} was not set"; fi
      ;;
    'package '*)
      if [ -x /usr/local/sbin/pkg ] && pkg info -e "${line#package }" >/dev/null 2>&1 </dev/null; then say "$line"; else say "$line is not there"; fi
      ;;
    'file '*) say_file "$line" ;;
    'rc.conf '*) say_rc "${line#rc.conf }" ;;
    'run sha256:'*)
      if in_ledger "run$tab${line#run sha256:}$tab"; then say "$line"; else say "$line has not run"; fi
      ;;
    'service '*) say_service "$line" ;;
  esac
done
say "=done"
