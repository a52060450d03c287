import type { Connection, ProxyConnection } from "./connection";
import { askpassVariables, type Credentials } from "./login";

/** How to start ssh: its arguments and what its environment has on top. Nothing here is a secret. */
export interface SshCommand {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What the login shell of the host is given: plain enough for csh. doas and sudo empty the environment, of which one word is needed. */
const remoteCommand = {
  none: "exec /bin/sh",
  doas: 'exec doas -n /bin/sh -s "$SSH_CONNECTION"',
  sudo: 'exec sudo -n /bin/sh -s "$SSH_CONNECTION"',
} as const;

const fixed = {
  // Older releases of ssh don't know all of these.
  IgnoreUnknown: "SessionType,StdinNull,ForkAfterAuthentication,KnownHostsCommand,EnableEscapeCommandline",
  ControlMaster: "no",
  ControlPath: "none",
  ConnectionAttempts: "1",
  ServerAliveCountMax: "3",
  ForwardAgent: "no",
  ForwardX11: "no",
  ClearAllForwardings: "yes",
  PermitLocalCommand: "no",
  RemoteCommand: "none",
  SessionType: "default",
  StdinNull: "no",
  ForkAfterAuthentication: "no",
  EscapeChar: "none",
  // The shell that the worker brings along is 200 KB of text: on a slow line, some round trips of it.
  Compression: "yes",
  RequestTTY: "no",
  UpdateHostKeys: "no",
  VerifyHostKeyDNS: "no",
  // Tells what went wrong, with fingerprints; never shown as it is.
  LogLevel: "DEBUG1",
} as const;

/** The arguments for a host, and for the hop before it. */
export function sshCommand(connection: Connection, credentials: readonly Credentials[]): SshCommand {
  const own = credentials[0] ?? {};
  const options = { ...hopOptions(connection, connection, own), ...proxyOption(connection, credentials[1] ?? {}) };
  const args = [...hopArguments(connection, connection, options), "-T", "--", connection.host];
  return { args: [...args, remoteCommand[connection.become]], env: own.askpass ? askpassVariables(own.askpass) : {} };
}

type Options = Readonly<Record<string, string>>;

function hopArguments(hop: Connection | ProxyConnection, connection: Connection, options: Options): string[] {
  const config = connection.sshConfig ? ["-F", connection.sshConfig] : [];
  const port = hop.port === undefined ? [] : ["-p", String(hop.port)];
  const pairs = Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  return [...config, ...pairs, "-l", hop.user, ...port];
}

function hopOptions(hop: Connection | ProxyConnection, connection: Connection, credentials: Credentials): Options {
  return {
    ...fixed,
    ConnectTimeout: String(hop.perDialTimeout),
    ServerAliveInterval: String(Math.min(15, Math.max(1, hop.perDialTimeout || 15))),
    ...hostKeyOptions(hop, connection.trustOnFirstUse),
    ...loginOptions(hop, credentials),
  };
}

/** The hop before runs as a ProxyCommand: a ProxyJump would not inherit these options. */
function proxyOption(connection: Connection, credentials: Credentials): Options {
  const { proxy } = connection;
  if (!proxy) return {};
  const args = hopArguments(proxy, connection, hopOptions(proxy, connection, credentials));
  const words = [...["ssh", ...args, "-W"].map(quote), "'[%h]:%p'", "--", quote(proxy.host)];
  const variables = Object.entries(credentials.askpass ? askpassVariables(credentials.askpass) : {});
  const assignments = variables.map(([name, value]) => `${name}=${quote(value)}`);
  return { ProxyCommand: ["env", ...assignments, ...words].join(" ") };
}

/** One word for sh, with ssh's own percent signs doubled. */
function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''").replaceAll("%", "%%")}'`;
}

function hostKeyOptions(hop: Connection | ProxyConnection, trustOnFirstUse: boolean): Options {
  if (hop.hostKey === undefined) return { StrictHostKeyChecking: trustOnFirstUse ? "accept-new" : "yes" };
  const [type, key] = hop.hostKey.split(" ");
  const alias = "pulumi-freebsd-jails";
  return {
    StrictHostKeyChecking: "yes",
    HostKeyAlias: alias,
    HostKeyAlgorithms: algorithms(type ?? ""),
    CheckHostIP: "no",
    UserKnownHostsFile: "/dev/null",
    GlobalKnownHostsFile: "/dev/null",
    // ssh reads what this prints like a known_hosts file: no file to leave behind.
    KnownHostsCommand: `/bin/echo ${alias} ${type} ${key}`,
  };
}

function algorithms(type: string): string {
  return type === "ssh-rsa" ? "rsa-sha2-512,rsa-sha2-256" : type;
}

function loginOptions(hop: Connection | ProxyConnection, { agent, askpass }: Credentials): Options {
  const methods = [
    ...(hop.privateKey ? ["publickey"] : []),
    ...(hop.password ? ["password,keyboard-interactive"] : []),
  ];
  const keys = agent ? { IdentityAgent: agent, IdentityFile: "none", IdentitiesOnly: "no" } : {};
  const userAgent = !agent && hop.agentSocketPath ? { IdentityAgent: hop.agentSocketPath } : {};
  return {
    BatchMode: askpass ? "no" : "yes",
    NumberOfPasswordPrompts: "1",
    ...(methods.length > 0 ? { PreferredAuthentications: methods.join(",") } : {}),
    ...keys,
    ...userAgent,
  };
}
