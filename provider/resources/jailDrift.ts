import type { RunningJail } from "../freebsd/jls";
import { allowedByDefault, isPermission, permission } from "./allow";
import { addressesOf, type JailValues } from "./jailSchema";
import { allowed } from "./jailText";
import type { Snapshot } from "./snapshot";
import type { Bag } from "./validate";

/** What somebody changed of a running jail by hand: the properties that would give what it is now. */
export function changedLive(snapshot: Snapshot, jail: RunningJail, olds: JailValues): Bag {
  const hostname = olds.hostname ?? olds.name;
  return {
    ...(jail.hostname === hostname ? {} : { hostname: jail.hostname }),
    ...addresses(snapshot, jail, olds),
    ...numbers(jail, olds),
    ...ipc(jail, olds),
    ...permissions(jail, olds),
  };
}

/** Mounts that a start makes and that are gone: the lines of its configuration that are not in force. */
export function missingMounts(snapshot: Snapshot, config: string, path: string): string[] {
  const nodes = new Set(snapshot.mounts.map(({ node }) => node));
  return config.split("\n").filter((line) => {
    const node = mountPoint(line, path);
    return node !== undefined && !nodes.has(node);
  });
}

/** Where a jail's configuration mounts something. */
export function mountsOf(config: string, path: string): string[] {
  return config.split("\n").flatMap((line) => mountPoint(line, path) ?? []);
}

/** Where a line of jail.conf mounts something, if it does. */
function mountPoint(line: string, path: string): string | undefined {
  const special: Readonly<Record<string, string>> = { devfs: "dev", fdescfs: "dev/fd", procfs: "proc" };
  const [, kind] = /^\tmount\.(\w+);$/.exec(line) ?? [];
  if (kind !== undefined) return special[kind] === undefined ? undefined : `${path}/${special[kind]}`;
  return /^\tmount \+?= "[^\s"\\]+ (\/[^\s"\\]+) /.exec(line)?.[1];
}

/** An address has to be the jail's, and on its interface. */
function addresses(snapshot: Snapshot, jail: RunningJail, olds: JailValues): Bag {
  // What a jail with a network of its own has is not in the host's list.
  if (olds.inherit === true || olds.vnet !== undefined) return {};
  const expected = addressesOf(olds);
  const found = [...(olds.inherit === "ip4" ? [] : jail.ip4), ...(olds.inherit === "ip6" ? [] : jail.ip6)];
  const isOn = (name: string | undefined, address: string) =>
    name === undefined ||
    snapshot.interfaces
      .filter((one) => one.name === name)
      .some((one) => [...one.inet, ...one.inet6].some((on) => on.address === address));
  // Those that are left, in the order that they had; then what came.
  const left = olds.addresses.filter((_, i) => {
    const one = expected[i];
    return one !== undefined && found.includes(one.address) && isOn(one.interface, one.address);
  });
  const came = found.filter((address) => !expected.some((one) => one.address === address));
  return left.length === expected.length && came.length === 0 ? {} : { addresses: [...left, ...came] };
}

/** A securelevel is raised by the jail itself, too (its rc.conf); only a lower one is somebody else's doing. */
function numbers(jail: RunningJail, olds: JailValues): Bag {
  const now = (name: string) => (name in jail.parameters ? Number(jail.parameters[name]) : undefined);
  const [children, statfs, ruleset] = ["children.max", "enforce_statfs", "devfs_ruleset"].map(now);
  const level = now("securelevel");
  return {
    ...(children === undefined || children === olds.childrenMax ? {} : { childrenMax: children }),
    ...(statfs === undefined || statfs === olds.enforceStatfs ? {} : { enforceStatfs: statfs }),
    ...(ruleset === undefined || ruleset === olds.devfsRuleset ? {} : { devfsRuleset: ruleset }),
    ...(level === undefined || level >= (olds.securelevel ?? level) ? {} : { securelevel: level }),
  };
}

function ipc(jail: RunningJail, olds: JailValues): Bag {
  if (olds.allow.includes("sysvipc")) return {};
  const expected = olds.sysvipc ?? "disable";
  const other = ["sysvmsg", "sysvsem", "sysvshm"]
    .map((name) => jail.parameters[name])
    .find((value) => value !== undefined && value !== expected);
  return other === undefined ? {} : { sysvipc: other };
}

/** Words are added for what was given or taken, and left out where they aren't in force any more. */
function permissions(jail: RunningJail, olds: JailValues): Bag {
  const words = allowed(olds).map(permission);
  const differing = Object.entries(jail.parameters).flatMap(([parameter, granted]) => {
    const name = parameter.replace(/^allow\./, "");
    if (name === parameter || typeof granted !== "boolean" || !isPermission(name) || name === "sysvipc") return [];
    // What `parameters` says stands in its configuration.
    if (parameter in (olds.parameters ?? {})) return [];
    const expected = words.find((word) => word.name === name)?.granted ?? allowedByDefault.has(name);
    return granted === expected ? [] : [{ name, granted }];
  });
  const of = (word: string) => differing.find(({ name }) => name === permission(word).name);
  const sockets = differing.find(({ name }) => name === "raw_sockets");
  const stay = olds.allow.filter((word) => of(word) === undefined);
  const came = differing
    .filter(({ name, granted }) => name !== "raw_sockets" && granted !== allowedByDefault.has(name))
    .map(({ name, granted }) => (granted ? name : name.replace(/([^.]+)$/, "no$1")));
  return {
    ...(sockets === undefined ? {} : { rawSockets: sockets.granted }),
    ...(stay.length === olds.allow.length && came.length === 0 ? {} : { allow: [...stay, ...came].sort() }),
  };
}
