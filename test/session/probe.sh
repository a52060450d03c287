# shellcheck shell=sh
# Operations that tests of the session run.

# Says back every argument that starts with a letter, as it came
op_echo() {
  fact value "${arg_value-}"
  fact other "${arg_other-unset}"
}

op_lines() {
  printf '%s\n' "$arg_text" | fact_lines line
}

# One more effect in FILE, there once however often it is asked for: looks, acts only where something differs
op_effect() {
  local line
  progress "looking at $arg_name"
  if [ -e "$arg_folder/$arg_name" ]; then
    while IFS= read -r line; do [ "$line" != "$arg_word" ] || found=true; done <"$arg_folder/$arg_name"
  fi
  [ -z "${arg_seconds-}" ] || sleep "$arg_seconds"
  [ "${found-}" = true ] || printf '%s\n' "$arg_word" >>"$arg_folder/$arg_name"
  while IFS= read -r line; do fact word "$line"; done <"$arg_folder/$arg_name"
}

op_sleep() {
  : >"$work/note"
  sleep "$arg_seconds"
  fact slept "$arg_seconds"
}

op_fail() {
  warn "something is odd"
  echo "said on standard error" >&2
  fail "$arg_code" "$arg_text"
}

op_crash() {
  echo "went wrong with $arg_value" >&2
  exit 7
}

op_syntax() {
  eval 'if'
}

op_upload() {
  fact digest "$(sha256 -q "$upload")"
  fact path "$upload"
}

op_environment() {
  umask
  fact umask "$(umask)"
  fact path "$PATH"
  fact locale "$LC_ALL"
  fact stdin "$(cat)"
  fact work "$work"
}

op_kill() {
  kill -9 $$
}

# A daemon as a jail's: it inherits whatever this shell has open
op_daemon() {
  ( trap - PIPE; exec sleep "$arg_seconds" ) >/dev/null 2>&1 &
  fact started true
}

# An effect, and a line in NAME.starts for each time that this runs at all
op_counted() {
  printf 'started\n' >>"$arg_folder/$arg_name.starts"
  op_effect
}

# Has a secret, and takes its time
op_secret() {
  progress "has ${#arg_secret} letters"
  sleep "$arg_seconds"
  printf '%s' "$arg_secret" | sha256 -q | fact_lines digest
  [ "${arg_leak-}" != true ] || fail leak "it is $arg_secret"
}
