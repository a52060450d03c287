import type { Operation } from "../../provider/host/host";
import { leftHere, ProviderProcess } from "./process";
import { eventually, pause, probe, Rig } from "./rig";

jest.setTimeout(180_000);

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
});
afterAll(() => rig.stop());
afterEach(async () => {
  await rig.settle();
  await eventually(() => leftHere(rig).length === 0);
});

const operation = (name: string, args: Operation["args"], more: Partial<Operation> = {}): Operation => ({
  name: `probe.${name}`,
  args,
  label: `Probe ${name}`,
  ...more,
});
const effect = (name: string, seconds: number) =>
  operation("effect", { folder: "/tmp", name, word: "once", seconds }, { locks: [name] });

test("a process that has nothing left to do ends, and leaves nothing", async () => {
  const provider = new ProviderProcess({ connection: rig.connection(), operations: [effect("idle", 0)] });
  expect(await provider.ended).toBe(0);
  expect(provider.said).toContain('done {"word":["once"]}');
  expect(leftHere(rig)).toEqual([]);
  expect(await rig.sessions()).toEqual([]);
});

test("process.exit leaves nothing", async () => {
  const provider = new ProviderProcess({
    connection: rig.connection(),
    operations: [effect("exit", 0)],
    afterwards: "exit",
  });
  expect(await provider.ended).toBe(3);
});

test.each([
  ["the process", "SIGINT", false, 130],
  ["its whole group, as Ctrl-C does", "SIGINT", true, 130],
  ["the process", "SIGTERM", false, 143],
] as const)("%s gets %s: what runs comes to its end, what has not begun does not", async (_, signal, group, status) => {
  const names = ["a", "b"].map((letter) => `${signal}-${group}-${letter}`);
  const connection = rig.connection({ parallel: 1 });
  const operations = names.map((name) => effect(name, 1.5));
  const provider = new ProviderProcess({ connection, operations, afterwards: "stay" });
  await provider.says("looking at");
  provider.kill(signal, group);
  expect(await provider.ended).toBe(status);
  expect(provider.said).toContain('done {"word":["once"]}');
  expect(provider.said).toContain("failed interrupted");
  expect(leftHere(rig)).toEqual([]);
  expect(await rig.sessions()).toEqual([]);
  expect(await rig.sh(`cat /tmp/${names[0]}`)).toBe("once\n");
  expect((await rig.machine.sh(`cat /tmp/${names[1]}`)).status).not.toBe(0);
});

test("a killed process leaves no ssh, and what it had asked for comes to its end", async () => {
  const operations = [effect("killed", 3)];
  const provider = new ProviderProcess({ connection: rig.connection(), operations, afterwards: "stay" });
  await provider.says("looking at");
  provider.kill("SIGKILL");
  await provider.ended;
  await eventually(() => leftHere(rig).length === 0, 2);
  expect((await rig.machine.sh("cat /tmp/killed")).status).not.toBe(0);
  await eventually(async () => (await rig.sessions()).length === 0);
  expect(await rig.sh("cat /tmp/killed")).toBe("once\n");
});

test("a process that is killed while its queue is full leaves nothing waiting on the host", async () => {
  const names = Array.from({ length: 10 }, (_, i) => `queued${i}`);
  const connection = rig.connection({ parallel: 2 });
  const provider = new ProviderProcess({ connection, operations: names.map((name) => effect(name, 1)) });
  await provider.says("looking at");
  provider.kill("SIGKILL");
  await provider.ended;
  await eventually(async () => (await rig.sessions()).length === 0);
  const there = (await rig.sh("ls /tmp")).split("\n").filter((name) => name.startsWith("queued"));
  expect(there.length).toBeLessThanOrEqual(2);
});

test("a process may be killed at any moment: run again, the effect is there once", async () => {
  let tried = 0;
  for (let ms = 60; ms <= 1_200; ms += 100) {
    const one = effect(`moment${ms}`, 0.3);
    const provider = new ProviderProcess({ connection: rig.connection(), operations: [one], afterwards: "stay" });
    await pause(ms);
    provider.kill("SIGKILL");
    await provider.ended;
    expect((await probe(rig.connect(), "effect", one.args, { locks: one.locks ?? [] })).facts.word).toEqual(["once"]);
    await eventually(() => leftHere(rig).length <= 1);
    tried += 1;
  }
  console.log(`killed at ${tried} moments, survived ${tried}`);
});
