import { type Connection, connectionSchema } from "../host/connection";
import type { Bag } from "./validate";

/** What `configure` gets from the engine: the stack's configuration, secrets in clear. */
export interface ConfigureRequest {
  readonly config: { get(key: string): string | undefined };
}

/** The stack's connection settings; each key as `freebsd:KEY`. */
const keys = [
  "host",
  "user",
  "password",
  "privateKey",
  "privateKeyPassword",
  "agentSocketPath",
  "hostKey",
  "become",
  "sshConfig",
] as const;

// Each resource's provider is configured by itself, all of them in one process and with the same configuration.
let stack: Bag = {};
let preflight = false;

/** Remembers the stack's configuration. Not asynchronous: the engine doesn't wait for it. */
export function configure(request: ConfigureRequest): void {
  const get = (key: string) => request.config.get(`freebsd:${key}`);
  preflight = get("preflight") === "true";
  stack = {
    ...Object.fromEntries(keys.map((key) => [key, get(key)]).filter(([, value]) => value !== undefined)),
    ...numberOf("port", get("port")),
    ...numberOf("parallel", get("parallel")),
    ...(get("trustOnFirstUse") === undefined ? {} : { trustOnFirstUse: get("trustOnFirstUse") === "true" }),
  };
}

/** Whether a preview asks the host, too: `freebsd:preflight`. */
export function wantsPreflight(): boolean {
  return preflight;
}

function numberOf(key: string, value: string | undefined): Bag {
  return value === undefined ? {} : { [key]: Number(value) };
}

/** A resource's connection: its own, or the stack's. */
export function connectionOf(own: unknown): Connection {
  const settings = own ?? stack;
  const result = connectionSchema.safeParse(settings);
  if (result.success) return result.data;
  if (own === undefined && stack["host"] === undefined) {
    throw new Error("no host is given: set `connection` on the resource, or `pulumi config set freebsd:host ADDRESS`");
  }
  throw new Error(
    `connection: ${result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ")}`,
  );
}

/** Which host a connection means, as far as it is known: what two resources of one program can be compared by. */
export function hostName(own: unknown): string {
  const settings = (own ?? stack) as { host?: unknown; port?: unknown };
  return `${String(settings.host ?? "")}:${String(settings.port ?? 22)}`;
}
