import * as base from "../../../provider/resources/baseInstall";
import { forgetClaims } from "../../../provider/resources/claims";
import * as flavor from "../../../provider/resources/flavor";
import * as jail from "../../../provider/resources/jail";
import * as loopback from "../../../provider/resources/loopbackInterface";
import type { Provider } from "../../../provider/resources/resource";
import { UNKNOWN } from "../../../provider/resources/unknown";

beforeEach(forgetClaims);

const owner = "project/stack/it";
const onBase = { base: "/usr/jails/sharedfs/13.2-RELEASE" };

async function reasons(provider: Pick<Provider, "check">, properties: Record<string, unknown>): Promise<string> {
  const { failures } = await provider.check({}, { owner, __provider: "code", ...properties });
  for (const failure of failures) expect(failure.property).toBe("");
  return failures.map((failure) => failure.reason).join("\n");
}

test("a jail doesn't move to another zone", async () => {
  const olds = { owner, name: "web", base: "/usr/jails/sharedfs/13.2-RELEASE" };
  const news = { ...olds, base: "/jails/sharedfs/13.2-RELEASE", __provider: "code" };
  const { failures } = await jail.check(olds, news);
  expect(failures[0]?.reason).toMatch(/base: .*another zone.*archive/);
});

test("a patch level makes another base, at a place of its own", async () => {
  const paths = await Promise.all(
    [undefined, 0, 1, "latest"].map(async (patch) => {
      forgetClaims();
      const news = { owner, name: "base", release: "13.2-RELEASE", patch, __provider: "code" };
      return (await base.check({}, news)).inputs["path"];
    }),
  );
  expect(paths[0]).toBe("/usr/jails/sharedfs/13.2-RELEASE");
  expect(new Set(paths).size).toBe(4);
});

describe("bad input is refused in the preview, and says which property", () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ["an address that isn't one", { addresses: ["lo1|300.1.1.1"] }, /^Jail web: addresses\[0\]: /],
    [
      "an address twice",
      { addresses: ["lo1|10.0.0.1", "lo1|10.0.0.1/32"] },
      /addresses: 10\.0\.0\.1 stands there twice/,
    ],
    ["an empty name", { name: "" }, /name: /],
    ["a dot as a name", { name: "." }, /name: /],
    ["a slash in a name", { name: "a/b" }, /name: /],
    ["a space in a name", { name: "a b" }, /name: /],
    ["a name of digits", { name: "123" }, /name: /],
    ["an over-long name", { name: "a".repeat(300) }, /name: /],
    ["a reserved name", { name: "sharedfs" }, /name: /],
    ["a base with ..", { base: "/usr/jails/sharedfs/../x" }, /base: /],
    ["a base that is none", { base: "/usr/jails/web" }, /base: .*BaseInstall/],
    ["no base", { base: undefined }, /base: is required/],
    ["a property that there isn't", { adresses: [] }, /adresses: there is no such property; known are .*addresses/],
    [
      "an unknown permission",
      { allow: ["raw_socket"] },
      /allow\[0\]: "raw_socket" is no permission of jail\(8\); known are .*raw_sockets/,
    ],
    ["a securelevel too high", { securelevel: 4 }, /securelevel: /],
    ["a time-out of nothing", { stopTimeout: 0 }, /stopTimeout: has to be at least 1 second/],
    ["addresses and inherit", { addresses: ["lo1|10.0.0.1"], inherit: true }, /inherit: /],
    ["a resolv.conf without sense", { resolvConf: { nameservers: ["x"] } }, /resolvConf: /],
  ])("Jail: %s", async (_name, properties, reason) => {
    expect(await reasons(jail, { name: "web", ...onBase, ...properties })).toMatch(reason);
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ["lo0", { name: "lo0" }, /name: .*lo0 is the host's own/],
    ["an address without a prefix", { addresses: ["10.0.0.1"] }, /addresses\[0\]: /],
    ["the network's own number", { network: "192.168.1.0/28" }, /network: /],
    [
      "one address twice",
      { network: "192.168.1.1/28", addresses: ["192.168.1.1/32"] },
      /192\.168\.1\.1 stands there twice/,
    ],
  ])("LoopbackInterface: %s", async (_name, properties, reason) => {
    expect(await reasons(loopback, { name: "lo1", ...properties })).toMatch(reason);
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ["a release that isn't one", { release: "thirteen" }, /release: /],
    ["a digest that isn't one", { sha256: "abc" }, /sha256: has to be a SHA-256/],
    ["a root of the system", { root: "/usr" }, /root: .*folder of the system/],
    ["a root with ..", { root: "/usr/jails/../etc" }, /root: /],
    ["a source that can't be", { source: "ftp://x" }, /source: /],
    ["an unknown component", { components: ["games"] }, /components\[0\]: /],
    [
      "a digest of the running host",
      { source: "host", sha256: "0".repeat(64) },
      /sha256: the running host has no archive/,
    ],
    ["a patch level that isn't one", { patch: -1 }, /patch: has to be "latest", or a patch level/],
    ["a patch level in words", { patch: "newest" }, /patch: has to be "latest", or a patch level/],
    [
      "patches of a branch",
      { release: "14.1-STABLE", patch: "latest" },
      /patch: there are no patches for 14\.1-STABLE/,
    ],
    [
      "patches of a built world",
      { source: { world: "/usr/src" }, patch: "latest" },
      /patch: a world that was built is patched in its source tree/,
    ],
    ["a world that is no folder", { source: { world: "usr/src" } }, /source/],
    [
      "a digest of a built world",
      { source: { world: "/usr/src" }, sha256: "0".repeat(64) },
      /sha256: a world that was built has no archives/,
    ],
  ])("BaseInstall: %s", async (_name, properties, reason) => {
    expect(await reasons(base, { name: "base", release: "13.2-RELEASE", ...properties })).toMatch(reason);
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ["a file that leaves the jail", { files: { "/../etc/passwd": "x" } }, /files/],
    ["a file in the shared base", { files: { "/usr/bin/x": "x" } }, /files: \/usr\/bin\/x is the shared base's/],
    ["a file below a file", { files: { "/etc/a": "x", "/etc/a/b": "x" } }, /files: \/etc\/a\/b lies below/],
    [
      "a local file that is not there",
      { files: { "/etc/a": { source: "/nonexistent/a" } } },
      /files: the source of \/etc\/a/,
    ],
    ["a folder that is not there", { directory: "/nonexistent/folder" }, /directory: there is no folder/],
    [
      "a password in clear",
      { users: [{ name: "alice", passwordHash: "secret" }] },
      /users\[0\]\.passwordHash: This is not the hash of a password/,
    ],
    [
      "two users with one id",
      {
        users: [
          { name: "a", uid: 1001 },
          { name: "b", uid: 1001 },
        ],
      },
      /the user id 1001 of b is another/,
    ],
    ["an ssh user who can't log in", { sshUser: { name: "admin" } }, /sshUser: nobody could log in/],
  ])("Flavor: %s", async (_name, properties, reason) => {
    expect(await reasons(flavor, { name: "default", ...properties })).toMatch(reason);
  });

  test("a secret never stands in a failure", async () => {
    const text = await reasons(flavor, { name: "default", users: [{ name: "alice", passwordHash: "HUNTER2" }] });
    expect(text).not.toContain("HUNTER2");
  });
});

describe("what two resources of a program can't both have", () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ["a jail's name", { name: "web" }, /the jail name web is taken by Jail project\/stack\/it in this program already/],
    ["an address", { name: "other", addresses: ["lo1|10.0.0.1"] }, /the jail address 10\.0\.0\.1 is taken/],
  ])("%s", async (_name, properties, reason) => {
    expect(await reasons(jail, { name: "web", ...onBase, addresses: ["lo1|10.0.0.1"] })).toBe("");
    expect(await reasons(jail, { ...onBase, ...properties, owner: "project/stack/other" })).toMatch(reason);
  });

  test("the same name on two hosts is no conflict", async () => {
    expect(await reasons(jail, { name: "web", ...onBase, connection: { host: "a" } })).toBe("");
    expect(
      await reasons(jail, { name: "web", ...onBase, connection: { host: "b" }, owner: "project/stack/other" }),
    ).toBe("");
  });
});

describe("an address outside the loopback's network", () => {
  const lo1 = { name: "lo1", network: "192.168.1.1/28" };
  const web = { name: "web", ...onBase, addresses: ["lo1|192.168.2.3"] };

  test("is refused where the interface comes first", async () => {
    expect(await reasons(loopback, lo1)).toBe("");
    expect(await reasons(jail, web)).toMatch(
      /addresses: 192\.168\.2\.3 lies outside the network of the LoopbackInterface lo1/,
    );
  });

  test("is refused where the jail comes first", async () => {
    expect(await reasons(jail, web)).toBe("");
    expect(await reasons(loopback, lo1)).toMatch(/network: a jail's address on it, 192\.168\.2\.3, lies outside of it/);
  });

  test("is nothing to an interface of another host", async () => {
    expect(await reasons(loopback, { ...lo1, connection: { host: "other" } })).toBe("");
    expect(await reasons(jail, web)).toBe("");
  });
});

describe("what a preview doesn't know yet", () => {
  test("is passed over, and what depends on it is unknown too", async () => {
    const { inputs, failures } = await jail.check({}, { owner, name: "web", ...onBase, addresses: [UNKNOWN] });
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ path: "/usr/jails/web", config: UNKNOWN, rc: expect.stringContaining("web") });
  });

  test("doesn't hide what is wrong with the rest", async () => {
    expect(await reasons(jail, { name: "a b", base: UNKNOWN })).toMatch(/name: /);
  });
});

test("another spelling of the same address is the same input", async () => {
  const one = await jail.check({}, { owner, name: "web", ...onBase, addresses: ["lo1|fd00:0:0::5"] });
  const two = await jail.check({}, { owner, name: "web", ...onBase, addresses: ["lo1|fd00::5/128"] });
  expect(one.inputs).toEqual(two.inputs);
});
