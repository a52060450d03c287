import type * as pulumi from "@pulumi/pulumi";

/** A value of a parameter of jail(8): true is the parameter alone, false its "no" form. */
export type JailParameter = boolean | number | string | string[];

/** The rest of what jail(8) and rctl(8) can say of a jail. */
export interface JailSettingsArgs {
  /**
   * Other parameters of jail(8), under their own names: `{ "host.domainname": "example.org", "ip4.saddrsel": false }`. One that the host's
   * kernel doesn't know is an error before anything changes. A change restarts the jail.
   */
  parameters?: pulumi.Input<Record<string, pulumi.Input<JailParameter>>> | undefined;
  /** What `uname -r` says in the jail. Default: what it says on the host. A change restarts the jail. */
  osrelease?: pulumi.Input<string> | undefined;
  /**
   * Command lines that the host runs before the jail is made (jail(8): exec.prestart), one or a list, exactly as they are written; jail(8)
   * gives those to sh(1) that have something of the shell's in them. One that fails keeps the jail from starting. A change restarts the jail.
   */
  execPrestart?: pulumi.Input<string | pulumi.Input<string>[]> | undefined;
  /** The same, when the jail is there, and nothing runs in it yet (exec.created). A change restarts the jail. */
  execCreated?: pulumi.Input<string | pulumi.Input<string>[]> | undefined;
  /** Command lines that start the jail, run in it (exec.start). Default: "/bin/sh /etc/rc". A change restarts the jail. */
  execStart?: pulumi.Input<string | pulumi.Input<string>[]> | undefined;
  /** The same on the host, after that (exec.poststart). A change restarts the jail. */
  execPoststart?: pulumi.Input<string | pulumi.Input<string>[]> | undefined;
  /** Command lines that the host runs before the jail is stopped (exec.prestop). Changed live. */
  execPrestop?: pulumi.Input<string | pulumi.Input<string>[]> | undefined;
  /** Command lines that stop the jail, run in it (exec.stop). Default: "/bin/sh /etc/rc.shutdown jail". Changed live. */
  execStop?: pulumi.Input<string | pulumi.Input<string>[]> | undefined;
  /** The same on the host, when the jail is gone (exec.poststop). Changed live. */
  execPoststop?: pulumi.Input<string | pulumi.Input<string>[]> | undefined;
  /** The host's processors that it may use, as "0-1,3" (cpuset(1)). Default: all. Changed live. */
  cpuset?: pulumi.Input<string | number> | undefined;
  /** The routing table of its commands (setfib(1)); the host needs net.fibs of them. Default: 0. A change restarts the jail. */
  fib?: pulumi.Input<number> | undefined;
  /**
   * What the jail may use at most, by rctl(8)'s names: `{ memoryuse: "512m", maxproc: 100, cputime: "sigterm=3600", readbps: "10m" }`. Without
   * an action in front, more is denied, or slowed down for readbps, writebps, readiops and writeiops. The host needs kern.racct.enable=1 in its
   * loader.conf(5). Changed live.
   */
  limits?: pulumi.Input<Record<string, pulumi.Input<string | number>>> | undefined;
}
