import type { Bag } from "../../provider/resources/validate";
import { difference } from "../engine/harness/picture";
import type { Actor } from "./actor";
import type { Row } from "./operations";
import type { Prepared, Rig } from "./rig";

/** What happens at a failpoint: the operation's process dies, or its group, the line is cut, the power goes, or the provider is killed. */
export const deaths = ["process", "connections", "provider", "power", "group"] as const;
/** … or from there on the disk has no room, or what is run doesn't end. */
export type Death = (typeof deaths)[number] | "full" | "stall";
const elsewhere: readonly Death[] = ["connections", "provider", "power"];

/** What the user does afterwards. */
export type Next = "up" | "destroy";

/** One disturbed run of an operation. */
export interface Point {
  readonly program: number;
  readonly when: "before" | "after";
  readonly death: Death;
  readonly next: Next;
}

/** An operation that nobody disturbs, and what it gives. */
export interface Reference {
  readonly prepared: Prepared;
  readonly programs: readonly string[];
  readonly result: readonly string[];
  readonly destroyed: readonly string[];
}

/** Seconds that one disturbed run may take. */
const patience = 120;
/** Programs that only read what we give them are not suspected to hang. */
const computes = /: \S*\/(?:sha256|b64decode|cat)\b/;
/** Seconds that an operation has in which something hangs. */
const hanging = 6;

/** Runs the operation undisturbed, and looks. */
export async function refer(rig: Rig, row: Row): Promise<Reference> {
  const prepared = await rig.prepare(row);
  const actor = await rig.back(row, prepared);
  await rig.machine.commands(true);
  await step(actor, row);
  const programs = (await rig.machine.commands()).map(({ argv, jail }) => `${jail ?? ""}: ${argv.join(" ")}`);
  await rig.quiet();
  const result = await rig.picture();
  const problems = await idle(actor, row);
  await actor.destroy();
  await rig.quiet();
  const destroyed = await rig.picture();
  if (row.changesForGood !== true)
    problems.push(...difference(prepared.without, destroyed).map((line) => `destroy: ${line}`));
  if (problems.length > 0) throw new Error(`${row.name}, undisturbed:\n${problems.join("\n")}`);
  return { prepared, programs, result, destroyed };
}

/**
 * Every failpoint of an operation, each with one kind of death and with the next `up`; every other program with a `destroy` instead; each with
 * a full disk behind it; and some that hang.
 */
export function pointsOf(row: Row, { programs }: Reference, salt: number): Point[] {
  return programs.flatMap((words, i): Point[] => {
    const program = i + 1;
    // A daemon that dies in its jail is no failure of the operation.
    const own = words.startsWith(":") ? deaths : elsewhere;
    const turn = (n: number): Death => own[n % own.length] ?? "power";
    const half = program % 2 === salt % 2;
    const next = row.after && !row.changesForGood && half ? "destroy" : "up";
    const points: Point[] = [
      { program, when: "before", death: turn(salt + program), next: "up" },
      { program, when: "after", death: turn(salt + program + 2), next: "up" },
    ];
    // A pool on a file of a full disk would be a broken pool, and not a full one.
    if (row.first === undefined) points.push({ program, when: "after", death: "full", next });
    if (next === "destroy")
      points.push({ program, when: program % 2 ? "before" : "after", death: turn(salt + program + 1), next });
    if (own === deaths && !computes.test(words) && program % 4 === salt % 4)
      points.push({ program, when: "before", death: "stall", next });
    return points;
  });
}

/** As many of them as are wanted, from the first to the last. */
export function spread(points: readonly Point[], wanted: number, salt: number): Point[] {
  const step = Math.max(1, points.length / wanted);
  return points.filter((_, i) => Math.floor((i + salt) / step) !== Math.floor((i + salt - 1) / step));
}

/** One disturbed run: what is wrong afterwards. */
export async function disturb(rig: Rig, row: Row, reference: Reference, point: Point): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string[]>((resolve) => {
    timer = setTimeout(() => resolve([`it hangs: not at its end after ${patience} s`]), patience * 1000);
  });
  return Promise.race([attempt(rig, row, reference, point), late])
    .catch((error: Error) => [String(error.message)])
    .finally(() => clearTimeout(timer));
}

async function attempt(rig: Rig, row: Row, reference: Reference, point: Point): Promise<readonly string[]> {
  // A provider that was killed doesn't connect again; nor does one whose user has given up.
  const alone = point.death === "provider" || point.next === "destroy" ? { dialErrorLimit: 0 } : {};
  const actor = await rig.back(row, reference.prepared, alone);
  await fail(rig, row, actor, { ...point, alone });
  if (point.next === "destroy") {
    await actor.destroy();
    // What was cut off may still be at work, until its session is gone.
    const behind = await left(rig);
    await rig.settled();
    const problems = [...difference(reference.destroyed, await rig.picture()), ...behind];
    const kept = await rig.kept();
    return problems.filter((line) => !kept.some((nonce) => line.includes(`pulumi-freebsd-jails.${nonce}`)));
  }
  await step(actor, row);
  await rig.quiet();
  const problems = [...difference(reference.result, await rig.picture()), ...(await idle(actor, row))];
  await actor.destroy();
  await rig.quiet();
  problems.push(...difference(reference.destroyed, await rig.picture()).map((line) => `destroy: ${line}`));
  return [...problems, ...(await left(rig))];
}

/** The operation, once, with its death on the way. What the engine would know of it afterwards is in the actor. */
async function fail(
  rig: Rig,
  row: Row,
  actor: Actor,
  { program, when, death, next, alone }: Point & { alone: Bag },
): Promise<void> {
  const { known } = actor;
  const { boots } = await rig.machine.counters();
  if (death === "stall") rig.limit(hanging, alone);
  await rig.machine.failAt(program, when, death === "provider" ? "connections" : death);
  const error = await step(actor, row, alone).catch((problem: Error) => problem);
  // It may be that it comes behind the last word of the operation.
  if (!error) await rig.quiet().catch(() => {});
  if (death === "power" && (error || (await isDown(rig, boots)))) await rig.machine.up(boots + 1);
  await rig.machine.failAt(0, "before", "process");
  if (death === "full") await rig.machine.sh("rm -f /.full; sync");
  if (death === "stall") rig.limit(undefined, alone);
  // The engine that was killed with its provider has written down nothing.
  if (error && death === "provider" && next === "up") actor.known = known;
}

async function isDown(rig: Rig, boots: number): Promise<boolean> {
  return rig.machine.counters().then(
    (now) => now.boots !== boots,
    () => true,
  );
}

async function step(actor: Actor, row: Row, connection = {}): Promise<void> {
  if (row.after) await actor.up(row.after, connection);
  else await actor.destroy(connection);
}

/** What a further `up`, and one with --refresh, would do. */
async function idle(actor: Actor, row: Row): Promise<string[]> {
  const problems: string[] = [];
  if (row.after && (await actor.changes(row.after))) problems.push("a further up changes something");
  problems.push(...(await actor.refresh()).map((line) => `refresh: ${line}`));
  return problems;
}

async function left(rig: Rig): Promise<readonly string[]> {
  await rig.leave();
  return (await rig.leavings()).map((name) => `left behind: /var/run/${name}`);
}
