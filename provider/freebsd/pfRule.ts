import {
  canonicalAddress,
  canonicalCidr,
  contains,
  type Family,
  interfaceName,
  networkOf,
  parseCidr,
  parseIp,
} from "./addresses";
import { InvalidValue, refuse } from "./escape";
import { bits } from "./ipAddress";
import { type Port, type PortRange, parsePort, portRanges, portsMeet, renderPorts } from "./pfPorts";

export { type Port, parsePort } from "./pfPorts";

/** Protocols of pf.conf(5) that a rule can be about. */
export const protocols = ["tcp", "udp", "icmp", "icmp6", "sctp", "gre", "esp", "ah"] as const;
export type Protocol = (typeof protocols)[number];

/** A translation rule of pf.conf(5). */
export interface PfRule {
  /** nat: what goes out. rdr: what comes in. binat: both, one address for another. */
  readonly kind: "nat" | "rdr" | "binat";
  /** The host's outside; `egress` is found on the host. */
  readonly interface: string;
  readonly protocol?: Protocol | readonly Protocol[] | undefined;
  /** Whose traffic: an address or a network, `!` in front of it for all others; `any` if left out (nat: `address`). */
  readonly from?: string | undefined;
  /** To where; for rdr the interface's own address if left out, otherwise `any`. */
  readonly to?: string | undefined;
  readonly port?: Port | readonly Port[] | undefined;
  /** The jail's address: where rdr sends it, whose traffic nat and binat translate. nat takes a network, too. */
  readonly address: string;
  /** The port in the jail; the first one, if `port` is a range. */
  readonly toPort?: Port | undefined;
  /** The address outside: the interface's first one if left out; binat needs it. */
  readonly outside?: string | undefined;
  /** Without a look at the filter rules; true if left out. */
  readonly pass?: boolean | undefined;
  readonly log?: boolean | undefined;
}

/** What stands for the interface with the default route, until its name is known on the host. */
export const egress = "<egress>";

/** One rule, as pfctl(8) reads it; without a line break. */
export function renderPfRule(rule: PfRule): string {
  check(rule);
  const device = rule.interface === "egress" ? egress : interfaceName(rule.interface);
  const list = protocolsOf(rule);
  return [
    rule.kind,
    ...(rule.pass === false ? [] : ["pass"]),
    ...(rule.log ? ["log"] : []),
    `on ${device} ${familyOf(rule)}`,
    ...(list.length === 0 ? [] : [`proto ${list.length === 1 ? list[0] : `{ ${list.join(" ")} }`}`]),
    `from ${rule.kind === "binat" ? single(rule.address) : side(rule.from ?? (rule.kind === "nat" ? rule.address : "any"))}`,
    `to ${rule.to === undefined && rule.kind === "rdr" ? `(${device})` : side(rule.to ?? "any")}`,
    ...(rule.port === undefined ? [] : [`port ${renderPorts(rule.port)}`]),
    `-> ${target(rule, device)}`,
  ].join(" ");
}

/** True if the rule takes what comes to this port of the host, so that it would no longer reach the host itself. */
export function takesPort(rule: PfRule, protocol: Protocol, port: number): boolean {
  if (rule.kind === "nat") return false;
  const list = protocolsOf(rule);
  const ports: readonly PortRange[] = rule.port === undefined ? [[1, 65535]] : portRanges(rule.port);
  return (list.length === 0 || list.includes(protocol)) && portsMeet(ports, [[port, port]]);
}

/** True if some traffic from outside would match both rules, so that only the first one would get it. */
export function collide(one: PfRule, other: PfRule): boolean {
  if (one.kind !== "rdr" || other.kind !== "rdr" || familyOf(one) !== familyOf(other)) return false;
  const anywhere = [one, other].some((rule) => rule.interface === "egress");
  if (one.interface !== other.interface && !anywhere) return false;
  const sameTarget = one.to === undefined || other.to === undefined || sidesMeet(one.to, other.to);
  if (!sameTarget || !sidesMeet(one.from ?? "any", other.from ?? "any")) return false;
  const [all, more] = [protocolsOf(one), protocolsOf(other)];
  const protocolsMeet = all.length === 0 || more.length === 0 || all.some((protocol) => more.includes(protocol));
  const ports = (rule: PfRule): readonly PortRange[] =>
    rule.port === undefined ? [[1, 65535]] : portRanges(rule.port);
  return protocolsMeet && portsMeet(ports(one), ports(other));
}

function check(rule: PfRule): void {
  const list = protocolsOf(rule);
  const unknown = list.find((protocol) => !protocols.includes(protocol));
  if (unknown !== undefined) refuse(unknown, "a protocol", protocols.join(", "));
  const withPorts = list.length > 0 && list.every((protocol) => ["tcp", "udp", "sctp"].includes(protocol));
  if ((rule.port !== undefined || rule.toPort !== undefined) && !withPorts) {
    throw new InvalidValue("A rule with a port needs a protocol that has ports: tcp, udp or both.");
  }
  if (rule.kind !== "rdr" && rule.toPort !== undefined) throw new InvalidValue("Only a rdr rule has a toPort.");
  if (rule.kind === "binat" && (rule.port !== undefined || rule.from !== undefined || rule.outside === undefined)) {
    throw new InvalidValue(
      "A binat rule has no port and no from, and needs the address outside that stands for the jail's.",
    );
  }
  if (rule.kind === "rdr" && rule.outside !== undefined)
    throw new InvalidValue("The address outside of a rdr rule is its to.");
  const family = familyOf(rule);
  for (const text of [rule.from, rule.to, rule.outside]) {
    if (text !== undefined && text !== "any" && parseCidr(cidrOf(text)).family !== family) {
      refuse(text, `of the family of ${rule.address}`, "all addresses of a rule are IPv4, or all are IPv6");
    }
  }
}

function target(rule: PfRule, device: string): string {
  if (rule.kind !== "rdr") return rule.outside === undefined ? `(${device}:0)` : single(rule.outside);
  if (rule.toPort === undefined) return single(rule.address);
  const [first, last] = parsePort(rule.toPort);
  const longest = Math.max(...portRanges(rule.port ?? rule.toPort).map(([from, to]) => to - from));
  if (first !== last || first + longest > 65535) {
    refuse(rule.toPort, "the port in a jail", "one port; from there on the ports of a range are counted, up to 65535");
  }
  return `${single(rule.address)} port ${first}${longest > 0 ? ":*" : ""}`;
}

/** One side of a rule: `any`, an address, a network, or all but these. */
function side(text: string): string {
  if (text === "any") return text;
  const cidr = networkOf(cidrOf(text));
  return `${text.startsWith("!") ? "! " : ""}${cidr.replace(/^([^:]*)\/32$|^(.*)\/128$/, "$1$2")}`;
}

/** One address, which may have its full prefix length with it. */
function single(text: string): string {
  const address = side(text);
  if (address === "any" || /[!/]/.test(address)) refuse(text, "a single address", "write it as 192.168.1.3");
  return address;
}

function sidesMeet(one: string, other: string): boolean {
  if ([one, other].some((text) => text === "any" || text.startsWith("!"))) return true;
  return contains(cidrOf(one), addressOf(other)) || contains(cidrOf(other), addressOf(one));
}

function protocolsOf({ protocol }: PfRule): readonly Protocol[] {
  if (protocol === undefined) return [];
  return typeof protocol === "string" ? [protocol] : protocol;
}

function familyOf(rule: PfRule): Family {
  return parseCidr(cidrOf(rule.address)).family;
}

function addressOf(text: string): string {
  return parseCidr(cidrOf(text)).address;
}

/** An address or a network, less an interface and a "!" in front of it, with its prefix length. */
function cidrOf(text: string): string {
  const rest = text.replace(/^! ?/, "").replace(/^[^|]*\|/, "");
  return rest.includes("/") ? canonicalCidr(rest) : `${canonicalAddress(rest)}/${bits(parseIp(rest).family)}`;
}
