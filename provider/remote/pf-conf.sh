# shellcheck shell=sh
# The administrator's pf.conf, and what of ours stands in it; /etc/rc.conf.d/pf/.

pf_anchor_file=/etc/pf.pulumi-freebsd-jails.conf
pf_rc_d=/etc/rc.conf.d/pf
pf_rc_file=$pf_rc_d/50-pulumi-freebsd-jails
pf_rc_text='pf_enable="YES"'
pf_comment='# Of pulumi-freebsd-jails: these lines go when its last rule goes.'
# What pf.conf was before us; what we wrote; whether pf ran before us. Not NAME.KEY, as marks are.
pf_original=$registry/pfconf-original
pf_absent=$registry/pfconf-absent
pf_ours=$registry/pfconf-ours
pf_ran=$registry/pfconf-ran
pf_new=false

# pf_rc: what rc would read, less our own file: $pf_conf, the path of pf.conf; $pf_rc_enable
pf_rc() {
  pf_conf='' pf_rc_enable=''
  {
    IFS= read -r pf_conf
    IFS= read -r pf_rc_enable
  } <<E
$(pf_read_rc)
E
  case ${pf_conf:-/etc/pf.conf} in
    *[!A-Za-z0-9/._-]* | [!/]*) fail in_the_way "pf_rules=\"$pf_conf\" in rc.conf is no path that this can handle; take letters, digits, \".\", \"-\" and \"_\"" ;;
  esac
  pf_conf=${pf_conf:-/etc/pf.conf}
  case $pf_rc_enable in
    [Yy][Ee][Ss] | [Tt][Rr][Uu][Ee] | [Oo][Nn] | 1) pf_rc_enable=true ;;
    *) pf_rc_enable=false ;;
  esac
}

# shellcheck disable=SC1090,SC2034 # what rc.conf says, as rc reads it
pf_read_rc() {
  local pf_file
  set +u +f
  pf_rules=/etc/pf.conf pf_enable=NO
  for pf_file in /etc/rc.conf /etc/rc.conf.local "$pf_rc_d" "$pf_rc_d"/* /usr/local/etc/rc.conf.d/pf; do
    if [ -f "$pf_file" ] && [ "$pf_file" != "$pf_rc_file" ]; then . "$pf_file"; fi
  done >/dev/null 2>&1
  printf '%s\n%s\n' "$pf_rules" "$pf_enable"
}

# pf_refuse: what stands in the way of our files
pf_refuse() {
  if [ -e "$pf_rc_d" ] && [ ! -d "$pf_rc_d" ]; then
    fail in_the_way "$pf_rc_d is a file, and has to be a folder so that pf_enable can have a file of its own in it; as root: mv $pf_rc_d $pf_rc_d.rc && mkdir $pf_rc_d && mv $pf_rc_d.rc $pf_rc_d/10-local"
  fi
  [ ! -L "$pf_conf" ] || fail link "$pf_conf is a symbolic link, and is not written through; put pf_rules=\"$(realpath "$pf_conf" 2>/dev/null)\" into rc.conf, or the file itself in its place"
  [ ! -d "$pf_conf" ] || fail in_the_way "$pf_conf is a folder, and has to be a file"
  [ -d "${pf_conf%/*}" ] || fail in_the_way "there is no folder ${pf_conf%/*} for pf_rules=\"$pf_conf\" of rc.conf"
}

# pf_look_conf: pf.conf and what it includes as facts ("=FILE", "+LINE"…); their names in $pf_conf_files
pf_look_conf() {
  pf_conf_files=''
  fact conf_path "$pf_conf"
  pf_look_file "$pf_conf"
}

pf_look_file() {
  case " $pf_conf_files " in *" $1 "*) return 0 ;; esac
  [ -f "$1" ] && [ -r "$1" ] || return 0
  case $1 in *[!A-Za-z0-9/._-]*) return 0 ;; esac
  pf_conf_files="$pf_conf_files $1"
  local line name included=''
  fact conf "=$1"
  while IFS= read -r line || [ -n "$line" ]; do
    fact conf "+$line"
    name=${line#"${line%%[! 	]*}"}
    case $name in
      include*\"*\"*)
        name=${name#*\"}
        included="$included ${name%%\"*}"
        ;;
    esac
  done <"$1"
  for name in $included; do pf_look_file "$name"; done
}

# pf_plan_conf: in $work/conf.new what pf.conf will be ($pf_conf_plan: keep, write or remove), in $work/conf.test the same for a test and
# for the load, with our anchor from $work/anchor
pf_plan_conf() {
  if [ -z "$pf_names" ]; then
    pf_plan_restore
  elif [ ! -f "$pf_conf" ]; then
    written "$work/conf.new" pf_minimal
    pf_conf_plan='write'
  elif [ "$arg_before" = 0 ]; then
    cp "$pf_conf" "$work/conf.new" || unwritten "$work/conf.new"
    pf_conf_plan='keep'
  else
    written "$work/conf.new" pf_insert
    pf_conf_plan='write'
  fi
  [ "$pf_conf_plan" != write ] || [ ! -f "$pf_conf" ] || case $(stat -f %Sf "$pf_conf") in
    *chg* | *appnd* | *unlnk*) fail in_the_way "$pf_conf has a flag that keeps it from being replaced (ls -lo); chflags 0 $pf_conf" ;;
  esac
  [ ! -e "$work/conf.new" ] || written "$work/conf.test" sed "s|\"$pf_anchor_file\"|\"$work/anchor\"|" "$work/conf.new"
}

# pf_minimal: for a host without one: everything passes, as without pf
pf_minimal() {
  printf '%s\n' "# Made by pulumi-freebsd-jails, since there was none: everything passes. Yours to extend." "$pf_comment" "$arg_lines" "pass all"
}

# pf_insert: our lines before the line $arg_before; a last line without its end gets one
pf_insert() {
  local before=$((arg_before - 1))
  if [ "$before" -gt 0 ]; then
    head -n "$before" "$pf_conf"
    [ -z "$(head -n "$before" "$pf_conf" | tail -c 1)" ] || echo
  fi
  printf '%s\n' "$pf_comment" "$arg_lines"
  tail -n "+$arg_before" "$pf_conf"
}

# pf_plan_restore: byte for byte what was there before us, or, if somebody has changed it since, that less our lines
pf_plan_restore() {
  pf_conf_plan='keep'
  [ -f "$pf_conf" ] || return 0
  if pf_unchanged; then
    if [ -f "$pf_absent" ]; then
      pf_conf_plan='remove'
    else
      cp "$pf_original" "$work/conf.new" || unwritten "$work/conf.new"
      pf_conf_plan='write'
    fi
  elif pf_has_ours; then
    written "$work/conf.new" pf_strip "$pf_conf"
    pf_conf_plan='write'
  fi
}

# pf_has_ours: lines of ours are in pf.conf; less them, it may differ in the end of its last line too
pf_has_ours() {
  [ "$(pf_strip "$pf_conf" | grep -c '')" != "$(grep -c '' "$pf_conf")" ]
}

# pf_unchanged: nobody has changed pf.conf since we wrote it, but for our own lines
pf_unchanged() {
  [ -f "$pf_ours" ] || return 1
  pf_strip "$pf_conf" >"$work/now"
  pf_strip "$pf_ours" | cmp -s - "$work/now"
}

# pf_strip FILE: less our lines
pf_strip() {
  grep -vxF -e "$pf_comment" -e "nat-anchor \"$pf_anchor\"" -e "rdr-anchor \"$pf_anchor\"" -e "binat-anchor \"$pf_anchor\"" \
    -e "load anchor \"$pf_anchor\" from \"$pf_anchor_file\"" "$1" || :
}

# pf_remember: whether pf ran before us, so that it is off again after the last rule if it was off; true in $pf_new if nobody had noted it
pf_remember() {
  [ ! -e "$pf_ran" ] || return 0
  make_registry
  pf_new=true
  printf '%s\n' "$pf_running" >"$pf_ran" || fail disk_full "cannot write $pf_ran"
}

# pf_write: the marks, our anchor's file, pf.conf and rc's file, each whole or not at all
pf_write() {
  make_registry
  local order name written=''
  [ -z "$pf_names" ] || while read -r order name; do
    mark="$registry/pf.$name"
    cmp -s "$work/marks/pf.$name" "$mark" && continue
    cp "$work/marks/pf.$name" "$mark.new" || fail disk_full "cannot write $mark"
    written="$written $mark"
  done <<E
$pf_names
E
  pf_settle_marks
  if [ -n "$pf_names" ]; then pf_write_files; else pf_remove_files; fi
  flush "$registry" "${pf_conf%/*}"
  pf_forget
}

# pf_settle_marks: those in $written, each whole or not at all, also if the power goes
pf_settle_marks() {
  local name
  for name in $written; do
    if ! fsync "$name.new" || ! mv -f "$name.new" "$name"; then fail failed "cannot write $name to the disk"; fi
  done
}

pf_write_files() {
  pf_remember
  pf_files pf_save
  read_file "$work/anchor"
  stage_file "$pf_anchor_file" "$text"
  if [ "$pf_wanted" = true ] && [ "$pf_rc_enable" = false ]; then
    make_dir "$pf_rc_d"
    stage_file "$pf_rc_file" "$pf_rc_text"
  fi
  pf_stage_conf
  settle
  if [ "$pf_wanted" = false ] && [ -e "$pf_rc_file" ]; then
    rm_if "$pf_rc_file"
    drop_dir "$pf_rc_d"
  fi
}

# pf_stage_conf: what it was is kept first, unless that is kept already; it keeps its mode and its owner
pf_stage_conf() {
  [ "$pf_conf_plan" = write ] || return 0
  local temporary="${pf_conf%/*}/.${pf_conf##*/}.new"
  if [ -n "$pf_names" ]; then
    pf_keep_original
    # What pf.conf was is on the disk before anything says that it can be put back, and before another one takes its place.
    flush "$pf_original" "$pf_absent"
    cp "$work/conf.new" "$pf_ours" || fail disk_full "cannot write $pf_ours"
    flush "$pf_ours" "$pf_ran" "$registry"
  fi
  rm_if "$temporary"
  if [ -f "$pf_conf" ]; then cp -p "$pf_conf" "$temporary"; fi
  cat "$work/conf.new" >"$temporary" || fail disk_full "cannot write $temporary: is the disk full?"
  staged="${staged:-} $temporary"
}

pf_keep_original() {
  if [ ! -e "$pf_conf" ]; then
    rm_if "$pf_original"
    : >"$pf_absent"
  elif ! pf_unchanged; then
    rm_if "$pf_absent"
    # Only where lines of ours were in it, the copy is not the file itself.
    if pf_has_ours; then pf_strip "$pf_conf" >"$pf_original"; else cp -p "$pf_conf" "$pf_original"; fi || fail disk_full "cannot write $pf_original"
  fi
}

pf_remove_files() {
  pf_files pf_save
  case $pf_conf_plan in
    write)
      pf_stage_conf
      mark=$staged
      mark=${mark# }
      settle
      [ ! -f "$pf_original" ] || ! cmp -s "$pf_original" "$pf_conf" || touch -r "$pf_original" "$pf_conf"
      ;;
    remove) rm_if "$pf_conf" ;;
  esac
  rm_if "$pf_anchor_file"
  rm_if "$pf_rc_file"
  pf_files pf_drop_staged
}

# pf_drop_staged FILE: what was to take its place when an earlier run was cut off
pf_drop_staged() {
  rm_if "${1%/*}/.${1##*/}.new"
}

# pf_forget: marks of rules that are gone, and with the last one all that we knew
pf_forget() {
  pf_marks pf_forget_mark
  set +f
  rm -f "$registry"/pf.*.new
  set -f
  [ -z "$pf_names" ] || return 0
  rm -f "$pf_original" "$pf_absent" "$pf_ours" "$pf_ran"
  drop_dir "$pf_rc_d"
  drop_registry
}

pf_forget_mark() {
  [ -e "$work/marks/${1##*/}" ] || rm -f "$1"
}

# pf_files COMMAND: with each of the files that we write, beside the marks
pf_files() {
  local file
  mkdir -p "$work/saved"
  for file in "$pf_original" "$pf_absent" "$pf_ours" "$pf_ran"; do "$1" "$file" "$work/saved/${file##*/}"; done
  "$1" "$pf_conf" "$work/saved/conf"
  "$1" "$pf_anchor_file" "$work/saved/anchor"
  "$1" "$pf_rc_file" "$work/saved/rc"
}

# pf_save FILE COPY
pf_save() {
  if [ -f "$1" ]; then cp -p "$1" "$2" || fail disk_full "cannot write $2: is /var full?"; fi
  : >"$2.known"
}

# pf_put_back FILE COPY: as it was saved, if it is another one now
pf_put_back() {
  local temporary="${1%/*}/.${1##*/}.new"
  rm_if "$temporary"
  [ -e "$2.known" ] || return 0
  if [ ! -e "$2" ]; then
    rm_if "$1"
  elif ! cmp -s "$1" "$2"; then
    if [ ! -d "${1%/*}" ]; then make_dir "${1%/*}"; fi
    cp -p "$2" "$temporary" && mv -f "$temporary" "$1"
  fi
}

# pf_unwrite: it could not be written: pf and the marks are as before
pf_unwrite() {
  [ ! -e "$pf_run/enabled" ] || pf_undo "$pf_run"
  make_registry
  pf_files pf_put_back
  pf_marks pf_unwrite_mark
  set +f
  rm -f "$registry"/pf.*.new
  set -f
  rm -rf "$pf_run"
  set +f
  set -- "$work/before"/pf.*
  set -f
  if [ -f "$1" ]; then
    cp -p "$@" "$registry/"
  else
    rm -f "$pf_original" "$pf_absent" "$pf_ours" "$pf_ran"
    drop_dir "$pf_rc_d"
    drop_registry
  fi
}

# pf_unremember: it came to nothing
pf_unremember() {
  [ "$pf_new" = true ] || return 0
  rm -f "$pf_ran"
  drop_registry
}

pf_unwrite_mark() {
  [ -e "$work/before/${1##*/}" ] || rm -f "$1"
}
