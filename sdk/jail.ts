import * as pulumi from "@pulumi/pulumi";

import provider = require("../provider/resources/jail");

import type { BaseInstall } from "./baseInstall";
import type { Flavor, ResolvConfArgs } from "./flavor";
import type { ImageJail } from "./imageJail";
import { followed, type InsideArgs } from "./inside";
import type { JailArchive } from "./jailArchive";
import type { JailMountsArgs } from "./jailMounts";
import type { JailNetworkArgs } from "./jailNetwork";
import type { JailSettingsArgs } from "./jailSettings";
import { type CommonArgs, properties } from "./resource";

/** The properties of a {@link Jail}. Names are those of jail(8), in camelCase. */
export interface JailArgs extends CommonArgs, InsideArgs, JailSettingsArgs, JailMountsArgs, JailNetworkArgs {
  /**
   * The jail's name: letters, digits, "-" and "_", not only digits. Default: the resource's name. A change renames the jail, which is
   * stopped for that time.
   */
  name?: pulumi.Input<string> | undefined;
  /**
   * The group that the jail belongs to: its name is GROUP-NAME, unless it begins so already; so `jls -h name | grep ^web-` has all of "web". A
   * change renames the jail. {@link JailGroup} makes, starts, stops and restarts a whole group.
   */
  group?: pulumi.Input<string> | undefined;
  /**
   * The base that the jail shares: a BaseInstall, or its `path`; needed unless `path` is given. A change stops the jail, merges what its tree has
   * from the old base's template with the new one's, and starts it on the new base; one that doesn't start goes back to the old base with all
   * its files. What the jail and the new base have both changed stays as the jail has it, and is named. Both bases lie in one zone.
   */
  base?: BaseInstall | pulumi.Input<string> | undefined;
  /**
   * A tree of its own, copied from the whole base, which the jail doesn't share then: it can be changed from inside, and needs as much room.
   * Another base does nothing to a thick jail that is there. Default: false. A change replaces the jail.
   */
  thick?: pulumi.Input<boolean> | undefined;
  /**
   * A tree that is on the host already, in place of a new one. It is never deleted: when the jail goes, it stays as it is, with the folders that
   * were made for `mounts`. With a `base`, that one is mounted at its /sharedfs. Default: a new tree, ROOT/NAME, which goes with the jail.
   */
  path?: pulumi.Input<string> | undefined;
  /** What the new jail gets over its template, later ones over earlier ones. A change does nothing to a jail that is there. */
  flavors?: (Flavor | pulumi.Input<string>)[] | undefined;
  /**
   * "lo1|192.168.1.3/32" (added to the interface when the jail starts, taken off when it stops), or an address that is on an interface
   * already, alone; see {@link LoopbackInterface.address}. IPv4 and IPv6, any number. Default: none, and so no network. Changed live.
   */
  addresses?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Use the host's addresses: true, or "ip4" or "ip6" alone. Default: false. A change restarts the jail. */
  inherit?: pulumi.Input<boolean | "ip4" | "ip6"> | undefined;
  /** Default: the jail's name. Changed live. */
  hostname?: pulumi.Input<string> | undefined;
  /** The jail's resolv.conf(5): its text, its settings, or "host". Default: a flavor's, else the host's, copied when the jail is made. Changed live. */
  resolvConf?: pulumi.Input<string | ResolvConfArgs> | undefined;
  /** Whether it runs. Default: true. */
  running?: pulumi.Input<boolean> | undefined;
  /** Whether it starts at boot. Default: true. qjail's manual is `autostart: false`, its norun `running: false, autostart: false`. */
  autostart?: pulumi.Input<boolean> | undefined;
  /**
   * Jails, or names of jails, that start before this one, now and at boot, and stop after it. Where the host starts its jails all at once
   * (rc.conf(5): jail_parallel_start), this one waits for them, two minutes at most. Changed live.
   */
  after?: (Jail | ImageJail | pulumi.Input<string>)[] | undefined;
  /** Any value; with another one, the jail is restarted. */
  restart?: unknown;
  /** Seconds that each command of its start or stop may take (jail(8): exec.timeout). Default: no limit. */
  startTimeout?: pulumi.Input<number> | undefined;
  /** Seconds that its processes have to end after SIGTERM (jail(8): stop.timeout). Default: 10. */
  stopTimeout?: pulumi.Input<number> | undefined;
  /** System V IPC: "new" (its own), "inherit" (the host's), "disable". Default: disable. A change restarts the jail. */
  sysvipc?: pulumi.Input<"new" | "inherit" | "disable"> | undefined;
  /** Raw sockets, for ping(8) and traceroute(8). Default: false. Changed live. */
  rawSockets?: pulumi.Input<boolean> | undefined;
  /** More permissions of jail(8) without their "allow.": "chflags", "mount.tmpfs", "noset_hostname". Changed live. */
  allow?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** The ruleset of the jail's /dev (devfs(8)). Default: 4, devfsrules_jail. A change restarts the jail. */
  devfsRuleset?: pulumi.Input<number> | undefined;
  /** What of the host's mounts the jail sees: 0 all, 1 those below its root, 2 its root alone. Default: 2; 1 with `datasets`. A change restarts the jail. */
  enforceStatfs?: pulumi.Input<number> | undefined;
  /** -1 to 3 (security(7)). Default: the kernel's. Raised live; lowered by a restart. */
  securelevel?: pulumi.Input<number> | undefined;
  /** How many jails it may make itself. Default: 0. Changed live. */
  childrenMax?: pulumi.Input<number> | undefined;
  /**
   * The most that the jail's files may take, as "10g"; what it shares with its base's template counts, too (zfsprops(7): refquota). Its base has to
   * be on ZFS. Less than the jail uses is an error. Default: none. Changed live.
   */
  quota?: pulumi.Input<string | number> | undefined;
  /**
   * Data sets of the host that the jail manages and mounts itself (zfs-jail(8)), as "tank/data/web": handed to it at every start, with
   * `allow.mount.zfs` and `enforceStatfs: 1`. They have to be there, and outside of what BaseInstall's `storage` names. They are never made
   * or destroyed: `jailed` is set on them, and is what it was when they leave the program or the jail goes; but if the jail has changed where
   * they are mounted, they stay `jailed` with a warning, since the host would follow. In the jail, its rc.d/zfs mounts them with `zfs_enable`.
   * Default: none. A change restarts the jail.
   *
   * @example
   * const web = new Jail("web", { base, datasets: ["tank/data/web"], rcConf: { zfs_enable: true } });
   */
  datasets?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** The jail that it was: its tree comes from an archive of it, a JailArchive or the path of one on the host. Only when it is made. */
  restore?: JailArchive | pulumi.Input<string> | undefined;
  /**
   * A jail like another: a JailArchive, another jail (which doesn't run), the path of an archive or the name of a jail. Host keys, machine ids
   * and leases are not carried over. Only when it is made.
   */
  template?: JailArchive | Jail | ImageJail | pulumi.Input<string> | undefined;
  /**
   * Takes over a jail of this name that is on the host already: made by hand, by qjail or ezjail, or handed back. It goes on running where
   * nothing that differs needs a restart; a preview asks the host, and says what differs. Its tree has to be where the program says: give
   * `path` (and `base` or `mounts` for what is mounted in it). Its configuration is /etc/jail.conf.d/NAME.conf from then on; a block in
   * /etc/jail.conf stays, and counts no more. Default: false, and a jail that is there already is an error.
   */
  adopt?: pulumi.Input<boolean> | undefined;
  /**
   * When it is deleted or replaced: "destroy" it with its tree; "archive" it first, and delete nothing if that fails; "keep" hands it back: it
   * goes on as it is, running, with its files and its place at boot, and so do its base and its interface; the same resource takes it again
   * without being told to. (Pulumi's own `retainOnDelete` never asks the provider, and leaves our marks.) Default: keep for a jail that was
   * adopted, destroy for any other. It counts as of the last `pulumi up`.
   */
  onDelete?: pulumi.Input<"destroy" | "archive" | "keep"> | undefined;
  /** The folder of that archive. Default: ROOT/archive. */
  archiveTo?: pulumi.Input<string> | undefined;
}

/**
 * A jail on a shared base: a tree of its own for /etc, /var, /root, /home, /tmp and /usr/local, and the base read-only (jail(8), Handbook
 * "Service Jails"). Its configuration is /etc/jail.conf.d/NAME.conf; `service jail`, `jls` and `jexec` work on it as on any other.
 *
 * @example
 * const db = new Jail("db", { base, addresses: [lo1.address(3)], sysvipc: "new" });
 */
export class Jail extends pulumi.dynamic.Resource {
  /** The jail's name. */
  declare readonly name: pulumi.Output<string>;
  /** The jail's tree on the host. */
  declare readonly path: pulumi.Output<string>;
  /** The text of /etc/jail.conf.d/NAME.conf. */
  declare readonly config: pulumi.Output<string>;
  /** The text of its file in /etc/rc.conf.d/jail/. */
  declare readonly rc: pulumi.Output<string>;
  /** A line for each thing inside that the program declares; digests stand for contents. */
  declare readonly inside: pulumi.Output<string>;
  /** The addresses, in their canonical spelling. */
  declare readonly addresses: pulumi.Output<string[]>;
  /** The path of its base. */
  declare readonly base: pulumi.Output<string>;
  /** "running" or "stopped". */
  declare readonly state: pulumi.Output<"running" | "stopped">;
  /** Its data set, where its base is on ZFS. */
  declare readonly dataset: pulumi.Output<string | undefined>;
  /** The command that gives root a shell in it, on the host. */
  declare readonly consoleCommand: pulumi.Output<string>;
  /** `kern.hostuuid` of the host. */
  declare readonly hostUuid: pulumi.Output<string>;

  constructor(name: string, args: JailArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, jailInputs(name, args), opts, "freebsd", "Jail");
  }
}

/** What a jail's class hands to the engine; `more` are outputs that other jails don't have. */
export function jailInputs(name: string, args: JailArgs, more: readonly string[] = []): Record<string, unknown> {
  const outputs = [
    "path",
    "given",
    "config",
    "rc",
    "rcFile",
    "addresses",
    "state",
    "dataset",
    "inside",
    "consoleCommand",
    "hostUuid",
    "token",
  ];
  const { group, ...own } = args;
  return {
    ...properties(name, { ...own, name: nameIn(group, args.name ?? name) }, [...outputs, ...more]),
    base: pathOf(args.base),
    // For the preview alone: a quota needs ZFS.
    storage: args.quota !== undefined && isResource(args.base) ? (args.base as BaseInstall).storage : undefined,
    enforceStatfs: args.enforceStatfs ?? statfsFor(args.datasets),
    flavors: args.flavors?.map(nameOf),
    followed: followed(args.flavors, args.followFlavor),
    after: args.after?.map(nameOf),
    restore: originOf(args.restore),
    template: originOf(args.template),
  };
}

/** A jail sees what it mounts itself. */
function statfsFor(datasets: JailArgs["datasets"]): pulumi.Input<number> | undefined {
  if (datasets === undefined) return undefined;
  const of = (names: readonly unknown[]) => (names.length === 0 ? 2 : 1);
  return Array.isArray(datasets) ? of(datasets) : pulumi.output(datasets).apply(of);
}

/** A jail's name, with its group's in front. What is known already stays known. */
function nameIn(group: pulumi.Input<string> | undefined, name: pulumi.Input<string>): pulumi.Input<string> {
  if (group === undefined) return name;
  const join = (first: string, rest: string) => (rest.startsWith(`${first}-`) ? rest : `${first}-${rest}`);
  if (typeof group === "string" && typeof name === "string") return join(group, name);
  return pulumi.all([group, name]).apply(([first, rest]) => join(first, rest));
}

function pathOf(base: JailArgs["base"]): pulumi.Input<string> | undefined {
  if (base === undefined) return undefined;
  return isResource(base) ? (base as BaseInstall).path : (base as pulumi.Input<string>);
}

function nameOf(named: Flavor | Jail | ImageJail | pulumi.Input<string>): pulumi.Input<string> {
  return isResource(named) ? (named as Flavor | Jail).name : (named as pulumi.Input<string>);
}

/** An archive with its digest, a jail by its name; a text says by itself what it is. */
function originOf(origin: JailArgs["template"]): pulumi.Input<unknown> {
  if (!isResource(origin)) return origin;
  if ("sha256" in (origin as object)) {
    const { file, sha256 } = origin as JailArchive;
    return { file, sha256 };
  }
  return { jail: (origin as Jail).name };
}

function isResource(value: unknown): boolean {
  return pulumi.Resource.isInstance(value);
}
