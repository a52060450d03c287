import { type Family, interfaceName } from "./addresses";
import { InvalidValue, refuse } from "./escape";
import { type Port, parsePort, portRanges, renderPorts } from "./pfPorts";
import { familyOfSide, renderSide, renderSingle } from "./pfSides";

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
  /** Whose traffic: an address, a network or `lo1:network`, `!` in front of it for all others; `any` if left out (nat: `address`). */
  readonly from?: string | undefined;
  /** To where; for rdr the interface's own address if left out, otherwise `any`. */
  readonly to?: string | undefined;
  readonly port?: Port | readonly Port[] | undefined;
  /** The jail's address: where rdr sends it, whose traffic nat and binat translate. nat takes a network, too, and needs none beside a `from`. */
  readonly address?: string | undefined;
  /** The port in the jail; the first one, if `port` is a range. */
  readonly toPort?: Port | undefined;
  /** The address outside: the interface's first one if left out; binat needs it. */
  readonly outside?: string | undefined;
  /** Without a look at the filter rules; true if left out. */
  readonly pass?: boolean | undefined;
  readonly log?: boolean | undefined;
  /** What the addresses are if left out; IPv4 if there are none either. */
  readonly family?: Family | undefined;
}

/** What stands for the interface with the default route, until its name is known on the host. */
export const egress = "<egress>";

/** One rule, as pfctl(8) reads it; without a line break. */
export function renderPfRule(rule: PfRule): string {
  check(rule);
  const device = rule.interface === "egress" ? egress : interfaceName(rule.interface);
  const list = protocolsOf(rule);
  const address = rule.address ?? "any";
  return [
    rule.kind,
    ...(rule.pass === false ? [] : ["pass"]),
    ...(rule.log ? ["log"] : []),
    `on ${device} ${familyOf(rule)}`,
    ...(list.length === 0 ? [] : [`proto ${list.length === 1 ? list[0] : `{ ${list.join(" ")} }`}`]),
    `from ${rule.kind === "binat" ? renderSingle(address) : renderSide(sourceOf(rule))}`,
    `to ${rule.to === undefined && rule.kind === "rdr" ? `(${device})` : renderSide(rule.to ?? "any")}`,
    ...(rule.port === undefined ? [] : [`port ${renderPorts(rule.port)}`]),
    `-> ${target(rule, device)}`,
  ].join(" ");
}

/** The protocols that a rule names; none means all. */
export function protocolsOf({ protocol }: PfRule): readonly Protocol[] {
  if (protocol === undefined) return [];
  return typeof protocol === "string" ? [protocol] : protocol;
}

/** Whose traffic it is about. */
export function sourceOf(rule: PfRule): string {
  if (rule.kind === "rdr") return rule.from ?? "any";
  return (rule.kind === "nat" ? rule.from : undefined) ?? rule.address ?? "any";
}

/** IPv4 or IPv6: what the rule says, or what its addresses are. */
export function familyOf(rule: PfRule): Family {
  return rule.family ?? sidesOf(rule).map(familyOfSide).find(Boolean) ?? "inet";
}

function sidesOf(rule: PfRule): string[] {
  return [rule.address, rule.outside, rule.to, rule.from].filter((text) => text !== undefined);
}

function check(rule: PfRule): void {
  checkProtocols(rule);
  if (rule.kind !== "rdr" && rule.toPort !== undefined) throw new InvalidValue("Only a rdr rule has a toPort.");
  if (rule.kind === "binat" && (rule.port !== undefined || rule.from !== undefined || rule.outside === undefined)) {
    throw new InvalidValue(
      "A binat rule has no port and no from, and needs the address outside that stands for the jail's.",
    );
  }
  if (rule.kind === "rdr" && rule.outside !== undefined)
    throw new InvalidValue("The address outside of a rdr rule is its to.");
  if (rule.address === undefined && (rule.kind !== "nat" || rule.from === undefined))
    throw new InvalidValue(`A ${rule.kind} rule needs a jail, or an address.`);
  const family = familyOf(rule);
  for (const text of sidesOf(rule)) {
    if ((familyOfSide(text) ?? family) !== family) {
      const other = rule.address ?? rule.outside ?? family;
      refuse(text, `of the family of ${other}`, "all addresses of a rule are IPv4, or all are IPv6");
    }
  }
}

function checkProtocols(rule: PfRule): void {
  const list = protocolsOf(rule);
  const unknown = list.find((protocol) => !protocols.includes(protocol));
  if (unknown !== undefined) refuse(unknown, "a protocol", protocols.join(", "));
  const withPorts = list.length > 0 && list.every((protocol) => ["tcp", "udp", "sctp"].includes(protocol));
  if ((rule.port !== undefined || rule.toPort !== undefined) && !withPorts) {
    throw new InvalidValue("A rule with a port needs a protocol that has ports: tcp, udp or both.");
  }
  // pfctl takes the last one of a list, without a word.
  if (rule.kind === "binat" && list.length > 1) throw new InvalidValue("A binat rule has one protocol, or all.");
}

function target(rule: PfRule, device: string): string {
  if (rule.kind !== "rdr") return rule.outside === undefined ? `(${device}:0)` : renderSingle(rule.outside);
  const address = renderSingle(rule.address ?? "any");
  if (rule.toPort === undefined) return address;
  const [first, last] = parsePort(rule.toPort);
  const longest = Math.max(...portRanges(rule.port ?? rule.toPort).map(([from, to]) => to - from));
  if (first !== last || first + longest > 65535) {
    refuse(rule.toPort, "the port in a jail", "one port; from there on the ports of a range are counted, up to 65535");
  }
  return `${address} port ${first}${longest > 0 ? ":*" : ""}`;
}
