/**
 * How long the host works at each kind of operation. Slots bound what runs on the host; while a request or its reply is
 * on the way, nothing runs, so on a long line more may be under way. What isn't known yet takes a whole slot.
 */
export class Paces {
  readonly #milliseconds = new Map<string, number>();

  /** An operation took the host so long. */
  learn(name: string, milliseconds: number): void {
    const took = Math.max(1, milliseconds);
    this.#milliseconds.set(name, ((this.#milliseconds.get(name) ?? took) + took) / 2);
  }

  /** The part of a slot that one more of these takes, on a line with this round trip. */
  weight(name: string, roundTrip: number): number {
    const took = this.#milliseconds.get(name);
    return took === undefined ? 1 : took / (took + roundTrip);
  }
}
