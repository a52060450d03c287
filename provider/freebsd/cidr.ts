import { refuse } from "./escape";
import { bits, type Family, formatIp, parseIp } from "./ipAddress";

/** An address in its canonical text, with its prefix length. */
export interface Cidr {
  readonly address: string;
  readonly prefix: number;
  readonly family: Family;
}

/** Reads `192.168.1.1/28` or `fd00::1/64` as ifconfig(8) does; the prefix length has to be there. */
export function parseCidr(text: string): Cidr {
  const [address = "", prefix, ...rest] = text.split("/");
  if (prefix === undefined || rest.length > 0) {
    refuse(text, "an address with its prefix length", "write it as 192.168.1.1/28 or fd00::1/64");
  }
  const ip = parseIp(address);
  return { address: formatIp(ip), prefix: parsePrefix(text, prefix, ip.family), family: ip.family };
}

/** The canonical text of an address with its prefix length, or an error. */
export function canonicalCidr(text: string): string {
  const { address, prefix } = parseCidr(text);
  return `${address}/${prefix}`;
}

/** The network's number that this address would have with the prefix length of `cidr`. */
export function networkNumber(cidr: Cidr, value = parseIp(cidr.address).value): bigint {
  const hostBits = BigInt(bits(cidr.family) - cidr.prefix);
  return (value >> hostBits) << hostBits;
}

/** The network of an address: `192.168.1.0/28` for `192.168.1.1/28`. */
export function networkOf(text: string): string {
  const cidr = parseCidr(text);
  return `${formatIp({ family: cidr.family, value: networkNumber(cidr) })}/${cidr.prefix}`;
}

/** True if a host can have the address: it is not the network's own number (RFC 4291, 2.6.1), nor its broadcast address. */
export function isHost(cidr: Cidr): boolean {
  const hostBits = bits(cidr.family) - cidr.prefix;
  if (hostBits <= 1) return true; // RFC 3021, RFC 6164
  const host = parseIp(cidr.address).value - networkNumber(cidr);
  return host !== 0n && (cidr.family === "inet6" || host !== (1n << BigInt(hostBits)) - 1n);
}

function parsePrefix(text: string, prefix: string, family: Family): number {
  const most = bits(family);
  if (!/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > most) {
    refuse(text, "an address with its prefix length", `the prefix length is a number from 0 to ${most}`);
  }
  return Number(prefix);
}
