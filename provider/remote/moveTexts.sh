# shellcheck shell=sh
# Texts that the jail and the new base have both changed (moveInside.sh). diff3(1) isn't used: what it says of changes that touch each
# other, and with which status, has changed between releases; what diff(1) says has not.

# merge_text OLD NEW MINE: a text with both changes in /work/merged; false where they touch each other, or where one is no text
merge_text() {
  [ "$(cat "$1" "$2" "$3" | tr -cd '\000' | wc -c)" -eq 0 ] || return 1
  diff "$1" "$3" >/work/mine
  [ $? -le 1 ] || return 1
  diff "$1" "$2" >/work/theirs
  [ $? -le 1 ] || return 1
  awk -v "ends=$(ends "$1")$(ends "$2")$(ends "$3")" -v "old=$1" '
    # The changes of a diff: lines FIRST to LAST of the old text (LAST is FIRST-1: nothing, before it) become TEXT.
    function read(file, first, last, text,    line, n, part, range) {
      while ((getline line < file) > 0) {
        if (line ~ /^[0-9]/) {
          split(line, part, /[acd]/)
          split(part[1], range, ",")
          first[++n] = range[1] + 0
          last[n] = (range[2] == "" ? range[1] : range[2]) + 0
          if (line ~ /a/) first[n]++
          text[n] = ""
        } else if (line ~ /^> /) text[n] = text[n] substr(line, 3) "\n"
      }
      return n + 0
    }
    function apply(first, last, text, i) {
      for (; at < first[i]; at++) result = result lines[at] "\n"
      result = result text[i]
      if (last[i] >= at) at = last[i] + 1
    }
    BEGIN {
      while ((getline line < old) > 0) lines[++count] = line
      mine = read("/work/mine", mf, ml, mt)
      theirs = read("/work/theirs", tf, tl, tt)
      at = 1
      for (m = t = 1; m <= mine || t <= theirs;) {
        if (m > mine) apply(tf, tl, tt, t++)
        else if (t > theirs) apply(mf, ml, mt, m++)
        else if (mf[m] == tf[t] && ml[m] == tl[t] && mt[m] == tt[t]) { apply(mf, ml, mt, m++); t++ }
        else if (ml[m] + 1 < tf[t]) apply(mf, ml, mt, m++)
        else if (tl[t] + 1 < mf[m]) apply(tf, tl, tt, t++)
        else exit 1
      }
      for (; at <= count; at++) result = result lines[at] "\n"
      # A line break at the end: old, new, mine.
      end = substr(ends, 3, 1) == substr(ends, 1, 1) ? substr(ends, 2, 1) : substr(ends, 3, 1)
      if (end == "n") sub(/\n$/, "", result)
      printf "%s", result
    }' >/work/merged
}

# ends FILE: y where it ends with a line break, n where not
ends() {
  if [ "$(tail -c 1 "$1" | wc -l)" -eq 0 ] && [ -s "$1" ]; then echo n; else echo y; fi
}

# merge_keyed PATH: master.passwd(5) or group(5), entry by entry and field by field; a member of a group is an entry of its own
merge_keyed() {
  awk -F : -v OFS=: -v "path=$1" '
    function kept(why) { print path "|" why >>"/work/conflicts" }
    function members(old, new, mine,    n, i, name, list, is) {
      n = split(mine, name, ","); for (i = 1; i <= n; i++) is[name[i]] = 1
      list = mine
      n = split(new, name, ",")
      for (i = 1; i <= n; i++) if (index("," old ",", "," name[i] ",") == 0 && !(name[i] in is)) list = list (list == "" ? "" : ",") name[i]
      n = split(old, name, ",")
      for (i = 1; i <= n; i++) if (index("," new ",", "," name[i] ",") == 0) list = without(list, name[i])
      return list
    }
    function without(list, name,    i) {
      list = "," list ","
      if (i = index(list, "," name ",")) list = substr(list, 1, i) substr(list, i + length(name) + 2)
      sub(/^,/, "", list)
      sub(/,$/, "", list)
      return list
    }
    function one(name,    n, i, o, w, m) {
      split(old[name], o, ":"); split(new[name], w, ":"); n = split(mine[name], m, ":")
      for (i = 1; i <= n; i++) {
        if (path ~ /group$/ && i == 4) m[i] = members(o[i], w[i], m[i])
        else if (m[i] == o[i]) m[i] = w[i]
        else if (w[i] != o[i] && w[i] != m[i]) kept("the jail and the new base have both changed the entry of " name)
      }
      for (i = 2; i <= n; i++) m[1] = m[1] ":" m[i]
      return m[1]
    }
    FILENAME ~ /^\/old/ { old[$1] = $0; next }
    FILENAME ~ /^\/new/ { new[$1] = $0; order[++count] = $1; next }
    /^#/ || NF < 4 { print; next }
    { number[$3] = $1 }
    $1 in mine { print; next }
    { mine[$1] = $0 }
    ($1 in old) && ($1 in new) { print one($1); next }
    ($1 in old) && $0 == old[$1] { next }
    ($1 in old) { kept("the jail has changed the entry of " $1 ", and the new base has it no more") }
    !($1 in old) && ($1 in new) && new[$1] != $0 { kept("the jail and the new base have each made an entry of " $1) }
    { print }
    END {
      for (i = 1; i <= count; i++) {
        name = order[i]
        if (name ~ /^#/ || name == "" || name in mine) continue
        if (name in old) { if (old[name] != new[name]) kept("the jail has removed the entry of " name ", and the new base has changed it"); continue }
        split(new[name], w, ":")
        if (w[3] in number) kept("the new base has made an entry of " name ", whose number " w[3] " the jail has given to " number[w[3]])
        else print new[name]
      }
    }' "/old/$1" "/new/$1" "/jail/$1" >/work/merged || stop "$1 could not be merged"
}
