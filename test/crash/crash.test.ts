import { setReporter } from "../../provider/host/log";
import { disturb, pointsOf, type Reference, refer } from "./explore";
import { operations } from "./operations";
import { Rig } from "./rig";

/** A sample of `npm run test:crash`: an operation of each kind, each dying at a few of its failpoints. */
const sample = operations.filter(({ name }, i) => i % 9 === 4 || name.startsWith("pf gets its first rule beside"));
const deaths = 5;

let rig: Rig;
let restore: ReturnType<typeof setReporter>;

beforeAll(async () => {
  restore = setReporter(() => {});
  rig = await Rig.start();
});

afterAll(async () => {
  setReporter(restore);
  await rig?.stop();
});

describe.each(sample.map((row, turn) => [row.name, row, turn] as const))("%s", (_name, row, turn) => {
  let reference: Reference;

  test("undisturbed: a further up does nothing, and a destroy leaves the host as it was", async () => {
    reference = await refer(rig, row);
    expect(reference.programs).not.toEqual([]);
  });

  test(`at ${deaths} of its failpoints, it is complete after another run, or leaves nothing after a destroy`, async () => {
    const all = pointsOf(row, reference, turn);
    const points = all.filter((_, i) => i % Math.ceil(all.length / deaths) === turn % 3);
    for (const point of points)
      expect({ point, problems: await disturb(rig, row, reference, point) }).toEqual({ point, problems: [] });
  });
});
