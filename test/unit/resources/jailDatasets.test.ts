import { forgetClaims } from "../../../provider/resources/claims";
import * as jail from "../../../provider/resources/jail";
import { foundDatasets } from "../../../provider/resources/jailDatasets";
import { jailWarnings } from "../../../provider/resources/jailWarnings";
import type { Snapshot } from "../../../provider/resources/snapshot";

beforeEach(forgetClaims);

const given = {
  owner: "project/stack/web",
  name: "web",
  base: "/usr/jails/sharedfs/13.2-RELEASE",
  datasets: ["tank/data"],
  enforceStatfs: 1,
};

test.each<[string, Record<string, unknown>, RegExp]>([
  ["a name that is none", { datasets: ["tank/a b"] }, /datasets\[0\]: .*is not the name of a data set/],
  ["a snapshot", { datasets: ["tank/a@b"] }, /datasets\[0\]: /],
  ["one twice", { datasets: ["tank/a", "tank/a"] }, /datasets: tank\/a stands there twice/],
  ["one in another", { datasets: ["tank/a/b", "tank/a"] }, /datasets: tank\/a\/b lies in tank\/a, .*leave it out/],
  ["no sight of its mounts", { enforceStatfs: 2 }, /enforceStatfs: with 2 a jail can't mount its data sets/],
  ["a permission taken away", { allow: ["mount.nozfs"] }, /datasets: .*allow\.mount\.zfs, which is taken from it/],
  ["the same by a parameter", { parameters: { "allow.mount": false } }, /datasets: .*allow\.mount, which is taken/],
])("a jail with data sets and %s is refused in the preview", async (_what, more, reason) => {
  const { failures } = await jail.check({}, { ...given, ...more });
  expect(failures.map((one) => one.reason).join("\n")).toMatch(reason);
});

test("their order means nothing", async () => {
  const { inputs } = await jail.check({}, { ...given, datasets: ["tank/b", "tank/a"] });
  expect(inputs["datasets"]).toEqual(["tank/a", "tank/b"]);
});

test("two jails of a program can't have one data set", async () => {
  await jail.check({}, given);
  const { failures } = await jail.check({}, { ...given, owner: "project/stack/two", name: "two" });
  expect(failures.map((one) => one.reason).join()).toMatch(
    /the data set tank\/data is taken by Jail project\/stack\/web/,
  );
});

test("what a jail may do with them is said, and what another ruleset of /dev has to show it", async () => {
  const said = async (more: object) =>
    jailWarnings("h", (await jail.check({}, { ...given, ...more })).inputs as never).join("\n");
  expect(await said({})).toMatch(/^allow\.mount lets .*\nallow\.mount\.zfs lets its root mount ZFS datasets.*$/);
  expect(await said({ devfsRuleset: 5 })).toMatch(/devfsRuleset: .*5 has to do that as well/);
});

test("a refresh finds those that are the jail's still", () => {
  const jailed = (value: string) => ({ jailed: { value, source: "local" } });
  const snapshot = {
    datasets: new Map([
      ["tank/a", jailed("on")],
      ["tank/b", jailed("off")],
    ]),
  } as unknown as Snapshot;
  expect(foundDatasets(snapshot, { datasets: ["tank/a", "tank/b", "tank/c"] })).toEqual({ datasets: ["tank/a"] });
  expect(foundDatasets(snapshot, { datasets: ["tank/a"] })).toEqual({});
});
