import * as pulumi from "@pulumi/pulumi";

import provider = require("../provider/resources/baseInstall");

import { type CommonArgs, properties } from "./resource";

/** Data sets of ZFS, see {@link BaseInstallArgs.storage}. */
export interface ZfsArgs {
  /** The zone's data set: "zroot/jails". The one above it has to be there. */
  dataset: pulumi.Input<string>;
  /** "lz4", "zstd", "gzip-9", "off" … Default: what the data sets above say. */
  compression?: pulumi.Input<string> | undefined;
}

/** The properties of a {@link BaseInstall}. */
export interface BaseInstallArgs extends CommonArgs {
  /**
   * The folder of the zone: bases, templates, flavors and jails lie below it. Default: /usr/jails. Another root is another zone. It is made for
   * root alone (mode 0700): a set-uid program that a jail's root makes is out of reach for the users of the host.
   */
  root?: pulumi.Input<string> | undefined;
  /**
   * "14.3-RELEASE", or "host": the release that the host runs, copied from it. Newer than the host's kernel is an error. Changing it makes the
   * new base beside the old one, moves the jails over, and only then removes the old one.
   */
  release: pulumi.Input<string>;
  /**
   * Where base.txz comes from. Default: FreeBSD's download site, and its archive for releases that are not supported any more.
   * - `https://mirror.example.org/releases/amd64/14.3-RELEASE`: a folder with the release's archives;
   * - `file:///path/base.txz`: a file on the host;
   * - `./base.txz`: a file on the workstation, which is uploaded;
   * - `host`: copied from the running host (qjail's `update -b`), without its configuration, keys and users;
   * - `{ world: "/usr/src" }`: a world that was built on the host (build(7)): `make installworld` and `make distribution` of that source tree.
   *   `release` is what it is a source of: "14.1-STABLE".
   */
  source?: pulumi.Input<string | { world: pulumi.Input<string> }> | undefined;
  /**
   * Security patches: "latest", or the level that it has to be. freebsd-update(8) brings them into the new base while it is made; where it
   * fails, no base is made. Another value makes another base, and the jails move to it. Default: as the archive is.
   */
  patch?: pulumi.Input<"latest" | number> | undefined;
  /** The SHA-256 of base.txz, checked before anything is unpacked. */
  sha256?: pulumi.Input<string> | undefined;
  /** The release's MANIFEST, as a `path` on the workstation or as its `text`, and its own SHA-256; it has the digests of all archives. */
  manifest?:
    | pulumi.Input<{ path?: pulumi.Input<string>; text?: pulumi.Input<string>; sha256: pulumi.Input<string> }>
    | undefined;
  /** More archives of the release to be unpacked into the base: "lib32", "src", "ports". Default: none. */
  components?: pulumi.Input<pulumi.Input<"ports" | "src" | "lib32">[]> | undefined;
  /**
   * What the zone lies on: folders ("ufs", also for a file system that is something else), or data sets of ZFS: `{ zfs: "zroot/jails" }`, or with
   * the `compression` of the base and the jails on it (zfsprops(7); live, for what is written from then on). The data set is made, unless it is
   * there, and is mounted nowhere; in it are the base, its template, and each jail as a clone of that, mounted below `root`. Needs a pool, and
   * zfs_enable in rc.conf. Default: "ufs". Another data set needs another `root`.
   */
  storage?: pulumi.Input<"ufs" | { zfs: pulumi.Input<string | ZfsArgs> }> | undefined;
  /** Any value; when it changes, the base is made anew, as after the host was patched (source "host"), or for newer patches. */
  trigger?: pulumi.Input<unknown> | undefined;
  /** Leave the base on the host when the resource is deleted or replaced. Default: false. */
  keep?: pulumi.Input<boolean> | undefined;
}

/**
 * One release's userland, shared read-only by the jails on it, and the template that new jails start from (Handbook, "Service Jails";
 * qjail's sharedfs, ezjail's basejail). It is immutable: what would change it makes another one beside it.
 *
 * @example
 * const base = new BaseInstall("base", { release: "14.3-RELEASE", sha256: "…" });
 */
export class BaseInstall extends pulumi.dynamic.Resource {
  /** Where the base lies: ROOT/sharedfs/RELEASE. Known in a preview. */
  declare readonly path: pulumi.Output<string>;
  /** Where its template lies: ROOT/template/RELEASE. */
  declare readonly template: pulumi.Output<string>;
  /** The root of its zone. */
  declare readonly root: pulumi.Output<string>;
  /** The release that was asked for. */
  declare readonly release: pulumi.Output<string>;
  /** The release that is there: for "host", what the host ran. */
  declare readonly installedRelease: pulumi.Output<string>;
  /** Its patch level; 0 for a release as it was published. */
  declare readonly patchLevel: pulumi.Output<number>;
  /** `uname -p` of the host: "amd64", "aarch64". */
  declare readonly architecture: pulumi.Output<string>;
  /** What the zone lies on. */
  declare readonly storage: pulumi.Output<"ufs" | { zfs: { dataset: string; compression?: string } }>;
  /** Its data set, if it is one. */
  declare readonly dataset: pulumi.Output<string | undefined>;
  /** `kern.hostuuid` of the host. */
  declare readonly hostUuid: pulumi.Output<string>;

  constructor(name: string, args: BaseInstallArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = [
      "path",
      "template",
      "root",
      "storage",
      "dataset",
      "installedRelease",
      "patchLevel",
      "architecture",
      "hostUuid",
      "token",
    ];
    super(provider, name, properties(name, args, outputs), opts, "freebsd", "BaseInstall");
  }
}
