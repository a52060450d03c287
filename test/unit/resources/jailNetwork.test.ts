import { macAddress } from "../../../provider/freebsd/mac";
import { forgetClaims } from "../../../provider/resources/claims";
import * as jail from "../../../provider/resources/jail";
import { epair } from "../../../provider/resources/jailNetwork";

beforeEach(forgetClaims);

const base = "/usr/jails/sharedfs/13.2-RELEASE";

async function check(
  properties: Record<string, unknown>,
): Promise<{ inputs: Record<string, unknown>; reasons: string }> {
  const { inputs, failures } = await jail.check({}, { owner: "project/stack/it", name: "web", base, ...properties });
  return { inputs, reasons: failures.map((failure) => failure.reason).join("\n") };
}

test("both ends of a pair have names that an interface can have, and no other jail's", () => {
  const names = ["web", "a".repeat(13), "a".repeat(14), `${"a".repeat(14)}b`, "a".repeat(200)].map(epair);
  const all = names.flatMap(({ host, jail: own }) => [host, own]);
  for (const name of all) expect(name.length).toBeLessThanOrEqual(15);
  expect(new Set(all).size).toBe(all.length);
  expect(epair("web")).toEqual({ host: "web_a", jail: "web_b" });
});

test("addresses that don't say their interface are on `interface`", async () => {
  const { inputs } = await check({ addresses: ["10.0.0.2", "em0|10.0.0.3", "fd00::2"], interface: "lo1" });
  expect(inputs["addresses"]).toEqual(["lo1|10.0.0.2/32", "em0|10.0.0.3/32", "lo1|fd00::2/128"]);
});

test.each([["02:00:5E:10:00:01"], ["00:16:3e:00:00:01"]])("%s is a MAC address", (mac) => {
  expect(macAddress(mac)).toBe(mac.toLowerCase());
});

test.each([
  "",
  "02:00:5e:10:00",
  "02-00-5e-10-00-01",
  "02:00:5e:10:00:zz",
  "01:00:5e:00:00:01",
  "ff:ff:ff:ff:ff:ff",
  "00:00:00:00:00:00",
])("%j is none", (mac) => {
  expect(() => macAddress(mac)).toThrow();
});

test("a jail starts behind those that it is after, whatever comes between", async () => {
  const file = async (name: string, after: string[]) => (await check({ name, after })).inputs["rcFile"];
  expect(await file("db", [])).toBe("/etc/rc.conf.d/jail/50-db");
  expect(await file("app", ["db"])).toBe("/etc/rc.conf.d/jail/51-app");
  expect(await file("web", ["app", "db"])).toBe("/etc/rc.conf.d/jail/52-web");
  expect(await file("other", ["elsewhere"])).toBe("/etc/rc.conf.d/jail/51-other");
});

test("a circle is an error, and says which jails are in it", async () => {
  expect((await check({ name: "a", after: ["b"] })).reasons).toBe("");
  expect((await check({ name: "b", after: ["c"] })).reasons).toMatch(/declare b first|^$/);
  expect((await check({ name: "c", after: ["a"] })).reasons).toMatch(
    /after: c is after a is after b is after c, and none/,
  );
  expect((await check({ name: "self", after: ["self"] })).reasons).toMatch(/after: self is after self/);
});

test("a jail whose place is told too late is an error that says what to do", async () => {
  await check({ name: "web", after: ["app"] });
  await check({ name: "db" });
  expect((await check({ name: "app", after: ["db"] })).reasons).toMatch(
    /after: jail web is after this one.*declare app first/,
  );
});

test("a jail that is after others is stopped before them", async () => {
  expect((await check({ after: ["db"] })).inputs["rc"]).toMatch(/^jail_reverse_stop="YES"$/m);
  expect((await check({})).inputs["rc"]).not.toMatch(/reverse/);
});
