import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { sha256 } from "../../provider/host/frame";
import { type Trouble, TroubleProxy } from "./proxy";
import { errorOf, eventually, pause, probe, Rig } from "./rig";

jest.setTimeout(180_000);

let rig: Rig;
let proxy: TroubleProxy;
beforeAll(async () => {
  rig = await Rig.start();
  proxy = await TroubleProxy.start(rig.machine.port);
});
afterAll(async () => {
  await rig.stop();
  await proxy.stop();
});
afterEach(async () => {
  proxy.mend();
  rig.shown.length = 0;
  await rig.settle();
});

const through = () => rig.connect({ port: proxy.port, perDialTimeout: 2 });
const effect = (name: string, seconds?: number) => ({ folder: "/tmp", name, word: "once", seconds });
const lines = (text: string) => text.split("\n").filter(Boolean);

async function sshPids(): Promise<number[]> {
  const ps = spawn("ps", ["-ax", "-o", "pid=,args="]);
  let text = "";
  ps.stdout.on("data", (data) => (text += data));
  await once(ps, "close");
  const mine = lines(text).filter((line) => line.includes(`-p ${proxy.port} `) && / ssh /.test(line));
  return mine.map((line) => Number.parseInt(line, 10));
}

test("the user is told when the line was cut, and nothing else happens", async () => {
  const run = probe(through(), "effect", effect("told", 1), { locks: ["told"], label: "Jail web" });
  await eventually(() => rig.shown.some((line) => line.includes("looking at told")));
  rig.shown.length = 0;
  proxy.cut();
  expect((await run).facts.word).toEqual(["once"]);
  expect(rig.shown[0]).toMatch(/^connection to root@127.0.0.1:\d+ lost: connecting again/);
});

test.each<[Trouble, "up" | "down", number]>(
  (["cut", "stall", "half-close"] as const).flatMap((trouble) =>
    (["up", "down"] as const).flatMap((direction) =>
      [1, 300, 2_000, 3_200].map((n) => [trouble, direction, n] as [Trouble, "up" | "down", number]),
    ),
  ),
)("a %s after byte (%s) %i of the login is survived", async (trouble, direction, bytes) => {
  proxy.after(bytes, direction, trouble);
  const mended = trouble === "stall" ? pause(4_000).then(() => proxy.mend()) : undefined;
  const name = `${trouble}-${direction}-${bytes}`;
  expect((await probe(through(), "effect", effect(name), { locks: [name] })).facts.word).toEqual(["once"]);
  await mended;
});

test.each<[Trouble, "up" | "down"]>([
  ["stall", "up"],
  ["stall", "down"],
  ["half-close", "up"],
  ["half-close", "down"],
])("a %s (%s) in the middle of an operation is noticed and survived", async (trouble, direction) => {
  await probe(through(), "echo");
  const name = `middle-${trouble}-${direction}`;
  proxy.after(100, direction, trouble);
  const run = probe(through(), "effect", effect(name, 1), { locks: [name] });
  // What stalls is noticed by ssh; only then is the line mended.
  if (trouble === "stall")
    await eventually(() => rig.shown.some((line) => /lost/.test(line)), 30).finally(() => proxy.mend());
  expect((await run).facts.word).toEqual(["once"]);
  expect(await rig.sh(`cat /tmp/${name}`)).toBe("once\n");
});

test("ssh is killed, and the operation's effect is there once", async () => {
  const run = probe(through(), "effect", effect("ssh", 2), { locks: ["ssh"] });
  await eventually(() => rig.shown.some((line) => line.includes("looking at ssh")));
  for (const pid of await sshPids()) process.kill(pid, "SIGKILL");
  expect((await run).facts.word).toEqual(["once"]);
});

test("the worker is killed, and the operation's effect is there once", async () => {
  const run = probe(through(), "effect", effect("worker", 1), { locks: ["worker"] });
  await eventually(() => rig.shown.some((line) => line.includes("looking at worker")));
  await rig.sh("kill -9 $(cat /var/run/pulumi-freebsd-jails.*/pid)");
  expect((await run).facts.word).toEqual(["once"]);
  expect((await probe(through(), "effect", effect("worker2"))).facts.word).toEqual(["once"]);
});

test("worker, janitor and relay are killed, and the next session sweeps what they left", async () => {
  await probe(through(), "echo");
  const [left] = await rig.sessions();
  const folder = `/var/run/${left}`;
  await rig.sh(`kill -9 $(cat ${folder}/janitor) $(cat ${folder}/pid)`);
  await eventually(async () => (await sshPids()).length === 0, 20).catch(() => {});
  await probe(rig.connect(), "echo");
  await eventually(async () => !(await rig.sessions()).includes(left ?? ""));
});

test("the host boots in the middle of an operation, and the operation is done all the same", async () => {
  await probe(through(), "echo");
  const run = probe(through(), "effect", effect("boot", 2), { locks: ["boot"] });
  await eventually(() => rig.shown.some((line) => line.includes("looking at boot")));
  await rig.machine.powerLoss();
  await rig.machine.up();
  expect((await run).facts.word).toEqual(["once"]);
});

test("a host that is just booting is waited for: its rc(8) starts jails as well", async () => {
  const script = "/usr/local/etc/rc.d/slow";
  await rig.sh(
    `mkdir -p /usr/local/etc/rc.d; printf '#!/bin/sh\\n# PROVIDE: slow\\nsleep 5; echo ended >/var/run/slow\\n' >${script}; chmod 755 ${script}; sync`,
  );
  const booted = rig.machine.powerLoss();
  await probe(rig.connect({ dialErrorLimit: 30 }), "echo");
  await booted;
  expect(rig.shown.join("\n")).toMatch(/waiting for the host to boot/);
  expect(await rig.sh(`rm ${script}; cat /var/run/slow`)).toBe("ended\n");
});

test("an upload that was cut goes on where it was, and arrives whole", async () => {
  const data = randomBytes(6_000_000);
  await probe(through(), "echo");
  proxy.reset();
  proxy.after(5_000_000, "up", "cut");
  const { facts } = await probe(through(), "upload", {}, { upload: { data } });
  expect(facts.digest).toEqual([sha256(data)]);
  expect(proxy.counters.up).toBeLessThan(11_000_000);
  await rig.settle();
  expect(await rig.sh("ls -A /var/tmp")).not.toContain("pulumi");
});

test.each([300, 900, 1_500, 1_600, 1_700, 1_800, 1_900, 2_000, 2_100, 2_200, 2_300, 2_400])(
  "an upload that was cut %i bytes from its start leaves nothing, once its operation is done",
  async (bytes) => {
    await rig.sh("mkdir -p /usr/jails");
    await probe(through(), "echo");
    proxy.reset();
    proxy.after(bytes, "up", "cut");
    const data = randomBytes(1000);
    const { facts } = await probe(through(), "upload", { uploadDir: "/usr/jails" }, { upload: { data } });
    expect(facts.digest).toEqual([sha256(data)]);
    await rig.settle();
    expect(await rig.sh("ls -A /usr/jails")).toBe("");
  },
);

test("an upload that lost its host's power leaves nothing when it is sent again", async () => {
  await rig.sh("mkdir -p /usr/jails; : >/usr/jails/.pulumi-freebsd-jails.00112233.1");
  await probe(through(), "upload", { uploadDir: "/usr/jails" }, { upload: { data: randomBytes(1000) } });
  expect(await rig.sh("ls -A /usr/jails")).toBe("");
});

test("a host that can't be reached any more is an error after the limit", async () => {
  await probe(through(), "echo");
  const host = rig.connect({ port: proxy.port, dialErrorLimit: 2 });
  await probe(host, "echo");
  const run = errorOf(probe(host, "sleep", { seconds: 5 }));
  await pause(300);
  const { port } = proxy;
  await proxy.stop();
  const error = await run;
  expect(error.code).toBe("refused");
  expect(error.message).toContain(`root@127.0.0.1:${port}: connection refused`);
  proxy = await TroubleProxy.start(rig.machine.port);
});

test("many operations are outstanding when the line is cut, and each effect is there once", async () => {
  const names = Array.from({ length: 30 }, (_, i) => `many${i}`);
  const runs = names.map((name) => probe(through(), "effect", effect(name, 0.3), { locks: [name] }));
  for (const wait of [500, 700, 900]) {
    await pause(wait);
    proxy.cut();
  }
  for (const { facts } of await Promise.all(runs)) expect(facts.word).toEqual(["once"]);
});
