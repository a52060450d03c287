/** What a schedule needs to know of a task. */
interface Scheduled {
  readonly locks: readonly string[];
}

/**
 * Which task goes next: in order, but one that needs a lock of a task that runs, or of one that waits before it, lets
 * others pass. So the host's locks are waited for only where somebody else holds them.
 */
export class Schedule<T extends Scheduled> {
  #waiting: T[] = [];
  readonly #running = new Map<T, number>();
  /** Places on the host; there are more than slots, so that one can be tidied while another is used. */
  #places: number[] = [];

  constructor(
    private slots: number,
    places = 2 * slots,
  ) {
    this.#places = range(1, places);
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
    if (this.#running.size >= this.slots) return undefined;
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
    this.#places = range(1, 2 * slots);
  }

  /** More slots, once the host has said how many CPUs it has. */
  widen(slots: number): void {
    if (slots <= this.slots) return;
    this.#places.unshift(...range(2 * this.slots + 1, 2 * slots));
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
