import { bodyOf } from "./body";
import type { Connection } from "./connection";
import type { Operation } from "./host";
import type { Refusal } from "./refusal";
import type { Message } from "./reply";
import { Session } from "./session";

const slot = { id: 1, place: 1 };
/** Between two attempts. */
const pause = 1_000;

/**
 * Runs an operation by a new connection, tried again and again until it is through or abandoned. That one comes through says that others
 * will; the connection that stands says nothing, since a firewall lets go on what it knows.
 */
export class Confirmation {
  #session: Session | undefined;
  #retry: NodeJS.Timeout | undefined;
  #over = false;
  #failure: Error | undefined;
  readonly #connection: Connection;

  constructor(
    connection: Connection,
    private readonly operation: Operation,
  ) {
    // Rather two attempts than one long one: what is on its way when the rules change may be lost.
    this.#connection = { ...connection, perDialTimeout: Math.min(connection.perDialTimeout || 10, 10), parallel: 1 };
    this.#attempt();
  }

  /** Why the last attempt did not come through, if it is known. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Ends it at once. */
  abandon(): void {
    this.#over = true;
    clearTimeout(this.#retry);
    this.#session?.kill();
  }

  #attempt(): void {
    const session: Session = new Session(
      { connection: this.#connection, previous: undefined },
      {
        message: (message) => this.#message(session, message),
        ready: () => {},
        ended: (refusal) => this.#ended(refusal),
      },
    );
    this.#session = session;
    const body = bodyOf(this.operation, { client: `confirming for ${this.operation.label}` });
    const frame = { ...slot, timeout: this.operation.timeout ?? 60, lockTimeout: 0, locks: [], body };
    void session.opened.then(() => session.operate(this.operation, frame));
  }

  #message(session: Session, message: Message): void {
    if (message.id !== slot.id) return;
    if (message.type === "x") this.#failure = new Error(message.text);
    if (message.type !== "=") return;
    this.#over = true;
    if (message.text === "0") this.#failure = undefined;
    void session.close();
  }

  /** A refused login, or another host's key, is final: nothing would change by asking again. */
  #ended(refusal: Refusal): void {
    if (this.#over) return;
    this.#failure = refusal.error;
    if (!refusal.again) this.#over = true;
    else this.#retry = setTimeout(() => this.#attempt(), pause);
  }
}
