import {
  canonicalAddress,
  canonicalCidr,
  contains,
  type Family,
  interfaceName,
  networkOf,
  parseCidr,
} from "./addresses";
import { refuse } from "./escape";
import { bits, parseIp } from "./ipAddress";

/** What an interface has: its addresses, with their prefix lengths. */
export type AddressesOf = (device: string) => readonly string[];

/** One side of a rule, read. */
interface Side {
  readonly not: boolean;
  /** An address or a network with its prefix length. */
  readonly cidr?: string;
  /** The interface of `lo1:network`. */
  readonly device?: string;
}

/** One side of a rule as pf.conf(5) has it: `any`, an address, a network, an interface's network (`lo1:network`), or all but these (`!`). */
export function renderSide(text: string): string {
  if (text === "any") return text;
  const { not, cidr, device } = parseSide(text);
  // In parentheses, the rule can be loaded at boot although the interface has no address yet.
  const what = device === undefined ? shorten(networkOf(cidr ?? "")) : `(${device}:network)`;
  return `${not ? "! " : ""}${what}`;
}

/** One address, which may have its interface and its full prefix length with it. */
export function renderSingle(text: string): string {
  const address = text === "any" ? text : renderSide(text);
  if (address === "any" || /[!/(]/.test(address)) refuse(text, "a single address", "write it as 192.168.1.3");
  return address;
}

/** The family of a side; undefined for what has both. */
export function familyOfSide(text: string): Family | undefined {
  if (text === "any") return undefined;
  const { cidr } = parseSide(text);
  return cidr === undefined ? undefined : parseCidr(cidr).family;
}

/** The interface whose network a side names. */
export function deviceOfSide(text: string): string | undefined {
  return text === "any" ? undefined : parseSide(text).device;
}

/** True if the address is on this side of a rule. Where nobody knows what an interface has, it is. */
export function sideHas(text: string, address: string, addressesOf?: AddressesOf): boolean {
  if (text === "any") return true;
  const { not, cidr, device } = parseSide(text);
  if (device !== undefined && !addressesOf) return true;
  const networks = device === undefined ? [cidr ?? ""] : (addressesOf?.(device) ?? []);
  return networks.some((network) => contains(network, address)) !== not;
}

/** True if some address is on both. */
export function sidesMeet(one: string, other: string): boolean {
  if ([one, other].some((text) => text === "any" || text.startsWith("!"))) return true;
  const [a, b] = [parseSide(one), parseSide(other)];
  if (a.cidr === undefined || b.cidr === undefined) return a.device !== undefined && a.device === b.device;
  return contains(a.cidr, parseCidr(b.cidr).address) || contains(b.cidr, parseCidr(a.cidr).address);
}

function parseSide(text: string): Side {
  const not = text.startsWith("!");
  const rest = text.replace(/^! ?/, "").replace(/^[^|]*\|/, "");
  const [, device] = /^([^:]+):network$/.exec(rest) ?? [];
  if (device !== undefined) return { not, device: interfaceName(device) };
  return { not, cidr: rest.includes("/") ? canonicalCidr(rest) : full(rest) };
}

function full(address: string): string {
  return `${canonicalAddress(address)}/${bits(parseIp(address).family)}`;
}

function shorten(cidr: string): string {
  return cidr.replace(/^([^:]*)\/32$|^(.*)\/128$/, "$1$2");
}
