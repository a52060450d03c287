import * as base from "../../../provider/resources/baseInstall";
import * as jail from "../../../provider/resources/jail";

const olds = {
  owner: "p/s/web",
  name: "web",
  base: "/usr/jails/sharedfs/13.2-RELEASE",
  addresses: ["lo1|10.0.0.1/32"],
  config: "text",
  token: "t",
};

test("nothing that differs is no change, whatever the order of the keys", async () => {
  const news = Object.fromEntries(Object.entries(olds).reverse());
  expect(await jail.diff("id", olds, news)).toEqual({ changes: false, deleteBeforeReplace: true });
});

test("a changed property is left to the engine, so that its lines are shown", async () => {
  const result = await jail.diff("id", olds, { ...olds, config: "other" });
  expect(result).toEqual({ replaces: [], deleteBeforeReplace: true });
});

test("no property of a jail replaces it", async () => {
  const result = await jail.diff("id", olds, {
    ...olds,
    name: "other",
    base: "/usr/jails/sharedfs/14.0-RELEASE",
    addresses: [],
    config: "other",
  });
  expect(result.replaces).toEqual([]);
});

test("another release is another base, made beside the old one", async () => {
  const before = {
    owner: "p/s/base",
    name: "base",
    root: "/usr/jails",
    release: "13.2-RELEASE",
    path: "/usr/jails/sharedfs/13.2-RELEASE",
  };
  const result = await base.diff("id", before, {
    ...before,
    release: "14.0-RELEASE",
    path: "/usr/jails/sharedfs/14.0-RELEASE",
  });
  expect(result).toEqual({ replaces: ["release"], deleteBeforeReplace: false });
});

test("a create that was cut off goes on at the next up", async () => {
  expect(await jail.diff("id", { ...olds, unfinished: true }, olds)).toMatchObject({ changes: true });
});

describe("what a change costs is said in the preview", () => {
  const running = { ...olds, running: true, autostart: true, allow: [], rawSockets: false, childrenMax: 0 };

  test.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
    ["live", running, { rawSockets: true }, "Jail web changes live, for: rawSockets"],
    ["restart", running, { sysvipc: "new" }, "Jail web restarts, for: sysvipc"],
    [
      "restart, where it can't be live",
      { ...running, securelevel: 2 },
      { securelevel: 1 },
      "Jail web restarts, for: securelevel",
    ],
    ["offline", running, { name: "www" }, "Jail www is stopped for the time of the change, for: name"],
    [
      "nothing that is seen, for a jail that is stopped",
      { ...running, running: false },
      { sysvipc: "new" },
      "Jail web changes without a stop, as it doesn't run, for: sysvipc",
    ],
  ])("%s", async (_name, before, change, line) => {
    const lines: string[] = [];
    jest.spyOn(console, "log").mockImplementation((text: string) => void lines.push(text));
    await jail.diff("id", before, { ...before, ...change });
    jest.restoreAllMocks();
    expect(lines).toEqual([line]);
  });
});

describe("a state of the version before", () => {
  const all = Object.fromEntries(
    Object.entries({
      running: true,
      autostart: true,
      allow: [],
      rawSockets: false,
      childrenMax: 0,
      adopt: false,
    }),
  );

  test("lacks properties that are new: their defaults are no change", async () => {
    const news = {
      ...olds,
      ...all,
      devfsRuleset: 4,
      enforceStatfs: 2,
      inherit: false,
      flavors: [],
      consoleCommand: "jexec web",
    };
    expect(await jail.diff("id", olds, news)).toEqual({ changes: false, deleteBeforeReplace: true });
  });

  test("and one that is given is a change like any other", async () => {
    expect(await jail.diff("id", olds, { ...olds, ...all, devfsRuleset: 5 })).toEqual({
      replaces: [],
      deleteBeforeReplace: true,
    });
  });
});
