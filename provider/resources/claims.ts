/** What each resource of this run has taken on a host: a name, an address, a path. */
const taken = new Map<string, string>();

/** Takes a thing on a host for a resource; the other resource of the program that has it already, if there is one. */
export function take(host: string, thing: string, owner: string): string | undefined {
  const key = `${host}\n${thing}`;
  const holder = taken.get(key);
  if (holder !== undefined && holder !== owner) return holder;
  taken.set(key, owner);
  return undefined;
}

/** Forgets all of them. */
export function forgetClaims(): void {
  taken.clear();
}
