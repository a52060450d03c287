import type { JailAddress } from "../freebsd/addresses";
import { adoptLines } from "./jailAdopt";
import type { JailInputs } from "./jailOperation";
import { addressesOf, type JailValues, zoneOf } from "./jailSchema";
import { type Asked, type Findings, roomFor } from "./preflight";
import { markOf } from "./snapshot";
import { quotaBytes, zoneDataset } from "./storage";
import type { Bag } from "./validate";

/** The smallest tree of a jail, in kilobytes. */
const smallestTree = 16 * 1024;

/** What the host has against a jail; `olds` is empty for a new one. */
export function jailPreflight(asked: Asked, olds: Bag, values: Partial<JailValues> & Bag): Findings {
  const owner = String(values["owner"]);
  const isNew = olds["name"] === undefined;
  const limits = values["limits"];
  const wantsLimits = typeof limits === "object" && limits !== null && Object.keys(limits).length > 0;
  const known = typeof values["config"] === "string";
  return {
    problems: [
      ...(values.name === undefined || olds["name"] === values.name
        ? []
        : nameProblems(asked, values.name, owner, values.adopt === true)),
      ...addressProblems(asked, olds, values, owner),
      ...quotaProblems(asked, olds, values),
      ...(isNew && values.base !== undefined && zoneDataset(values.storage) === undefined
        ? roomFor(asked, zoneOf(values.base).root, smallestTree, `jail ${values.name ?? ""}`)
        : []),
      ...(wantsLimits && asked.racct === false
        ? [
            `limits: kern.racct.enable is 0 on ${asked.host}; put kern.racct.enable=1 into its /boot/loader.conf and reboot it`,
          ]
        : []),
    ],
    warnings:
      isNew && values.adopt === true && known ? adoptLines(asked.snapshot, asked.host, values as JailInputs) : [],
  };
}

/** A base that isn't on ZFS, or more in the jail than the quota is to be. */
function quotaProblems({ snapshot, host }: Asked, olds: Bag, values: Partial<JailValues>): string[] {
  const { quota, base } = values;
  if (quota === undefined || base === undefined) return [];
  const found = markOf(snapshot, `base.${base.replaceAll("/", ":")}`);
  if (found !== undefined && found["zone"] === undefined)
    return [`quota: the base ${base} on ${host} is not on ZFS, which is what quotas need; leave out quota`];
  const used = Number(
    snapshot.datasets.get(String(olds["dataset"] ?? `${found?.["zone"]}/${values.name}`))?.["referenced"]?.value ?? 0,
  );
  if (used <= (quotaBytes(quota) ?? 0)) return [];
  return [`quota: ${quota} is less than the ${Math.ceil(used / 1024)} KB that jail ${values.name} uses on ${host}`];
}

function nameProblems({ snapshot, host }: Asked, name: string, owner: string, adopt: boolean): string[] {
  const mark = markOf(snapshot, `jail.${name}`);
  if (mark?.["owner"] === owner) return [];
  if (mark !== undefined)
    return [`name: jail ${name} on ${host} belongs to ${mark["owner"]}, another Pulumi resource; choose another name`];
  if (adopt) return [];
  const runs = snapshot.jails.some((jail) => jail.name === name);
  if (!runs && !snapshot.files.has(`/etc/jail.conf.d/${name}.conf`)) return [];
  return [
    `name: a jail named ${name} is on ${host} already, and is not ours; set adopt: true to take it over as it is, remove it by hand, or choose another name`,
  ];
}

function addressProblems(asked: Asked, olds: Bag, values: Partial<JailValues>, owner: string): string[] {
  const before = Array.isArray(olds["addresses"]) ? (olds["addresses"] as string[]) : [];
  const came = (values.addresses ?? []).filter((address) => !before.includes(address));
  return addressesOf({ addresses: came }).flatMap((one) => addressProblem(asked, one, values.name, owner) ?? []);
}

function addressProblem(asked: Asked, one: JailAddress, name: string | undefined, owner: string): string | undefined {
  const { snapshot, host } = asked;
  const user = snapshot.jails.find((jail) => jail.ip4.includes(one.address) || jail.ip6.includes(one.address));
  if (user !== undefined) {
    const theirs = markOf(snapshot, `jail.${user.name}`)?.["owner"];
    // One of the same stack may give it up in this very run.
    if (user.name === name || (theirs !== undefined && stackOf(theirs) === stackOf(owner))) return undefined;
    return `addresses: ${one.address} is used by jail ${user.name} on ${host}; give another one`;
  }
  if (one.interface === undefined) return undefined;
  const holder = snapshot.interfaces.find((face) =>
    [...face.inet, ...face.inet6].some((on) => on.address === one.address),
  );
  if (holder === undefined) return undefined;
  return `addresses: ${one.address} is ${host}'s own, on ${holder.name}; write it without the interface ("${one.address}") if the jail is to share it, or give another one`;
}

/** PROJECT/STACK of PROJECT/STACK/RESOURCE. */
function stackOf(owner: string): string {
  return owner.split("/").slice(0, 2).join("/");
}
