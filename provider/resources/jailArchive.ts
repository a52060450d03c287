import { z } from "zod";
import { absolutePath, jailName } from "../freebsd/names";
import { parseDuration } from "../freebsd/sizes";
import type { Operation, Reply } from "../host/host";
import type { Change } from "./changes";
import { anything, text } from "./checked";
import { common } from "./common";
import { sameValue } from "./equal";
import { imageSchema } from "./imageSchema";
import { type Context, type Definition, defineResource, type Found, type Result } from "./resource";
import { markOf, type Snapshot } from "./snapshot";
import { datasetAt, datasetProperty } from "./storage";
import type { Bag, Values } from "./validate";

const count = z.int("has to be a whole number").min(1, "has to be at least 1").optional();

/** Which archives stay: so many, the newest of each of the last days, weeks and months, none that is older. */
const keep = z.union(
  [
    z
      .int("has to be a whole number")
      .min(1, "has to be at least 1; the newest archive always stays")
      .transform((last) => ({ last })),
    z.strictObject({
      last: count,
      daily: count,
      weekly: count,
      monthly: count,
      age: z.union([z.number(), text((value) => String(parseDuration(value)))]).optional(),
    }),
  ],
  {
    error:
      "has to be a number (at least 1: the newest archive always stays), or rules: last, daily, weekly, monthly, age",
  },
);

const shape = {
  ...common,
  name: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/, 'has to be letters, digits, ".", "_" and "-", at most 100 characters'),
  jail: text(jailName),
  path: text(absolutePath).optional(),
  compression: z.enum(["xz", "zstd", "gzip", "none"]).optional(),
  snapshot: z.boolean().default(false),
  keep: keep.optional(),
  trigger: anything,
  stop: z.boolean().default(true),
  onDelete: z.enum(["keep", "destroy"]).default("keep"),
  encryption: imageSchema.shape.encryption,
  image: z.boolean().optional(),
} as const;

type Shape = typeof shape;
type Inputs = Bag & Values<Shape>;

/** What changing each property does. The archives that are there stay as they are; a jail runs on but for `trigger`. */
export const changes: Readonly<Record<string, Change>> = {
  name: "replace",
  jail: "replace",
  path: "none",
  compression: "none",
  snapshot: "none",
  keep: "live",
  trigger: "live",
  stop: "none",
  onDelete: "none",
  encryption: "none",
  image: "none",
};

/** The JailArchive resource: archives of a jail, a new one whenever `trigger` changes. */
export const definition: Definition<Shape> = {
  kind: "JailArchive",
  shape,
  derived: {},
  internal: ["encryption", "image"],
  changes,
  deleteBeforeReplace: true,
  complete: ({ snapshot, compression }) =>
    snapshot === false && compression === undefined ? { compression: "xz" } : {},
  problems: (values) => [...keepProblems(values), ...snapshotProblems(values)],
  takes: (values) => (values.name === undefined ? [] : [`the archives ${values.name}`]),
  create: (context, inputs) => run(context, inputs as Inputs, { again: true }, "archive.create"),
  update: (context, olds, news) =>
    run(
      context,
      news as Inputs,
      { again: !sameValue(olds.trigger, news.trigger), file: String(olds["file"]) },
      "archive.update",
    ),
  read: find,
  async delete(context, olds) {
    await context.host.run(operation(context, olds as Inputs, { file: String(olds["file"] ?? "") }, "archive.delete"));
  },
};

function keepProblems({ keep: rules }: Pick<Inputs, "keep">): string[] {
  return rules !== undefined && Object.values(rules).every((one) => one === undefined)
    ? ["keep: give one of last, daily, weekly, monthly and age, or a number"]
    : [];
}

/** A snapshot is no file: it lies in its jail's pool, and is compressed as the jail is. */
function snapshotProblems({ snapshot, compression, path, image }: Inputs): string[] {
  if (!snapshot) return [];
  return [
    ...(image === true
      ? [
          "snapshot: an ImageJail lies on a disk in a file, and not on ZFS; leave out snapshot, and its archive is a file",
        ]
      : []),
    ...(compression === undefined
      ? []
      : [
          "compression: a snapshot is compressed as its jail's base is (storage.zfs.compression); leave out compression",
        ]),
    ...(path === undefined
      ? []
      : ["path: a snapshot lies in its jail's pool, and not in a folder of its own; leave out path"]),
  ];
}

async function run(
  context: Context,
  inputs: Inputs,
  more: Readonly<Record<string, string | boolean>>,
  name: string,
): Promise<Result> {
  const reply = await context.host.run(operation(context, inputs, more, name));
  return { hostUuid: reply.host.hostUuid, outputs: outputsOf(reply) };
}

function outputsOf(reply: Reply): Bag {
  const fact = (key: string) => reply.facts[key]?.[0] ?? "";
  return {
    file: fact("file"),
    sha256: fact("sha256"),
    release: fact("release"),
    created: new Date(Number(fact("created")) * 1000).toISOString(),
    files: reply.facts["files"] ?? [],
  };
}

function operation(
  context: Context,
  inputs: Inputs,
  more: Readonly<Record<string, string | boolean>>,
  name: string,
): Operation {
  const { encryption } = inputs;
  return {
    name,
    label: context.label,
    locks: [`jail.${inputs.jail}`],
    timeout: 4 * 3600,
    ...(context.hostUuid === undefined ? {} : { hostUuid: context.hostUuid }),
    args: {
      token: context.token,
      owner: String(inputs["owner"]),
      label: inputs.name,
      mark: `archive.${inputs.name}`,
      jail: inputs.jail,
      folder: inputs.path,
      compression: inputs.compression,
      snapshot: inputs.snapshot,
      keep: rulesOf(inputs),
      stop: inputs.stop,
      onDelete: inputs.onDelete,
      encrypted: encryption !== undefined,
      passphrase: encryption?.passphrase,
      keyfile: encryption?.keyfile,
      ...more,
    },
    secrets: encryption?.passphrase === undefined ? [] : [encryption.passphrase],
  };
}

/** "last=3 daily=7": words of the rules, empty where all archives stay. */
function rulesOf({ keep: rules }: Inputs): string {
  return Object.entries(rules ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${value}`)
    .join(" ");
}

/** A refresh finds the newest archive, or that there is none any more. */
function find(snapshot: Snapshot, olds: Inputs): Found | undefined {
  const mark = markOf(snapshot, `archive.${olds.name}`);
  const file = String(olds["file"]);
  if (mark?.["token"] !== olds["token"] || !snapshot.trees.has(file)) return undefined;
  return file.endsWith(".zfs") && !hasDataset(snapshot, mark, file) ? undefined : { inputs: {}, outputs: {} };
}

/** An archive that is a snapshot is its data set and its manifest. */
function hasDataset(snapshot: Snapshot, mark: Readonly<Record<string, string>> | undefined, file: string): boolean {
  const dataset = datasetAt(String(mark?.["zone"]), String(mark?.["root"]), file);
  return datasetProperty(snapshot, dataset, "pulumi-freebsd-jails:kind")?.source === "local";
}

const provider = defineResource(definition);
export const { configure, check, diff, create, read, update } = provider;
const { delete: remove } = provider;

export { remove as delete };
