// `npm run bench:session`: this session, and three others, side by side on the stand-in host, through a proxy that adds
// a round trip time. It ends with 1 if the session isn't what it has to be.
import { randomBytes } from "node:crypto";
import { bodyOf } from "../provider/host/body";
import { Frames } from "../provider/host/frame";
import { Machine } from "../test/host/machine";
import { type ProxyCounters, TroubleProxy } from "../test/session/proxy";
import { atOnce, type Contestant, contestants } from "./contestants";

interface Result extends ProxyCounters {
  readonly name: string;
  readonly roundTrip: number;
  readonly operations: number;
  readonly seconds: number;
}

const roundTrips = [0, 20, 100];
const counts = [1, 10, 100];
const columns = ["RTT ms", "operations", "", "connections", "round trips", "KB up", "KB down", "seconds"];

async function measure(one: Contestant, proxy: TroubleProxy, roundTrip: number, operations: number): Promise<Result> {
  proxy.reset();
  const started = performance.now();
  const end = await one.run(proxy.port, operations);
  const seconds = (performance.now() - started) / 1000;
  const result = { ...proxy.counters, name: one.name, roundTrip, operations, seconds };
  await end?.();
  return result;
}

/** The same operations by the worker on the host itself, without any way to it; as many at once. */
async function onHost(machine: Machine, operations: number): Promise<number> {
  const frames = new Frames(randomBytes(16).toString("hex"));
  const body = bodyOf({ name: "bench.work", args: {}, label: "Bench" }, { client: "bench" });
  const frame = (id: number) =>
    frames.operation({ id, place: (id % atOnce) + 1, timeout: 60, lockTimeout: 60, locks: [], body });
  const all = Array.from({ length: operations }, (_, index) => frame(index + 1)).join("");
  const seconds = async (input: string): Promise<number> => {
    const started = performance.now();
    await machine.sh(
      "exec /bin/sh",
      `${input}{ wait $job_1 $job_2 $job_3 $job_4 $job_5 $job_6 $job_7 $job_8\n}\n${frames.bye()}`,
    );
    return (performance.now() - started) / 1000;
  };
  const start = frames.bootstrap(undefined, 0) + frames.library(["bench.sh"]);
  const ready = Array.from({ length: atOnce }, (_, index) => frame(index + 1)).join("");
  // What a session costs before its first operation is not counted here: it is in the handshake's place.
  const empty = await seconds(start + ready);
  return (await seconds(start + all)) - empty;
}

function print(words: readonly (string | number)[]): void {
  const widths = [7, 11, 19, 12, 12, 8, 8, 8];
  console.log(
    words.map((word, i) => (i === 2 ? ` ${word}`.padEnd(19) : String(word).padStart(widths[i] ?? 8))).join(""),
  );
}

function show(result: Result): void {
  const { roundTrip, operations, name, connections, up, down, seconds } = result;
  const kilobytes = [up, down].map((bytes) => (bytes / 1024).toFixed(0));
  print([roundTrip, operations, name, connections, result.roundTrips, ...kilobytes, seconds.toFixed(2)]);
}

/**
 * What the session has to be: one connection; from ten operations on the fewest round trips, and for a hundred on a real line the
 * fastest. (For a single operation it needs one round trip more than `ssh host command`: sshd takes standard input only then.)
 */
function problems(results: readonly Result[]): string[] {
  const [ours, ...others] = results;
  if (!ours) return ["nothing was measured"];
  const where = `${ours.operations} operations at ${ours.roundTrip} ms`;
  const least = (what: keyof ProxyCounters | "seconds") => Math.min(...others.map((other) => other[what]));
  const allowed = least("roundTrips") + (ours.operations === 1 ? 1 : 0);
  const line = ours.roundTrip > 0;
  return [
    ...(ours.connections === 1 ? [] : [`${where}: ${ours.connections} connections`]),
    ...(!line || ours.roundTrips <= allowed ? [] : [`${where}: ${ours.roundTrips} round trips, not ${allowed}`]),
    ...(!line || ours.operations < 100 || ours.seconds <= least("seconds") ? [] : [`${where}: not the fastest`]),
  ];
}

/** The figures that the design names, at 100 ms and 100 operations. */
function headline(results: readonly Result[], handshake: number, host: number): string[] {
  const [ours = 0, newSsh = 0] = results.map((result) => result.seconds);
  const floor = host + handshake;
  console.log(
    `\n100 independent operations at 100 ms: ${ours.toFixed(2)} s. The host itself ${host.toFixed(2)} s and one handshake ` +
      `${handshake.toFixed(2)} s: ${(ours / floor).toFixed(2)} times that (1.3 allowed). ` +
      `A connection each: ${newSsh.toFixed(2)} s, ${(newSsh / ours).toFixed(1)} times ours (5 expected).`,
  );
  return [
    ...(ours <= 1.3 * floor ? [] : ["more than 1.3 times what the host and a handshake need"]),
    ...(newSsh >= 5 * ours ? [] : ["not 5 times faster than a connection each"]),
  ];
}

async function main(): Promise<void> {
  const machine = await Machine.start();
  const all = contestants(machine);
  const found: string[] = [];
  try {
    for (const one of all) await (await one.run(machine.port, 1))?.();
    print(columns);
    for (const roundTrip of roundTrips) {
      const proxy = await TroubleProxy.start(machine.port, roundTrip);
      let handshake = 0;
      for (const operations of counts) {
        const results: Result[] = [];
        for (const one of all) results.push(await measure(one, proxy, roundTrip, operations));
        for (const result of results) show(result);
        found.push(...problems(results));
        // A new ssh for a single operation: a handshake, and little else.
        if (operations === 1) handshake = results[1]?.seconds ?? 0;
        if (operations === 100 && roundTrip === 100)
          found.push(...headline(results, handshake, await onHost(machine, 100)));
      }
      await proxy.stop();
    }
  } finally {
    await machine.stop();
  }
  for (const problem of found) console.error(problem);
  process.exitCode = found.length > 0 ? 1 : 0;
}

void main();
