// `npm run test:crash`: every operation of every resource dies at failpoints all along its way, and is run again, or destroyed.
//   npm run test:crash -- --all                                         at each of its failpoints: some hours
//   npm run test:crash -- --only "renamed" --at "7 before power up"     one operation, at one failpoint
//   npm run test:crash -- --deaths full,stall                           only with a full disk, and with what hangs
//   npm run test:crash -- --most 5 --jobs 2                             at five of each operation, on two hosts at once
//   npm run test:crash -- --part 2/4                                    the second quarter of the operations
//   npm run test:crash -- --engine 4                                    whole programs through Pulumi's engine at four of each stage, not twenty
import { setReporter } from "../../provider/host/log";
import { buildPackage } from "../../scripts/setup.js";
import { disturb, type Point, pointsOf, type Reference, refer, spread } from "./explore";
import { operations, type Row } from "./operations";
import { Rig } from "./rig";
import { CrashStack, pointsOfStage } from "./stack";
import { Tally } from "./tally";

const words = process.argv.slice(2);
const option = (name: string) => (words.includes(`--${name}`) ? words[words.indexOf(`--${name}`) + 1] : undefined);
const only = new RegExp(option("only") ?? "");
const jobs = Number(option("jobs") ?? 2);
const most = words.includes("--all") ? Number.POSITIVE_INFINITY : Number(option("most") ?? 10);
const [part = 1, parts = 1] = (option("part") ?? "1/1").split("/").map(Number);
const at = option("at");
const engine = Number(option("engine") ?? (only.source === "(?:)" && part === parts ? 20 : 0));
const how = option("deaths")?.split(",");

async function explore(rig: Rig, row: Row, turn: number, tally: Tally): Promise<void> {
  const reference = await refer(rig, row).catch((error: Error) => error);
  if (reference instanceof Error) return tally.broken(row, reference);
  const all = pointsOf(row, reference, turn).filter(({ death }) => how?.includes(death) ?? true);
  const points = at === undefined ? spread(all, most, turn) : [pointAt(at)];
  tally.begin(row, reference.programs.length);
  for (const point of points) {
    const started = Date.now();
    const problems = await disturb(rig, row, reference, point);
    tally.add(row, `${describe(point, reference)}`, problems, Date.now() - started);
  }
  tally.end(row);
}

/** "8 after process destroy" */
function pointAt(text: string): Point {
  const [program, when, death, next] = text.split(" ");
  return { program: Number(program), when, death, next } as Point;
}

function describe({ program, when, death, next }: Point, { programs }: Reference): string {
  return `${program} ${when} ${death} ${next} (${programs[program - 1]?.slice(0, 120)})`;
}

/** Each of the jobs has a host and a stack of its own, and every so many-th point. */
async function exploreStages(job: number, tally: Tally): Promise<void> {
  const rig = await Rig.start();
  const stack = await CrashStack.open(rig);
  const stages = await stack.refer();
  for (const stage of stages) {
    const row = { name: `through the engine: ${stage.name}` };
    tally.begin(row, stage.programs);
    const points = pointsOfStage(stage, engine).filter((_, i) => i % jobs === job);
    for (const point of points) {
      const started = Date.now();
      const problems = await stack.disturb(stage, point).catch((error: Error) => [error.message]);
      const { program, when, death, next } = point;
      tally.add(row, `${program} ${when} ${death} ${next}`, problems, Date.now() - started);
    }
    tally.end(row);
  }
  stack.close();
  await rig.stop();
}

async function exploreOperations(queue: [Row, number][], tally: Tally): Promise<void> {
  const rig = await Rig.start();
  for (let next = queue.shift(); next; next = queue.shift()) await explore(rig, ...next, tally);
  await rig.stop();
}

async function main(): Promise<void> {
  setReporter(words.includes("--say") ? console.log : () => {});
  const queue = operations
    .map((row, turn): [Row, number] => [row, turn])
    .filter(([row, turn]) => only.test(row.name) && turn % parts === part - 1);
  const each = (length: number, work: (job: number) => Promise<void>) =>
    Promise.all(Array.from({ length }, (_, job) => work(job)));
  const workers = new Tally();
  await each(Math.min(jobs, queue.length), () => exploreOperations(queue, workers));
  workers.print("operations");
  if (most !== Number.POSITIVE_INFINITY)
    console.log(`at ${most} failpoints of each operation, from its first to its last; \`--all\` takes every one`);
  const stacks = new Tally();
  if (engine > 0) {
    buildPackage();
    await each(jobs, (job) => exploreStages(job, stacks));
    stacks.print("stages of whole programs");
  }
  process.exitCode = workers.allSurvived && stacks.allSurvived ? 0 : 1;
}

void main();
