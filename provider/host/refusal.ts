import { addressOf, type Connection, type ProxyConnection } from "./connection";
import { HostError } from "./error";
import { hostKeyRefusal } from "./host-key";

/** What ssh says although nothing is wrong. */
const chatter = /^(?:debug1: |Authenticated to |Transferred: |Bytes per second: |\s*$)/;

/** How an ssh process ended: what it said with LogLevel DEBUG1, and its status. */
export interface Ending {
  readonly stderr: readonly string[];
  readonly status: number;
}

/** Why there is no session. */
export interface Refusal {
  readonly error: HostError;
  /** Whether another attempt may end otherwise. A refused login never does, and sshd counts them. */
  readonly again: boolean;
}

interface Case {
  readonly code: string;
  readonly pattern: RegExp;
  readonly again?: boolean;
  /** What happened and what to do; ADDRESS is the hop. */
  readonly text: (hop: Hop, match: RegExpExecArray) => string;
}

type Hop = Connection | ProxyConnection;

/** The errors of the way there and of the login. The first pattern that a line has wins. */
const cases: readonly Case[] = [
  {
    code: "dns",
    pattern: /Could not resolve hostname \S+: Temporary failure/,
    again: true,
    text: (hop) => `the name ${hop.host} could not be looked up: the name server does not answer`,
  },
  {
    code: "dns",
    pattern: /Could not resolve hostname/,
    text: (hop) => `there is no host of the name ${hop.host}: check \`host\``,
  },
  {
    code: "refused",
    pattern: /Connection refused/,
    again: true,
    text: (hop) => `connection refused: is sshd running there, on port ${hop.port ?? 22}?`,
  },
  {
    code: "no_route",
    pattern: /No route to host|Network is unreachable|Host is down|Cannot assign requested address/,
    again: true,
    text: () => "no route to the host: check the address and the network",
  },
  {
    code: "timeout",
    pattern: /timed out/,
    again: true,
    text: (hop) => `no answer within ${hop.perDialTimeout} s: check the address, the port and firewalls in between`,
  },
  {
    code: "negotiation",
    pattern: /no matching (.+) found\. Their offer: (.*)/,
    text: (_, match) => `no ${match[1]} in common; the host offers ${match[2]}`,
  },
  {
    code: "ssh_config",
    pattern:
      /Bad configuration option|Can't open user config file|Bad owner or permissions on|terminating, \d+ bad conf/,
    text: (_, match) => `ssh does not take its configuration (${match.input}): mend it, or set \`sshConfig: "none"\``,
  },
  {
    code: "login_refused",
    pattern: /Permission denied \((.*)\)|Too many authentication failures/,
    text: (hop, match) => `${refusedLogin(hop)}${match[1] ? ` (it takes: ${match[1]})` : ""}`,
  },
];

/** After the login: from the command that ssh started. */
const laterCases: readonly Case[] = [
  {
    code: "become",
    pattern: /\b(doas|sudo): (?:command )?not found/i,
    text: (_, match) => `there is no ${match[1]} on the host: install it, or set \`become\` otherwise`,
  },
  {
    code: "become",
    pattern: /^(doas|sudo): .*|.*(?:not in the sudoers file|may not run sudo).*/,
    text: (hop, match) =>
      `${hop.user} may not become root without a password (${match[0]}): ${allow(match[1], hop.user)}`,
  },
  {
    code: "no_shell",
    pattern: /not found|No such file|This account is currently not available/i,
    text: (hop, match) => `${hop.user} gets no shell there (${match.input}): give the user a login shell`,
  },
];

/** Says why ssh ended before the worker was there, and whether to try again. */
export function refusalOf(connection: Connection, ending: Ending): Refusal {
  const hop = hopOf(connection, ending.stderr);
  const hostKey = hostKeyRefusal(hop, ending.stderr);
  if (hostKey) return { error: hostKey, again: false };
  const said = ending.stderr.filter((line) => !chatter.test(line));
  const table = isLoggedIn(hop, connection, ending.stderr) ? laterCases : cases;
  for (const one of table) {
    for (const line of said) {
      const match = one.pattern.exec(line);
      if (!match) continue;
      const code = one.code === "login_refused" ? loginCode(hop) : one.code;
      return {
        error: new HostError(code, `${addressOf(hop)}: ${one.text(hop, match)}`, said),
        again: one.again ?? false,
      };
    }
  }
  return closed(hop, said, ending.status);
}

function closed(hop: Hop, said: readonly string[], status: number): Refusal {
  const last = said.at(-1) ?? `ssh ended with status ${status}`;
  return {
    error: new HostError("closed", `${addressOf(hop)}: the connection was closed (${last})`, said),
    again: true,
  };
}

/** The hop that this is about: the proxy, as long as it has not let us in. */
function hopOf(connection: Connection, stderr: readonly string[]): Hop {
  const { proxy } = connection;
  if (!proxy) return connection;
  return authenticated(stderr).length > 0 ? connection : proxy;
}

/** Whether ssh was let in by the host itself, so that what followed may have begun there. */
export function hasLoggedIn(connection: Connection, stderr: readonly string[]): boolean {
  return isLoggedIn(hopOf(connection, stderr), connection, stderr);
}

function isLoggedIn(hop: Hop, connection: Connection, stderr: readonly string[]): boolean {
  return hop === connection && authenticated(stderr).length >= (connection.proxy ? 2 : 1);
}

function authenticated(stderr: readonly string[]): readonly string[] {
  return stderr.filter((line) => /^Authenticated to /.test(line));
}

function loginCode(hop: Hop): string {
  return hop.password !== undefined && hop.privateKey === undefined ? "password_refused" : "key_refused";
}

function refusedLogin(hop: Hop): string {
  if (loginCode(hop) === "password_refused") return `the password of ${hop.user} was refused`;
  const both = hop.password === undefined ? "" : ", and its password";
  if (hop.privateKey !== undefined)
    return `the private key was refused for ${hop.user}${both}: is its public key there?`;
  return `no key of ssh's agent or configuration was taken for ${hop.user}: give \`privateKey\`, or add yours there`;
}

function allow(program: string | undefined, user: string): string {
  if (program === "doas") return `allow it with "permit nopass ${user}" in doas.conf`;
  return `allow it with "${user} ALL=(ALL) NOPASSWD: ALL" in sudoers`;
}
