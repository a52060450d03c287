import type { PulumiFn } from "@pulumi/pulumi/automation";
import { BaseInstall, ImageJail, type ImageJailArgs, LoopbackInterface } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { expectSmallProviders } from "./harness/state";
import { openTarget, stackConfig, type Target } from "./harness/target";

const file = "/usr/jails/images/shop.img";
const path = "/usr/jails/shop";

let target: Target;
let before: readonly string[];
let project: Project;

/** A program with one image jail. */
function program(more: Partial<ImageJailArgs> = {}): PulumiFn {
  return async () => {
    const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
    const base = new BaseInstall("base", { release: "host", source: target.base });
    const shop = new ImageJail("shop", { base, addresses: [lo1.address(2)], image: { size: "5m" }, ...more });
    return { state: shop.state, file: shop.imageFile };
  };
}

async function out(command: string): Promise<string> {
  const { stdout, stderr } = await target.sh(command);
  return (stdout + stderr).trim();
}

/** What of the disk is left on the host beside its file: units, mounts. */
const attached = () => out(`mdconfig -lf ${file}; mount -p | grep ${path}`);

async function failing(next: PulumiFn): Promise<string> {
  project.program = next;
  const error = await project.up().catch((problem: unknown) => problem as Error);
  expect(error).toBeInstanceOf(Error);
  return (error as Error).message;
}

beforeAll(async () => {
  target = await openTarget();
  before = await takePicture(target);
  project = await Project.create(program(), { config: stackConfig(target) });
});

afterAll(async () => {
  await project?.destroy();
  project?.dispose();
  expect(difference(before, await takePicture(target))).toEqual([]);
  await target?.close();
});

test("the preview shows how the disk is attached and detached, and connects to nothing", async () => {
  const preview = await project.preview({ diff: true });
  const config = preview.steps.find((step) => step.kind === "ImageJail")?.metadata.new?.inputs["config"];
  expect(config).toMatch(
    new RegExp(
      `exec\\.prepare [\\s\\S]*mdconfig -a -t vnode -f ${file}[\\s\\S]*fsck_ffs -p[\\s\\S]*exec\\.release .*umount ${path}`,
    ),
  );
  expect(difference(before, await takePicture(target))).toEqual([]);
});

test("a jail runs on the qjail book's disk of 5 MB, which is sparse", async () => {
  await project.up();
  expect(await out("jls -j shop path")).toBe(path);
  expect(await out(`stat -f '%z %Sp' ${file}`)).toBe("5242880 -rw-------");
  const blocks = Number((await out(`ls -ls ${file}`)).split(" ")[0]);
  expect(blocks).toBeLessThan(5242880 / 512);
  expect(await out(`mount -p | grep -c '^/dev/md.*${path}[[:space:]]*ufs'`)).toBe("1");
  expectSmallProviders(await project.resources());
});

test("it is found as it was made", async () => {
  expect(changed(await project.up())).toEqual([]);
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
});

test("a jail that fills its disk hurts only itself", async () => {
  const free = async () => Number((await out("df -k / | tail -n 1")).split(/\s+/)[3]);
  const earlier = await free();
  expect(await out("jexec shop dd if=/dev/zero of=/root/fill bs=64k")).toContain("No space left on device");
  expect(earlier - (await free())).toBeLessThan(6 * 1024);
  await out("jexec shop rm /root/fill");
  expect(await out("jls name")).toBe("shop");
});

test("`service jail` stops and starts it without us, and attaches it once", async () => {
  await out("jexec shop sh -c 'echo kept >/root/kept'");
  await out("service jail stop shop");
  expect(await attached()).toBe("");
  await out("service jail start shop");
  expect(await out(`mdconfig -lf ${file} | wc -w`)).toBe("1");
  expect(await out("jexec shop cat /root/kept")).toBe("kept");
});

test("it grows while it runs, with nothing lost", async () => {
  const jid = await out("jls -j shop jid");
  project.program = program({ image: { size: "12m" } });
  const preview = await project.preview({ diff: true });
  expect(changed(preview)).toEqual(["update ImageJail shop"]);
  expect(preview.messages.join()).toContain("ImageJail shop changes live, for: image.size");
  await project.up();
  expect(await out("jls -j shop jid")).toBe(jid);
  expect(Number((await out(`df -k ${path} | tail -n 1`)).split(/\s+/)[1])).toBeGreaterThan(10000);
  expect(await out("jexec shop cat /root/kept")).toBe("kept");
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
});

test("a smaller size is an error of the preview", async () => {
  project.program = program({ image: { size: "8m" } });
  await expect(project.preview()).rejects.toThrow(/image\.size: a disk only grows, and it has 12m already/);
});

test("`state: attached` has the disk mounted, and no jail", async () => {
  project.program = program({ image: { size: "12m" }, state: "attached" });
  await project.up();
  expect(await out("jls name")).toBe("");
  expect(await out(`cat ${path}/root/kept`)).toBe("kept");
  expect(await project.outputs()).toMatchObject({ state: "attached" });
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
  project.program = program({ image: { size: "14m" }, state: "attached" });
  await project.up();
  expect(Number((await out(`df -k ${path} | tail -n 1`)).split(/\s+/)[1])).toBeGreaterThan(12000);
  project.program = program({ image: { size: "14m" }, running: false });
  await project.up();
  expect(await attached()).toBe("");
});

test("it grows while it is stopped, and then runs on it", async () => {
  project.program = program({ image: { size: "16m" }, running: false });
  await project.up();
  expect(await attached()).toBe("");
  project.program = program({ image: { size: "16m" }, running: false, resolvConf: "nameserver 10.0.0.9\n" });
  await project.up();
  expect(await attached()).toBe("");
  project.program = program({ image: { size: "16m" }, resolvConf: "nameserver 10.0.0.9\n" });
  await project.up();
  expect(await out("jexec shop cat /etc/resolv.conf")).toBe("nameserver 10.0.0.9");
  project.program = program({ image: { size: "16m" } });
  await project.up();
  expect(Number((await out(`df -k ${path} | tail -n 1`)).split(/\s+/)[1])).toBeGreaterThan(14000);
  expect(await out("jexec shop cat /root/kept")).toBe("kept");
});

test("a disk that was detached and a jail that was stopped by hand are found, and put right", async () => {
  await out("service jail stop shop");
  const preview = await project.up({ refresh: true });
  expect(changed(preview)).toEqual(["update ImageJail shop"]);
  expect(await out("jls name")).toBe("shop");
});

test("a start that fails leaves neither a unit nor a mount", async () => {
  await out("jexec shop sh -c 'mv /etc/rc /etc/rc.away'");
  const message = await failing(program({ image: { size: "16m" }, sysvipc: "new" }));
  expect(message).toMatch(/shop/);
  if ((await out("jls name")) === "") expect(await attached()).toBe("");
  await out(`service jail onestop shop; jail -R shop`);
  project.program = program({ image: { size: "16m" }, state: "attached" });
  await project.up();
  await out(`mv ${path}/etc/rc.away ${path}/etc/rc`);
  project.program = program({ image: { size: "16m" } });
  await project.up();
  expect(await out("jls name")).toBe("shop");
});

test("a new name and another file move the disk", async () => {
  project.program = program({ name: "store", image: { size: "16m", path: "/usr/jails/images/first.img" } });
  await project.up();
  expect(await out("jls name path")).toBe("store /usr/jails/store");
  expect(await out("jexec store cat /root/kept")).toBe("kept");
  expect(await out(`ls ${file} ${path}`)).toContain("No such file");
  project.program = program({ image: { size: "16m" } });
  await project.up();
  expect(await out("jls name path")).toBe(`shop ${path}`);
  expect(await out("jexec shop cat /root/kept")).toBe("kept");
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
});

test("it comes up by itself after a reboot, and after a power loss", async () => {
  if (!target.machine) return;
  await out("jexec shop sync");
  await target.machine.reboot();
  expect(await out("jexec shop cat /root/kept")).toBe("kept");
  await target.machine.powerLoss();
  expect(await out(`mdconfig -lf ${file} | wc -w`)).toBe("1");
  expect(await out("jexec shop cat /root/kept")).toBe("kept");
});

test("a disk that is damaged beyond repair is named, and left as it is", async () => {
  await out("service jail stop shop");
  await out(
    `cp ${file} /tmp/good.img; dd if=/dev/zero of=${file} bs=64k count=4 conv=notrunc; sha256 -q ${file} >/tmp/digest`,
  );
  const message = await project.up({ refresh: true }).catch((error: unknown) => (error as Error).message);
  expect(message).toContain(file);
  expect(message).toMatch(/superblock/);
  expect(await out(`sha256 -q ${file}`)).toBe(await out("cat /tmp/digest"));
  expect(await attached()).toBe("");
  await out(`cp /tmp/good.img ${file}; rm /tmp/good.img /tmp/digest`);
  await project.up({ refresh: true });
  expect(await out("jexec shop cat /root/kept")).toBe("kept");
});
