import { randomBytes } from "node:crypto";
import { fileOf } from "./body";
import { addressOf, type Connection } from "./connection";
import { HostError } from "./error";
import { Frames, type OperationFrame } from "./frame";
import type { HostInfo, Operation } from "./host";
import { core, neededBy } from "./library";
import { Login } from "./login";
import { environment, type Program, start } from "./programs";
import { hasLoggedIn, type Refusal, refusalOf } from "./refusal";
import { type Message, ReplyReader } from "./reply";
import { sshCommand } from "./ssh-command";

/** Who listens to a session. */
export interface SessionEvents {
  /** Something about an operation. */
  message(message: Message): void;
  /** The worker is there. */
  ready(host: HostInfo): void;
  /** It is over: why, whether the worker had been there, and whether anything that was sent may have begun. Called once. */
  ended(refusal: Refusal, wasReady: boolean, mayHaveRun: boolean): void;
}

/** What a session is started with. */
export interface SessionOptions {
  readonly connection: Connection;
  /** The nonce of the session before, whose leavings the host is to let go. */
  readonly previous: string | undefined;
}

const keptLines = 200;

/** One ssh process and the worker at its other end. What is sent before the worker is there waits in the pipe. */
export class Session {
  readonly frames = new Frames(randomBytes(16).toString("hex"));
  /** Settles when the session is over. */
  readonly over: Promise<undefined>;
  /** Settles when frames may be sent, or never will. */
  readonly opened: Promise<void>;
  /** Milliseconds for a word there and back: as the key exchange took it, or less if a reply came faster. */
  roundTrip = 0;
  readonly #reader: ReplyReader;
  readonly #login: Login;
  readonly #stderr: string[] = [];
  readonly #facts: Record<string, string> = {};
  /** The files of operations that the host has. */
  readonly #provided = new Set(core);
  #settleOver: (value: undefined) => void = () => {};
  #program: Program | undefined;
  #host: HostInfo | undefined;
  #failure: HostError | undefined;
  #over = false;
  #killed = false;
  #readyAt = 0;
  #exchangeAt = 0;
  #referenced = true;
  #deadline: NodeJS.Timeout | undefined;
  #exited: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: SessionOptions,
    private readonly events: SessionEvents,
  ) {
    this.#login = new Login(options.connection);
    this.over = new Promise((resolve) => {
      this.#settleOver = resolve;
    });
    this.#reader = new ReplyReader(
      this.frames.nonce,
      (message) => this.#message(message),
      (line) => this.#keep(line),
    );
    this.opened = this.#open();
  }

  /** Whether the worker has answered. */
  get isReady(): boolean {
    return this.#host !== undefined;
  }

  /** Whether it can still be used. */
  get alive(): boolean {
    return !this.#over;
  }

  async #open(): Promise<void> {
    try {
      const command = sshCommand(this.options.connection, await this.#login.open());
      const { program } = await start("ssh", command.args, environment(command.env));
      this.#attach(program);
      if (this.#killed) this.kill();
    } catch (error) {
      this.#login.close();
      this.#end({ error: error instanceof HostError ? error : new HostError("no_ssh", String(error)), again: false });
      return;
    }
    this.#startDeadline();
    // Behind it, frames may follow at once: that the line is full for now is no reason to wait.
    void this.send(this.frames.bootstrap(this.options.previous, this.options.connection.parallel ?? 0));
  }

  /** Sends a frame; waits while the line is full. False if the session is over. */
  async send(frame: string): Promise<boolean> {
    const stdin = this.#program?.stdin;
    if (this.#over || !stdin?.writable) return false;
    if (stdin.write(frame)) return true;
    return new Promise((resolve) => {
      const done = (): void => {
        stdin.off("drain", done);
        stdin.off("close", done);
        resolve(!this.#over && stdin.writable);
      };
      stdin.once("drain", done);
      stdin.once("close", done);
    });
  }

  /** Sends an operation, and before it the files of ours that it is made of, those that the host doesn't have yet. */
  async operate(operation: Operation, frame: OperationFrame): Promise<boolean> {
    const file = fileOf(operation);
    // Where the file is there, so is all that it needs.
    const names = this.#provided.has(file) ? [] : neededBy(file).filter((name) => !this.#provided.has(name));
    for (const name of names) this.#provided.add(name);
    const library = names.length === 0 ? "" : this.frames.library(names);
    return this.send(library + this.frames.operation(frame));
  }

  /**
   * How long the host worked at what was sent at that time and has come back now, in milliseconds. What went with the handshake was more at
   * once than the host is given otherwise, by the factor `crowd`, and each took longer for that.
   */
  hostTime(sentAt: number, crowd: number): number {
    const now = performance.now();
    if (sentAt < this.#readyAt) return (now - this.#readyAt) / crowd;
    this.roundTrip = Math.min(this.roundTrip, now - sentAt);
    return now - sentAt - this.roundTrip;
  }

  /** Whether our process waits for this session. */
  reference(on: boolean): void {
    this.#referenced = on;
    const program = this.#program;
    if (!program) return;
    const switchOne = (one: object): void => {
      if (on && "ref" in one) (one as { ref(): void }).ref();
      if (!on && "unref" in one) (one as { unref(): void }).unref();
    };
    for (const one of [program, program.stdin, program.stdout, program.stderr]) switchOne(one);
  }

  /** Ends the worker in order, and ssh with it. */
  async close(): Promise<void> {
    if (this.#over) return this.#exited;
    this.reference(true);
    await this.send(this.frames.bye());
    this.#program?.stdin.end();
    const impatience = setTimeout(() => this.kill(), 5_000);
    await this.#exited;
    clearTimeout(impatience);
  }

  /** Ends ssh at once; the host cleans up by itself. */
  kill(failure?: HostError): void {
    this.#failure ??= failure;
    this.#killed = true;
    this.#program?.kill("SIGKILL");
  }

  #attach(program: Program): void {
    this.#program = program;
    program.stdin.on("error", () => this.#broken());
    program.stdout.on("data", (data: Buffer) => this.#reader.push(data));
    const lines = new LineReader((line) => this.#keep(line));
    program.stderr.on("data", (data: Buffer) => lines.push(data));
    this.#exited = new Promise((resolve) => {
      program.once("error", () => resolve());
      program.once("close", () => resolve());
    });
    program.once("error", (error) => this.#end({ error: startError(error), again: false }));
    program.once("close", (status) => this.#closed(status ?? 255));
    this.reference(this.#referenced);
  }

  /** From the start of ssh to the worker; ssh's own ConnectTimeout covers only the first part of it. */
  #startDeadline(): void {
    const seconds = this.options.connection.perDialTimeout * 3;
    if (seconds === 0) return;
    const address = addressOf(this.options.connection);
    const late = new HostError("timeout", `${address}: no session within ${seconds} s`);
    this.#deadline = setTimeout(() => this.kill(late), seconds * 1000);
    this.#deadline.unref();
  }

  #message(message: Message): void {
    if (message.id !== 0) this.events.message(message);
    else if (message.type === "f") this.#facts[message.key] = message.text;
    else if (message.type === "x") this.#failure = workerError(this.options.connection, message);
    else if (message.type === "=" && message.text === "0") this.#ready();
  }

  #ready(): void {
    clearTimeout(this.#deadline);
    this.#login.close();
    this.#host = hostInfo(this.#facts);
    this.#stderr.length = 0;
    this.#readyAt = performance.now();
    this.events.ready(this.#host);
  }

  /** Our side can't write any more: the worker is gone, though ssh may not have noticed. */
  #broken(): void {
    const program = this.#program;
    setTimeout(() => program?.kill("SIGTERM"), 1_000).unref();
  }

  #keep(line: string): void {
    if (/expecting SSH2_MSG_KEX_\w+_REPLY/.test(line)) this.#exchangeAt = performance.now();
    if (/SSH2_MSG_KEX_\w+_REPLY received/.test(line)) this.roundTrip = performance.now() - this.#exchangeAt;
    this.#stderr.push(line);
    if (this.#stderr.length > keptLines) this.#stderr.shift();
  }

  #closed(status: number): void {
    clearTimeout(this.#deadline);
    this.#login.close();
    const found = refusalOf(this.options.connection, { stderr: this.#stderr, status });
    const again = this.#host !== undefined || (this.#failure ? this.#failure.code === "timeout" : found.again);
    const mayHaveRun = this.isReady || this.#brokeOffBehindLogin(found);
    this.#end({ error: this.#failure ?? found.error, again }, mayHaveRun);
  }

  /** A line that broke, or a worker that was silent: where ssh, the login shell or the worker refused, nothing that was sent has begun. */
  #brokeOffBehindLogin(found: Refusal): boolean {
    const { code } = this.#failure ?? found.error;
    return ["closed", "timeout"].includes(code) && hasLoggedIn(this.options.connection, this.#stderr);
  }

  #end(refusal: Refusal, mayHaveRun = false): void {
    if (this.#over) return;
    this.#over = true;
    this.#settleOver(undefined);
    this.events.ended(refusal, this.isReady, mayHaveRun);
  }
}

/** Splits a stream into lines. */
class LineReader {
  #rest = "";
  constructor(private readonly onLine: (line: string) => void) {}

  push(data: Buffer): void {
    const lines = (this.#rest + data.toString("utf8")).split(/\r?\n/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.onLine(line);
  }
}

function startError(error: Error): HostError {
  const missing = "code" in error && error.code === "ENOENT";
  return new HostError("no_ssh", missing ? "there is no ssh here: install OpenSSH's client" : error.message);
}

function workerError(connection: Connection, { key, text }: Message): HostError {
  const { become } = connection;
  const where = addressOf(connection);
  const advice =
    become === "none" ? 'log in as root, or set `become: "doas"` or "sudo"' : `${become} did not make it root`;
  if (key === "not_root") return new HostError(key, `${where}: ${text}: ${advice}`);
  if (key === "not_freebsd")
    return new HostError(key, `${where}: this is no FreeBSD host${text ? `, but ${text}` : ""}`);
  return new HostError(key, `${where}: ${text}`);
}

function hostInfo(facts: Readonly<Record<string, string>>): HostInfo {
  return {
    hostUuid: facts.host_uuid ?? "",
    osreldate: Number(facts.osreldate),
    release: facts.release ?? "",
    machine: facts.machine ?? "",
    cpus: Number(facts.cpus) || 1,
    hostname: facts.hostname ?? "",
  };
}
