import { backoff } from "../../../provider/host/backoff";
import { Schedule } from "../../../provider/host/schedule";

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

test("a place is used again only after all others", () => {
  const schedule = new Schedule<Named>(2);
  const places = Array.from({ length: 5 }, () => {
    const one = task("a");
    schedule.add(one);
    const taken = schedule.take();
    schedule.end(one);
    return taken?.place;
  });
  expect(places).toEqual([1, 2, 3, 4, 1]);
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
  schedule.widen(8);
  for (let i = 0; i < 20; i++) schedule.add(task(`${i}`));
  const places: number[] = [];
  for (let next = schedule.take(); next; next = schedule.take()) places.push(next.place);
  expect(places.length).toBe(8);
  expect(new Set(places).size).toBe(8);
  expect(Math.max(...places)).toBeLessThanOrEqual(16);
});

test("pauses between attempts grow to a limit", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 50].map(backoff)).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
});
