import { datasetAt, otherStorage, storagePreflight, storageSchema } from "../../../provider/resources/storage";

const zfs = (dataset: string) => ({ zfs: { dataset } });

test("a data set alone is short for an object with it", () => {
  expect(storageSchema.parse({ zfs: "tank/jails" })).toEqual({ zfs: { dataset: "tank/jails" } });
  expect(storageSchema.parse({ zfs: { dataset: "tank/jails", compression: "gzip-6" } })).toEqual({
    zfs: { dataset: "tank/jails", compression: "gzip" },
  });
});

test.each([
  [{ zfs: "tank//x" }, /is not the name of a data set/],
  [{ zfs: { dataset: "tank", compression: "none" } }, /is not a compression/],
  ["zfs", /has to be "ufs", \{ zfs: "zroot\/jails" \}/],
])("%j is refused with a reason", (given, reason) => {
  expect(
    storageSchema
      .safeParse(given)
      .error?.issues.map((issue) => issue.message)
      .join("\n"),
  ).toMatch(reason);
});

test("a data set's name follows its folder's", () => {
  expect(datasetAt("tank/jails", "/usr/jails", "/usr/jails/sharedfs/14.3-RELEASE")).toBe(
    "tank/jails/sharedfs.14.3-RELEASE",
  );
  expect(datasetAt("tank/jails", "/usr/jails", "/usr/jails/web")).toBe("tank/jails/web");
});

test("a zone stays on what it lies on; another zone may lie on something else", () => {
  const olds = { root: "/usr/jails", storage: "ufs" };
  expect(otherStorage(olds, { root: "/usr/jails", storage: zfs("tank/jails") })).toEqual([
    expect.stringMatching(
      /the zone \/usr\/jails lies in folders, and stays there; for one in tank\/jails give another `root`/,
    ),
  ]);
  expect(otherStorage(olds, { root: "/usr/other", storage: zfs("tank/jails") })).toEqual([]);
  expect(otherStorage({}, { root: "/usr/jails", storage: zfs("tank/jails") })).toEqual([]);
});

test("a preview that asks the host knows its pools", () => {
  const asked = (pools: string[] | undefined) =>
    ({ host: "root@h:22", pools }) as Parameters<typeof storagePreflight>[0];
  expect(storagePreflight(asked(["zroot"]), zfs("zroot/jails"))).toEqual([]);
  expect(storagePreflight(asked([]), zfs("zroot/jails"))).toEqual([
    "storage.zfs.dataset: there is no pool zroot on root@h:22; it has none",
  ]);
  expect(storagePreflight(asked(undefined), zfs("zroot/jails"))[0]).toMatch(/root@h:22 has no ZFS at work/);
  expect(storagePreflight(asked(undefined), "ufs")).toEqual([]);
});
