import type { RunningJail } from "../freebsd/jls";
import type { Arguments } from "../host/host";
import { changedProperties, worst } from "./changes";
import { changedLive, missingMounts, mountsOf } from "./jailDrift";
import { type JailInputs, updateArguments } from "./jailOperation";
import { livePlan } from "./jailPlan";
import { addressesOf, jailChanges } from "./jailSchema";
import type { Context } from "./resource";
import { type Snapshot, snapshotOf } from "./snapshot";
import type { Bag } from "./validate";

/** How a jail that runs already differs from what it is to be. */
export interface Adoption {
  /** The properties that it would have in a program. */
  readonly found: JailInputs;
  /** Whether it goes on running while it becomes what it is to be. */
  readonly live: boolean;
  /** What differs, a line each. */
  readonly differences: readonly string[];
}

/** Compares a running jail with the one that is to take its place; undefined where none runs, an error where it is another one. */
export function adoptionOf(snapshot: Snapshot, inputs: JailInputs): Adoption | undefined {
  const jail = snapshot.jails.find((one) => !one.dying && one.name === inputs.name);
  if (jail === undefined) return undefined;
  if (jail.path !== inputs.path)
    throw new Error(
      `the jail ${inputs.name} that runs there has its tree in ${jail.path}, and not in ${inputs.path}; give path: "${jail.path}", or another base`,
    );
  const found = foundOf(snapshot, jail, inputs);
  const changed = changedProperties(jailChanges, found, inputs);
  const mounts = mountDifferences(snapshot, inputs);
  const change = worst(jailChanges, changed);
  return {
    found,
    live: mounts.length === 0 && ["none", "live"].includes(change) && livePlan(found, inputs) !== undefined,
    differences: [
      ...changed.map((name) => `${name}: ${JSON.stringify(found[name] ?? null)} → ${JSON.stringify(inputs[name])}`),
      ...mounts,
    ],
  };
}

/** What a create is told of a jail that may be there. */
export async function adoptArguments(context: Context, inputs: JailInputs): Promise<Arguments> {
  if (!inputs.adopt) return {};
  const adoption = adoptionOf(snapshotOf(await context.host.snapshot()), inputs);
  if (adoption === undefined) return { adopt: true };
  const { found, live } = adoption;
  // It is not an update: what it had is not known as a text, and its name and its tree are what they are to be.
  const { liveParameters, addressesAdded, addressesRemoved, cpusetLive, limitsLive } = updateArguments(
    found,
    inputs,
    live ? "live" : "restart",
  );
  return {
    adopt: true,
    adoptLive: live,
    ...(live ? { liveParameters, addressesAdded, addressesRemoved, cpusetLive, limitsLive } : {}),
  };
}

/** What a preview says of a jail that is there and is to be taken over. */
export function adoptLines(snapshot: Snapshot, host: string, inputs: JailInputs): string[] {
  const adoption = adoptionOf(snapshot, inputs);
  const file = `/etc/jail.conf.d/${inputs.name}.conf`;
  if (adoption === undefined) {
    return snapshot.files.has(file) ? [`adopts the jail on ${host}, which doesn't run now; ${file} is replaced`] : [];
  }
  const { live, differences } = adoption;
  const how = live ? "without a restart" : "and restarts it";
  return [`adopts the jail that runs on ${host}, ${how}`, ...differences.map((one) => `will differ: ${one}`)];
}

function foundOf(snapshot: Snapshot, jail: RunningJail, inputs: JailInputs): JailInputs {
  return {
    ...inputs,
    ...changedLive(snapshot, jail, inputs),
    ...networkOf(jail, inputs),
    ...settingsOf(jail, inputs),
  };
}

/** How it has each address family, and whether it has a network of its own: only a start changes that. */
function networkOf(jail: RunningJail, inputs: JailInputs): Bag {
  const { vnet, ip4, ip6 } = jail.parameters;
  if ((vnet === "new") !== (inputs.vnet !== undefined)) return { vnet: vnet === "new" ? {} : undefined };
  if (inputs.vnet !== undefined) return {};
  const families = addressesOf(inputs).map((one) => one.family);
  const expected = (family: "ip4" | "ip6", kind: string) =>
    inputs.inherit === true || inputs.inherit === family
      ? "inherit"
      : families.some((one) => one === kind)
        ? "new"
        : "disable";
  const same = (found: unknown, wanted: string) => found === undefined || found === wanted;
  if (same(ip4, expected("ip4", "inet")) && same(ip6, expected("ip6", "inet6"))) return {};
  // Two words that no program gives: whatever it has, it is something else.
  return { inherit: `${String(ip4)}, ${String(ip6)}` };
}

/** What only jail.conf says elsewhere. Limits aren't in jls(8): they are set again, which changes nothing where they are the same. */
function settingsOf(jail: RunningJail, inputs: JailInputs): Bag {
  const parameters = inputs.parameters ?? {};
  const other = Object.keys(parameters).some(
    (name) => name in jail.parameters && String(jail.parameters[name]) !== String(parameters[name]),
  );
  const release = inputs.osrelease === undefined || jail.parameters["osrelease"] === inputs.osrelease;
  return {
    limits: {},
    cpuset: undefined,
    ...(other ? { parameters: {} } : {}),
    ...(release ? {} : { osrelease: jail.parameters["osrelease"] }),
  };
}

/** Mounts that it lacks, and those that its configuration won't have. */
function mountDifferences(snapshot: Snapshot, inputs: JailInputs): string[] {
  const { config, path } = inputs;
  const wanted = mountsOf(config, path);
  const extra = snapshot.mounts
    .map(({ node }) => node)
    .filter((node) => node.startsWith(`${path}/`) && !wanted.includes(node));
  const missing = missingMounts(snapshot, config, path).map((line) => line.trim());
  return [
    ...missing.map((line) => `not mounted: ${line}`),
    ...extra.map((node) => `mounted, and not in the program: ${node}`),
  ];
}
