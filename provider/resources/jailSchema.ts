import { z } from "zod";
import { formatJailAddress, type JailAddress, parseJailAddress } from "../freebsd/addresses";
import { absolutePath, flavorName, hostName, jailName } from "../freebsd/names";
import { allowWord } from "./allow";
import type { Change } from "./changes";
import { anything, text } from "./checked";
import { common } from "./common";
import { sameSet, sameValue } from "./equal";
import { insideProblems } from "./insideCheck";
import { insideChanges, insideShape } from "./insideSchema";
import { datasetChanges, datasetProblems, datasetShape } from "./jailDatasets";
import { extraChanges, extraProblems, extraShape } from "./jailExtras";
import { mountChanges, mountProblems, mountShape } from "./jailMounts";
import { networkChanges, networkProblems, networkShape } from "./jailNetwork";
import { orderChanges, orderShape } from "./jailOrder";
import { originProblems, restoreSchema, templateSchema } from "./origin";
import { resolvConf } from "./resolvConf";
import { quotaSchema, storageSchema, zoneDataset } from "./storage";
import type { Values } from "./validate";

/** sysvmsg, sysvsem and sysvshm of jail(8). */
const sysvipc = z.enum(["new", "inherit", "disable"]);
const seconds = z.int("has to be a whole number of seconds").positive("has to be at least 1 second");

/** The properties of a Jail that users give. */
export const jailShape = {
  ...common,
  name: text(jailName),
  // Without one, the tree has to be there already: jailProblems sees to it.
  base: text((value) => (value === "" ? value : basePath(value))).default(""),
  path: text(absolutePath).optional(),
  thick: z.boolean().default(false),
  flavors: z.array(text(flavorName)).default([]),
  addresses: z.array(text((value) => formatJailAddress(parseJailAddress(value)))).default([]),
  inherit: z.union([z.boolean(), z.enum(["ip4", "ip6"])]).default(false),
  hostname: text(hostName).optional(),
  resolvConf: resolvConf.optional(),
  running: z.boolean().default(true),
  autostart: z.boolean().default(true),
  restart: anything,
  startTimeout: seconds.optional(),
  stopTimeout: seconds.optional(),
  sysvipc: sysvipc.optional(),
  rawSockets: z.boolean().default(false),
  allow: z
    .array(text(allowWord))
    .transform((words) => [...new Set(words)].sort())
    .default([]),
  devfsRuleset: z.int().min(0).max(65535).default(4),
  enforceStatfs: z.int().min(0).max(2).default(2),
  securelevel: z.int().min(-1).max(3).optional(),
  childrenMax: z.int().min(0).max(999999).default(0),
  quota: quotaSchema.optional(),
  storage: storageSchema.optional(),
  ...insideShape,
  ...extraShape,
  ...mountShape,
  ...networkShape,
  ...orderShape,
  ...datasetShape,
  restore: restoreSchema.optional(),
  template: templateSchema.optional(),
  adopt: z.boolean().default(false),
  onDelete: z.enum(["destroy", "archive", "keep"]).optional(),
  archiveTo: text(absolutePath).optional(),
} as const;

export type JailShape = typeof jailShape;
export type JailValues = Values<JailShape>;

/** What changing each property does to a running jail. */
export const jailChanges: Readonly<
  Record<
    | keyof Omit<JailShape, keyof typeof common>
    | "path"
    | "given"
    | "config"
    | "rc"
    | "rcFile"
    | "consoleCommand"
    | "inside",
    Change
  >
> = {
  name: "offline",
  base: "offline",
  thick: "replace",
  flavors: "none",
  addresses: "live",
  inherit: "restart",
  hostname: "live",
  resolvConf: "live",
  running: "live",
  autostart: "live",
  restart: "restart",
  startTimeout: "live",
  stopTimeout: "live",
  sysvipc: "restart",
  rawSockets: "live",
  allow: "live",
  devfsRuleset: "restart",
  enforceStatfs: "restart",
  securelevel: "live",
  childrenMax: "live",
  quota: "live",
  storage: "none",
  ...insideChanges,
  ...extraChanges,
  ...mountChanges,
  ...networkChanges,
  ...orderChanges,
  ...datasetChanges,
  restore: "none",
  template: "none",
  adopt: "live",
  onDelete: "none",
  archiveTo: "none",
  path: "offline",
  given: "replace",
  config: "live",
  rc: "live",
  rcFile: "live",
  consoleCommand: "none",
};

/** What the table alone doesn't say. */
export const jailExceptions: Readonly<Partial<Record<keyof JailShape, string>>> = {
  addresses:
    "restart where the first address of a family comes or the last one goes, or one changes its interface or its prefix length",
  flavors: "they are for a new jail",
  restore: "it is for a new jail",
  template: "it is for a new jail",
  adopt: "it is for a jail that isn't Pulumi's yet",
  running: "starts or stops the jail",
  securelevel: "restart where it gets lower",
};

/** The path of a base: /usr/jails/sharedfs/13.2-RELEASE. Its root and its template are told by it. */
function basePath(value: string): string {
  const path = absolutePath(value);
  if (!/^(\/[^/]+)+\/sharedfs\/[^/]+$/.test(path))
    throw new Error(
      `"${value}" is not the path of a base; give a BaseInstall, or its output \`path\` (…/sharedfs/RELEASE)`,
    );
  return path;
}

/** Where a base's zone lies: the root and the template that new jails start from. */
export function zoneOf(base: string): { root: string; template: string } {
  if (base === "") return { root: "/usr/jails", template: "" };
  const at = base.lastIndexOf("/sharedfs/");
  return { root: base.slice(0, at), template: `${base.slice(0, at)}/template/${base.slice(at + "/sharedfs/".length)}` };
}

/** Where a jail's tree is: where the program says that it is already, or in its zone. */
export function treeOf({ path, name, base }: Pick<JailValues, "path" | "name" | "base">): string {
  return path ?? `${zoneOf(base).root}/${name}`;
}

/** True for a tree that was there before the jail, and stays when it goes. */
export function isGiven({ path }: Pick<JailValues, "path">): true | undefined {
  return path === undefined ? undefined : true;
}

/** The same of what is worked out already, in which every jail has a path. */
export function wasGiven(values: object): boolean {
  return "given" in values && values.given === true;
}

function treeProblems(values: JailValues): string[] {
  if (!wasGiven(values))
    return values.base === "" ? ["base: is required, unless `path` names a tree that is there"] : [];
  const problems: string[] = [];
  if (values.path === "/") problems.push("path: the host's whole file system is no jail's tree; give a folder");
  for (const property of ["thick", "restore", "template"] as const)
    if (values[property] !== undefined && values[property] !== false)
      problems.push(`${property}: it makes a tree, and \`path\` names one that is there; leave out one of them`);
  if (values.flavors.length > 0) problems.push("flavors: they are for new trees, and `path` names one that is there");
  return problems;
}

/** A jail's addresses, read. */
export function addressesOf(values: { readonly addresses: readonly string[] }): JailAddress[] {
  return values.addresses.map(parseJailAddress);
}

/** The kernel keeps the first address of each family as the one that the jail speaks from, and sorts the others. */
export function sameAddresses(a: unknown, b: unknown): boolean {
  if (!sameSet(a, b)) return false;
  const firsts = [a, b].map((list) => {
    const all = addressesOf({ addresses: list as string[] });
    return ["inet", "inet6"].map((family) => all.find((one) => one.family === family)?.address);
  });
  return sameValue(firsts[0], firsts[1]);
}

/** Where a jail's archive goes when the jail is deleted. */
export function archiveFolder(values: Pick<JailValues, "base" | "archiveTo">): string {
  return values.archiveTo ?? `${zoneOf(values.base).root}/archive`;
}

function archiveToProblems(values: JailValues): string[] {
  const path = treeOf(values);
  return `${archiveFolder(values)}/`.startsWith(`${path}/`)
    ? [`archiveTo: ${values.archiveTo} lies in the jail's own tree, which goes`]
    : [];
}

function quotaProblems(values: JailValues): string[] {
  if (values.quota === undefined) return [];
  if (wasGiven(values)) return ["quota: it is for a tree of the jail's own, and `path` names one that is there"];
  if (values.storage === undefined || zoneDataset(values.storage) !== undefined) return [];
  return [
    "quota: the jail's base is not on ZFS, which is what quotas need; give the BaseInstall a `storage`, or make an ImageJail, whose disk has a size",
  ];
}

/** What is wrong with properties that are each right by themselves. */
export function jailProblems(values: JailValues): string[] {
  const root = zoneOf(values.base).root;
  const problems = [
    ...originProblems(values),
    ...archiveToProblems(values),
    ...insideProblems(values),
    ...extraProblems(values),
    ...networkProblems(values),
    ...treeProblems(values),
    ...mountProblems(values, root, treeOf(values)),
    ...quotaProblems(values),
    ...datasetProblems(values),
  ];
  const addresses = addressesOf(values).map((one) => one.address);
  const twice = addresses.find((address, i) => addresses.indexOf(address) !== i);
  if (twice !== undefined) problems.push(`addresses: ${twice} stands there twice`);
  if (values.inherit === true && addresses.length > 0)
    problems.push("inherit: a jail with the host's addresses has none of its own; leave out addresses or inherit");
  if (values.inherit === "ip4" && addressesOf(values).some((one) => one.family === "inet"))
    problems.push('inherit: "ip4" and an IPv4 address exclude each other');
  if (values.inherit === "ip6" && addressesOf(values).some((one) => one.family === "inet6"))
    problems.push('inherit: "ip6" and an IPv6 address exclude each other');
  return problems;
}
