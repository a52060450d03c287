import { spawnSync } from "node:child_process";
import path from "node:path";
import { forgetClaims } from "../../../provider/resources/claims";
import * as jail from "../../../provider/resources/jail";
import * as archive from "../../../provider/resources/jailArchive";
import { changes, definition } from "../../../provider/resources/jailArchive";
import type { Provider } from "../../../provider/resources/resource";

beforeEach(forgetClaims);

type Properties = Record<string, unknown>;

const library = path.join(__dirname, "..", "..", "..", "provider", "remote", "archives.sh");
const day = 86400;
/** Friday, 20 November 2026, noon. */
const now = 1795176000;

/** Days ago of the archives that the rules let go. */
function gone(rules: string, ages: readonly number[]): number[] {
  const lines = ages.map((age) => {
    const time = new Date((now - age * day) * 1000).toISOString().replace(/[-:]|\.\d+/g, "");
    return `${now - age * day} /usr/jails/archive/web-1-${time}.tar.xz\n`;
  });
  const script = `. '${library}'; archive_doomed "$1" ${now}`;
  const { stdout } = spawnSync("sh", ["-c", script, "sh", rules], { input: lines.join(""), encoding: "utf8" });
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => Math.round((now - Number(line.split(" ")[0])) / day));
}

describe("which archives stay", () => {
  const daily = Array.from({ length: 40 }, (_, i) => i);

  test.each<[string, readonly number[], readonly number[]]>([
    ["last=2", [0, 1, 2, 3], [2, 3]],
    ["last=9", [0, 1, 2, 3], []],
    ["age=172800", [0, 1, 2, 3], [3]],
    ["age=60", [5, 6], [6]],
    ["daily=2", [0, 0.1, 1, 1.1, 2], [0, 1, 2]],
    ["weekly=2", [0, 1, 4, 5, 11, 12], [1, 4, 5, 11, 12].filter((age) => age !== 5)],
    ["monthly=2", [0, 5, 25, 60], [5, 60]],
    ["last=1 daily=3", [0, 1, 2, 3], [3]],
    ["last=4 age=172800", [0, 1, 2, 3], [3]],
  ])("%s of %j", (rules, ages, expected) => {
    expect(gone(rules, ages)).toEqual(expected);
  });

  test("one a day for a week, one a week for a month", () => {
    const left = daily.filter((age) => !gone("daily=7 weekly=4", daily).includes(age));
    expect(left).toEqual([0, 1, 2, 3, 4, 5, 6, 12, 19]);
  });
});

async function reasons(provider: Pick<Provider, "check">, properties: Properties): Promise<string> {
  const { failures } = await provider.check({}, { owner: "project/stack/it", __provider: "code", ...properties });
  return failures.map(({ reason }) => reason).join("\n");
}

describe("bad input is refused in the preview", () => {
  const base = "/usr/jails/sharedfs/13.2-RELEASE";

  test.each<[string, Properties, RegExp]>([
    ["no jail", { jail: undefined }, /jail: is required/],
    ["a name that is a path", { name: "a/b" }, /name: /],
    ["a path that isn't one", { path: "archives" }, /path: /],
    ["an unknown compression", { compression: "rar" }, /compression: /],
    ["to keep none", { keep: 0 }, /keep: has to be a number \(at least 1/],
    ["to keep by no rule", { keep: {} }, /keep: give one of last, daily/],
    ["an age that isn't one", { keep: { age: "soon" } }, /keep/],
    ["an unknown end", { onDelete: "sell" }, /onDelete: /],
    ["a snapshot in a folder", { snapshot: true, path: "/backup" }, /path: a snapshot lies in its jail's pool/],
    ["a compressed snapshot", { snapshot: true, compression: "xz" }, /compression: a snapshot is compressed as/],
    ["a snapshot of a disk", { snapshot: true, image: true }, /snapshot: an ImageJail lies on a disk in a file/],
  ])("JailArchive: %s", async (_name, properties, reason) => {
    expect(await reasons(archive, { name: "nightly", jail: "web", ...properties })).toMatch(reason);
  });

  test.each<[string, Properties, RegExp]>([
    ["restored and like a template", { restore: "/a/b.tar.xz", template: "other" }, /restore: .*leave out one/],
    ["a template of itself", { template: "web" }, /template: jail web can't be its own template/],
    ["flavors over a template", { template: "other", flavors: ["default"] }, /flavors: .*has run already/],
    ["flavors over an archive", { restore: "/a/b.tar", flavors: ["default"] }, /flavors: /],
    ["an archive that is none", { restore: "/etc/passwd" }, /restore: /],
    ["an archive by half a path", { restore: "b.tar.xz" }, /restore: /],
    ["an archive in its own tree", { onDelete: "archive", archiveTo: "/usr/jails/web/old" }, /archiveTo: .*own tree/],
    ["an unknown end", { onDelete: "sell" }, /onDelete: /],
  ])("Jail: %s", async (_name, properties, reason) => {
    expect(await reasons(jail, { name: "web", base, ...properties })).toMatch(reason);
  });

  test("an archive and another jail are taken as they are given", async () => {
    const archived = { file: "/a/web.tar.xz", sha256: "0".repeat(64) };
    const snapshot = { file: "/usr/jails/archive/web-20261122T101500Z.zfs", sha256: "" };
    for (const template of ["/a/web.tar.xz", archived, snapshot, "golden", { jail: "golden" }])
      expect(await reasons(jail, { name: "web", base, template })).toBe("");
    expect(await reasons(jail, { name: "web", base, restore: archived })).toBe("");
  });
});

test("a file is compressed with xz unless something else is said, and a snapshot isn't", async () => {
  const given = { owner: "project/stack/it", name: "nightly", jail: "web" };
  expect((await archive.check({}, given)).inputs).toMatchObject({ compression: "xz" });
  const { inputs, failures } = await archive.check({}, { ...given, snapshot: true });
  expect(failures).toEqual([]);
  expect(inputs).not.toHaveProperty("compression");
});

test("every property of a JailArchive has its line in the table", () => {
  const names = Object.keys(definition.shape).filter((name) => !["connection", "owner"].includes(name));
  expect(names.filter((name) => !(name in changes))).toEqual([]);
});
