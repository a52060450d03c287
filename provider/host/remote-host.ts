import { backoff } from "./backoff";
import { addressOf, type Connection, secretsOf } from "./connection";
import { HostError } from "./error";
import type { Host, HostInfo, Operation, Reply } from "./host";
import { report } from "./log";
import { Paces } from "./paces";
import type { Refusal } from "./refusal";
import type { Message } from "./reply";
import { Schedule } from "./schedule";
import { Sender } from "./sender";
import { Session } from "./session";
import { Snapshots } from "./snapshots";
import { Task } from "./task";

const fewestSlots = 4;
/** Before it is known how many CPUs the host has: what is sent then has a whole handshake to wait for, and is run as it comes in. */
const firstSlots = 16;
/** How long a session may take to say that a task was ended. */
const cancelSeconds = 20;

/** A host behind one session at a time: opened by the first operation, opened again if the line is cut. */
export class RemoteHost implements Host {
  readonly address: string;
  readonly #snapshots = new Snapshots(() => this.#submit(readEverything));
  readonly #schedule: Schedule<Task>;
  readonly #sender: Sender;
  readonly #paces: Paces;
  readonly #secrets: readonly string[];
  readonly #timers = new Map<Task, NodeJS.Timeout>();
  #session: Session | undefined;
  #previous: string | undefined;
  #host: HostInfo | undefined;
  #failures = 0;
  /** By how much more went with the handshake than there are slots. */
  #crowd = 1;
  #refused: HostError | undefined;
  #closing = false;
  #retry: NodeJS.Timeout | undefined;
  #lastId = 0;
  #whenIdle: (() => void)[] = [];

  constructor(private readonly connection: Connection) {
    this.address = addressOf(connection);
    this.#paces = new Paces(connection.parallel === undefined);
    this.#schedule = new Schedule<Task>(this.#slots(), ({ operation }) =>
      this.#paces.weight(operation.name, this.#session?.roundTrip ?? 0),
    );
    this.#sender = new Sender(connection);
    this.#secrets = secretsOf(connection);
  }

  async run(operation: Operation): Promise<Reply> {
    if (operation.readOnly) return this.#submit(operation);
    return this.#snapshots.around(() => this.#submit(operation));
  }

  snapshot(): Promise<Reply> {
    return this.#snapshots.take();
  }

  /** Lets the operations that run come to their ends, and closes the connection. */
  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#retry);
    for (const task of this.#schedule.drop()) task.fail("interrupted", "not started: the provider was interrupted");
    if (!this.#schedule.idle) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    await this.#session?.close();
  }

  /** Ends ssh at once: the process is about to exit. */
  abandon(): void {
    this.#session?.kill();
  }

  async #submit(operation: Operation): Promise<Reply> {
    this.#lastId += 1;
    const task = new Task(this.#lastId, operation, this.address, this.#secrets);
    if (this.#closing) task.fail("interrupted", "not started: the provider was interrupted");
    else if (this.#refused) task.refuse(this.#refused);
    else this.#schedule.add(task);
    this.#pump();
    return task.promise;
  }

  /** Sends what may be sent now. */
  #pump(): void {
    if (this.#schedule.idle) this.#rest();
    if (this.#schedule.idle || this.#retry) return;
    this.#session ??= this.#connect();
    const session = this.#session;
    session.reference(true);
    for (let next = this.#schedule.take(); next; next = this.#schedule.take())
      void this.#send(session, next.task, next.place);
  }

  /** Nothing to do: the process may end, for all we know. */
  #rest(): void {
    this.#session?.reference(false);
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #connect(): Session {
    const session: Session = new Session(
      { connection: this.connection, previous: this.#previous },
      {
        message: (message) => this.#message(session, message),
        ready: (host) => this.#ready(host),
        ended: (refusal, wasReady, mayHaveRun) => {
          // Known before anything is said of them: what only waited in ssh's pipe for a login that was refused left nothing behind.
          if (session === this.#session && mayHaveRun) this.#markSent();
          this.#ended(session, refusal, wasReady);
        },
      },
    );
    return session;
  }

  async #send(session: Session, task: Task, place: number): Promise<void> {
    task.begin();
    try {
      await session.opened;
      if (session.isReady) task.sent = true;
      if (await this.#sender.send(session, task, place)) this.#startTimer(session, task, place);
    } catch (error) {
      // What can't be sent at all: a file that is not there, a value with a NUL.
      task.fail(error instanceof HostError ? error.code : "failed", (error as Error).message);
      this.#done(task);
    }
  }

  #message(session: Session, message: Message): void {
    const task = this.#schedule.running.find((one) => one.id === message.id);
    if (!task || !this.#host || session !== this.#session) return;
    if (message.type === "u") this.#sender.onSize(message.id, Number(message.text));
    if (message.type === "l") this.#timers.get(task)?.refresh();
    if (message.type === "=") this.#paces.learn(task.operation.name, session.hostTime(task.sentAt, this.#crowd));
    if (task.take(message, this.#host)) this.#done(task);
  }

  #done(task: Task): void {
    clearTimeout(this.#timers.get(task));
    this.#timers.delete(task);
    this.#sender.forget(task);
    this.#schedule.end(task);
    this.#schedule.remove(task);
    this.#pump();
  }

  #startTimer(session: Session, task: Task, place: number): void {
    if (!session.alive || !this.#schedule.running.includes(task)) return;
    const timer = setTimeout(() => void this.#timeUp(session, task, place), task.timeout * 1000);
    this.#timers.set(task, timer);
  }

  async #timeUp(session: Session, task: Task, place: number): Promise<void> {
    task.timedOut = true;
    await session.send(session.frames.cancel({ id: task.id, place }));
    const timer = setTimeout(() => session.kill(), cancelSeconds * 1000);
    this.#timers.set(task, timer);
  }

  #ready(host: HostInfo): void {
    this.#failures = 0;
    this.#host = host;
    this.#markSent();
    this.#schedule.resize(this.#slots());
    this.#crowd = Math.max(1, this.#schedule.running.length / this.#slots());
    this.#pump();
  }

  #markSent(): void {
    for (const task of this.#schedule.running) task.sent = true;
  }

  #slots(): number {
    const cpus = this.#host?.cpus;
    return this.connection.parallel ?? (cpus === undefined ? firstSlots : Math.max(fewestSlots, 4 * cpus));
  }

  #ended(session: Session, refusal: Refusal, wasReady: boolean): void {
    if (session !== this.#session) return;
    this.#session = undefined;
    this.#previous = session.frames.nonce;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    const interrupted = this.#schedule.running;
    this.#schedule.restart(this.#slots());
    if (refusal.again) this.#giveUp(interrupted, wasReady);
    if (!refusal.again) this.#refuse(refusal.error);
    else if (this.#schedule.idle) this.#rest();
    else this.#again(refusal, wasReady);
  }

  /** Tasks that have lost their line too often, or whose time was up. */
  #giveUp(tasks: readonly Task[], wasReady: boolean): void {
    const limit = this.connection.dialErrorLimit;
    for (const task of tasks) {
      if (!wasReady) task.attempts -= 1;
      if (task.timedOut) task.fail("timeout", `not done within ${task.timeout} s`);
      else if (limit >= 0 && task.attempts > limit) task.fail("lost", `the connection was lost ${task.attempts} times`);
      else continue;
      this.#schedule.remove(task);
      this.#sender.forget(task);
    }
  }

  #again(refusal: Refusal, wasReady: boolean): void {
    const limit = this.connection.dialErrorLimit;
    this.#failures += 1;
    if (limit >= 0 && this.#failures > limit) this.#refuse(refusal.error);
    else this.#connectLater(wasReady ? 0 : backoff(this.#failures));
    const lost = `connection to ${this.address} lost: connecting again, and asking again for what was running there`;
    const again = limit < 0 ? "trying again" : `trying again (${this.#failures} of ${limit})`;
    if (this.#retry) report(wasReady ? lost : `${refusal.error.message}; ${again}`);
  }

  #connectLater(delay: number): void {
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#pump();
    }, delay);
  }

  /** Nothing on this connection will work: said to all, and not tried again in this process. */
  #refuse(error: HostError): void {
    this.#refused = error;
    for (const task of this.#schedule.drop()) {
      task.refuse(error);
      this.#sender.forget(task);
    }
    this.#rest();
  }
}

const readEverything: Operation = { name: "facts.read", args: {}, label: "Host", readOnly: true, timeout: 120 };
