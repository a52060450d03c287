/** On a line with this round trip, in milliseconds, it shows how much is on its way. */
const longLine = 10;
/** What an operation takes whose pace isn't known yet, in milliseconds; and the least part of a slot that it takes, since it may take long. */
const assumed = 50;
const leastUnknown = 1 / 3;

/**
 * How long the host works at each kind of operation. Slots bound what runs on the host; while a request or its reply is
 * on the way, nothing runs, so on a long line more may be under way.
 */
export class Paces {
  readonly #milliseconds = new Map<string, number>();

  /** Unless `guess`, what isn't known yet takes a whole slot. */
  constructor(private readonly guess: boolean) {}

  /** An operation took the host so long. */
  learn(name: string, milliseconds: number): void {
    const took = Math.max(1, milliseconds);
    this.#milliseconds.set(name, ((this.#milliseconds.get(name) ?? took) + took) / 2);
  }

  /** The part of a slot that one more of these takes, on a line with this round trip. */
  weight(name: string, roundTrip: number): number {
    const took = this.#milliseconds.get(name);
    if (took !== undefined) return took / (took + roundTrip);
    return !this.guess || roundTrip < longLine ? 1 : Math.max(leastUnknown, assumed / (assumed + roundTrip));
  }
}
