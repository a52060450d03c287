import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readIfThere } from "./files";
import { leftOut } from "./left-out";
import { normalise } from "./normalise";
import { type Block, readRecording, readSetUp } from "./recording";
import type { Substitution } from "./substitute";

/** What a machine must do to have a recording played to it. */
export interface Player {
  sh(command: string): Promise<{ stdout: string; stderr: string; status: number }>;
}

/** What came of one block. */
export interface Outcome {
  readonly block: Block;
  readonly actual: { readonly stdout: string; readonly stderr: string; readonly status: number };
  /** Why it isn't compared, if it isn't. */
  readonly leftOut?: string;
  readonly agrees: boolean;
}

/** Which blocks to play: those before are played as well, but not reported. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const mark = "--- what it wrote to standard error ---";

/** As the recorder ran a block: output goes to files, so that what stays in the background holds nothing up. */
async function runBlock(player: Player, command: string): Promise<Outcome["actual"]> {
  const files = "/var/run/replay";
  const { stdout } = await player.sh(
    `sh -c ${quote(command)} >${files}.out 2>${files}.err </dev/null; echo $?; cat ${files}.out; echo; echo '${mark}'; cat ${files}.err`,
  );
  const [first, ...rest] = stdout.split("\n");
  const [out = "", err = ""] = rest.join("\n").split(`\n${mark}\n`);
  return { stdout: out, stderr: err, status: Number(first) };
}

/** A recording and what ran between its blocks. */
export function load(file: string): { name: string; blocks: Block[]; setUp: Map<number, string> } {
  const name = basename(file, ".txt");
  const blocks = readRecording(readFileSync(file, "utf8"));
  const setUpText = readIfThere(join(file, "..", "set-up", `${name}.txt`)) ?? "";
  return { name, blocks, setUp: readSetUp(setUpText, blocks) };
}

/** Plays a recording to a fresh machine, block by block. */
export async function* play(player: Player, file: string, how: { range?: Range; other?: Substitution } = {}) {
  const { name, blocks, setUp } = load(file);
  const other = how.other ?? ((_name: string, text: string) => text);
  for (const block of blocks) {
    if (block.number > (how.range?.to ?? Number.POSITIVE_INFINITY)) return;
    const before = setUp.get(block.number);
    if (before) await player.sh(`{ ${other(name, before)}\n} >/dev/null 2>&1 </dev/null`);
    const changed = {
      ...block,
      command: other(name, block.command),
      stdout: other(name, block.stdout),
      stderr: other(name, block.stderr),
    };
    const outcome = judge(changed, await runBlock(player, changed.command), leftOut(name, block));
    if (block.number >= (how.range?.from ?? 1)) yield outcome;
  }
}

function judge(block: Block, actual: Outcome["actual"], reason: string | undefined): Outcome {
  const same = (a: string, b: string): boolean => {
    const [x, y] = [normalise(block.command, a), normalise(block.command, b)];
    return block.cut ? y.startsWith(x) : x === y;
  };
  const agrees =
    same(block.stdout, actual.stdout) && same(block.stderr, actual.stderr) && block.status === actual.status;
  return { block, actual, agrees, ...(reason === undefined ? {} : { leftOut: reason }) };
}
