import type { Reply } from "./host";

/** One reading of the host for all that ask, until something may have changed it. */
export class Snapshots {
  #current: Promise<Reply> | undefined;

  constructor(private readonly read: () => Promise<Reply>) {}

  take(): Promise<Reply> {
    if (this.#current) return this.#current;
    const reading = this.read();
    this.#current = reading;
    // A reading that failed is not for those that ask later.
    reading.catch(() => this.#current === reading && this.#forget());
    return reading;
  }

  /** Runs something that changes the host. A reading that began before it ended is not used after it. */
  async around<T>(change: () => Promise<T>): Promise<T> {
    this.#forget();
    try {
      return await change();
    } finally {
      this.#forget();
    }
  }

  #forget(): void {
    this.#current = undefined;
  }
}
