import { compression, datasetName, overlapping, parseDatasets } from "../../../provider/freebsd/datasets";

test.each(["zroot", "zroot/jails", "tank/a_b/c.d-e:f"])("%s is the name of a data set", (name) =>
  expect(datasetName(name)).toBe(name),
);

test.each([
  "",
  "/tank",
  "tank/",
  "tank//a",
  "1tank",
  "tank/a@s",
  "tank/a b",
  "tank/..",
  "-o",
  "tank/$(x)",
  `t${"a".repeat(200)}`,
])("%p is none, and the reason says what is", (name) =>
  expect(() => datasetName(name)).toThrow(/data set.*POOL\/NAME/),
);

test("of two data sets one lies in the other, or both are the same", () => {
  expect(overlapping(["tank/a", "tank/ab", "tank/b"])).toBeUndefined();
  expect(overlapping(["tank/a/b", "tank/c", "tank/a"])).toEqual(["tank/a", "tank/a/b"]);
  expect(overlapping(["tank/a", "tank/a"])).toEqual(["tank/a", "tank/a"]);
});

test("a compression is a word of zfsprops(7), as zfs get prints it", () => {
  expect(["lz4", "zstd-19", "gzip-6", "off"].map(compression)).toEqual(["lz4", "zstd-19", "gzip", "off"]);
  for (const bad of ["", "zstd-20", "gzip-0", "LZ4", "xz"]) expect(() => compression(bad)).toThrow(/compression/);
});

test("what zfs get prints is read by data set and property", () => {
  const lines = ["tank/a\trefquota\t1024\tlocal", "tank/a\tcompression\tlz4\tinherited from tank", "no tabs here"];
  expect([...parseDatasets(lines)]).toEqual([
    [
      "tank/a",
      { refquota: { value: "1024", source: "local" }, compression: { value: "lz4", source: "inherited from tank" } },
    ],
  ]);
});
