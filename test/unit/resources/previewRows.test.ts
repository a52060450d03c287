import { definitions } from "../../../provider/resources/all";
import { firstPart } from "../../../provider/resources/changes";
import { insideShape } from "../../../provider/resources/insideSchema";
import { datasetShape } from "../../../provider/resources/jailDatasets";
import { extraShape } from "../../../provider/resources/jailExtras";
import { mountShape } from "../../../provider/resources/jailMounts";
import { networkShape } from "../../../provider/resources/jailNetwork";
import { orderShape } from "../../../provider/resources/jailOrder";
import { rows } from "../../preview/rows/all";

/** What other engine tests change on running jails: the inside of a jail, the rest of jail.conf(5), bases that are patched, ZFS. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  Jail: [
    insideShape,
    extraShape,
    mountShape,
    networkShape,
    orderShape,
    datasetShape,
    { path: 0, thick: 0, quota: 0 },
  ].flatMap(Object.keys),
  Flavor: ["packages"],
  BaseInstall: ["patch", "storage.zfs.dataset", "storage.zfs.compression"],
  JailArchive: ["snapshot"],
};

/** An ImageJail's properties are a Jail's, but for its disk. */
const asJail = new Set(Object.keys(definitions.find((one) => one.kind === "Jail")?.shape ?? {}));

test.each(definitions.map((one) => [one.kind, one] as const))(
  "%s: test/preview has a row for each property (`of`), in which it changes as the table says",
  (kind, { shape, changes, internal = [] }) => {
    const properties = Object.keys(changes)
      .filter((property) => firstPart(property) in shape && !internal.includes(property))
      .filter((property) => kind !== "ImageJail" || !asJail.has(property));
    const wanted = properties.filter((property) => !elsewhere[kind]?.includes(property));
    const without = wanted.filter((property) => !rows.some((row) => row.kind === kind && row.of === property));
    expect(without).toEqual([]);
  },
);

test("there are at least 60 rows, and each says what somebody changes by hand", () => {
  expect(rows.length).toBeGreaterThanOrEqual(60);
  expect(rows.filter((row) => row.byHand[0] === "")).toEqual([]);
});

const words = {
  none: /^$/,
  live: /^(changes live|starts|stops)/,
  restart: /^restarts/,
  offline: /^is stopped/,
  replace: /^is replaced/,
} as const;

test.each(rows.filter((row) => row.of !== undefined).map((row) => [`${row.kind}: ${row.title}`, row] as const))(
  "%s costs what the table says",
  (_title, row) => {
    const change = definitions.find((one) => one.kind === row.kind)?.changes[row.of ?? ""];
    expect(row.says ?? "").toMatch(words[change ?? "none"]);
  },
);
