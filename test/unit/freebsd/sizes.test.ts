import * as fc from "fast-check";
import { formatDuration, formatSize, parseDuration, parseSize } from "../../../provider/freebsd/sizes";

describe("a size", () => {
  it.each([
    ["5m", 5242880, "5m"],
    ["1G", 1073741824, "1g"],
    ["1024m", 1073741824, "1g"],
    [5242880, 5242880, "5m"],
    ["1500", 1500, "1500"],
    ["1536k", 1572864, "1536k"],
    [1, 1, "1"],
    ["2t", 2199023255552, "2t"],
  ])("%j is %d bytes, in short %s", (value, bytes, text) => {
    expect(parseSize(value)).toBe(bytes);
    expect(formatSize(bytes)).toBe(text);
  });

  it.each(["", "0", 0, -1, 1.5, "1.5g", "5 m", "5mb", "m", "5x", "9999999p", Number.NaN, "1e3"])(
    "is not %j",
    (value) => {
      expect(() => parseSize(value)).toThrow(
        /is not a size: write a number of bytes, or one with k, m, g, t or p behind it/,
      );
    },
  );

  it("is read back from its text", () => {
    const bytes = fc.oneof(
      fc.integer({ min: 1 }),
      fc.maxSafeNat().map((one) => one + 1),
      fc.integer({ min: 0, max: 52 }).map((one) => 2 ** one),
    );
    fc.assert(fc.property(bytes.filter(Number.isSafeInteger), (one) => expect(parseSize(formatSize(one))).toBe(one)));
  });
});

describe("a length of time", () => {
  it.each([
    ["90s", 90, "90s"],
    ["5m", 300, "5m"],
    ["300", 300, "5m"],
    [3600, 3600, "1h"],
    ["48h", 172800, "2d"],
  ])("%j is %d seconds, in short %s", (value, length, text) => {
    expect(parseDuration(value)).toBe(length);
    expect(formatDuration(length)).toBe(text);
  });

  it.each(["", "0", 0, -1, "1.5h", "5 m", "5min", Number.POSITIVE_INFINITY])("is not %j", (value) => {
    expect(() => parseDuration(value)).toThrow(/is not a length of time: write a number of seconds/);
  });

  it("is read back from its text", () => {
    fc.assert(fc.property(fc.integer({ min: 1 }), (one) => expect(parseDuration(formatDuration(one))).toBe(one)));
  });
});
