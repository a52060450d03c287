import { z } from "zod";
import { absolutePath } from "../freebsd/names";
import { formatSize, parseSize } from "../freebsd/sizes";
import type { Change } from "./changes";
import { text } from "./checked";
import { jailChanges, jailProblems, jailShape, wasGiven, zoneOf } from "./jailSchema";
import type { Values } from "./validate";

/** What is left of the smallest disk by the file system's own figures, and the smallest jail's tree. */
const smallest = "5m";
/** A file system of its own costs less than a block of geli's. */
const smallestEncrypted = "8m";

const size = z.union([z.number(), z.string()]).transform((value, context) => {
  try {
    return canonicalSize(value);
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
    return z.NEVER;
  }
});

const encryption = z.strictObject({
  passphrase: z
    .string()
    .min(1, "is empty; an encrypted disk needs a passphrase, or a keyfile")
    .refine((value) => !/[\n\r\0]/.test(value), "has to be one line")
    .optional(),
  keyfile: text(absolutePath).optional(),
  algorithm: z.enum(["AES-XTS", "AES-CBC", "Camellia-CBC"]).default("AES-XTS"),
  keyLength: z.union([z.literal(128), z.literal(192), z.literal(256)]).default(256),
  iterations: z.int().min(1).max(100_000_000).optional(),
});

/** The disk of a jail: mdconfig(8), newfs(8), geli(8). */
export const imageSchema = z.strictObject({
  size,
  sparse: z.boolean().default(true),
  path: text(imagePath).optional(),
  encryption: encryption.optional(),
});

/** The properties of an ImageJail: a Jail's, and its disk's. */
export const imageShape = {
  ...jailShape,
  image: imageSchema,
  state: z.enum(["running", "stopped", "attached"]).optional(),
} as const;

export type ImageShape = typeof imageShape;
export type ImageValues = Values<ImageShape>;
export type Encryption = z.output<typeof encryption>;

/** What changing each property does to a running jail. A new disk is a new jail. */
export const imageChanges: Readonly<Record<string, Change>> = {
  ...jailChanges,
  state: "live",
  imageFile: "offline",
  "image.size": "live",
  "image.sparse": "none",
  "image.path": "offline",
  "image.encryption.passphrase": "live",
  "image.encryption.keyfile": "live",
  "image.encryption.iterations": "live",
  "image.encryption.algorithm": "replace",
  "image.encryption.keyLength": "replace",
};

/** The disk's file; beside its mount point, never inside it. */
export function imageFile({ name, base, image }: Pick<ImageValues, "name" | "base" | "image">): string {
  return image.path ?? `${zoneOf(base).root}/images/${name}.img`;
}

/** What is wrong with properties that are each right by themselves. */
export function imageProblems(values: ImageValues): string[] {
  if (values.quota !== undefined) return ["quota: the disk of an ImageJail has a size; leave out quota"];
  return [...jailProblems(values), ...placeProblems(values), ...sizeProblems(values), ...keyProblems(values)];
}

function placeProblems(values: ImageValues): string[] {
  if (wasGiven(values)) return ["path: a jail with a disk of its own has its tree on it; leave out path"];
  const folder = `${zoneOf(values.base).root}/images`;
  if (values.image.path === undefined || values.image.path.startsWith(`${folder}/`)) return [];
  return [`image.path: ${values.image.path} lies outside of ${folder}, where the disks of this zone's jails are`];
}

function sizeProblems({ image }: ImageValues): string[] {
  const least = image.encryption === undefined ? smallest : smallestEncrypted;
  if (parseSize(image.size) >= parseSize(least)) return [];
  const kind = image.encryption === undefined ? "" : " of an encrypted jail";
  return [
    `image.size: ${image.size} is too small for a jail's file system; the disk${kind} needs at least ${least}, and more with flavors`,
  ];
}

function keyProblems({ image: { encryption: given } }: ImageValues): string[] {
  if (given === undefined) return [];
  const problems: string[] = [];
  if ((given.passphrase === undefined) === (given.keyfile === undefined))
    problems.push("image.encryption: give a passphrase or a keyfile, one of them");
  if (given.algorithm === "AES-XTS" && given.keyLength === 192)
    problems.push("image.encryption.keyLength: AES-XTS takes 128 or 256");
  if (given.iterations !== undefined && given.passphrase === undefined)
    problems.push("image.encryption.iterations: they are for a passphrase; a keyfile has none");
  return problems;
}

/** What can't become of a disk that is there. */
export function imageImpossible(olds: { readonly image?: unknown }, values: Partial<ImageValues>): string[] {
  const before = imageSchema.safeParse(olds.image);
  if (!before.success || values.image === undefined) return [];
  const problems: string[] = [];
  const [from, to] = [before.data.size, values.image.size];
  if (parseSize(to) < parseSize(from))
    problems.push(
      `image.size: a disk only grows, and it has ${from} already; for a smaller one archive the jail (JailArchive), remove it, and make it anew with \`restore\``,
    );
  if ((before.data.encryption === undefined) !== (values.image.encryption === undefined))
    problems.push(
      "image.encryption: a disk that is there can't be made an encrypted one, or an open one; archive the jail (JailArchive), remove it, and make it anew with `restore`",
    );
  return problems;
}

/** Sectors of geli are 4096 bytes. */
function canonicalSize(value: string | number): string {
  const bytes = parseSize(value);
  if (bytes % 4096 !== 0) throw new Error(`"${value}" is no size of a disk: it has to be a multiple of 4k`);
  return formatSize(bytes);
}

/** Only such names can be told from one another by `mdconfig -lf`. */
function imagePath(value: string): string {
  const path = absolutePath(value);
  if (!/\/[A-Za-z0-9_-]+\.img$/.test(path))
    throw new Error(
      `"${value}" is no path of a disk: its name has to be letters, digits, "-" and "_", and end in .img`,
    );
  return path;
}
