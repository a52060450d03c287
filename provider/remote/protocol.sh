# shellcheck shell=sh
# What an operation says to its client: one line a fact, on descriptor 3, which leads to the session's relay.
# Builtins only. A line is one write of less than PIPE_BUF (512) bytes, so that lines of operations that run at
# the same time never mix; a longer value goes in pieces, which the client joins.
# A line: NONCE ID TYPE MARK KEY VALUE. MARK: `.` the value ends here, `+` more follows, `|` a line break and more.

_newline='
'
_piece='????????????????????????????????????????????????????????????????????????????????????????????????????'
_piece=$_piece$_piece$_piece$_piece

# fact KEY VALUE
fact() {
  _say f "$1" "$2"
}

# fact_lines KEY: each line of standard input is a fact
fact_lines() {
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    _say f "$1" "$line"
  done
}

# progress TEXT [PERCENT]
progress() {
  _say p "${2:--}" "$1"
}

# warn TEXT
warn() {
  _say w - "$1"
}

# fail CODE TEXT: ends the operation (in a subshell, the subshell)
fail() {
  _say x "$1" "$2"
  exit 1
}

# _say TYPE KEY TEXT
_say() {
  local text
  text=$3
  if [ ${#text} -gt 9000 ]; then
    _say_long "$@"
    return 0
  fi
  while :; do
    case $text in
      *"$_newline"*)
        _pieces "$1" '|' "$2" "${text%%"$_newline"*}"
        text=${text#*"$_newline"}
        ;;
      *)
        _pieces "$1" . "$2" "$text"
        return 0
        ;;
    esac
  done
}

# The same for a text that is too long to be copied for each of its lines
_say_long() {
  local line before first
  before='' first=true
  while IFS= read -r line; do
    "$first" || _pieces "$1" '|' "$2" "$before"
    before=$line first=false
  done <<END
$3
END
  _pieces "$1" . "$2" "$before"
}

# _pieces TYPE MARK KEY LINE
_pieces() {
  local line rest
  line=$4
  while [ ${#line} -gt 400 ]; do
    # shellcheck disable=SC2295 # a pattern on purpose: the first 400 bytes
    rest=${line#$_piece}
    _write "$1" + "$3" "${line%"$rest"}"
    line=$rest
  done
  _write "$1" "$2" "$3" "$line"
}

# The client may be gone: then nobody reads, and the operation goes on to its end.
_write() {
  # shellcheck disable=SC2154 # who sources this file sets $_prefix: NONCE ID
  printf '%s %s %s %s %s\n' "$_prefix" "$1" "$2" "$3" "$4" 2>/dev/null >&3 || :
}
