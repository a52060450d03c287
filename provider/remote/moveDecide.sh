# shellcheck shell=sh
# What is to be done with each path of a jail's tree, by what it is in the old template, in the new one and in the jail (moveInside.sh).

# Lists are lines of PATH|MODE|UID|GID|FLAGS|TARGET (stat) and DIGEST PATH (sha256); a link has its target, no mode and no owner.
# shellcheck disable=SC2016 # awk's own
reading='
  function load(file, type, meta, body, flags,    line, part, path) {
    while ((getline line < file) > 0) {
      if (line !~ /^\./) { body[substr(line, 66)] = substr(line, 1, 64); continue }
      split(line, part, "|")
      path = part[1]
      if (path == ".") continue
      type[path] = part[2] ~ /^100/ ? "file" : part[2] ~ /^40/ ? "folder" : part[2] ~ /^120/ ? "link" : "special file"
      flags[path] = part[5]
      if (type[path] != "link") { meta[path] = substr(part[2], length(part[2]) - 3) " " part[3] " " part[4]; continue }
      body[path] = substr(line, length(part[1] part[2] part[3] part[4] part[5]) + 6)
    }
    close(file)
  }
  function above(path) { sub(/\/[^\/]*$/, "", path); return path }
'

# tree_list FOLDER
tree_list() {
  (cd "$1" && find . -exec stat -f '%N|%p|%u|%g|%Sf|%Y' {} + && find . -type f -exec sha256 -r {} +)
}

# lists: what differs between the templates, with the folders above it, in /work/paths
lists() {
  { tree_list /old >/work/old && tree_list /new >/work/new; } || stop 'the templates could not be read'
  awk -v "derived=$derived" "$reading"'
    BEGIN {
      load("/work/old", ot, om, ob, flags)
      load("/work/new", nt, nm, nb, flags)
      n = split(derived, name, " ")
      for (i = 1; i <= n; i++) skip[name[i]] = 1
      for (path in ot) if (!(path in nt) || ot[path] != nt[path] || om[path] != nm[path] || ob[path] != nb[path]) add(path)
      for (path in nt) if (!(path in ot)) add(path)
    }
    function add(path) {
      if (path in skip) return
      for (; path != "." && !(path in done); path = above(path)) { done[path] = 1; print path }
    }' >/work/unsorted || stop 'the templates could not be compared'
  sort /work/unsorted >/work/paths || stop 'the templates could not be compared'
}

# decide: for each path, by what it is in the old template, in the new one and in the jail. Files of /work get what can be said at once;
# what needs a look at texts is printed: KIND|PATH|MODE|UID|GID.
decide() {
  awk -v "derived=$derived" "$reading"'
    function kept(path, why) { print path "|" why >"/work/conflicts" }
    function touch(path) { print path >(jt[path] == "" || !real[path] ? "/work/added" : "/work/touched") }
    function frozen(path) { return flags[path] ~ /chg|appnd|unlnk|unlink|append/ }
    # Is it a folder of the jail, when all is done?
    function stays(path) { return path == "." || (path in after ? after[path] == "folder" : real[path] && jt[path] == "folder") }
    # Mode and owner, each by itself: what the jail changed, stays.
    function metaOf(path,    o, n, j, i, result) {
      split(om[path], o, " "); split(nm[path], n, " "); split(jm[path], j, " ")
      if (om[path] == "") return jm[path]
      for (i = 1; i <= 3; i++) {
        if (j[i] == o[i]) j[i] = n[i]
        else if (n[i] != o[i] && n[i] != j[i]) clash[path] = 1
      }
      return j[1] " " j[2] " " j[3]
    }
    function setMeta(path,    wanted) {
      if (jt[path] == "link") return
      wanted = metaOf(path)
      if (path in clash) kept(path, "the jail and the new base have both changed its mode or owner")
      if (wanted == jm[path]) return
      if (frozen(path)) { kept(path, "its flags in the jail forbid a change"); return }
      print wanted " " path >"/work/meta"
      touch(path)
    }
    function later(kind, path,    wanted) {
      wanted = metaOf(path)
      gsub(/ /, "|", wanted)
      print kind "|" path "|" wanted
    }
    function put(path) {
      if (j != "" && j != n) print path >"/work/remove"
      if (j != "" && j != n && n == "folder") print path >"/work/added"
      print path >"/work/new.put"
      touch(path)
      after[path] = n
    }
    function follow(path) {
      if (j != "" && frozen(path)) kept(path, "its flags in the jail forbid a change")
      else if (n == "" && o == "folder") { print path >"/work/rmdir"; touch(path) }
      else if (n == "") { print path >"/work/remove"; touch(path); after[path] = "" }
      else if (!stays(above(path))) blocked(path)
      else if (o == "folder") kept(path, "it is a folder in the jail, and a " n " in the new base")
      else if (o == "file" && n == "file" && jm[path] != om[path]) later("content", path)
      else put(path)
    }
    # Once for all below it.
    function blocked(path,    top) {
      for (top = above(path); !stays(above(top)); top = above(top)) ;
      if (top in told) return
      told[top] = 1
      kept(top, (real[top] && jt[top] != "" ? "it is a " jt[top] " in the jail" : "the jail has no such folder") ", and the new base has changed what is in it")
    }
    function changed(path) {
      if (n == "") kept(path, "the jail has changed it, and the new base has it no more")
      else if (j == "" && !stays(above(path))) blocked(path)
      else if (j == "") kept(path, "the jail has removed it, and the new base has changed it")
      else if (o == "") kept(path, "the jail and the new base have each made one")
      else if (o != "file" || n != "file" || j != "file") kept(path, "the jail and the new base have each made something else of it: a " j " and a " n)
      else if (frozen(path)) kept(path, "its flags in the jail forbid a change")
      else later(path == "./etc/master.passwd" || path == "./etc/group" ? "keyed" : "merge", path)
    }
    BEGIN {
      load("/work/old", ot, om, ob, unused)
      load("/work/new", nt, nm, nb, unused)
      load("/work/jail", jt, jm, jb, flags)
      while ((getline path < "/work/look") > 0) {
        up = above(path)
        real[path] = up == "." || (real[up] && jt[up] == "folder")
        o = ot[path]; n = nt[path]; j = real[path] ? jt[path] : ""
        jbody = j == "" ? "" : jb[path]
        if (index(" " derived " ", " " path " ")) { if (real[path]) touch(path); continue }
        if (o == n && ob[path] == nb[path]) { if (j == o && om[path] != nm[path]) setMeta(path) }
        else if (j == n && jbody == nb[path]) { if (n != "") setMeta(path) }
        else if (j == o && jbody == ob[path]) follow(path)
        else changed(path)
      }
    }'
}
