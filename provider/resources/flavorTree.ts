import { createHash } from "node:crypto";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { pack } from "tar-stream";
import { madeFiles } from "./flavorMade";
import type { FlavorValues } from "./flavorSchema";

/** One file of a flavor, or a link; folders are those that the files need. */
export interface Entry {
  /** From the jail's root on, without a slash in front. */
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly content: Buffer;
  /** What a symbolic link points to. */
  readonly link?: string;
}

/** Folders that are not 0755 and root's in FreeBSD's own tree. */
const folderModes: Readonly<Record<string, number>> = { tmp: 0o1777, "var/tmp": 0o1777, ".flavor": 0o700 };
/** In a thin jail these are links to the shared base, mount points, or made by the kernel. */
export const shared =
  /^(bin|lib|libexec|sbin|sharedfs|dev|proc|usr\/(bin|include|lib|lib32|libdata|libexec|sbin|share|src|ports))(\/|$)/;

/** All files of a flavor, in the order of their paths; later ones win: the folder, then `files`, then what the other properties make. */
export function flavorEntries(values: FlavorValues): Entry[] {
  const uids = new Map([["root", 0], ...values.users.map((user, i) => [user.name, user.uid ?? 1001 + i] as const)]);
  const all = [...fromDirectory(values.directory), ...fromFiles(values.files, uids), ...madeFiles(values)];
  const byPath = new Map(all.map((entry) => [entry.path, entry]));
  for (const { path } of byPath.values()) {
    if (shared.test(path))
      throw new Error(
        `files: /${path} is the shared base's in a jail, and read-only there; /usr/local, /etc, /root, /home and /var are the jail's own`,
      );
    for (let up = posix.dirname(path); up !== "."; up = posix.dirname(up)) {
      if (byPath.has(up)) throw new Error(`files: /${path} lies below /${up}, which is a file or a link`);
    }
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A line a file: mode, owner, group, size, SHA-256 and path: what a preview shows of contents that it doesn't print. */
export function listingOf(entries: readonly Entry[]): string {
  return entries
    .map(({ path, mode, uid, gid, content, link }) => {
      const what = link === undefined ? `${content.length} ${sha256(content)}` : "link";
      return `${mode.toString(8).padStart(4, "0")} ${uid} ${gid} ${what} /${path}${link === undefined ? "" : ` -> ${link}`}\n`;
    })
    .join("");
}

/** The archive that the host unpacks: folders, files, and the digest of it all. */
export async function archiveOf(entries: readonly Entry[], digest: string): Promise<Buffer> {
  const tar = pack();
  const chunks: Buffer[] = [];
  const ended = (async () => {
    for await (const chunk of tar) chunks.push(chunk as Buffer);
  })();
  const files = [...entries, made(".flavor/digest", `${digest}\n`, 0o600)];
  for (const folder of foldersOf(files)) {
    const owner = ownerOfFolder(folder, files);
    tar.entry({
      name: folder,
      type: "directory",
      mode: folderModes[folder] ?? owner.mode,
      uid: owner.uid,
      gid: owner.gid,
    });
  }
  for (const { path, mode, uid, gid, content, link } of files) {
    if (link === undefined) tar.entry({ name: path, mode, uid, gid }, content);
    else tar.entry({ name: path, type: "symlink", linkname: link, uid, gid });
  }
  tar.finalize();
  await ended;
  return Buffer.concat(chunks);
}

/** A file that the flavor makes of its other properties. */
export function made(path: string, content: string, mode = 0o644, uid = 0, gid = 0): Entry {
  return { path, mode, uid, gid, content: Buffer.from(content) };
}

/** The SHA-256 of a content. */
export function sha256(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}

function foldersOf(entries: readonly Entry[]): string[] {
  const folders = new Set<string>();
  for (const { path } of entries) {
    for (let up = posix.dirname(path); up !== "."; up = posix.dirname(up)) folders.add(up);
  }
  return [...folders].sort();
}

/** A home folder, and all in it, belongs to whom its files belong to. */
function ownerOfFolder(folder: string, entries: readonly Entry[]): { uid: number; gid: number; mode: number } {
  const depth = folder.split("/").length;
  const inHome = /^(usr\/)?home\/[^/]+/.test(folder);
  const first = entries.find((entry) => entry.path.startsWith(`${folder}/`));
  if (!inHome || !first || depth < 2) return { uid: 0, gid: 0, mode: 0o755 };
  return { uid: first.uid, gid: first.gid, mode: folder.endsWith("/.ssh") ? 0o700 : 0o755 };
}

function fromFiles(files: FlavorValues["files"], uids: ReadonlyMap<string, number>): Entry[] {
  return Object.entries(files).map(([path, file]) => {
    const attributes = file as { mode?: number; owner?: string | number; group?: string | number };
    return {
      path: path.replace(/^\//, ""),
      mode: attributes.mode ?? 0o644,
      uid: numberOf(path, "owner", attributes.owner ?? 0, uids),
      gid: numberOf(
        path,
        "group",
        attributes.group ?? attributes.owner ?? 0,
        new Map([["wheel", 0], ["operator", 5], ["staff", 20], ["www", 80], ...uids]),
      ),
      content: "source" in file ? readLocal(path, file.source) : Buffer.from(file.content),
    };
  });
}

/** The content of a file of the workstation. */
export function readLocal(path: string, source: string): Buffer {
  try {
    return readFileSync(source);
  } catch {
    throw new Error(`files: the source of ${path}, ${source}, is no file on this workstation`);
  }
}

function numberOf(path: string, what: string, value: string | number, known: ReadonlyMap<string, number>): number {
  const number = typeof value === "number" ? value : known.get(value);
  if (number !== undefined) return number;
  throw new Error(
    `files: the ${what} "${value}" of ${path} is not root's, nor one of the flavor's users; give its number`,
  );
}

/** A folder of the workstation, with its modes; all of it becomes root's. */
function fromDirectory(directory: string | undefined): Entry[] {
  if (directory === undefined) return [];
  const entries: Entry[] = [];
  const walk = (folder: string, below: string): void => {
    for (const item of readdirSync(folder, { withFileTypes: true })) {
      const path = below === "" ? item.name : `${below}/${item.name}`;
      const place = join(folder, item.name);
      if (item.isDirectory()) walk(place, path);
      else if (item.isSymbolicLink()) entries.push(linkEntry(path, readlinkSync(place)));
      else if (item.isFile())
        entries.push({ path, mode: statSync(place).mode & 0o7777, uid: 0, gid: 0, content: readFileSync(place) });
      else throw new Error(`directory: ${place} is neither a file nor a folder nor a link`);
    }
  };
  try {
    walk(directory, "");
  } catch (error) {
    throw new Error(
      (error as NodeJS.ErrnoException).code === "ENOENT"
        ? `directory: there is no folder ${directory} on this workstation`
        : String((error as Error).message),
    );
  }
  return entries;
}

function linkEntry(path: string, link: string): Entry {
  const target = posix.normalize(posix.join(posix.dirname(path), link));
  if (link.startsWith("/") || target.startsWith(".."))
    throw new Error(`directory: the link ${path} -> ${link} leaves the jail`);
  return { path, mode: 0o755, uid: 0, gid: 0, content: Buffer.alloc(0), link };
}
