import { backoff } from "../../../provider/host/backoff";
import { Paces } from "../../../provider/host/paces";
import { placesFor, Schedule } from "../../../provider/host/schedule";

const task = (name: string, ...locks: string[]) => ({ name, locks });
type Named = ReturnType<typeof task>;

function takeAll(schedule: Schedule<Named>): string[] {
  const names: string[] = [];
  for (let next = schedule.take(); next; next = schedule.take()) names.push(next.task.name);
  return names;
}

test.each([
  ["no more than there are slots", 2, [task("a"), task("b"), task("c")], ["a", "b"]],
  ["one for each lock", 4, [task("a", "pf"), task("b", "pf"), task("c")], ["a", "c"]],
  ["none before one that waits for both its locks", 4, [task("a", "x"), task("b", "x", "y"), task("c", "y")], ["a"]],
  ["all that share nothing", 4, [task("a", "x"), task("b", "y"), task("c", "z")], ["a", "b", "c"]],
])("there run at once %s", (_, slots, tasks, names) => {
  const schedule = new Schedule<Named>(slots);
  for (const one of tasks) schedule.add(one);
  expect(takeAll(schedule)).toEqual(names);
});

test("one that waited for a lock goes when the lock is free", () => {
  const schedule = new Schedule<Named>(4);
  const [first, second] = [task("a", "pf"), task("b", "pf")];
  schedule.add(first);
  schedule.add(second);
  expect(takeAll(schedule)).toEqual(["a"]);
  schedule.end(first);
  expect(takeAll(schedule)).toEqual(["b"]);
  schedule.end(second);
  expect(schedule.idle).toBe(true);
});

test("tasks that take part of a slot are more at once", () => {
  const schedule = new Schedule<Named>(2, ({ name }) => (name.startsWith("quick") ? 0.25 : 1));
  for (const name of ["slow", "quick1", "quick2", "quick3", "quick4", "quick5"]) schedule.add(task(name));
  expect(takeAll(schedule)).toEqual(["slow", "quick1", "quick2", "quick3", "quick4"]);
});

test("however little they take, there are never more than there are places", () => {
  const schedule = new Schedule<Named>(2, () => 0);
  for (let i = 0; i < 500; i++) schedule.add(task(`${i}`));
  expect(takeAll(schedule).length).toBeLessThan(placesFor(2));
});

test("a place is used again only after all others", () => {
  const schedule = new Schedule<Named>(2);
  const places = Array.from({ length: placesFor(2) + 1 }, () => {
    const one = task("a");
    schedule.add(one);
    const taken = schedule.take();
    schedule.end(one);
    return taken?.place;
  });
  expect(places.slice(0, 3)).toEqual([1, 2, 3]);
  expect(places.at(-1)).toBe(1);
  expect(new Set(places).size).toBe(placesFor(2));
});

test("after a cut, what ran goes first", () => {
  const schedule = new Schedule<Named>(1);
  for (const name of ["a", "b"]) schedule.add(task(name));
  expect(takeAll(schedule)).toEqual(["a"]);
  schedule.restart(1);
  expect(schedule.take()?.task.name).toBe("a");
});

test("more slots mean more places, each of them once", () => {
  const schedule = new Schedule<Named>(4);
  schedule.resize(8);
  for (let i = 0; i < 20; i++) schedule.add(task(`${i}`));
  const places: number[] = [];
  for (let next = schedule.take(); next; next = schedule.take()) places.push(next.place);
  expect(places.length).toBe(8);
  expect(new Set(places).size).toBe(8);
  expect(Math.max(...places)).toBeLessThanOrEqual(placesFor(8));
});

test("pauses between attempts grow to a limit", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 50].map(backoff)).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
});

test("one that isn't known takes a whole slot where the program says how many may run", () => {
  expect(new Paces(false).weight("jail.create", 100)).toBe(1);
});

test.each([
  ["one that isn't known", [], 100, 1 / 3],
  ["one that isn't known, on a short line", [], 9, 1],
  ["one that takes as long as its way", [100], 100, 0.5],
  ["one on a short line", [100], 0, 1],
  ["one that was slow at last", [100, 500], 100, 0.75],
  ["one that was quick at last", [300, 100], 100, 2 / 3],
])("%s takes its part of a slot", (_, times, roundTrip, weight) => {
  const paces = new Paces(true);
  for (const time of times) paces.learn("jail.create", time);
  expect(paces.weight("jail.create", roundTrip)).toBeCloseTo(weight);
});
