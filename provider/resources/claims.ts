import { contains } from "../freebsd/addresses";
import { forgetOrder } from "./jailOrder";
import { forgetShares } from "./shares";

/** What each resource of this run has taken on a host: a name, an address, a path. */
const taken = new Map<string, string>();
/** The networks of the program's loopback interfaces, and the jails' addresses on interfaces, by host and interface. */
const networks = new Map<string, readonly string[]>();
const addresses = new Map<string, Set<string>>();

/** Takes a thing on a host for a resource; the other resource of the program that has it already, if there is one. */
export function take(host: string, thing: string, owner: string): string | undefined {
  const key = `${host}\n${thing}`;
  const holder = taken.get(key);
  if (holder !== undefined && holder !== owner) return holder;
  taken.set(key, owner);
  return undefined;
}

/** Remembers the networks of an interface; addresses of jails on it that lie in none of them. */
export function declareNetworks(host: string, name: string, cidrs: readonly string[]): string[] {
  const key = `${host}\n${name}`;
  networks.set(key, cidrs);
  return [...(addresses.get(key) ?? [])].filter((address) => isOutside(cidrs, address));
}

/** Remembers a jail's address on an interface; true if the program declares that interface, and the address lies in none of its networks. */
export function declareAddress(host: string, name: string, address: string): boolean {
  const key = `${host}\n${name}`;
  addresses.set(key, (addresses.get(key) ?? new Set()).add(address));
  const known = networks.get(key);
  return known !== undefined && isOutside(known, address);
}

/** Addresses that stand alone (/32) make no network that others could lie outside of. */
function isOutside(cidrs: readonly string[], address: string): boolean {
  const family = (text: string) => (text.includes(":") ? "inet6" : "inet");
  const wide = cidrs.filter((cidr) => family(cidr) === family(address) && !/\/(32|128)$/.test(cidr));
  return wide.length > 0 && !wide.some((cidr) => contains(cidr, address));
}

/** Forgets all of it. */
export function forgetClaims(): void {
  taken.clear();
  networks.clear();
  addresses.clear();
  forgetShares();
  forgetOrder();
}
