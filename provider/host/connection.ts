import { createHash } from "node:crypto";
import { z } from "zod";

/** The fields of a connection that are secrets; the same ones below `proxy`. */
export const secretFields = ["password", "privateKey", "privateKeyPassword"] as const;

const hostName = z
  .string()
  .regex(/^(?!-)[A-Za-z0-9._:%-]+$/, "must be a host name or an address (letters, digits, `.`, `-`, `_`, `:`, `%`)");

const userName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/, "must be a user name (letters, digits, `.`, `-`, `_`)");

const hostKey = z
  .string()
  .trim()
  .regex(
    /^[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( [^\n]*)?$/,
    'must be one line as in authorized_keys: "ssh-ed25519 AAAA…"',
  );

/** One hop: what `@pulumi/command` calls a ProxyConnection. */
const hop = {
  /** The address of the host, or a name of the ssh configuration. */
  host: hostName,
  /** Left out: 22, or what the ssh configuration says for this host. */
  port: z.number().int().min(1).max(65535).optional(),
  user: userName.default("root"),
  password: z.string().min(1).optional(),
  /** The text of a private key. */
  privateKey: z.string().min(1).optional(),
  /** The passphrase of the private key. */
  privateKeyPassword: z.string().optional(),
  /** Left out: what SSH_AUTH_SOCK says. */
  agentSocketPath: z.string().min(1).optional(),
  /** The public key of the host, as in authorized_keys. Left out: the user's known_hosts must know it. */
  hostKey: hostKey.optional(),
  /** How many attempts to connect may fail; -1 is any number. */
  dialErrorLimit: z.number().int().min(-1).default(10),
  /** Seconds for one attempt; 0 is no limit. */
  perDialTimeout: z.number().int().min(0).default(15),
};

const proxySchema = z.strictObject(hop);

/** How to reach a host: the shape of `@pulumi/command`'s Connection, and what is ours on top. */
export const connectionSchema = z.strictObject({
  ...hop,
  /** A host to go through. */
  proxy: proxySchema.optional(),
  /** How to become root there. */
  become: z.enum(["none", "doas", "sudo"]).default("none"),
  /** A file for ssh's -F, or "none"; left out: the user's own. */
  sshConfig: z.string().min(1).optional(),
  /** Take the key of a host that is not known yet, and write it into the user's known_hosts. */
  trustOnFirstUse: z.boolean().default(false),
  /** How many operations run at once; left out: four for each CPU of the host. */
  parallel: z.number().int().min(1).max(256).optional(),
  /** Seconds to wait for a lock that somebody else holds. */
  lockTimeout: z.number().int().min(0).default(600),
});

/** A connection with its defaults filled in. */
export type Connection = z.output<typeof connectionSchema>;
/** A connection as a user writes it. */
export type ConnectionInput = z.input<typeof connectionSchema>;
/** A host to go through. */
export type ProxyConnection = z.output<typeof proxySchema>;

/** "root@10.0.0.1:22", for messages. */
export function addressOf(connection: Pick<Connection, "host" | "port" | "user">): string {
  const host = connection.host.includes(":") ? `[${connection.host}]` : connection.host;
  return `${connection.user}@${host}:${connection.port ?? 22}`;
}

/** Equal for two connections that are the same whatever the order of their fields; has no secret in clear. */
export function connectionKey(connection: Connection): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(connection)))
    .digest("hex");
}

/** Every secret in a connection, to keep them out of what is shown. */
export function secretsOf(connection: Connection): string[] {
  const hops = connection.proxy ? [connection, connection.proxy] : [connection];
  return hops.flatMap((one) => secretFields.map((field) => one[field])).filter((value) => value !== undefined);
}

function sorted(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}
