import * as pulumi from "@pulumi/pulumi";

import provider = require("../provider/resources/jailArchive");

import { ImageJail } from "./imageJail";
import type { Jail } from "./jail";
import { type CommonArgs, properties } from "./resource";

/** Which archives stay. The newest always does, and so does one that a jail of the host was made of. */
export interface KeepArgs {
  /** The last so many. */
  last?: pulumi.Input<number> | undefined;
  /** The newest of each of the last so many days that have one. */
  daily?: pulumi.Input<number> | undefined;
  /** The newest of each of the last so many weeks that have one. */
  weekly?: pulumi.Input<number> | undefined;
  /** The newest of each of the last so many months that have one. */
  monthly?: pulumi.Input<number> | undefined;
  /** None that is older: seconds, or "30d". */
  age?: pulumi.Input<number | string> | undefined;
}

/** The properties of a {@link JailArchive}. */
export interface JailArchiveArgs extends CommonArgs {
  /** The jail, or its name. With an encrypted ImageJail give the resource, so that its disk can be opened again afterwards. */
  jail: Jail | ImageJail | pulumi.Input<string>;
  /** The folder on the host. Default: ROOT/archive. Not for a snapshot. */
  path?: pulumi.Input<string> | undefined;
  /** Default: xz. Not for a snapshot. */
  compression?: pulumi.Input<"xz" | "zstd" | "gzip" | "none"> | undefined;
  /**
   * A snapshot in place of a file, made in no time, for a jail in data sets (BaseInstall: `storage`): a read-only clone in its pool that shares
   * with the jail what both have, and stays when the jail goes (zfs-snapshot(8), zfs-clone(8)). The jail is stopped for that moment alone; with
   * `stop: false` it runs on, and its files are in the archive as a power cut would leave them. Default: false.
   */
  snapshot?: pulumi.Input<boolean> | undefined;
  /** Which archives stay: a number (the last so many), or rules. Default: all. */
  keep?: pulumi.Input<number | KeepArgs> | undefined;
  /** Any value; with another one, another archive is made. */
  trigger?: unknown;
  /** Stop a jail that runs for the time of the archive. Default: true; with false, an archive of a running jail is an error, but for a snapshot. */
  stop?: pulumi.Input<boolean> | undefined;
  /** "keep": the files stay when this resource is deleted; "destroy": they go. Default: keep. */
  onDelete?: pulumi.Input<"keep" | "destroy"> | undefined;
}

/**
 * Archives of a jail in ROOT/archive/NAME-TIME.tar.xz, each with a manifest beside it (tar(1); qjail's and ezjail's archives). A jail comes
 * back from one by `restore`, and new ones are made like it by `template`. On ZFS, a snapshot does the same in no time: ROOT/archive/NAME-TIME.zfs,
 * which `restore` brings back in the same pool without a copy.
 *
 * @example
 * const golden = new JailArchive("golden", { jail: prepared, trigger: "2026-11-22", keep: { daily: 7, weekly: 4 } });
 * const copy = new Jail("copy", { base, template: golden, addresses: [lo1.address(5)] });
 *
 * @example
 * const hourly = new JailArchive("hourly", { jail: db, snapshot: true, trigger: thisHour, keep: { last: 24, daily: 7 } });
 */
export class JailArchive extends pulumi.dynamic.Resource {
  /** The newest archive. */
  declare readonly file: pulumi.Output<string>;
  /** Its SHA-256; "" for a snapshot. */
  declare readonly sha256: pulumi.Output<string>;
  /** The release of the jail's base. */
  declare readonly release: pulumi.Output<string>;
  /** When it was made. */
  declare readonly created: pulumi.Output<string>;
  /** All archives of this resource, the newest first. */
  declare readonly files: pulumi.Output<string[]>;
  /** The jail's name. */
  declare readonly jail: pulumi.Output<string>;
  /** `kern.hostuuid` of the host. */
  declare readonly hostUuid: pulumi.Output<string>;

  constructor(name: string, args: JailArchiveArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = ["file", "sha256", "release", "created", "files", "hostUuid", "token"];
    const { jail } = args;
    super(
      provider,
      name,
      {
        ...properties(name, args, outputs),
        jail: nameOf(jail),
        encryption: encryptionOf(jail),
        // For the preview alone: an ImageJail has no data set.
        image: jail instanceof ImageJail ? true : undefined,
      },
      opts,
      "freebsd",
      "JailArchive",
    );
  }
}

function nameOf(jail: JailArchiveArgs["jail"]): pulumi.Input<string> {
  return pulumi.Resource.isInstance(jail) ? (jail as Jail).name : (jail as pulumi.Input<string>);
}

/** The key of the jail's disk, if it has one. */
function encryptionOf(jail: JailArchiveArgs["jail"]): unknown {
  return jail instanceof ImageJail ? jail.image.apply((image) => image?.encryption) : undefined;
}
