import { refuse } from "./escape";

/** The two address families, as ifconfig(8) and rc.conf(5) name them. */
export type Family = "inet" | "inet6";

/** An address as a number. */
export interface Ip {
  readonly family: Family;
  readonly value: bigint;
}

const allowed = "write an IPv4 address such as 192.168.1.3, or an IPv6 address such as fd00::3";

/** Bits of an address of this family. */
export function bits(family: Family): number {
  return family === "inet" ? 32 : 128;
}

/** Reads an IPv4 or IPv6 address as inet_pton(3) does: no leading zeros in IPv4, no zone, no prefix length. */
export function parseIp(text: string): Ip {
  const ip = text.includes(":") ? parseIpv6(text) : parseIpv4(text);
  return ip ?? refuse(text, "an address", allowed);
}

/** The canonical text: RFC 5952 for IPv6 (lower case, the longest run of zeros as ::, mapped IPv4 with dots). */
export function formatIp(ip: Ip): string {
  if (ip.family === "inet") return dotted(ip.value);
  if (isMapped(ip)) return `::ffff:${dotted(ip.value & 0xffffffffn)}`;
  return compress(Array.from({ length: 8 }, (_, i) => Number((ip.value >> BigInt(112 - 16 * i)) & 0xffffn)));
}

/** True for ::ffff:a.b.c.d, which is an IPv4 address in an IPv6 socket's eyes only. */
export function isMapped(ip: Ip): boolean {
  return ip.family === "inet6" && ip.value >> 32n === 0xffffn;
}

function parseIpv4(text: string): Ip | undefined {
  const value = ipv4Value(text);
  return value === undefined ? undefined : { family: "inet", value };
}

function ipv4Value(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return;
  return parts.reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
}

function parseIpv6(text: string): Ip | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return;
  const [left, right] = halves.map((half, i) => groups(half, i === halves.length - 1));
  if (!left || (halves.length === 2 && !right)) return;
  const missing = 8 - left.length - (right?.length ?? 0);
  if (halves.length === 2 ? missing < 1 : missing !== 0) return;
  const all = [...left, ...Array<number>(missing).fill(0), ...(right ?? [])];
  return { family: "inet6", value: all.reduce((sum, group) => (sum << 16n) + BigInt(group), 0n) };
}

/** The 16-bit groups of one side of the "::"; an IPv4 address may stand at the very end. */
function groups(text: string, isEnd: boolean): number[] | undefined {
  if (text === "") return [];
  const result: number[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) result.push(Number.parseInt(part, 16));
    else {
      const ipv4 = isEnd && i === parts.length - 1 ? ipv4Value(part) : undefined;
      if (ipv4 === undefined) return;
      result.push(Number(ipv4 >> 16n), Number(ipv4 & 0xffffn));
    }
  }
  return result;
}

function dotted(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join(".");
}

function compress(all: readonly number[]): string {
  const run = longestZeros(all);
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  if (run.length < 2) return hex(all);
  return `${hex(all.slice(0, run.start))}::${hex(all.slice(run.start + run.length))}`;
}

/** The first of the longest runs of zeros. */
function longestZeros(all: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let length = 0;
  for (const [i, group] of all.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > best.length) best = { start: i - length + 1, length };
  }
  return best;
}
