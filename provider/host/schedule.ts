/** What a schedule needs to know of a task. */
interface Scheduled {
  readonly locks: readonly string[];
}

/** Places that are kept free of operations until others were tidied. */
const spare = 8;

/** How many places a host makes for so many slots. */
export function placesFor(slots: number): number {
  return Math.max(64, 2 * slots);
}

/**
 * Which task goes next: in order, but one that needs a lock of a task that runs, or of one that waits before it, lets
 * others pass. So the host's locks are waited for only where somebody else holds them.
 */
export class Schedule<T extends Scheduled> {
  #waiting: T[] = [];
  readonly #running = new Map<T, number>();
  /** Free places on the host; more than are used at once, so that one can be tidied while another is used. */
  #places: number[];

  constructor(
    private slots: number,
    /** How much of a slot a task takes: less than 1 if it is on its way for longer than the host works at it. */
    private readonly weigh: (task: T) => number = () => 1,
  ) {
    this.#places = range(1, placesFor(slots));
  }

  get idle(): boolean {
    return this.#running.size === 0 && this.#waiting.length === 0;
  }

  /** Tasks that were taken and have not ended. */
  get running(): readonly T[] {
    return [...this.#running.keys()];
  }

  add(task: T): void {
    this.#waiting.push(task);
  }

  /** The next task and its place, if one may run. */
  take(): { task: T; place: number } | undefined {
    const used = this.running.reduce((sum, task) => sum + this.weigh(task), 0);
    if (used >= this.slots || this.#places.length <= spare) return undefined;
    const taken = new Set(this.running.flatMap((task) => task.locks));
    const index = this.#waiting.findIndex((task) => {
      const free = !task.locks.some((lock) => taken.has(lock));
      for (const lock of task.locks) taken.add(lock);
      return free;
    });
    const [task] = index < 0 ? [] : this.#waiting.splice(index, 1);
    if (!task) return undefined;
    const place = this.#places.shift() ?? 0;
    this.#running.set(task, place);
    return { task, place };
  }

  /** The task has ended. */
  end(task: T): void {
    const place = this.#running.get(task);
    if (place === undefined) return;
    this.#running.delete(task);
    this.#places.push(place);
  }

  /** The session has ended: what ran waits again, first in line, and all places are new. */
  restart(slots: number): void {
    this.#waiting = [...this.#running.keys(), ...this.#waiting];
    this.#running.clear();
    this.slots = slots;
    this.#places = range(1, placesFor(slots));
  }

  /** The slots that the host's CPUs allow, once they are known. */
  resize(slots: number): void {
    this.#places.unshift(...range(placesFor(this.slots) + 1, placesFor(slots)));
    this.slots = slots;
  }

  /** Takes out a task that has not begun. */
  remove(task: T): void {
    this.#waiting = this.#waiting.filter((one) => one !== task);
  }

  /** Takes out the tasks that have not begun. */
  drop(): T[] {
    return this.#waiting.splice(0);
  }
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
