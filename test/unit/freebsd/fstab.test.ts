import * as fc from "fast-check";
import { InvalidValue } from "../../../provider/freebsd/escape";
import { type FstabEntry, parseFstab, renderFstab, renderFstabEntry } from "../../../provider/freebsd/fstab";
import { outputsOf } from "./recorded";

const nullfs: FstabEntry = {
  special: "/usr/jails/sharedfs",
  node: "/usr/jails/t1/sharedfs",
  type: "nullfs",
  options: ["ro"],
};

describe("a line of fstab", () => {
  it("has names without spaces", () => {
    expect(renderFstabEntry(nullfs)).toBe("/usr/jails/sharedfs /usr/jails/t1/sharedfs nullfs ro 0 0");
    const odd = { ...nullfs, special: "/a b", node: "/c\td#e\\f\ng", options: ["rw", "size=5m"], dump: 1, pass: 2 };
    expect(renderFstabEntry(odd)).toBe("/a\\040b /c\\011d\\043e\\134f\\012g nullfs rw,size=5m 1 2");
    expect(parseFstab(renderFstabEntry(odd))).toEqual([odd]);
  });

  const bad: [Partial<FstabEntry>, string][] = [
    [{ special: "" }, "is not a name in fstab"],
    [{ special: "a\0" }, "without NUL characters."],
    [{ node: "mnt" }, "is not a mount point: begin with “/”."],
    [{ type: "null fs" }, "is not a type or an option of a mount"],
    [{ options: [] }, "has no options: write at least ro or rw."],
    [{ options: ["ro 0 0\n"] }, "is not a type or an option"],
    [{ options: ["ro,rw"] }, "is not a type or an option"],
    [{ pass: 10 }, "whole numbers from 0 to 9."],
    [{ dump: -1 }, "whole numbers from 0 to 9."],
  ];
  it.each(bad)("can't be made of %j", (change, sentence) => {
    expect(() => renderFstabEntry({ ...nullfs, ...change })).toThrow(InvalidValue);
    expect(() => renderFstabEntry({ ...nullfs, ...change })).toThrow(sentence);
  });
});

describe("a fstab", () => {
  it("of the recorded host is read", () => {
    expect(parseFstab(outputsOf("01-host.txt", "cat /etc/fstab")[0] ?? "")).toEqual([
      { special: "/dev/gpt/rootfs", node: "/", type: "ufs", options: ["rw"], dump: 1, pass: 1 },
      { special: "/dev/gpt/swapfs", node: "none", type: "swap", options: ["sw"], dump: 0, pass: 0 },
    ]);
  });

  it("that makes no sense is an error", () => {
    expect(() => parseFstab("/dev/da0 /mnt ufs")).toThrow(/is not a line of fstab: what is mounted, where/);
  });

  it("is read back as it was given, whatever the names", () => {
    const name = fc
      .string({ unit: "binary", minLength: 1, maxLength: 20 })
      .filter((one) => !/[\0\p{Surrogate}]/u.test(one));
    const entry = fc.record({
      special: name,
      node: name.map((one) => `/${one}`),
      type: fc.constantFrom("nullfs", "tmpfs"),
      options: fc.constantFrom(["ro"], ["rw", "size=1g"]),
      dump: fc.integer({ min: 0, max: 2 }),
      pass: fc.integer({ min: 0, max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        expect(parseFstab(`# comment\n\n${renderFstab(entries)}`)).toEqual(entries);
      }),
      { numRuns: 2_000 },
    );
  });
});
