import { z } from "zod";
import { absolutePath, jailName } from "../freebsd/names";
import type { Arguments } from "../host/host";
import { text } from "./checked";

const file = text(archivePath);

/** An archive: its file on the host, and what its digest has to be, beside what its manifest says; "" for a snapshot, which has none. */
const archive = z.strictObject({
  file,
  sha256: z
    .string()
    .regex(/^([0-9a-f]{64})?$/, "has to be a SHA-256")
    .transform((digest) => digest || undefined)
    .optional(),
});

/** What a jail is restored from. */
export const restoreSchema = z.union([file.transform((path) => ({ file: path, sha256: undefined })), archive], {
  error: "has to be a JailArchive, or the path of an archive on the host",
});

/** What a new jail is made like: an archive, or another jail. */
export const templateSchema = z.union(
  [
    file.transform((path) => ({ file: path, sha256: undefined })),
    archive,
    text(jailName).transform((jail) => ({ jail })),
    z.strictObject({ jail: text(jailName) }),
  ],
  { error: "has to be a JailArchive, another jail, its name, or the path of an archive on the host" },
);

/** What a jail's tree is made of, beside the base's template. */
export interface Origin {
  readonly restore?: z.output<typeof restoreSchema> | undefined;
  readonly template?: z.output<typeof templateSchema> | undefined;
}

/** What an operation is told of it. */
export function originArguments({ restore, template }: Origin): Arguments {
  if (template !== undefined && "jail" in template) return { sourceJail: template.jail };
  const from = restore ?? template;
  if (from === undefined) return {};
  return {
    archive: from.file,
    archiveSha256: from.sha256,
    archiveAs: restore === undefined ? "template" : "restore",
  };
}

/** The jail that has to stay as it is while it is copied, or the snapshot that only one at a time has mounted. */
export function originLocks(origin: Origin): string[] {
  const { sourceJail, archive: from } = originArguments(origin);
  if (sourceJail !== undefined) return [`jail.${String(sourceJail)}`];
  return String(from).endsWith(".zfs") ? [`archive.${String(from)}`] : [];
}

/** What is wrong with it beside the jail's other properties. */
export function originProblems(values: Origin & { name: string; flavors: readonly string[] }): string[] {
  const { restore, template, name, flavors } = values;
  const problems: string[] = [];
  if (restore !== undefined && template !== undefined)
    problems.push("restore: a jail is either restored, or made like a template; leave out one of them");
  if (template !== undefined && "jail" in template && template.jail === name)
    problems.push(`template: jail ${name} can't be its own template`);
  if ((restore !== undefined || template !== undefined) && flavors.length > 0)
    problems.push(
      "flavors: a tree from an archive or another jail has run already, and nothing of the host writes in it; give the flavors to the jail that it was made of",
    );
  return problems;
}

function archivePath(value: string): string {
  const path = absolutePath(value);
  if (!/\.(tar(\.[a-z0-9]+)?|zfs)$/.test(path))
    throw new Error(`"${value}" is no archive: its name has to end in .tar.xz, .tar.zst, .tar.gz, .tar or .zfs`);
  return path;
}
