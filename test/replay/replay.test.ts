import { basename } from "node:path";
import { Machine } from "../host/machine";
import { recordings } from "./files";
import { type Outcome, play } from "./play";
import { disagreement, type Tally, table, tally } from "./report";
import { others } from "./substitute";

/** Plays one recording to a machine of its own. */
async function replay(file: string, other?: typeof others): Promise<Outcome[]> {
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

describe.each([
  ["as they were recorded", undefined],
  ["with other names, addresses and roots", others],
])("the stand-in agrees with the recordings %s", (_title, other) => {
  const tallies: Tally[] = [];

  test.each(recordings().map((file) => [basename(file, ".txt"), file]))(
    "%s",
    async (name, file) => {
      const outcomes = await replay(file, other);
      tallies.push(tally(name, outcomes));
      expect(wrong(name, outcomes)).toBe("");
    },
    300_000,
  );

  afterAll(() => {
    process.stdout.write(`\n${_title}:\n${table(tallies)}\n`);
  });
});
