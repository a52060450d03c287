import { z } from "zod";
import { datasetName, overlapping } from "../freebsd/datasets";
import type { Arguments } from "../host/host";
import { permission } from "./allow";
import type { Change } from "./changes";
import { text } from "./checked";
import type { Snapshot } from "./snapshot";
import { datasetProperty } from "./storage";
import type { Bag } from "./validate";

/** Data sets of the host that are handed to a jail (zfs-jail(8)). Their order means nothing. */
export const datasetShape = {
  datasets: z
    .array(text(datasetName))
    .transform((names) => [...names].sort())
    .default([]),
} as const;

type Datasets = { readonly datasets: readonly string[] };

/** What changing them does to a running jail. */
export const datasetChanges: Readonly<Record<keyof typeof datasetShape, Change>> = { datasets: "restart" };

/** What jail(8) has to allow, so that the jail mounts them. */
export function datasetPermissions({ datasets }: Partial<Datasets>): string[] {
  return datasets === undefined || datasets.length === 0 ? [] : ["mount", "mount.zfs"];
}

/** They are handed over at every start, before anything runs in the jail. */
export function datasetHooks({ name, datasets }: Datasets & { readonly name: string }): { "exec.created": string[] } {
  return { "exec.created": datasets.map((one) => `/sbin/zfs jail ${name} ${one}`) };
}

interface Beside {
  readonly enforceStatfs: number;
  readonly allow: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What is wrong with them beside the jail's other properties. */
export function datasetProblems({ datasets, enforceStatfs, allow, parameters }: Datasets & Beside): string[] {
  if (datasets.length === 0) return [];
  const needed = datasetPermissions({ datasets });
  const forbidden = [
    ...allow.map(permission).filter((one) => !one.granted && needed.includes(one.name)),
    ...needed.filter((name) => parameters[`allow.${name}`] === false).map((name) => ({ name })),
  ];
  return [
    ...overlapProblems(datasets),
    ...(enforceStatfs === 2
      ? [
          "enforceStatfs: with 2 a jail can't mount its data sets (jail(8): allow.mount); leave out enforceStatfs, or give 1",
        ]
      : []),
    ...forbidden.map(({ name }) => `datasets: a jail mounts its data sets by allow.${name}, which is taken from it`),
  ];
}

function overlapProblems(datasets: readonly string[]): string[] {
  const [outer, inner] = overlapping(datasets) ?? [];
  if (outer === undefined) return [];
  if (outer === inner) return [`datasets: ${outer} stands there twice`];
  return [`datasets: ${inner} lies in ${outer}, which is handed over with all that is in it; leave it out`];
}

/** What is dangerous about them, or doesn't work. */
export function datasetWarnings({ datasets, devfsRuleset }: Datasets & { readonly devfsRuleset: number }): string[] {
  if (datasets.length === 0 || devfsRuleset === 4 || devfsRuleset === 0) return [];
  return [
    `devfsRuleset: a jail manages its data sets through /dev/zfs, which ruleset 4 shows it; ${devfsRuleset} has to do that as well (\`add path zfs unhide\`, devfs(8))`,
  ];
}

/** What an operation is told of them. */
export function datasetArguments({ datasets }: Datasets): Arguments {
  return { datasets };
}

/** One jail at a time looks whose a data set is. */
export function datasetLocks({ datasets }: Datasets): string[] {
  return datasets.map((one) => `dataset.${one}`);
}

/** Those that are a jail's still: somebody may have destroyed one, or have taken it back. */
export function foundDatasets(snapshot: Snapshot, { datasets }: Datasets): Bag {
  const left = datasets.filter((one) => datasetProperty(snapshot, one, "jailed")?.value === "on");
  return left.length === datasets.length ? {} : { datasets: left };
}
