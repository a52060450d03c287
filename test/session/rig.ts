import { mkdtempSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Connection, type ConnectionInput, connectionSchema } from "../../provider/host/connection";
import { connect, type Host, type Operation, type Reply } from "../../provider/host/host";
import { addToLibrary } from "../../provider/host/library";
import { setReporter } from "../../provider/host/log";
import { closeAll } from "../../provider/host/pool";
import { Machine } from "../host/machine";

/** A stand-in host for tests of the session, with the operations of probe.sh. */
export class Rig {
  /** What the user saw. */
  readonly shown: string[] = [];
  readonly #restore = setReporter((line) => this.shown.push(line));
  readonly privateKey: string;
  /** Where our sessions, and nobody else's, keep what they need for a login. */
  readonly temporary = mkdtempSync(join(tmpdir(), "rig-"));

  private constructor(readonly machine: Machine) {
    process.env.TMPDIR = this.temporary;
    this.privateKey = readFileSync(machine.privateKeyFile, "utf8");
    addToLibrary("probe.sh", readFileSync(join(__dirname, "probe.sh"), "utf8"));
  }

  static async start(): Promise<Rig> {
    const machine = await Machine.start();
    return new Rig(machine);
  }

  /** A connection to the machine, with root's key. */
  connection(more: Partial<ConnectionInput> = {}): Connection {
    return connectionSchema.parse({
      host: "127.0.0.1",
      port: this.machine.port,
      privateKey: this.privateKey,
      hostKey: this.machine.hostKey,
      sshConfig: "none",
      dialErrorLimit: 3,
      ...more,
    });
  }

  connect(more: Partial<ConnectionInput> = {}): Host {
    return connect(this.connection(more));
  }

  /** What a command line printed, run beside SSH. */
  async sh(command: string): Promise<string> {
    const { stdout, stderr, status } = await this.machine.sh(command);
    if (status !== 0) throw new Error(`${command}: ${status}\n${stderr}`);
    return stdout;
  }

  /** Folders of sessions on the host. */
  async sessions(): Promise<string[]> {
    const { stdout } = await this.machine.sh("ls /var/run");
    return stdout.split("\n").filter((name) => /^pulumi-freebsd-jails\.[0-9a-f]{32}$/.test(name));
  }

  /** Ends all sessions, and waits for the host to have cleaned up. */
  async settle(): Promise<void> {
    await closeAll();
    await eventually(async () => (await this.sessions()).length === 0);
  }

  async stop(): Promise<void> {
    await closeAll();
    setReporter(this.#restore);
    delete process.env.TMPDIR;
    await eventually(() => readdirSync(this.temporary).length === 0);
    rmdirSync(this.temporary);
    await this.machine.stop();
  }
}

/** Runs op_NAME of probe.sh. */
export function probe(
  host: Host,
  name: string,
  args: Operation["args"] = {},
  more: Partial<Operation> = {},
): Promise<Reply> {
  return host.run({ name: `probe.${name}`, args, label: `Probe ${name}`, ...more });
}

/** The error that a promise ends with. */
export async function errorOf(
  promise: Promise<unknown>,
): Promise<Error & { code?: string; details?: string[]; mayHaveRun?: boolean }> {
  return promise.then(
    (value) => Promise.reject(new Error(`no error, but ${JSON.stringify(value)}`)),
    (error) => error,
  );
}

/** Waits until something is so. */
export async function eventually(is: () => boolean | Promise<boolean>, seconds = 15): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await is())) {
    if (Date.now() > end) throw new Error(`not so after ${seconds} s: ${is}`);
    await pause(50);
  }
}

/** Milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
