import * as pulumi from "@pulumi/pulumi";

/** One hop of a connection: what `@pulumi/command`'s `remote.ProxyConnection` takes. */
export interface ProxyConnectionArgs {
  /** The address of the host, or its name in your ssh configuration. */
  host: pulumi.Input<string>;
  /** The port of its sshd. Default: 22, or what your ssh configuration says. */
  port?: pulumi.Input<number | undefined>;
  /** Whom to log in as. Default: root. */
  user?: pulumi.Input<string | undefined>;
  /** A password. Kept as a secret; it never stands in an argument list, an environment, a log or a file. */
  password?: pulumi.Input<string | undefined>;
  /** The text of a private key (not its path). Kept as a secret. Default: your agent's keys and those of your ssh configuration. */
  privateKey?: pulumi.Input<string | undefined>;
  /** The passphrase of `privateKey`. Kept as a secret. */
  privateKeyPassword?: pulumi.Input<string | undefined>;
  /** The socket of an ssh-agent. Default: SSH_AUTH_SOCK. */
  agentSocketPath?: pulumi.Input<string | undefined>;
  /**
   * The host's public key, as a line of authorized_keys ("ssh-ed25519 AAAA…"). Default: your known_hosts has to know the host;
   * a host that is not known is an error that prints its fingerprint.
   */
  hostKey?: pulumi.Input<string | undefined>;
  /** How many attempts to connect may fail; -1 is any number. Default: 10. */
  dialErrorLimit?: pulumi.Input<number | undefined>;
  /** Seconds that one attempt may take; 0 is no limit. Default: 15. */
  perDialTimeout?: pulumi.Input<number | undefined>;
}

/**
 * How to reach a FreeBSD host. An object for `@pulumi/command`'s `remote.Connection` serves here as well. What is left out of a resource
 * altogether comes from the stack's configuration: `freebsd:host`, `freebsd:user`, `freebsd:port`, `freebsd:privateKey`, …
 *
 * @example
 * const connection = { host: "10.0.0.5", hostKey: "ssh-ed25519 AAAA…" };
 */
export interface ConnectionArgs extends ProxyConnectionArgs {
  /** A host to go through. */
  proxy?: pulumi.Input<ProxyConnectionArgs | undefined>;
  /** How to become root there, for a `user` who is not: by doas(1) or sudo(8) without a password. Default: "none". */
  become?: pulumi.Input<"none" | "doas" | "sudo" | undefined>;
  /** A file for ssh's -F, or "none" for no configuration at all. Default: your own. */
  sshConfig?: pulumi.Input<string | undefined>;
  /** Take the key of a host that is not known yet, and write it into your known_hosts. Default: false. */
  trustOnFirstUse?: pulumi.Input<boolean | undefined>;
  /** How many operations run on the host at once. Default: four for each of its CPUs. */
  parallel?: pulumi.Input<number | undefined>;
  /** Seconds to wait for a lock that another run holds. Default: 600. */
  lockTimeout?: pulumi.Input<number | undefined>;
}

const secrets = new Set(["password", "privateKey", "privateKeyPassword"]);
const hop = [
  "host",
  "port",
  "user",
  "password",
  "privateKey",
  "privateKeyPassword",
  "agentSocketPath",
  "hostKey",
  "dialErrorLimit",
  "perDialTimeout",
];
const own = ["become", "sshConfig", "trustOnFirstUse", "parallel", "lockTimeout"];

/** A connection of which only the secrets are secret: the address stays readable in a preview. */
export function connectionInput(
  connection: pulumi.Input<ConnectionArgs> | undefined,
): pulumi.Input<unknown> | undefined {
  if (connection === undefined) return undefined;
  const fields = pick(connection, [...hop, ...own]);
  const proxy = isOutput(connection) ? connection.apply((value) => value.proxy) : (connection as ConnectionArgs).proxy;
  if (proxy === undefined) return fields;
  return { ...fields, proxy: isOutput(proxy) ? proxy : pick(proxy as ProxyConnectionArgs, hop) };
}

function pick(from: pulumi.Input<ProxyConnectionArgs>, keys: readonly string[]): Record<string, pulumi.Input<unknown>> {
  const value = (key: string): unknown =>
    isOutput(from)
      ? from.apply((all) => (all as unknown as Record<string, unknown>)[key])
      : (from as unknown as Record<string, unknown>)[key];
  return Object.fromEntries(
    keys
      .map((key) => [key, value(key)] as const)
      .filter(([, one]) => one !== undefined)
      .map(([key, one]) => [key, secrets.has(key) ? pulumi.secret(one) : one]),
  ) as Record<string, pulumi.Input<unknown>>;
}

function isOutput<T>(value: pulumi.Input<T>): value is pulumi.Output<T> {
  return pulumi.Output.isInstance(value);
}
