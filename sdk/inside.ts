import * as pulumi from "@pulumi/pulumi";
import type { Flavor, FlavorFile, UserArgs } from "./flavor";

/** A service of a jail. */
export interface ServiceArgs {
  /** The name of its script, as service(8) takes it. */
  name: pulumi.Input<string>;
  /** Any value; with another one, the service is restarted: the content of a file that it reads, for example. */
  restart?: unknown;
}

/** A command that says whether a jail is well. */
export interface HealthCheckArgs {
  /** A command line or a script of sh(1), run as the jail's root: status 0 is well. */
  command: pulumi.Input<string>;
  /** Seconds that it is tried again, once a second. Default: 30. */
  timeout?: pulumi.Input<number> | undefined;
}

/**
 * What is inside of a jail. All of it is done through the jail (jexec(8)), never through its path on the host; in a stopped jail through one
 * that lives only that long. Where something of it fails, the jail is as before. What is taken out of the program is put back as it was.
 */
export interface InsideArgs {
  /**
   * Packages of pkg(8), by name or origin; pkg is bootstrapped if it isn't there. From the repository that the jail has, as of a flavor's
   * `pkgRepository`. Taken out, they are deleted, with what came with them and nobody else needs.
   */
  packages?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Services that are enabled, and run when the jail runs. Taken out, they are stopped, unless other lines of rc.conf enable them. */
  services?: pulumi.Input<pulumi.Input<string | ServiceArgs>[]> | undefined;
  /** Lines at the end of the jail's rc.conf(5), in a block of ours; true and false become YES and NO. Taken out, what stands above counts again. */
  rcConf?: pulumi.Input<Record<string, pulumi.Input<string | number | boolean>>> | undefined;
  /**
   * Path in the jail → the file, at most 1 MB: its text, or a file of the workstation. Taken out, what was there before comes back. A changed
   * file restarts nothing by itself.
   */
  files?: pulumi.Input<Record<string, FlavorFile>> | undefined;
  /** Users, each with a group of the same name. Taken out, those that were made here are removed; their homes stay. */
  users?: pulumi.Input<pulumi.Input<UserArgs>[]> | undefined;
  /**
   * Command lines or scripts of sh(1) that run once in the jail, as its root, in this order, when packages, files and users are there and before
   * the services start; a changed one runs again, and so does one that failed or was cut off.
   */
  run?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** A command that has to succeed in the running jail, at the end of each `pulumi up` that changes the jail; else the jail goes back. */
  healthCheck?: pulumi.Input<string | HealthCheckArgs> | undefined;
  /** The files, packages, rcConf and users of the flavors, as they change, come to this jail too. Default: false. */
  followFlavor?: pulumi.Input<boolean> | undefined;
}

/** What of the flavors follows them into jails that are there. */
export function followed(
  flavors: readonly unknown[] | undefined,
  follow: InsideArgs["followFlavor"],
): pulumi.Input<unknown> {
  const known = (flavors ?? []).filter((flavor) => pulumi.Resource.isInstance(flavor)) as Flavor[];
  if (follow === undefined || follow === false || known.length === 0) return undefined;
  return known.map(({ name, files, directory, pkgRepository, packages, rcConf, users, sshUser, resolvConf }) => ({
    ...{ name, files, directory, pkgRepository, packages, rcConf, users, sshUser, resolvConf },
  }));
}
