import { parseCidr } from "./cidr";
import { formatIp, parseIp } from "./ipAddress";

/** The canonical text of an address (`0:0::1` is `::1`), or an error. */
export function canonicalAddress(text: string): string {
  return formatIp(parseIp(text));
}

/** The canonical address alone, without the interface and the prefix length that stand with a jail's address. */
export function bareAddress(text: string): string {
  const address = text.slice(text.indexOf("|") + 1);
  return address.includes("/") ? parseCidr(address).address : canonicalAddress(address);
}

/** True if both are the same address, whatever interface and prefix length stand with them. */
export function sameAddress(one: string, other: string): boolean {
  return bareAddress(one) === bareAddress(other);
}
