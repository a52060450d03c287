import type * as pulumi from "@pulumi/pulumi";

/** What all mounts have. */
interface AnyMount {
  /** Mount read-only. Default: false. */
  readOnly?: pulumi.Input<boolean> | undefined;
  /** More options of mount(8): "noexec", "nosuid". */
  options?: pulumi.Input<pulumi.Input<string>[]> | undefined;
}

/** A folder of the host (mount_nullfs(8)). */
export interface NullfsMount extends AnyMount {
  type: "nullfs";
  /** The folder on the host; it has to be there, and not among the jails' own trees. */
  source: pulumi.Input<string>;
  /** Where it is in the jail. The folder there is made if it is missing; a link in its place is an error. */
  target: pulumi.Input<string>;
}

/** Files in memory, gone when the jail stops (tmpfs(5)). */
export interface TmpfsMount extends AnyMount {
  type: "tmpfs";
  /** Where it is in the jail. */
  target: pulumi.Input<string>;
  /** Bytes, or "64m". Default: as much as the host has. */
  size?: pulumi.Input<number | string> | undefined;
  /** The mode of its root: "1777". Default: that of the folder below it. */
  mode?: pulumi.Input<string> | undefined;
}

/** Descriptors as files (fdescfs(5)). */
export interface FdescfsMount extends AnyMount {
  type: "fdescfs";
  /** Default: /dev/fd. */
  target?: pulumi.Input<string> | undefined;
}

/** Processes as files (procfs(5)). */
export interface ProcfsMount extends AnyMount {
  type: "procfs";
  /** Default: /proc. */
  target?: pulumi.Input<string> | undefined;
}

/** Processes as files, for programs of Linux (linprocfs(5)). */
export interface LinprocfsMount extends AnyMount {
  type: "linprocfs";
  /** Default: /compat/linux/proc. */
  target?: pulumi.Input<string> | undefined;
}

/** A file system in a jail; a word alone is one at its usual place. */
export type MountArgs =
  | NullfsMount
  | TmpfsMount
  | FdescfsMount
  | ProcfsMount
  | LinprocfsMount
  | "fdescfs"
  | "procfs"
  | "linprocfs";

/** What a jail sees beside its own tree, its base and its /dev. */
export interface JailMountsArgs {
  /** Mounted in this order when the jail starts, and unmounted when it stops. A change restarts the jail. */
  mounts?: pulumi.Input<pulumi.Input<MountArgs>[]> | undefined;
  /** See to the base's ports tree in /usr/ports, and a make.conf(5) that builds elsewhere than in it. The base needs the component. Default: false. */
  ports?: pulumi.Input<boolean> | undefined;
  /** See to the base's sources in /usr/src; what is made of them goes to /usr/obj. The base needs the component. Default: false. */
  src?: pulumi.Input<boolean> | undefined;
}
