import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { digestsOf } from "./baseManifest";
import {
  type BaseInputs,
  type BaseShape,
  type BaseValues,
  baseChanges,
  baseFiles,
  basePaths,
  baseProblems,
  baseShape,
} from "./baseSchema";
import { type Asked, roomFor } from "./preflight";
import { type Context, type Definition, defineResource, type Found, type Result } from "./resource";
import { markOf, type Snapshot } from "./snapshot";
import { datasetAt, otherStorage, storagePreflight, zoneDataset } from "./storage";
import type { Bag } from "./validate";

/** The BaseInstall resource: one release's userland, shared read-only by the jails on it, and the template that they start from. */
export const definition: Definition<BaseShape> = {
  kind: "BaseInstall",
  shape: baseShape,
  derived: {
    path: { from: basePaths.from, value: (values) => basePaths.path(values) },
    template: { from: basePaths.from, value: (values) => basePaths.template(values) },
  },
  changes: baseChanges,
  deleteBeforeReplace: false,
  exceptions: { "storage.zfs.compression": "what is written from then on, of the base and of the jails on it" },
  problems: baseProblems,
  impossible: otherStorage,
  takes: (values) =>
    basePaths.from.every((key) => key in values) ? [`the base ${basePaths.path(values as BaseValues)}`] : [],
  preflight: (asked, olds, values) => ({ problems: preflight(asked, olds, values), warnings: [] }),
  create: (context, inputs) => make(context, inputs as BaseInputs),
  update: async (context, _olds, news) =>
    result(await context.host.run({ ...operation(context, news as BaseInputs), name: "base.update" })),
  read: find,
  async delete(context, olds) {
    if (olds.keep) return;
    await context.host.run({ ...operation(context, olds as BaseInputs), name: "base.delete" });
  },
};

/** What a base takes at the least, in kilobytes. */
const smallest = 64 * 1024;

/** What the host has against a new base, or one that takes another's place. */
function preflight(asked: Asked, olds: Bag, values: Partial<BaseValues> & Bag): string[] {
  const { release, root } = values;
  if (olds["path"] !== undefined && olds["path"] === values["path"]) return [];
  const tooNew =
    release === undefined ||
    release === "host" ||
    oldestKernel(release) <= Math.floor(asked.osreldate / 1000) * 1000 + 999
      ? []
      : [
          `release: ${release} is newer than the kernel of ${asked.host} (${asked.release}), which cannot run it; update the host first or choose an older release`,
        ];
  const zone = zoneDataset(values.storage);
  const room = root === undefined || zone !== undefined ? [] : roomFor(asked, root, smallest, "a base");
  return [...tooNew, ...room, ...storagePreflight(asked, values.storage)];
}

async function make(context: Context, inputs: BaseInputs): Promise<Result> {
  const digests = await digestsOf(inputs);
  const files = baseFiles(inputs, digests);
  const upload = files.upload === undefined ? {} : { upload: { path: files.upload } };
  const base = operation(context, inputs);
  return result(await context.host.run({ ...base, ...upload, args: { ...base.args, ...files.args } }));
}

function result(reply: Awaited<ReturnType<Context["host"]["run"]>>): Result {
  const version = reply.facts["version"]?.[0] ?? "";
  const [, release = version, level] = /^(.*?)(?:-p(\d+))?$/.exec(version) ?? [];
  return {
    hostUuid: reply.host.hostUuid,
    outputs: {
      installedRelease: release,
      patchLevel: Number(level ?? 0),
      architecture: reply.facts["architecture"]?.[0] ?? "",
      dataset: reply.facts["dataset"]?.[0],
    },
  };
}

function operation(context: Context, inputs: BaseInputs) {
  return {
    name: "base.create",
    label: context.label,
    locks: [`base.${fileName(inputs.path)}`],
    timeout: 4 * 3600,
    ...(context.hostUuid === undefined ? {} : { hostUuid: context.hostUuid }),
    args: {
      token: context.token,
      owner: String(inputs["owner"]),
      mark: `base.${fileName(inputs.path)}`,
      root: inputs.root,
      path: inputs.path,
      template: inputs.template,
      release: inputs.release,
      patch: inputs.patch,
      osreldate: inputs.release === "host" ? 0 : oldestKernel(inputs.release),
      uploadDir: inputs.root,
      zone: zoneDataset(inputs.storage)?.dataset,
      compression: zoneDataset(inputs.storage)?.compression,
    },
  };
}

/** The kernel's number (uname -K) of a release: 14.1 can't run on a kernel before 1401000. */
function oldestKernel(release: string): number {
  const [, major = "0", minor = "0"] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  return Number(major) * 100000 + Number(minor) * 1000;
}

/** A path as a file's name. */
export function fileName(path: string): string {
  return path.replaceAll("/", ":");
}

function find(snapshot: Snapshot, olds: Bag & BaseValues): Found | undefined {
  const { path, template } = olds as BaseInputs;
  const mark = markOf(snapshot, `base.${fileName(path)}`);
  if (mark?.["token"] !== olds["token"] || !snapshot.trees.has(path) || !snapshot.trees.has(template)) return undefined;
  const zone = zoneDataset(olds.storage);
  if (zone === undefined) return { inputs: {}, outputs: {} };
  const sets = [path, template].map((one) => snapshot.datasets.get(datasetAt(zone.dataset, olds.root, one)));
  if (sets.some((one) => one === undefined)) return undefined;
  const found = sets.map((one) => one?.["compression"]).map((one) => (one?.source === "local" ? one.value : undefined));
  const other = found.findIndex((one) => one !== zone.compression);
  return { inputs: other < 0 ? {} : { storage: { zfs: { ...zone, compression: found[other] } } }, outputs: {} };
}

/** The SHA-256 of a file of the workstation. */
export async function digestOfFile(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}

const provider = defineResource(definition);
export const { configure, check, diff, create, read, update } = provider;
const { delete: remove } = provider;

export { remove as delete };
