import { z } from "zod";
import { compression, datasetName } from "../freebsd/datasets";
import { formatSize, parseSize } from "../freebsd/sizes";
import { text } from "./checked";
import type { Asked } from "./preflight";
import type { Snapshot } from "./snapshot";
import type { Bag } from "./validate";

const zfs = z.union(
  [
    text(datasetName).transform((dataset) => ({ dataset, compression: undefined })),
    z.strictObject({ dataset: text(datasetName), compression: text(compression).optional() }),
  ],
  { error: (issue) => reason(issue.input) },
);

/** What a zone lies on: folders of the host's file system, or data sets. */
export const storageSchema = z.union([z.literal("ufs"), z.strictObject({ zfs })], {
  error: (issue) => reason((issue.input as { zfs?: unknown } | null)?.zfs),
});

export type Storage = z.output<typeof storageSchema>;

/** The most that a jail's own files may take (zfsprops(7): refquota). */
export const quotaSchema = z.union([z.number(), z.string()]).transform((value, context) => {
  try {
    return formatSize(parseSize(value));
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
    return z.NEVER;
  }
});

/** Why it is none; a union alone would only say that nothing fits. */
function reason(input: unknown): string {
  const name = typeof input === "string" ? input : (input as { dataset?: unknown } | null)?.dataset;
  try {
    if (typeof name === "string") datasetName(name);
    const given = (input as { compression?: unknown } | null)?.compression;
    if (typeof given === "string") compression(given);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'has to be "ufs", { zfs: "zroot/jails" } or { zfs: { dataset: "zroot/jails", compression: "lz4" } }';
}

/** The zone's data set, and how what is in it is compressed; nothing for one in folders. */
export function zoneDataset(
  storage: Storage | undefined,
): { dataset: string; compression?: string | undefined } | undefined {
  return storage === undefined || storage === "ufs" ? undefined : storage.zfs;
}

/** The name of a base's or a jail's data set in its zone's, as zfs.sh makes it. */
export function datasetAt(zone: string, root: string, path: string): string {
  return `${zone}/${path.slice(root.length + 1).replace("/", ".")}`;
}

/** A zone's storage stays: what lies in it can't be turned into data sets, or back. */
export function otherStorage(
  olds: Bag,
  { root, storage }: { root?: string | undefined; storage?: Storage | undefined },
): string[] {
  const before = storageSchema.safeParse(olds["storage"]);
  if (olds["root"] === undefined || olds["root"] !== root || !before.success || storage === undefined) return [];
  if (zoneDataset(before.data)?.dataset === zoneDataset(storage)?.dataset) return [];
  const name = (one: Storage) => zoneDataset(one)?.dataset ?? "folders";
  return [
    `storage: the zone ${root} lies in ${name(before.data)}, and stays there; for one in ${name(storage)} give another \`root\`, and bring the jails over by archive and restore (JailArchive)`,
  ];
}

/** What a host without ZFS, or without the pool, has against it. */
export function storagePreflight({ pools, host }: Asked, storage: Storage | undefined): string[] {
  const zone = zoneDataset(storage);
  if (zone === undefined) return [];
  if (pools === undefined)
    return [
      `storage.zfs: ${host} has no ZFS at work; load it there (kldload zfs, sysrc zfs_enable=YES) and make a pool (zpool create), or leave out storage`,
    ];
  const pool = zone.dataset.replace(/\/.*$/, "");
  if (pools.includes(pool)) return [];
  return [`storage.zfs.dataset: there is no pool ${pool} on ${host}; it has ${pools.join(", ") || "none"}`];
}

/** Bytes of a quota for the host, nothing for none. */
export function quotaBytes(quota: string | undefined): number | undefined {
  return quota === undefined ? undefined : parseSize(quota);
}

/** A property of a data set as it is now, where somebody else may have changed it. */
export function datasetProperty(
  snapshot: Snapshot,
  dataset: string,
  name: string,
): { value: string; source: string } | undefined {
  return snapshot.datasets.get(dataset)?.[name];
}
