import type { PulumiFn } from "@pulumi/pulumi/automation";
import { BaseInstall, JailGroup, type JailGroupArgs, LoopbackInterface } from "pulumi-freebsd-jails";
import type { Command } from "../host/machine";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { onRealHost, openTarget, stackConfig, type Target } from "./harness/target";

let target: Target;
let before: readonly string[];
let project: Project;

function group(count: number, more: Partial<JailGroupArgs> = {}): PulumiFn {
  return async () => {
    const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
    const base = new BaseInstall("base", { release: "host", source: target.base });
    const { names, addresses } = new JailGroup("web", { base, count, interface: lo1, firstAddress: 4, ...more });
    return { names, addresses };
  };
}

async function out(command: string): Promise<string> {
  const { stdout, stderr } = await target.sh(command);
  return (stdout + stderr).trim();
}

/** "-r web-1" for each jail that jail(8) was told to stop or to start. */
function stopsAndStarts(commands: readonly Command[]): string[] {
  return commands
    .filter(({ argv }) => argv[0]?.endsWith("/jail") && argv.includes("-f"))
    .map(({ argv }) => `${argv.find((word) => word === "-r" || word === "-c")} ${argv.at(-1)}`);
}

const jids = async () => (await out("jls name jid | sort")).split("\n");

beforeAll(async () => {
  target = await openTarget();
  before = await takePicture(target);
  project = await Project.create(group(2), { config: stackConfig(target) });
});

afterAll(async () => {
  await project?.destroy();
  project?.dispose();
  expect(difference(before, await takePicture(target))).toEqual([]);
  await target?.close();
});

test("a group is so many jails with consecutive addresses, which the preview shows", async () => {
  const preview = await project.preview({ diff: true });
  expect(preview.output).toContain("lo1|192.168.1.5/32");
  await project.up();
  expect(await out("jls name ip4.addr | sort")).toBe("web-1 192.168.1.4\nweb-2 192.168.1.5");
  expect(await project.outputs()).toEqual({ names: ["web-1", "web-2"], addresses: ["192.168.1.4", "192.168.1.5"] });
});

test("a higher number adds some, a lower one removes the last, and the others run on", async () => {
  const earlier = await jids();
  project.program = group(4);
  expect(changed(await project.up())).toEqual(["create Jail web-3", "create Jail web-4"]);
  expect((await jids()).slice(0, 2)).toEqual(earlier);
  project.program = group(2);
  expect(changed(await project.up())).toEqual(["delete Jail web-4", "delete Jail web-3"]);
  expect(await jids()).toEqual(earlier);
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
});

test("all of them are restarted, stopped and started, one after another", async () => {
  const earlier = await jids();
  project.program = group(2, { restart: 1 });
  await target.machine?.commands(true);
  expect(changed(await project.up())).toEqual(["update Jail web-1", "update Jail web-2"]);
  // One of them runs at every moment, so a service that both give stays up.
  expect(stopsAndStarts((await target.machine?.commands(true)) ?? [])).toEqual(
    onRealHost ? [] : ["-r web-1", "-c web-1", "-r web-2", "-c web-2"],
  );
  const later = await jids();
  expect(later).toHaveLength(2);
  expect(later.filter((jid) => earlier.includes(jid))).toEqual([]);
  project.program = group(2, { restart: 1, running: false, autostart: false });
  await project.up();
  expect(await out("jls name")).toBe("");
  project.program = group(2, { restart: 1 });
  await project.up();
  expect(await jids()).toHaveLength(2);
});

test("when one fails, those still waiting are left alone", async () => {
  project.program = group(3, { restart: 1 });
  await project.up();
  const [, , third] = await jids();
  await out("jexec web-2 sh -c 'echo exit 1 >/etc/rc.new; mv /etc/rc /etc/rc.good; cp /etc/rc.new /etc/rc'");
  project.program = group(3, { restart: 2 });
  const error = await project.up().catch((problem: unknown) => problem as Error);
  expect(error).toBeInstanceOf(Error);
  expect((error as Error).message).toMatch(/web-2/);
  expect((await jids()).find((line) => line.startsWith("web-3"))).toBe(third);
  await out("jail -r web-2; mv /usr/jails/web-2/etc/rc.good /usr/jails/web-2/etc/rc");
  await project.up({ refresh: true });
  expect(await jids()).toHaveLength(3);
});

test("a group of image jails has a disk for each", async () => {
  project.program = group(2, { image: { size: "5m" }, name: "box", firstAddress: 8 });
  await project.up();
  expect(await out("jls name | sort")).toBe("box-1\nbox-2");
  expect(await out("ls /usr/jails/images")).toBe("box-1.img\nbox-2.img");
});

test("a number that is none is an error", async () => {
  project.program = async () => {
    const make = (count: number) => new JailGroup("web", { base: "/usr/jails/sharedfs/13.2-RELEASE", count });
    for (const count of [-1, 1.5, 1001]) expect(() => make(count)).toThrow(/is no number of jails/);
  };
  await project.preview();
});
