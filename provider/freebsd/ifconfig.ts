import { InvalidValue, shown } from "./escape";
import { formatIp, parseIp } from "./ipAddress";

/** An address on an interface. */
export interface InterfaceAddress {
  /** In canonical text, without a zone. */
  readonly address: string;
  readonly prefix: number;
  /** The zone of a link-local address: the interface's name. */
  readonly zone?: string;
}

/** A network interface, as ifconfig(8) shows it. */
export interface NetworkInterface {
  readonly name: string;
  readonly flags: readonly string[];
  readonly up: boolean;
  readonly mtu: number;
  readonly ether?: string;
  readonly description?: string;
  readonly inet: readonly InterfaceAddress[];
  readonly inet6: readonly InterfaceAddress[];
  readonly groups: readonly string[];
  /** The members of a bridge. */
  readonly members: readonly string[];
}

const first = /^(\S+): flags=[0-9a-f]+(?:<([^>]*)>)?(?:.* mtu (\d+))?/;

/** Reads the whole output of ifconfig(8): all interfaces, in its order. */
export function parseIfconfig(text: string): NetworkInterface[] {
  const blocks: string[][] = [];
  for (const line of text.split("\n")) {
    if (first.test(line)) blocks.push([line]);
    else if (/^\s/.test(line) && blocks.length > 0) blocks.at(-1)?.push(line.trim());
    else if (line !== "") throw new InvalidValue(`ifconfig printed a line that makes no sense: ${shown(line)}.`);
  }
  return blocks.map(parseInterface);
}

function parseInterface(lines: readonly string[]): NetworkInterface {
  const [, name = "", flagList = "", mtu = "0"] = first.exec(lines[0] ?? "") ?? [];
  const after = (word: string) =>
    lines.slice(1).flatMap((line) => (line.startsWith(word) ? [line.slice(word.length)] : []));
  const flags = flagList.split(",").filter((flag) => flag !== "");
  const [ether] = after("ether ");
  const [description] = after("description: ");
  return {
    name,
    flags,
    up: flags.includes("UP"),
    mtu: Number(mtu),
    ...(ether === undefined ? {} : { ether }),
    ...(description === undefined ? {} : { description }),
    inet: after("inet ").map(parseAddress),
    inet6: after("inet6 ").map(parseAddress),
    groups: after("groups: ").flatMap((line) => line.split(" ")),
    members: after("member: ").map((line) => line.split(" ")[0] ?? ""),
  };
}

function parseAddress(line: string): InterfaceAddress {
  const [, text = "", zone, cidr] = /^([^\s%/]+)(?:%([^\s/]+))?(?:\/(\d+))?/.exec(line) ?? [];
  const ip = parseIp(text);
  const prefix = cidr ?? / prefixlen (\d+)/.exec(line)?.[1];
  const mask = / netmask (\S+)/.exec(line)?.[1];
  return {
    address: formatIp(ip),
    prefix: prefix === undefined ? prefixOfMask(mask ?? "0xffffffff") : Number(prefix),
    ...(zone === undefined ? {} : { zone }),
  };
}

/** The prefix length of a netmask, hexadecimal as ifconfig prints it by default, or with dots. */
function prefixOfMask(mask: string): number {
  const value = mask.startsWith("0x") ? Number.parseInt(mask.slice(2), 16) : Number(parseIp(mask).value);
  const bits = value.toString(2).padStart(32, "0");
  if (!/^1*0*$/.test(bits)) throw new InvalidValue(`ifconfig printed the netmask ${mask}, which has no prefix length.`);
  return bits.indexOf("0") < 0 ? 32 : bits.indexOf("0");
}
