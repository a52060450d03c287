import { setReporter } from "../../provider/host/log";
import { disturb, type Point, pointsOf, type Reference, refer, spread } from "./explore";
import { operations, type Row } from "./operations";
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
    const all = pointsOf(row, reference, turn).filter(({ death }) => death !== "full" && death !== "stall");
    const points = all.filter((_, i) => i % Math.ceil(all.length / deaths) === turn % 3);
    for (const point of points)
      expect({ point, problems: await disturb(rig, row, reference, point) }).toEqual({ point, problems: [] });
  });
});

describe("a jail is created", () => {
  const row = operations.find(({ name }) => name === "a jail is created") as Row;
  let points: readonly Point[];
  let reference: Reference;

  beforeAll(async () => {
    reference = await refer(rig, row);
    points = pointsOf(row, reference, 0);
  });

  test.each([
    ["on a disk that fills up", "full"],
    ["by a program that hangs", "stall"],
  ] as const)(
    "%s, at three of its failpoints: it is complete after another run, or leaves nothing after a destroy",
    async (_how, death) => {
      const all = points.filter((point) => point.death === death);
      for (const point of spread(all, 3, 1))
        expect({ point, problems: await disturb(rig, row, reference, point) }).toEqual({ point, problems: [] });
    },
  );
});
