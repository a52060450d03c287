import { refuse } from "./escape";

/** Names that ifconfig(8) makes interfaces of by itself (`bridge0`), and words that stand for several interfaces. */
const drivers =
  /^(lo|bridge|carp|disc|edsc|enc|epair|gif|gre|ipsec|lagg|me|ovpn|pflog|pfsync|stf|tap|tun|vlan|vmnet|vtnet|vxlan|wg|wlan)(\d+[ab]?)?$/;
const words = new Set(["all", "any", "self", "egress", "group", "create", "inet", "inet6", "link", "ether"]);

/** The interface that a LoopbackInterface makes. */
export interface Loopback {
  readonly name: string;
  /** The number in `lo1`; a name of one's own has none, and gets the one of the interface that is renamed. */
  readonly unit?: number;
}

/** Checks a name of an interface as the kernel takes it: at most 15 characters (ifconfig(8), IFNAMSIZ). */
export function interfaceName(value: string): string {
  if (/^[A-Za-z][A-Za-z0-9._-]{0,14}$/.test(value)) return value;
  const allowed = "at most 15 letters, digits, “.”, “_” and “-”, the first one a letter";
  return refuse(value, "the name of a network interface", allowed);
}

/** Checks the name of a loopback interface to be made: `lo1`, `lo2` … as lo(4) clones them, or a name of one's own. */
export function loopback(value: string): Loopback {
  const name = interfaceName(value);
  if (name === "lo0") refuse(value, "an interface that can be made", "lo0 is the host's own; take lo1");
  const unit = /^lo(0|[1-9]\d{0,4})$/.exec(name)?.[1];
  if (unit !== undefined && Number(unit) <= 0x7fff) return { name, unit: Number(unit) };
  if (drivers.test(name) || words.has(name)) {
    refuse(
      value,
      "the name of a loopback interface",
      "take lo1, lo2 and so on, or a word that FreeBSD has no meaning for",
    );
  }
  return { name };
}

/** The name as it stands in a variable of rc.conf(5): `ifconfig_my_net` is about `my-net`. */
export function interfaceVariable(name: string): string {
  return interfaceName(name).replace(/[.-]/g, "_");
}
