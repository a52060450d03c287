import { hostname, userInfo } from "node:os";
import { bodyOf } from "./body";
import type { Connection } from "./connection";
import type { Resumed, Slot } from "./frame";
import type { Session } from "./session";
import type { Task } from "./task";
import { type Source, sourceOf } from "./upload";

/** Sends the tasks of one host, with their uploads, into whatever session there is. */
export class Sender {
  readonly #sources = new Map<Task, Source>();
  /** Where the uploads lie whose operations are not done: another session goes on there, and leaves nothing behind. */
  readonly #begun = new Map<Task, Resumed>();
  /** Who waits for the host to say how much of an upload it has. */
  readonly #sizes = new Map<number, (size: number) => void>();

  constructor(private readonly connection: Connection) {}

  /** True when all of it is sent. */
  async send(session: Session, task: Task, place: number): Promise<boolean> {
    const slot = { id: task.id, place };
    const digest = task.operation.upload ? await this.#upload(session, task, slot) : {};
    if (!digest) return false;
    const { lockTimeout } = this.connection;
    const limit = task.timeout + (task.locks.length > 0 ? lockTimeout : 0);
    const body = bodyOf(task.operation, { client: client(task), ...digest });
    return session.operate(task.operation, { ...slot, timeout: limit, lockTimeout, locks: task.locks, body });
  }

  /** The host has said how much it has. */
  onSize(id: number, size: number): void {
    this.#sizes.get(id)?.(size);
    this.#sizes.delete(id);
  }

  /** The task is done, or failed. */
  forget(task: Task): void {
    this.#sources.delete(task);
    this.#begun.delete(task);
    this.#sizes.delete(task.id);
  }

  async #upload(session: Session, task: Task, slot: Slot): Promise<{ digest: string } | undefined> {
    const source = await this.#source(task);
    const folder = String(task.operation.args.uploadDir ?? "/var/tmp");
    const begun = this.#begun.get(task);
    const resumed = begun?.nonce === session.frames.nonce ? undefined : begun;
    const size = resumed ? new Promise<number>((resolve) => this.#sizes.set(task.id, resolve)) : Promise.resolve(0);
    if (!(await session.send(session.frames.upload(slot, folder, resumed)))) return undefined;
    const offset = await Promise.race([size, session.over]);
    if (offset === undefined) return undefined;
    this.#begun.set(task, { nonce: session.frames.nonce, place: slot.place });
    if (!(await sendChunks(session, task, slot, source, offset))) return undefined;
    return { digest: source.sha256 };
  }

  async #source(task: Task): Promise<Source> {
    const known = this.#sources.get(task);
    const { upload } = task.operation;
    if (known || !upload) return known ?? Promise.reject(new Error("there is nothing to send"));
    const source = await sourceOf(upload);
    this.#sources.set(task, source);
    return source;
  }
}

async function sendChunks(session: Session, task: Task, slot: Slot, source: Source, from: number): Promise<boolean> {
  let sent = from;
  let shown = Date.now();
  for await (const chunk of source.chunks(from)) {
    if (!(await session.send(session.frames.chunk(slot.place, chunk)))) return false;
    sent += chunk.length;
    if (Date.now() - shown < 2_000) continue;
    shown = Date.now();
    task.say(`sending its file (${Math.floor((100 * sent) / source.size)}%)`);
  }
  return true;
}

/** Who holds a lock, for those that wait for it. */
function client(task: Task): string {
  const time = new Date().toISOString().slice(0, 19).replace("T", " ");
  const pulumi = [process.env.PULUMI_NODEJS_PROJECT, process.env.PULUMI_NODEJS_STACK].filter(Boolean).join("/");
  const of = pulumi ? ` of ${pulumi}` : "";
  const user = `${userInfo().username}@${hostname()}`;
  return `held by ${user} for ${task.operation.label}${of} since ${time} UTC`.replace(/[^\x20-\x7e]/g, "?");
}
