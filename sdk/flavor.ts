import * as pulumi from "@pulumi/pulumi";

import provider = require("../provider/resources/flavor");

import { type CommonArgs, properties } from "./resource";

/** Whose a file of a flavor is, and who may read it. */
export interface FileAttributes {
  /** Its mode, as 0o644 or "0644". Default: 0644. */
  mode?: pulumi.Input<number | string> | undefined;
  /** "root", a user of the flavor, or a number. Default: root. */
  owner?: pulumi.Input<string | number> | undefined;
  /** "wheel", a user's own group, or a number. Default: the owner's. */
  group?: pulumi.Input<string | number> | undefined;
}

/** A file of a flavor: its text, or a file of the workstation. */
export type FlavorFile =
  | pulumi.Input<string>
  | pulumi.Input<FileAttributes & { content: pulumi.Input<string> }>
  | pulumi.Input<FileAttributes & { source: pulumi.Input<string> }>;

/** A user of a jail (pw(8)). */
export interface UserArgs {
  /** The login name. */
  name: pulumi.Input<string>;
  /** Default: 1001 for the flavor's first user, 1002 for the second, and so on. */
  uid?: pulumi.Input<number> | undefined;
  /** Groups that the user is a member of, besides a group of the same name. */
  groups?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** The login shell. Default: /bin/sh. */
  shell?: pulumi.Input<string> | undefined;
  /** The home folder. Default: /home/NAME. */
  home?: pulumi.Input<string> | undefined;
  /** The full name. */
  gecos?: pulumi.Input<string> | undefined;
  /** Lines for ~/.ssh/authorized_keys. */
  sshKeys?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** A crypt(3) hash, as `openssl passwd -6` prints it. Default: "*", no login by password. */
  passwordHash?: pulumi.Input<string> | undefined;
  /** The password has to be changed at the first login. Default: false. */
  mustChangePassword?: pulumi.Input<boolean> | undefined;
}

/** The user for ssh access: a member of wheel; a password has to be changed at the first login. */
export interface SshUserArgs {
  /** The login name. */
  name: pulumi.Input<string>;
  /** Default: the next after the flavor's users, from 1001. */
  uid?: pulumi.Input<number> | undefined;
  /** A crypt(3) hash. Either this or `sshKeys` is needed. */
  passwordHash?: pulumi.Input<string> | undefined;
  /** Lines for ~/.ssh/authorized_keys. */
  sshKeys?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** The login shell. Default: /bin/sh. */
  shell?: pulumi.Input<string> | undefined;
}

/** A repository of pkg(8), as pkg.conf(5) describes it. */
export interface PkgRepositoryArgs {
  /** Its name, and its file's. Default: "FreeBSD". */
  name?: pulumi.Input<string> | undefined;
  /** Default: FreeBSD's own, quarterly. */
  url?: pulumi.Input<string> | undefined;
  enabled?: pulumi.Input<boolean> | undefined;
  mirrorType?: pulumi.Input<"srv" | "http" | "none"> | undefined;
  signatureType?: pulumi.Input<"fingerprints" | "pubkey" | "none"> | undefined;
  fingerprints?: pulumi.Input<string> | undefined;
  priority?: pulumi.Input<number> | undefined;
}

/** A resolv.conf(5). */
export interface ResolvConfArgs {
  nameservers?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  search?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  options?: pulumi.Input<pulumi.Input<string>[]> | undefined;
}

/** The properties of a {@link Flavor}. A change is for the jails that are made from then on. */
export interface FlavorArgs extends CommonArgs {
  /** The root of the zone. Default: /usr/jails. */
  root?: pulumi.Input<string> | undefined;
  /** Path in the jail → the file. A path in the shared base (/bin, /usr/bin, …), or one that leaves the jail, is an error. */
  files?: pulumi.Input<Record<string, FlavorFile>> | undefined;
  /** A folder of the workstation whose tree goes over the jail's; all of it becomes root's. */
  directory?: pulumi.Input<string> | undefined;
  /** pkg's repository: /usr/local/etc/pkg/repos/NAME.conf. */
  pkgRepository?: pulumi.Input<PkgRepositoryArgs> | undefined;
  /** Packages of pkg(8) that a new jail gets at its first start, from the repository that it has. */
  packages?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Lines of the jail's rc.conf(5); true and false become YES and NO. Those of several flavors follow each other. */
  rcConf?: pulumi.Input<Record<string, pulumi.Input<string | number | boolean>>> | undefined;
  /** Users of the jail. */
  users?: pulumi.Input<pulumi.Input<UserArgs>[]> | undefined;
  /** ssh access with one user in wheel, as qjail's -h: sshd is enabled. */
  sshUser?: pulumi.Input<SshUserArgs> | undefined;
  /** A zone of tzsetup(8): "Europe/Vienna". */
  timezone?: pulumi.Input<string> | undefined;
  /** The jail's resolv.conf(5): its text, or its settings. Default: the host's, copied when the jail is made. */
  resolvConf?: pulumi.Input<string | ResolvConfArgs> | undefined;
  /** A sh(1) script that runs once in the new jail, at its first start; its output is in the jail's console log. */
  firstBoot?: pulumi.Input<string> | undefined;
}

const contents = ["files", "directory", "pkgRepository", "packages", "rcConf", "users", "sshUser", "resolvConf"];

/**
 * What new jails get over their template: files, users, settings (qjail's and ezjail's flavors). Several on one jail: later ones win.
 *
 * @example
 * const plain = new Flavor("default", { pkgRepository: {}, timezone: "Europe/Vienna" });
 * const web = new Jail("web", { base, flavors: [plain] });
 */
export class Flavor extends pulumi.dynamic.Resource {
  /** The flavor's name. */
  declare readonly name: pulumi.Output<string>;
  /** Where it lies: ROOT/flavors/NAME. */
  declare readonly path: pulumi.Output<string>;
  /** Its properties, for jails that follow it. */
  declare readonly files: pulumi.Output<Record<string, unknown>>;
  declare readonly directory: pulumi.Output<string | undefined>;
  declare readonly pkgRepository: pulumi.Output<unknown>;
  declare readonly packages: pulumi.Output<string[]>;
  declare readonly rcConf: pulumi.Output<Record<string, unknown>>;
  declare readonly users: pulumi.Output<unknown[]>;
  declare readonly sshUser: pulumi.Output<unknown>;
  declare readonly resolvConf: pulumi.Output<unknown>;
  /** A line for each of its files: mode, owner, group, size, SHA-256, path. */
  declare readonly listing: pulumi.Output<string>;
  /** The SHA-256 of all of it. */
  declare readonly digest: pulumi.Output<string>;
  /** `kern.hostuuid` of the host. */
  declare readonly hostUuid: pulumi.Output<string>;

  constructor(name: string, args: FlavorArgs = {}, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      properties(name, args, [...contents, "path", "listing", "digest", "hostUuid", "token"]),
      opts,
      "freebsd",
      "Flavor",
    );
  }
}
