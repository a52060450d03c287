import { addressesOf, type JailShape, type JailValues } from "./jailSchema";
import type { Found } from "./resource";
import { markOf, type Snapshot } from "./snapshot";
import type { Bag, Values } from "./validate";

/** What a refresh finds of a jail; undefined if it is gone, or not ours any more. */
export function readJail(
  snapshot: Snapshot,
  olds: Bag & Values<JailShape>,
  hasTree = snapshot.trees.has(String(olds["path"])),
): Found | undefined {
  const mark = markOf(snapshot, `jail.${olds.name}`);
  if (mark?.["token"] !== olds["token"] || !hasTree) return undefined;
  const jail = snapshot.jails.find((one) => one.name === olds.name);
  return {
    inputs: {
      running: jail !== undefined,
      ...text("config", snapshot.files.get(`/etc/jail.conf.d/${olds.name}.conf`)),
      ...text("rc", snapshot.files.get(String(olds["rcFile"]))),
      ...(jail ? changedLive(jail, olds) : {}),
      ...foundInside(snapshot, olds.name),
    },
    outputs: { state: jail ? "running" : "stopped" },
  };
}

/** The text of a file of the jail; a file that is gone has none. */
function text(property: string, found: string | undefined): Bag {
  return { [property]: found === undefined ? "" : `${found}\n` };
}

/** What a running jail says of its inside; a stopped one isn't asked. */
function foundInside(snapshot: Snapshot, name: string): Bag {
  const found = snapshot.insides.get(name);
  return found === undefined ? {} : { inside: found === "" ? "" : `${found}\n` };
}

/** What `jail -m` changed by hand. */
function changedLive(jail: Snapshot["jails"][number], olds: JailValues): Bag {
  const hostname = olds.hostname ?? olds.name;
  const expected = addressesOf(olds);
  const found = [...jail.ip4, ...jail.ip6];
  // Those that are left in the order that they had, then what came.
  const left = olds.addresses.filter((_, i) => found.includes(expected[i]?.address ?? ""));
  const came = found.filter((address) => !expected.some((one) => one.address === address));
  const same =
    olds.inherit !== false ||
    olds.vnet !== undefined ||
    (found.length === expected.length && expected.every((one) => found.includes(one.address)));
  return {
    ...(jail.hostname === hostname ? {} : { hostname: jail.hostname }),
    ...(same ? {} : { addresses: [...left, ...came] }),
  };
}
