import { randomBytes } from "node:crypto";
import { closeSync, constants, copyFileSync, openSync, writeSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection, ProxyConnection } from "./connection";
import { addressOf } from "./connection";
import { HostError } from "./error";
import { environment, finish, type Program, start } from "./programs";

/** What ssh needs to log in at one hop. */
export interface Credentials {
  /** The socket of an agent that holds the private key, and nothing else. */
  readonly agent?: string;
  /** The program that gives the password or the passphrase. */
  readonly askpass?: string;
}

type Hop = Connection | ProxyConnection;

/** Names below the private folder, N the hop: agent.N, askpass.N, passphrase.N, password.N. */
interface Secret {
  readonly name: string;
  readonly value: string;
}

/**
 * Holds the secrets of one login: passwords and passphrases in fifos, private keys in agents of their own. Nothing of it
 * is ever in an argument list, an environment or a file, and all of it goes away with `close`, or with our process.
 */
export class Login {
  #folder: string | undefined;
  #guard: Program | undefined;
  readonly #fifos: number[] = [];
  readonly #hops: readonly Hop[];

  constructor(connection: Connection) {
    this.#hops = connection.proxy ? [connection, connection.proxy] : [connection];
  }

  /** The credentials of each hop: the host's, then its proxy's. */
  async open(): Promise<readonly Credentials[]> {
    if (!this.#hops.some(hasSecret)) return this.#hops.map(() => ({}));
    this.#folder = join(process.env.TMPDIR ?? tmpdir(), `pulumi-freebsd-jails-${randomBytes(12).toString("hex")}`);
    const secrets = this.#hops.flatMap(secretsOfHop);
    await this.#startGuard(this.#hops.flatMap(namesOfHop));
    for (const secret of secrets) this.#offer(secret);
    return Promise.all(this.#hops.map((hop, index) => this.#credentials(hop, index)));
  }

  /** Takes everything away; the guard does the same if we die. */
  close(): void {
    for (const fifo of this.#fifos.splice(0)) closeSync(fifo);
    this.#guard?.stdin.end();
    this.#guard = undefined;
  }

  async #startGuard(names: readonly string[]): Promise<void> {
    const script = join(__dirname, "guard.sh");
    const { program } = await start("/bin/sh", [script, this.#folder ?? "", ...names], environment());
    this.#guard = program;
    program.unref();
    program.stdin.on("error", () => {});
    const said = await new Promise<boolean>((resolve) => {
      program.stdout.once("data", () => resolve(true));
      program.once("exit", () => resolve(false));
      program.once("error", () => resolve(false));
    });
    if (!said) throw new HostError("no_agent", `cannot start ssh-agent below ${tmpdir()}`);
    for (const stream of [program.stdin, program.stdout, program.stderr]) unref(stream);
  }

  /** Opened for reading too, so that writing never waits for a reader; what is in it is gone with our process. */
  #offer({ name, value }: Secret): void {
    const fifo = openSync(this.#path(name), constants.O_RDWR | constants.O_NONBLOCK);
    this.#fifos.push(fifo);
    writeSync(fifo, `${value}\n`);
  }

  async #credentials(hop: Hop, index: number): Promise<Credentials> {
    if (!hasSecret(hop)) return {};
    const askpass = this.#path(`askpass.${index}`);
    copyFileSync(join(__dirname, "askpass.sh"), askpass);
    await chmod(askpass, 0o700);
    if (hop.privateKey === undefined) return { askpass };
    const agent = this.#path(`agent.${index}`);
    await addKey(hop, agent, askpass);
    return { agent, askpass };
  }

  #path(name: string): string {
    return join(this.#folder ?? "", name);
  }
}

/** The variables that make ssh and ssh-add call a program instead of a terminal. */
export function askpassVariables(askpass: string): Record<string, string> {
  return { SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: "force", DISPLAY: process.env.DISPLAY ?? ":0" };
}

async function addKey(hop: Hop, agent: string, askpass: string): Promise<void> {
  const env = environment({ SSH_AUTH_SOCK: agent, ...askpassVariables(askpass) });
  const { status, stderr } = await finish("ssh-add", ["-q", "-"], `${hop.privateKey?.trim()}\n`, env);
  if (status !== 0) throw keyError(hop, stderr);
}

function keyError(hop: Hop, stderr: string): HostError {
  const where = addressOf(hop);
  if (/invalid format|error in libcrypto|unsupported|not supported/i.test(stderr) && !/passphrase/i.test(stderr))
    return new HostError("key_invalid", `${where}: \`privateKey\` is no private key that ssh-add can read`);
  if (hop.privateKeyPassword === undefined)
    return new HostError(
      "passphrase_missing",
      `${where}: the private key has a passphrase: set \`privateKeyPassword\``,
    );
  return new HostError("passphrase_wrong", `${where}: \`privateKeyPassword\` is not the passphrase of the private key`);
}

function hasSecret(hop: Hop): boolean {
  return hop.password !== undefined || hop.privateKey !== undefined || hop.privateKeyPassword !== undefined;
}

function secretsOfHop(hop: Hop, index: number): Secret[] {
  const values = [
    [`password.${index}`, hop.password],
    [`passphrase.${index}`, hop.privateKeyPassword],
  ] as const;
  return values.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

function namesOfHop(hop: Hop, index: number): string[] {
  const names = secretsOfHop(hop, index).map((secret) => secret.name);
  return hop.privateKey === undefined ? names : [...names, `agent.${index}`];
}

function unref(stream: unknown): void {
  if (typeof stream === "object" && stream !== null && "unref" in stream) (stream as { unref(): void }).unref();
}
