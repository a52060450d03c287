import { basename } from "node:path";
import { Machine } from "../host/machine";
import { recordings } from "./files";
import { type Outcome, play, type Range } from "./play";
import { disagreement, type Tally, table, tally } from "./report";
import { others } from "./substitute";

const usage = `usage: node test/replay/run.js [-v] [-o] [recording [blocks]]
  recording  how the file's name begins: 04; all of them without it
  blocks     20 or 20-30: those before are played as well, but not reported
  -v         print every block and its output, not only what disagrees
  -o         with other names, addresses and roots`;

interface Request {
  readonly verbose: boolean;
  readonly other: boolean;
  readonly recording: string;
  readonly range?: Range;
}

function parse(args: readonly string[]): Request {
  const flags = args.filter((arg) => arg.startsWith("-"));
  const [recording = "", blocks] = args.filter((arg) => !arg.startsWith("-"));
  if (flags.some((flag) => flag !== "-v" && flag !== "-o")) throw new Error(usage);
  const request = { verbose: flags.includes("-v"), other: flags.includes("-o"), recording };
  if (blocks === undefined) return request;
  const [from, to = from] = blocks.split("-").map(Number);
  return { ...request, range: { from: from ?? 1, to: to ?? 1 } };
}

/** Plays what was asked for and prints what disagrees. */
export async function main(args: readonly string[]): Promise<void> {
  const request = parse(args);
  const tallies: Tally[] = [];
  for (const file of recordings().filter((path) => basename(path).startsWith(request.recording))) {
    tallies.push(await playOne(file, request));
  }
  console.log(table(tallies));
  process.exitCode = tallies.every((one) => one.agree === one.replayed) ? 0 : 1;
}

async function playOne(file: string, request: Request): Promise<Tally> {
  const name = basename(file, ".txt");
  const machine = await Machine.start();
  const outcomes: Outcome[] = [];
  try {
    const how = { ...(request.range && { range: request.range }), ...(request.other && { other: others }) };
    for await (const outcome of play(machine, file, how)) {
      outcomes.push(outcome);
      show(name, outcome, request.verbose);
    }
  } finally {
    await machine.stop();
  }
  return tally(name, outcomes);
}

function show(name: string, outcome: Outcome, verbose: boolean): void {
  const { block, actual, leftOut, agrees } = outcome;
  if (leftOut === undefined && !agrees) console.log(`${disagreement(name, outcome)}\n`);
  else if (verbose) {
    const title = leftOut === undefined ? "" : ` (left out: ${leftOut})`;
    console.log(
      `${name} block ${block.number}${title}: $ ${block.command}\n${actual.stdout}${actual.stderr}=> ${actual.status}\n`,
    );
  }
}
