import { type PortRange, portRanges, portsMeet } from "./pfPorts";
import { familyOf, type PfRule, type Protocol, protocolsOf, renderPfRule, sourceOf } from "./pfRule";
import { sidesMeet } from "./pfSides";

/** True if the rule is about this port of this protocol. */
export function hasPort(rule: PfRule, protocol: Protocol, port: number): boolean {
  const list = protocolsOf(rule);
  return (list.length === 0 || list.includes(protocol)) && portsMeet(portsOf(rule), [[port, port]]);
}

/** True if some traffic would match both rules, so that only the first one would get it. */
export function collide(one: PfRule, other: PfRule): boolean {
  if (one.kind !== other.kind || familyOf(one) !== familyOf(other)) return false;
  const anywhere = [one, other].some((rule) => rule.interface === "egress");
  if (one.interface !== other.interface && !anywhere) return false;
  // What goes out may well match several rules, of which the first one is taken; only the very same is of no use.
  if (one.kind === "nat") return renderPfRule(one) === renderPfRule(other);
  if (!protocolsMeet(one, other)) return false;
  if (one.kind === "binat") return same(one.outside, other.outside) || same(one.address, other.address);
  const sameTarget = one.to === undefined || other.to === undefined || sidesMeet(one.to, other.to);
  return sameTarget && sidesMeet(sourceOf(one), sourceOf(other)) && portsMeet(portsOf(one), portsOf(other));
}

function same(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && sidesMeet(one, other);
}

function protocolsMeet(one: PfRule, other: PfRule): boolean {
  const [all, more] = [protocolsOf(one), protocolsOf(other)];
  return all.length === 0 || more.length === 0 || all.some((protocol) => more.includes(protocol));
}

function portsOf(rule: PfRule): readonly PortRange[] {
  return rule.port === undefined ? [[1, 65535]] : portRanges(rule.port);
}
