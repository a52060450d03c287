import { type Datasets, parseDatasets } from "../freebsd/datasets";
import { parseIfconfig } from "../freebsd/ifconfig";
import { parseJls } from "../freebsd/jls";
import { parseMounts } from "../freebsd/mounts";
import type { Reply } from "../host/host";

/** All that one reading of the host says. */
export interface Snapshot {
  readonly hostUuid: string;
  /** Our marks, and the files that we write: path → text without the last line break. */
  readonly files: ReadonlyMap<string, string>;
  readonly jails: ReturnType<typeof parseJls>;
  readonly interfaces: ReturnType<typeof parseIfconfig>;
  readonly mounts: ReturnType<typeof parseMounts>;
  /** Trees that a mark speaks of and that are there. */
  readonly trees: ReadonlySet<string>;
  /** Disks of jails that a mark speaks of and that are there → bytes. */
  readonly images: ReadonlyMap<string, number>;
  /** Data sets in the zones that a mark speaks of. */
  readonly datasets: Datasets;
  /** A flavor's folder → its files with their digests. */
  readonly listings: ReadonlyMap<string, string>;
  /** What running jails say of their inside: name → a line for each thing that their programs declare there. */
  readonly insides: ReadonlyMap<string, string>;
  /** What there is to know of pf, where there are rules of ours: "running", "main", "anchor", "boot", "file", "conf". */
  readonly pf: ReadonlyMap<string, string>;
}

const parsed = new WeakMap<Reply, Snapshot>();

/** The reading, parsed once for all that ask. */
export function snapshotOf(reply: Reply): Snapshot {
  const known = parsed.get(reply);
  if (known) return known;
  const facts = (key: string) => reply.facts[key] ?? [];
  const snapshot: Snapshot = {
    hostUuid: reply.host.hostUuid,
    files: sections(facts("files")),
    jails: parseJls(facts("jls").join("")),
    interfaces: parseIfconfig(facts("ifconfig").join("\n")),
    mounts: parseMounts(facts("mounts").join("\n")),
    trees: new Set(facts("tree")),
    images: new Map(facts("image").map((line) => [line.slice(line.indexOf(" ") + 1), Number.parseInt(line, 10)])),
    datasets: parseDatasets(facts("zfs")),
    listings: sections(facts("listings")),
    insides: sections(facts("inside")),
    pf: sections(facts("pf")),
  };
  parsed.set(reply, snapshot);
  return snapshot;
}

/** What a mark says, or undefined where there is none. */
export function markOf(snapshot: Snapshot, key: string): Readonly<Record<string, string>> | undefined {
  const text = snapshot.files.get(`/var/db/pulumi-freebsd-jails/${key}`);
  if (text === undefined) return undefined;
  return Object.fromEntries(
    text.split("\n").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

/** Lines of `=NAME`, each followed by its `+LINE`s. */
export function sections(lines: readonly string[]): Map<string, string> {
  const found = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of lines) {
    if (line.startsWith("=")) {
      current = [];
      found.set(line.slice(1), current);
    } else current.push(line.slice(1));
  }
  return new Map([...found].map(([name, text]) => [name, text.join("\n")]));
}
