import type { Death, Next, Point } from "./explore";
import { Rig } from "./rig";
import { CrashStack, pointsOfStage, type Stage, type StageName, stages } from "./stack";

/** A sample of what `npm run test:crash` does with whole programs, through Pulumi's engine. */
const sample = [
  ["a program is brought up", "power", 3, "up"],
  ["a program is brought up", "connections", 1, "destroy"],
  ["a program is changed", "provider", 2, "up"],
  ["a program is destroyed", "process", 1, "up"],
] as const satisfies readonly [StageName, Death, number, Next][];

let rig: Rig;
let stack: CrashStack;
let seen: readonly Stage[];

beforeAll(async () => {
  rig = await Rig.start();
  stack = await CrashStack.open(rig);
});

afterAll(async () => {
  stack?.close();
  await rig?.stop();
});

test("undisturbed: a program is brought up, changed and destroyed, and the host is as it was", async () => {
  seen = await stack.refer();
  expect(seen.map(({ name }) => name)).toEqual(stages);
});

test.each(sample)(
  "%s, with a death of its %s behind %i quarters of it, then %s",
  async (name, death, quarter, next) => {
    const stage = seen.find((one) => one.name === name) as Stage;
    const point = pointsOfStage(stage, 4)[quarter] as Point;
    expect(await stack.disturb(stage, { ...point, death, next })).toEqual([]);
  },
);
