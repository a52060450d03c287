import { type Cidr, isHost, networkOf, parseCidr } from "./cidr";
import { refuse } from "./escape";
import { interfaceName } from "./interfaces";
import { bits, formatIp, type Ip, isMapped, parseIp } from "./ipAddress";

export { bareAddress, canonicalAddress, sameAddress } from "./bareAddress";
export { type Cidr, canonicalCidr, networkOf, parseCidr } from "./cidr";
export { interfaceName, type Loopback, loopback } from "./interfaces";
export { type Family, formatIp, type Ip, parseIp } from "./ipAddress";
export { contains, hostCount, isHostAddress, nthAddress } from "./networks";

/** An address of a jail, as `ip4.addr` and `ip6.addr` of jail(8) say it. */
export interface JailAddress extends Cidr {
  /** The interface that gets the address when the jail starts, and loses it when it stops. */
  readonly interface?: string;
}

/** Reads an address that an interface can have, with its prefix length (ifconfig(8)): not the network's number, nor its broadcast address. */
export function parseInterfaceAddress(text: string): Cidr {
  const cidr = parseCidr(text);
  checkUnicast(text, parseIp(cidr.address));
  checkHost(text, cidr);
  return cidr;
}

/** Reads `lo1|192.168.1.3/32` (jail(8)). The prefix length is /32 or /128 if left out; without an interface, the address is already on one. */
export function parseJailAddress(text: string): JailAddress {
  const parts = text.split("|");
  if (parts.length > 2) refuse(text, "a jail's address", "write it as interface|address/prefix");
  const device = parts.length === 2 ? interfaceName(parts[0] ?? "") : undefined;
  const cidr = parseOptionalPrefix(parts.at(-1) ?? "");
  checkUnicast(text, parseIp(cidr.address));
  checkHost(text, cidr);
  return device === undefined ? cidr : { interface: device, ...cidr };
}

/** The canonical text of a jail's address, as jail(8) reads it; without an interface, a full prefix length is left out. */
export function formatJailAddress(address: JailAddress): string {
  const cidr = `${address.address}/${address.prefix}`;
  if (address.interface !== undefined) return `${address.interface}|${cidr}`;
  return address.prefix === bits(address.family) ? address.address : cidr;
}

function parseOptionalPrefix(text: string): Cidr {
  if (text.includes("/")) return parseCidr(text);
  const ip = parseIp(text);
  return { address: formatIp(ip), prefix: bits(ip.family), family: ip.family };
}

function checkHost(text: string, cidr: Cidr): void {
  if (cidr.prefix === 0) refuse(text, "an address of an interface", "the prefix length has to be 1 or more");
  if (isHost(cidr)) return;
  const network = networkOf(`${cidr.address}/${cidr.prefix}`);
  refuse(text, "a host's address", `it is the number or the broadcast address of ${network}`);
}

function checkUnicast(text: string, ip: Ip): void {
  const what = ip.family === "inet" ? ipv4Kind(Number(ip.value >> 24n)) : ipv6Kind(ip, Number(ip.value >> 112n));
  if (what !== undefined) refuse(text, "an address that a jail or an interface can be given", what);
}

function ipv4Kind(top: number): string | undefined {
  if (top === 0) return "addresses from 0.0.0.0 to 0.255.255.255 mean “this network”";
  if (top >= 224) return "addresses from 224.0.0.0 on are multicast, reserved or broadcast";
  return;
}

function ipv6Kind(ip: Ip, top: number): string | undefined {
  if (ip.value === 0n) return ":: means “any address”";
  if (isMapped(ip)) return "write the IPv4 address itself";
  if (top >= 0xff00) return "addresses in ff00::/8 are multicast";
  if (top >= 0xfe80 && top < 0xfec0) return "link-local addresses (fe80::/10) come from the kernel";
  return;
}
