import { parseDf } from "../../../provider/freebsd/df";
import { InvalidValue } from "../../../provider/freebsd/escape";
import { outputsOf, recorded } from "./recorded";

describe("df -k", () => {
  it("shows the recorded host", () => {
    expect(parseDf(outputsOf("01-host.txt", "df -k /usr")[0] ?? "")).toEqual([
      { special: "/dev/gpt/rootfs", node: "/", total: 4053308, used: 152112, available: 3576932 },
    ]);
  });

  it("shows a disk that is more than full, and names with spaces", () => {
    const full = recorded("03-images-and-mounts.txt").find(({ stdout }) => stdout.includes("108%"));
    expect(parseDf(full?.stdout ?? "")).toMatchObject([{ available: -4544, used: 62508 }]);
    const header = "Filesystem 1024-blocks Used Avail Capacity  Mounted on\n";
    expect(parseDf(`${header}/usr/my src   100 5 95  5%    /usr/my dst\nprocfs 4 4 0 100% /proc`)).toMatchObject([
      { special: "/usr/my src", node: "/usr/my dst", total: 100 },
      { special: "procfs", node: "/proc", available: 0 },
    ]);
  });

  it.each([
    "",
    "df: /nosuch: No such file or directory",
    "Filesystem 1024-blocks Used Avail Capacity  Mounted on\nx y z",
  ])("that printed %j is an error", (text) => {
    expect(() => parseDf(text)).toThrow(InvalidValue);
  });
});
