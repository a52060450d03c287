import * as fc from "fast-check";
import { InvalidValue } from "../../../provider/freebsd/escape";
import { mountsBelow, parseMounts } from "../../../provider/freebsd/mounts";
import { outputsOf, recorded } from "./recorded";

/** A name in a line of `mount -p`, as putfsent of FreeBSD's mount.c prints it. */
function column(name: string): string {
  const length = Buffer.byteLength(name);
  return `${name}${length < 8 ? "\t" : ""}${length < 16 ? "\t" : ""}${length < 24 ? "\t" : " "}`;
}

describe("mount -p", () => {
  it("shows the mounts of the recorded jail", () => {
    expect(parseMounts(outputsOf("04-jails.txt", "mount -p")[0] ?? "")).toEqual([
      { special: "/dev/gpt/rootfs", node: "/", type: "ufs", options: ["rw"], readOnly: false },
      { special: "devfs", node: "/dev", type: "devfs", options: ["rw"], readOnly: false },
      {
        special: "/usr/jails/sharedfs",
        node: "/usr/jails/t1/sharedfs",
        type: "nullfs",
        options: ["ro"],
        readOnly: true,
      },
      { special: "devfs", node: "/usr/jails/t1/dev", type: "devfs", options: ["rw"], readOnly: false },
    ]);
  });

  it("shows a name with a space", () => {
    const block = recorded("03-images-and-mounts.txt").find(({ command }) => command.includes('mkdir "/tmp/nf/a b"'));
    expect(parseMounts(block?.stdout ?? "").at(-1)).toMatchObject({ special: "/tmp/nf/src", node: "/tmp/nf/a b" });
  });

  it("has a single space behind a long name", () => {
    const line = "/usr/jails/sharedfs/13.2-RELEASE /usr/jails/website/sharedfs nullfs\tro,noatime\t0 0";
    expect(parseMounts(line)).toEqual([
      {
        special: "/usr/jails/sharedfs/13.2-RELEASE",
        node: "/usr/jails/website/sharedfs",
        type: "nullfs",
        options: ["ro", "noatime"],
        readOnly: true,
      },
    ]);
  });

  it("is read back whatever the names, spaces in them, too", () => {
    const part = fc.stringMatching(/^[a-z0-9._-]( ?[a-z0-9._-]){0,12}$/);
    const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => `/${parts.join("/")}`);
    fc.assert(
      fc.property(path, path, (special, node) => {
        const line = `${column(special)}${column(node)}nullfs\tro\t\t0 0`;
        expect(parseMounts(line)).toMatchObject([{ special, node, type: "nullfs", readOnly: true }]);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each(["/dev/md0", "/dev/md0\t\tmnt\t\t\tufs\trw\t\t0 0", "/dev/md0 /mnt ufs rw 0 0", "{", '{"mount": {}}'])(
    "%j is an error",
    (line) => {
      expect(() => parseMounts(line)).toThrow(InvalidValue);
    },
  );
});

describe("mount --libxo json", () => {
  it("shows the recorded mounts", () => {
    expect(parseMounts(outputsOf("03-images-and-mounts.txt", "mount --libxo json | head -c 800")[0] ?? "")).toEqual([
      {
        special: "/dev/gpt/rootfs",
        node: "/",
        type: "ufs",
        options: ["local", "soft-updates"],
        readOnly: false,
      },
      { special: "devfs", node: "/dev", type: "devfs", options: [], readOnly: false },
      {
        special: "/tmp/nf/src",
        node: "/tmp/nf/dst",
        type: "nullfs",
        options: ["local", "read-only", "soft-updates"],
        readOnly: true,
      },
    ]);
  });
});

describe("the mounts below a path", () => {
  it("are in the order in which they can be unmounted", () => {
    const mounts = parseMounts(outputsOf("04-jails.txt", "mount -p")[0] ?? "");
    const nodes = (path: string) => mountsBelow(mounts, path).map(({ node }) => node);
    expect(nodes("/usr/jails/t1")).toEqual(["/usr/jails/t1/dev", "/usr/jails/t1/sharedfs"]);
    expect(nodes("/usr/jails/t1/dev")).toEqual(["/usr/jails/t1/dev"]);
    expect(nodes("/usr/jails/t")).toEqual([]);
    expect(nodes("/")).toHaveLength(4);
  });
});
