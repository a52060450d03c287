import type { Reference } from "./explore";
import type { Row } from "./operations";

/** Counts what was tried and what survived, and says what did not. */
export class Tally {
  runs = 0;
  survived = 0;
  #operations = 0;
  #failpoints = 0;
  readonly #rows = new Map<string, { runs: number; survived: number; failpoints: number; milliseconds: number }>();

  begin(row: Row, { programs }: Reference): void {
    this.#operations += 1;
    // Before and behind each program.
    this.#failpoints += 2 * programs.length;
    this.#rows.set(row.name, { runs: 0, survived: 0, failpoints: 2 * programs.length, milliseconds: 0 });
  }

  /** The operation doesn't even go well undisturbed. */
  broken(row: Row, error: Error): void {
    this.runs += 1;
    console.log(`DIED ${row.name}, undisturbed: ${error.message}`);
  }

  add(row: Row, where: string, problems: readonly string[], milliseconds: number): void {
    const one = this.#rows.get(row.name);
    if (!one) return;
    one.runs += 1;
    one.milliseconds += milliseconds;
    this.runs += 1;
    if (problems.length > 0) {
      console.log(`DIED ${row.name} at ${where}\n    ${problems.slice(0, 12).join("\n    ")}`);
      return;
    }
    one.survived += 1;
    this.survived += 1;
  }

  end(row: Row): void {
    const one = this.#rows.get(row.name);
    if (!one) return;
    const seconds = (one.milliseconds / 1000).toFixed(0);
    console.log(`${row.name}: ${one.failpoints} failpoints, ${one.runs} runs, ${one.survived} survived (${seconds} s)`);
  }

  print(): void {
    console.log(
      `${this.#operations} operations, ${this.#failpoints} failpoints, ${this.runs} runs, ${this.survived} survived`,
    );
  }
}
