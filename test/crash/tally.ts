/** What was disturbed: an operation, or a stage of a program. */
interface Row {
  readonly name: string;
}

interface Count {
  readonly failpoints: number;
  runs: number;
  survived: number;
  milliseconds: number;
}

/** Counts what was tried and what survived, and says what did not. */
export class Tally {
  readonly #rows = new Map<string, Count>();
  #broken = 0;

  get allSurvived(): boolean {
    return this.#sum("runs") === this.#sum("survived") && this.#broken === 0;
  }

  begin({ name }: Row, programs: number): void {
    // Before and behind each program.
    const none = { failpoints: 2 * programs, runs: 0, survived: 0, milliseconds: 0 };
    if (!this.#rows.has(name)) this.#rows.set(name, none);
  }

  /** The operation doesn't even go well undisturbed. */
  broken({ name }: Row, error: Error): void {
    this.#broken += 1;
    console.log(`DIED ${name}, undisturbed: ${error.message}`);
  }

  add({ name }: Row, where: string, problems: readonly string[], milliseconds: number): void {
    const one = this.#rows.get(name);
    if (!one) return;
    one.runs += 1;
    one.milliseconds += milliseconds;
    if (problems.length === 0) one.survived += 1;
    else console.log(`DIED ${name} at ${where}\n    ${problems.slice(0, 12).join("\n    ")}`);
  }

  end({ name }: Row): void {
    const one = this.#rows.get(name);
    if (!one) return;
    const seconds = (one.milliseconds / 1000).toFixed(0);
    console.log(`${name}: ${one.failpoints} failpoints, ${one.runs} runs, ${one.survived} survived (${seconds} s)`);
  }

  /** "64 operations, 9000 failpoints, 1000 runs, 1000 survived" */
  print(what: string): void {
    const broken = this.#broken > 0 ? `, ${this.#broken} not even undisturbed` : "";
    const [failpoints, runs, survived] = [this.#sum("failpoints"), this.#sum("runs"), this.#sum("survived")];
    console.log(`${this.#rows.size} ${what}, ${failpoints} failpoints, ${runs} runs, ${survived} survived${broken}`);
  }

  #sum(what: Exclude<keyof Count, "milliseconds">): number {
    return [...this.#rows.values()].reduce((sum, one) => sum + one[what], 0);
  }
}
