import { type FileSystemUsage, parseDf } from "../freebsd/df";
import { type Connection, connect } from "../host/host";
import { report } from "../host/log";
import { type Snapshot, snapshotOf } from "./snapshot";

/** What a preview with `freebsd:preflight` has asked the host. */
export interface Asked {
  /** "root@10.0.0.1:22", for messages. */
  readonly host: string;
  readonly snapshot: Snapshot;
  /** `uname -r`: "13.2-RELEASE-p4". */
  readonly release: string;
  readonly osreldate: number;
  readonly disks: readonly FileSystemUsage[];
  /** The pools of ZFS; undefined where it isn't loaded. */
  readonly pools: readonly string[] | undefined;
  /** Whether resource limits can be set (rctl(8)); undefined where the kernel has none. */
  readonly racct: boolean | undefined;
  /** What pfctl says of the host's pf.conf, if it is broken. */
  readonly pfError: string | undefined;
}

/** What the host has against a resource: problems stop the preview, warnings are lines of its log. */
export interface Findings {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** One question a host and process: a preview's checks come one after another. */
const asked = new Map<string, Promise<Asked | undefined>>();
const said = new Set<string>();

/** Asks the host, once; undefined where it can't be asked, which a line of the log says. */
export function ask(connection: Connection): Promise<Asked | undefined> {
  const host = connect(connection);
  const known = asked.get(host.address) ?? askOnce(connection);
  asked.set(host.address, known);
  return known;
}

async function askOnce(connection: Connection): Promise<Asked | undefined> {
  const host = connect(connection);
  try {
    const reply = await host.run({ name: "facts.preflight", args: {}, label: "The preflight", readOnly: true });
    const racct = reply.facts["racct"]?.[0];
    const found: Asked = {
      host: host.address,
      snapshot: snapshotOf(reply),
      release: reply.host.release,
      osreldate: reply.host.osreldate,
      disks: parseDf((reply.facts["df"] ?? []).join("\n")),
      pools: reply.facts["zpool"]?.slice(1),
      racct: racct === undefined ? undefined : racct === "1",
      pfError: reply.facts["pf_error"]?.join("\n"),
    };
    const escapes = knownEscapes(found.release);
    if (escapes !== undefined) warnOnce(`The preflight: ${found.host} runs ${found.release}, ${escapes}`);
    return found;
  } catch (error) {
    warnOnce(`The preflight was left out: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Shows a line once, however many resources it is about. */
export function warnOnce(line: string): void {
  if (said.has(line)) return;
  said.add(line);
  report(line);
}

/** The first patch level of a branch without the ways out of a jail that FreeBSD-SA-26:02 and SA-26:04 describe. */
const mended: Readonly<Record<string, number>> = { "13.5": 10, "14.3": 9 };

/** What is known of ways out of a jail in a release, or undefined; a branch that is newer than those that were mended has none of them. */
export function knownEscapes(release: string): string | undefined {
  const [, major, minor, level] = /^(\d+)\.(\d+)-RELEASE(?:-p(\d+))?/.exec(release) ?? [];
  if (major === undefined) return undefined;
  const branch = `${major}.${minor}`;
  const first = mended[branch];
  const isNewer = Number(major) > 14 || (major === "14" && Number(minor) > 3);
  if (isNewer || (first !== undefined && Number(level ?? 0) >= first)) return undefined;
  const target = Number(major) < 14 ? "13.5-RELEASE-p10" : "14.3-RELEASE-p9";
  return `which is known to let root out of a jail that may mount nullfs (FreeBSD-SA-26:02.jail), and two jails that share a writable folder out of theirs (FreeBSD-SA-26:04.jail); ${target} is the first one without`;
}

/** The file system that a path is on. */
export function diskOf(asked: Asked, path: string): FileSystemUsage | undefined {
  const holds = asked.disks.filter(({ node }) => node === "/" || path === node || path.startsWith(`${node}/`));
  return [...holds].sort((a, b) => b.node.length - a.node.length)[0];
}

/** A problem where a disk has less than so many kilobytes. */
export function roomFor(asked: Asked, path: string, kilobytes: number, what: string): string[] {
  const disk = diskOf(asked, path);
  if (disk === undefined || disk.available >= kilobytes) return [];
  const free = Math.max(0, Math.floor(disk.available / 1024));
  return [`${what} needs ${Math.ceil(kilobytes / 1024)} MB in ${path}, and ${asked.host} has ${free} MB left there`];
}
