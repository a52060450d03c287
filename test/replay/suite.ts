import { basename } from "node:path";
import { Machine } from "../host/machine";
import { recordings } from "./files";
import { type Outcome, play } from "./play";
import { disagreement, leftOutLines, type Tally, table, tally } from "./report";
import type { Substitution } from "./substitute";

/** Plays one recording to a machine of its own. */
async function replay(file: string, other?: Substitution): Promise<Outcome[]> {
  const machine = await Machine.start();
  try {
    const outcomes: Outcome[] = [];
    for await (const outcome of play(machine, file, other ? { other } : {})) outcomes.push(outcome);
    return outcomes;
  } finally {
    await machine.stop();
  }
}

const wrong = (name: string, outcomes: readonly Outcome[]): string =>
  outcomes
    .filter((outcome) => outcome.leftOut === undefined && !outcome.agrees)
    .map((outcome) => disagreement(name, outcome))
    .join("\n\n");

/** Tests that play every recording to a machine of its own, and print the numbers and what was left out. */
export function replaySuite(title: string, other?: Substitution): void {
  describe(`the stand-in agrees with the recordings ${title}`, () => {
    const tallies: Tally[] = [];
    const skipped: string[] = [];

    test.concurrent.each(recordings().map((file) => [basename(file, ".txt"), file]))(
      "%s",
      async (name, file) => {
        const outcomes = await replay(file, other);
        tallies.push(tally(name, outcomes));
        skipped.push(...leftOutLines(name, outcomes));
        expect(wrong(name, outcomes)).toBe("");
      },
      300_000,
    );

    afterAll(() => {
      process.stdout.write(`\nRecordings ${title}:\n${table(tallies)}\nleft out:\n${skipped.join("\n")}\n`);
    });
  });
}
