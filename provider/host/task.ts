import { HostError } from "./error";
import type { HostInfo, Operation, Reply } from "./host";
import { mask, report } from "./log";
import type { Message } from "./reply";

/** Seconds that an operation may take if it doesn't say. */
export const defaultTimeout = 3600;

/** An operation on its way: what was heard of it so far, and its promise. */
export class Task {
  /** How often it was sent. */
  attempts = 0;
  /** It was on a line to a host that had let us in. */
  sent = false;
  /** When it was sent, by performance.now(). */
  sentAt = 0;
  /** Its time is up: its end is an error, whatever it says. */
  timedOut = false;
  readonly promise: Promise<Reply>;
  #facts: Record<string, string[]> = {};
  #stderr: string[] = [];
  #failure: { code: string; text: string } | undefined;
  #waiting = { text: "", since: 0 };
  #resolve: (reply: Reply) => void = () => {};
  #reject: (error: HostError) => void = () => {};
  readonly #secrets: readonly string[];

  constructor(
    readonly id: number,
    readonly operation: Operation,
    private readonly address: string,
    secrets: readonly string[],
  ) {
    this.#secrets = [...secrets, ...(operation.secrets ?? [])];
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get timeout(): number {
    return this.operation.timeout ?? defaultTimeout;
  }

  get locks(): readonly string[] {
    return this.operation.locks ?? [];
  }

  /** It is sent, again perhaps: what was heard before doesn't count. */
  begin(): void {
    this.sentAt = performance.now();
    this.attempts += 1;
    this.#facts = {};
    this.#stderr = [];
    this.#failure = undefined;
  }

  /** Takes in a message; true at the end. */
  take(message: Message, host: HostInfo): boolean {
    const { key, text } = message;
    if (message.type === "f") this.#fact(key, text);
    else if (message.type === "p") this.say(key === "-" ? text : `${text} (${key.replace(/%$/, "")}%)`);
    else if (message.type === "w") this.say(`warning: ${text}`);
    else if (message.type === "x") this.#failure ??= { code: key, text };
    else if (message.type === "e") this.#stderr.push(mask(text, this.#secrets));
    else if (message.type === "l") this.#sayWaiting(text);
    else if (message.type === "=") this.#finish(Number(text), host);
    return message.type === "=";
  }

  /** Shows a line about it. */
  say(text: string): void {
    report(`${this.operation.label} on ${this.address}: ${mask(text, this.#secrets)}`);
  }

  /** Nobody knows how far it came if it was cut off, or did not come to the end that it makes for itself. */
  fail(code: string, text: string, unknown = this.sent && (code === "lost" || code === "timeout")): void {
    const message = `${this.operation.label} on ${this.address}: ${mask(text, this.#secrets)}`;
    this.#reject(new HostError(code, message, this.#stderr, unknown));
  }

  /** It can't be done, for a reason that is the connection's. */
  refuse(error: HostError): void {
    this.#reject(new HostError(error.code, `${this.operation.label}: ${error.message}`, error.details, this.sent));
  }

  #fact(key: string, text: string): void {
    const values = this.#facts[key];
    if (values) values.push(text);
    else this.#facts[key] = [text];
    this.operation.onFact?.(key, text);
  }

  #finish(status: number, host: HostInfo): void {
    const failure = this.timedOut
      ? { code: "timeout", text: `not done within ${this.timeout} s, and ended` }
      : this.#failure;
    if (failure?.code === "busy") this.fail("busy", `gave up waiting for ${failure.text}`);
    else if (failure) this.fail(failure.code, failure.text);
    else if (status === 0) this.#resolve({ facts: this.#facts, host });
    else this.fail("failed", this.#unexplained(status), true);
  }

  #unexplained(status: number): string {
    const said = this.#stderr.slice(-5).join("\n");
    return `${this.operation.name} ended with status ${status}${said ? `:\n${said}` : ""}`;
  }

  /** The host says it every ten seconds; the user sees it once a minute, or when the holder changes. */
  #sayWaiting(text: string): void {
    const now = Date.now();
    if (text === this.#waiting.text && now - this.#waiting.since < 60_000) return;
    this.#waiting = { text, since: now };
    this.say(`waiting for ${text.split("\n").join(", ")}`);
  }
}
