/** The words behind `allow.` in jail(8), FreeBSD 13 to 15; each may have a "no" before its last part. */
const known = new Set(
  (
    "adjtime chflags extattr mlock mount mount.devfs mount.fdescfs mount.fusefs mount.linprocfs mount.linsysfs mount.nullfs mount.procfs mount.tmpfs mount.zfs " +
    "nfsd quotas raw_sockets read_msgbuf reserved_ports routing set_hostname settime socket_af suser sysvipc unprivileged_parent_tampering unprivileged_proc_debug vmm vmm_ppt"
  ).split(" "),
);

/** Those that a jail may do unless they are forbidden. */
export const allowedByDefault: ReadonlySet<string> = new Set([
  "reserved_ports",
  "set_hostname",
  "suser",
  "unprivileged_proc_debug",
]);

/** Checks a word of `allow`: "raw_sockets", "mount.nullfs", "noset_hostname". */
export function allowWord(value: string): string {
  const word = value.startsWith("allow.") ? value.slice("allow.".length) : value;
  if (known.has(permission(word).name)) return word;
  throw new Error(
    `"${value}" is no permission of jail(8); known are ${[...known].join(", ")}, each also with "no" before its last part`,
  );
}

/** True for what stands behind `allow.` in jail(8). */
export function isPermission(name: string): boolean {
  return known.has(name);
}

/** A word of `allow`, read. */
export function permission(word: string): { name: string; granted: boolean } {
  const match = /^(.*\.)?no([^.]+)$/.exec(word);
  const name = match ? `${match[1] ?? ""}${match[2]}` : word;
  return match && known.has(name) ? { name, granted: false } : { name: word, granted: true };
}

/** What `jail -m` has to be told so that a jail with the words `from` has the words `to`. */
export function permissionChanges(from: readonly string[], to: readonly string[]): string[] {
  const before = granted(from);
  const after = granted(to);
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => state(before, name) !== state(after, name))
    .map((name) => `allow.${name}=${state(after, name) ? 1 : 0}`);
}

function granted(words: readonly string[]): Map<string, boolean> {
  return new Map(words.map(permission).map(({ name, granted: yes }) => [name, yes]));
}

function state(words: ReadonlyMap<string, boolean>, name: string): boolean {
  return words.get(name) ?? allowedByDefault.has(name);
}
