/** Folders of hosts that jails of this run have, by host and jail. */
const shares = new Map<string, Map<string, readonly string[]>>();

/** Notes which folders a jail has, in place of those that it had. */
export function claimShares(host: string, jail: string, folders: readonly string[]): void {
  const known = shares.get(host) ?? new Map<string, readonly string[]>();
  shares.set(host, known.set(jail, folders));
}

/** The other jails that have a folder, or a part of it. */
export function sharersOf(host: string, jail: string, folder: string): string[] {
  const overlaps = (other: string) =>
    other === folder || other.startsWith(`${folder}/`) || folder.startsWith(`${other}/`);
  return [...(shares.get(host) ?? [])]
    .filter(([other, folders]) => other !== jail && folders.some(overlaps))
    .map(([other]) => other)
    .sort();
}

/** Forgets all of it. */
export function forgetShares(): void {
  shares.clear();
}
