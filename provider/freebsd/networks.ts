import { bareAddress } from "./bareAddress";
import { isHost, networkNumber, parseCidr } from "./cidr";
import { refuse } from "./escape";
import { bits, formatIp, parseIp } from "./ipAddress";

/** True if the address lies in the network, which may be written with any of its addresses (`192.168.1.1/28`). */
export function contains(network: string, address: string): boolean {
  const cidr = parseCidr(network);
  const ip = parseIp(bareAddress(address));
  return ip.family === cidr.family && networkNumber(cidr, ip.value) === networkNumber(cidr);
}

/** True if a host in the network can have the address: it lies in it, and is not its number or its broadcast address. */
export function isHostAddress(network: string, address: string): boolean {
  return contains(network, address) && isHost({ ...parseCidr(network), address: bareAddress(address) });
}

/** How many addresses hosts can have in the network: 14 in a /28, 2 in a /31, 1 in a /32 (2^53 - 1 stands for all above). */
export function hostCount(network: string): number {
  const cidr = parseCidr(network);
  const all = 1n << BigInt(bits(cidr.family) - cidr.prefix);
  const hosts = all <= 2n ? all : all - (cidr.family === "inet" ? 2n : 1n);
  return Math.min(Number(hosts), Number.MAX_SAFE_INTEGER);
}

/** The n-th address that a host can have in the network; the first is 1. */
export function nthAddress(network: string, n: number): string {
  const cidr = parseCidr(network);
  const last = hostCount(network);
  if (!Number.isSafeInteger(n) || n < 1 || n > last) {
    refuse(n, `the number of an address in ${network}`, `this network has the addresses 1 to ${last}`);
  }
  const offset = bits(cidr.family) - cidr.prefix <= 1 ? n - 1 : n;
  return formatIp({ family: cidr.family, value: networkNumber(cidr) + BigInt(offset) });
}
