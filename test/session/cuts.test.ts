import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host } from "../../provider/host/host";
import type * as Programs from "../../provider/host/programs";
import { Cutter, type Moment, startMaster } from "./cutting";
import { eventually, pause, probe, Rig } from "./rig";

const cutter = new Cutter();
let socket = "";

// Sessions run over one ssh connection that stands already: what is cut is the stream between session and worker.
jest.mock("../../provider/host/programs", () => {
  const real = jest.requireActual<typeof Programs>("../../provider/host/programs");
  const start: typeof real.start = async (file, args, env) => {
    if (file !== "ssh") return real.start(file, args, env);
    const { program } = await real.start("ssh", ["-S", socket, "root@127.0.0.1", "exec /bin/sh"], env);
    return { program: cutter.into(program) };
  };
  return { ...real, start };
});

jest.setTimeout(1_200_000);

let rig: Rig;
let host: Host;
let master: ChildProcess;
let folder: string;
const frame = { up: 0, down: 0 };

beforeAll(async () => {
  rig = await Rig.start();
  folder = mkdtempSync(join(tmpdir(), "cuts-"));
  ({ socket, process: master } = await startMaster(rig, folder));
  host = rig.connect({ privateKey: undefined, dialErrorLimit: 50 });
  cutter.killWorker = async () => {
    await rig.sh("kill -9 $(cat /var/run/pulumi-freebsd-jails.*/pid) 2>/dev/null || :");
  };
  await rig.sh("mkdir /tmp/cuts");
  await once("warm");
  cutter.reset();
  await once("measured");
  Object.assign(frame, cutter.passed);
});
afterAll(async () => {
  await rig.stop();
  master.kill();
  rmSync(folder, { recursive: true });
});

async function once(name: string): Promise<void> {
  const args = { folder: "/tmp/cuts", name: name.padEnd(20, "-"), word: "once" };
  const { facts } = await probe(host, "counted", args, { locks: [args.name] });
  expect(facts.word).toEqual(["once"]);
}

/** How often it ran, and what its effect is. */
async function result(name: string): Promise<{ starts: number; effect: string }> {
  const file = `/tmp/cuts/${name.padEnd(20, "-")}`;
  const starts = (await rig.sh(`cat ${file}.starts`)).split("\n").length - 1;
  return { starts, effect: await rig.sh(`cat ${file}`) };
}

/** Tries one moment at each of the bytes: gives how many were survived, and at which of them it ran more than once. */
async function tryAll(direction: "up" | "down", moment: Moment, bytes: readonly number[]): Promise<number[]> {
  const twice: number[] = [];
  for (const n of bytes) {
    const name = `${moment}-${direction}-${n}`;
    cutter.reset();
    cutter.at(n, direction, moment);
    await once(name);
    const { starts, effect } = await result(name);
    expect({ name, effect }).toEqual({ name, effect: "once\n" });
    if (starts > 1) twice.push(n);
  }
  cutter.reset();
  console.log(
    `${moment} (${direction}): ${bytes.length} bytes tried, ${bytes.length} survived; ran twice at ${twice.length}`,
  );
  return twice;
}

const range = (to: number, step = 1) => Array.from({ length: Math.floor(to / step) + 1 }, (_, i) => i * step);

test("a request that is cut after any of its bytes runs nothing, and is done once by the next session", async () => {
  expect(frame.up).toBeGreaterThan(300);
  const twice = await tryAll("up", "cut", range(frame.up));
  // All but the line break behind the closing brace, or all, is a whole request.
  expect(twice.filter((n) => n < frame.up - 1)).toEqual([]);
});

test("a reply that is cut after any of its bytes is asked for again, and the effect is there once", async () => {
  expect(frame.down).toBeGreaterThan(100);
  await tryAll("down", "cut", range(frame.down));
});

test.each<[Moment, "up" | "down"]>([
  ["half-close", "up"],
  ["half-close", "down"],
  ["kill-ssh", "up"],
  ["kill-ssh", "down"],
])("%s (%s) at every twentieth byte: the effect is there once", async (moment, direction) => {
  await tryAll(direction, moment, range(frame[direction], 20));
});

test.each(["up", "down"] as const)("the worker is killed in the middle of a frame (%s)", async (direction) => {
  await tryAll(direction, "kill-worker", [1, Math.floor(frame[direction] / 2), frame[direction] - 1]);
});

test("the worker's own text and the library may be cut anywhere", async () => {
  await rig.settle();
  host = rig.connect({ privateKey: undefined, dialErrorLimit: 49 });
  cutter.reset();
  await once("start");
  const { up } = cutter.passed;
  const places = [0, 1, 2, ...range(up, 2_003), up - frame.up - 3, up - frame.up - 2, up - frame.up - 1, up - frame.up];
  for (const n of places) {
    await rig.settle();
    host = rig.connect({ privateKey: undefined, dialErrorLimit: 48 });
    cutter.reset();
    cutter.at(n, "up", "cut");
    await once(`start-${n}`);
    expect(await result(`start-${n}`)).toMatchObject({ effect: "once\n" });
  }
  console.log(`start of a session: ${places.length} bytes tried, ${places.length} survived`);
});

test("afterwards, nothing is left on the host", async () => {
  await rig.settle();
  await pause(100);
  await eventually(async () => !(await rig.sh("ls /var/run")).includes("pulumi-freebsd-jails.0"));
});
