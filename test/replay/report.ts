import { normalise } from "./normalise";
import type { Outcome } from "./play";

/** The numbers of one recording. */
export interface Tally {
  readonly name: string;
  readonly blocks: number;
  readonly replayed: number;
  readonly agree: number;
  readonly leftOut: number;
}

/** Counts the outcomes of one recording. */
export function tally(name: string, outcomes: readonly Outcome[]): Tally {
  const replayed = outcomes.filter((outcome) => outcome.leftOut === undefined);
  return {
    name,
    blocks: outcomes.length,
    replayed: replayed.length,
    agree: replayed.filter((outcome) => outcome.agrees).length,
    leftOut: outcomes.length - replayed.length,
  };
}

/** The blocks that were not compared, each with its reason; those of one reason that is a whole recording's in one line. */
export function leftOutLines(name: string, outcomes: readonly Outcome[]): string[] {
  const left = outcomes.filter((outcome) => outcome.leftOut !== undefined);
  if (left.length > 1 && left.length === outcomes.length) {
    return [`  ${name} blocks 1-${left.length}: ${left[0]?.leftOut}`];
  }
  return left.map(({ block, leftOut }) => `  ${name} block ${block.number}: ${leftOut}: ${block.command.slice(0, 60)}`);
}

/** A table of the numbers, with their sums. */
export function table(tallies: readonly Tally[]): string {
  const sum = (of: (one: Tally) => number): number => tallies.reduce((total, one) => total + of(one), 0);
  const all: Tally = {
    name: "all",
    blocks: sum((one) => one.blocks),
    replayed: sum((one) => one.replayed),
    agree: sum((one) => one.agree),
    leftOut: sum((one) => one.leftOut),
  };
  const row = (name: string, cells: readonly (string | number)[]): string =>
    name.padEnd(24) + cells.map((cell) => String(cell).padStart(10)).join("");
  const rows = [...tallies, all].map((one) => row(one.name, [one.blocks, one.replayed, one.agree, one.leftOut]));
  return [row("recording", ["blocks", "replayed", "agree", "left out"]), ...rows].join("\n");
}

/** A block that disagrees, with what was expected (-) and what came (+). */
export function disagreement(name: string, { block, actual }: Outcome): string {
  const side = (title: string, expected: string, got: string): string[] => {
    const [a, b] = [normalise(block.command, expected), normalise(block.command, got)];
    return a === b ? [] : [`  ${title}:`, ...diff(a.split("\n"), b.split("\n"))];
  };
  const status = block.status === actual.status ? [] : [`  status: -${block.status} +${actual.status}`];
  return [
    `${name} block ${block.number}: $ ${block.command}`,
    ...side("stdout", block.stdout, actual.stdout),
    ...side("stderr", block.stderr, actual.stderr),
    ...status,
  ].join("\n");
}

/** Lines of two texts side by side: "-" only in the first, "+" only in the second (longest common lines kept). */
export function diff(a: readonly string[], b: readonly string[]): string[] {
  const width = b.length + 1;
  const common = new Int32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(`    | ${a[i]}`);
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) lines.push(`    - ${a[i++]}`);
    else lines.push(`    + ${b[j++]}`);
  }
  return lines;
}
