import { createHash } from "node:crypto";
import { z } from "zod";
import { absolutePath, releaseName } from "../freebsd/names";
import type { Change } from "./changes";
import { anything, text } from "./checked";
import { common } from "./common";
import { canonical } from "./equal";
import { storageSchema } from "./storage";
import type { Bag, Values } from "./validate";

const sha256 = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/, "has to be a SHA-256: 64 hexadecimal digits")
  .transform((digest) => digest.toLowerCase());

/** A world that was built on the host: its source tree. */
const world = z.strictObject({ world: text(absolutePath) });

/** Where the archives come from. */
const source = z.union([
  z.literal("host"),
  world,
  z
    .string()
    .regex(
      /^https?:\/\/\S+$/,
      'has to be "host", a mirror (https://…), a file on the host (file:///…), a file on the workstation (a path that ends in .txz), or { world: "/usr/src" }',
    ),
  z
    .string()
    .regex(/^file:\/\/\/\S+$/)
    .transform((url, context) => {
      try {
        return `file://${absolutePath(url.slice("file://".length))}`;
      } catch (error) {
        context.addIssue({ code: "custom", message: (error as Error).message });
        return z.NEVER;
      }
    }),
  z.string().regex(/^[^:\s][^:]*\.(txz|tar\.xz|tgz|tar)$/),
]);

const patchLevel = z.custom<"latest" | number>(
  (value) => value === "latest" || (Number.isInteger(value) && Number(value) >= 0),
  'has to be "latest", or a patch level: 0, 1, 2 …',
);

/** The properties of a BaseInstall. */
export const baseShape = {
  ...common,
  name: z.string().min(1),
  root: text(rootPath).default("/usr/jails"),
  release: z.union([z.literal("host"), text(releaseName)]),
  source: source.optional(),
  patch: patchLevel.optional(),
  sha256: sha256.optional(),
  manifest: z
    .strictObject({ path: z.string().min(1).optional(), text: z.string().min(1).optional(), sha256 })
    .optional(),
  components: z
    .array(z.enum(["ports", "src", "lib32"]))
    .transform((names) => [...new Set(names)].sort())
    .default([]),
  storage: storageSchema.default("ufs"),
  trigger: anything,
  keep: z.boolean().default(false),
} as const;

export type BaseShape = typeof baseShape;
export type BaseValues = Values<BaseShape>;
export type BaseInputs = Bag & BaseValues & { readonly path: string; readonly template: string };

/** What changing each property does: what is in a base never changes, another one is made beside it. */
export const baseChanges: Readonly<
  Record<
    | keyof Omit<BaseShape, keyof typeof common | "storage">
    | "storage.zfs.dataset"
    | "storage.zfs.compression"
    | "path"
    | "template",
    Change
  >
> = {
  name: "none",
  root: "replace",
  release: "replace",
  source: "replace",
  patch: "replace",
  sha256: "replace",
  manifest: "none",
  components: "replace",
  "storage.zfs.dataset": "replace",
  "storage.zfs.compression": "live",
  trigger: "replace",
  keep: "none",
  path: "replace",
  template: "replace",
};

/** Where a base lies: its release, and a digest of what else makes it another one, so that two can stand side by side. */
export const basePaths = {
  from: ["root", "release", "source", "patch", "sha256", "components", "trigger"] as const,
  path: (values: BaseValues) => `${values.root}/sharedfs/${folder(values)}`,
  template: (values: BaseValues) => `${values.root}/template/${folder(values)}`,
};

function folder({ release, source: from, patch, sha256: digest, components, trigger }: BaseValues): string {
  const given = { from, patch, digest, components: components.length > 0 ? components : undefined, trigger };
  const text = canonical(given);
  if (text === "{}") return release;
  return `${release}-${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
}

function rootPath(value: string): string {
  const path = absolutePath(value);
  if (/\/(sharedfs|template|flavors|archive|images)(\/|$)/.test(path))
    throw new Error(`"${value}" lies in a zone; a root is the folder of a zone, as /usr/jails`);
  if (
    [
      "/",
      "/usr",
      "/etc",
      "/var",
      "/bin",
      "/sbin",
      "/lib",
      "/root",
      "/dev",
      "/home",
      "/tmp",
      "/boot",
      "/usr/local",
    ].includes(path)
  )
    throw new Error(`"${value}" is a folder of the system; take one of your own, as /usr/jails`);
  return path;
}

/** What is wrong with properties that are each right by themselves. */
export function baseProblems(values: BaseValues): string[] {
  const problems: string[] = [];
  const copied = values.source === "host";
  problems.push(...worldProblems(values), ...patchProblems(values));
  if (copied && (values.sha256 !== undefined || values.manifest !== undefined)) {
    problems.push(
      "sha256: the running host has no archive to check; leave out sha256 and manifest, or give another source",
    );
  }
  if (copied && values.components.length > 0) {
    problems.push("components: the running host has no archives of components; give another source");
  }
  if (values.sha256 !== undefined && values.manifest !== undefined)
    problems.push("manifest: give the digest of base.txz or a manifest, not both");
  if (values.manifest && (values.manifest.path === undefined) === (values.manifest.text === undefined))
    problems.push("manifest: give its path on the workstation, or its text");
  if (isUpload(values.source) && values.components.length > 0)
    problems.push(
      "components: with an archive of the workstation there is only base.txz; put the archives on the host (file:///…), or use a mirror",
    );
  return problems;
}

function worldProblems({ source: from, sha256: digest, manifest, components }: BaseValues): string[] {
  if (typeof from !== "object") return [];
  const given = Object.entries({ sha256: digest, manifest, components: components[0] }).filter(
    ([, one]) => one !== undefined,
  );
  return given.map(([name]) => `${name}: a world that was built has no archives; leave out ${name}`);
}

function patchProblems({ source: from, patch, release }: BaseValues): string[] {
  if (patch === undefined) return [];
  if (typeof from === "object") return ["patch: a world that was built is patched in its source tree; leave out patch"];
  return /-(STABLE|CURRENT|PRERELEASE)$/.test(release)
    ? [`patch: there are no patches for ${release}; freebsd-update has them for releases alone`]
    : [];
}

/** A file of the workstation. */
export function isUpload(from: BaseValues["source"]): boolean {
  return typeof from === "string" && from !== "host" && !from.includes("://");
}

/** A release's folder on a mirror: those that are supported, and the archive of all others. */
const mirrors = [
  "https://download.freebsd.org/releases",
  "http://ftp-archive.freebsd.org/pub/FreeBSD-Archive/old-releases",
];

/** What the operation is told of the archives: where they are, and their digests. */
export function baseFiles(values: BaseValues, digests: ReadonlyMap<string, { sha256: string; entries: number }>) {
  const names = ["base", ...values.components];
  const sets = names.map((name) => {
    const known = digests.get(`${name}.txz`);
    return `${name} ${known?.sha256 ?? (name === "base" ? values.sha256 : undefined) ?? "-"} ${known?.entries ?? "-"}`;
  });
  const from = values.source;
  if (typeof from === "object") return { args: { source: "world", sets: "", world: from.world } };
  if (from === "host" || (from === undefined && values.release === "host"))
    return { args: { source: "host", sets: "" } };
  if (from !== undefined && isUpload(from)) return { args: { source: "upload", sets }, upload: from };
  if (from?.startsWith("file://")) {
    const file = from.slice("file://".length);
    return { args: { source: "file", sets, file, fileFolder: file.slice(0, file.lastIndexOf("/")) || "/" } };
  }
  const places =
    from === undefined
      ? mirrors.map((mirror) => `${mirror}/@arch@/${values.release === "host" ? "@release@" : values.release}`)
      : [from.replace(/\/(base\.txz)?$/, "")];
  return {
    args: {
      source: "mirror",
      sets,
      urls: names.flatMap((name) => places.map((place) => `${name} ${place}/${name}.txz`)),
    },
  };
}
