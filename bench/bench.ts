// `npm run bench`: ours, a bare shell, an ssh for each command, Ansible, and the engine alone, side by side on the stand-in.
//   npm run bench -- --jails 1,10,100 --rtt 0,100      a shorter run
import { readFileSync } from "node:fs";
import { closeAll } from "../provider/host/pool";
import { buildPackage } from "../scripts/setup.js";
import { Machine } from "../test/host/machine";
import { TroubleProxy } from "../test/session/proxy";
import { making, removing, type Wanted, wanted } from "./effect";
import { judge } from "./goals";
import { ansible, type Peer, shellLoop, sshEach } from "./peers";
import { Report, type Row } from "./report";
import { BenchStack } from "./stack";

const list = (name: string, otherwise: string) => {
  const at = process.argv.indexOf(`--${name}`);
  return (at < 0 ? otherwise : String(process.argv[at + 1])).split(",").map(Number);
};
const counts = list("jails", "1,10,100,300");
const roundTrips = list("rtt", "0,20,100");
const [mostFar = 100] = list("far", "100");
const [mostAnsible = 100] = list("ansible", "100");

/** Base and interface, which all of them have before they begin. */
async function setUp(machine: Machine): Promise<string> {
  const settings: Record<string, string> = { ...login(machine, machine.port) };
  const made: string[] = [];
  for (const [kind, props] of [
    ["baseInstall", { name: "base", release: "13.2-RELEASE", source: "file:///usr/freebsd-dist/base.txz" }],
    ["loopbackInterface", { name: "lo1", addresses: ["10.1.255.1/32"] }],
  ] as const) {
    const provider = require(`../provider/resources/${kind}`);
    await provider.configure({ config: { get: (key: string) => settings[key] } });
    const { inputs } = await provider.check({}, { owner: `bench/setup/${kind}`, ...props });
    made.push(String((await provider.create(inputs)).outs.path));
  }
  await closeAll();
  return String(made[0]);
}

function login(machine: Machine, port: number): Record<string, string> {
  return {
    "freebsd:host": "127.0.0.1",
    "freebsd:port": String(port),
    "freebsd:privateKey": readFileSync(machine.privateKeyFile, "utf8"),
    "freebsd:hostKey": machine.hostKey,
    "freebsd:sshConfig": "none",
  };
}

class Bench {
  readonly report = new Report();

  constructor(
    private readonly machine: Machine,
    private readonly proxy: TroubleProxy,
    private readonly roundTrip: number,
    private readonly base: string,
  ) {}

  /** Runs something, and writes down what it took. */
  async note(
    who: string,
    what: string,
    jails: number,
    run: () => Promise<{ megabytes?: number; seconds?: number } | undefined>,
  ): Promise<void> {
    await this.machine.commands(true);
    this.proxy.reset();
    const started = performance.now();
    const measured = await run();
    const seconds = measured?.seconds ?? (performance.now() - started) / 1000;
    const { connections, roundTrips: trips } = this.proxy.counters;
    const commands = (await this.machine.counters()).commands;
    const row: Row = {
      roundTrip: this.roundTrip,
      jails,
      who,
      what,
      seconds,
      connections,
      roundTrips: trips,
      commands,
      megabytes: measured?.megabytes,
    };
    this.report.add(row);
  }

  async ours(jails: readonly Wanted[]): Promise<void> {
    const settings = Object.entries(login(this.machine, this.proxy.port));
    const config = Object.fromEntries(settings.map(([key, value]) => [key, { value, secret: key.endsWith("Key") }]));
    const stack = await BenchStack.jails(this.base, config);
    await this.engine("ours", stack, jails);
    const running = (await this.machine.sh("jls name | wc -l")).stdout.trim();
    if (running !== "0") throw new Error(`${running} jails are left after the destroy`);
  }

  async floor(jails: readonly Wanted[]): Promise<void> {
    await this.engine("engine alone", await BenchStack.trivial(), jails);
  }

  async peer(peer: Peer, jails: readonly Wanted[]): Promise<void> {
    const count = jails.length;
    await this.note(
      peer.name,
      "up",
      count,
      async () =>
        void (await peer.run(
          this.proxy.port,
          jails.map((one) => making(one, this.base)),
        )),
    );
    const running = (await this.machine.sh("jls name | wc -l")).stdout.trim();
    if (Number(running) !== count) throw new Error(`${peer.name}: ${running} of ${count} jails run`);
    await this.note(
      peer.name,
      "destroy",
      count,
      async () => void (await peer.run(this.proxy.port, jails.map(removing))),
    );
  }

  private async engine(who: string, stack: BenchStack, jails: readonly Wanted[]): Promise<void> {
    const count = jails.length;
    try {
      // The first run of a stack in a new home makes files that no later one makes.
      stack.declare([]);
      await stack.project.up();
      stack.declare(jails);
      await this.note(who, "preview", count, () => stack.measure((project) => project.preview()));
      await this.note(who, "up", count, () => stack.measure((project) => project.up()));
      if (who === "ours") this.report.state(count, stack.stateBytes(count));
      await this.note(who, "second up", count, () => stack.measure((project) => project.up()));
      await this.note(who, "preview again", count, () => stack.measure((project) => project.preview()));
      await this.note(who, "up --refresh", count, () => stack.measure((project) => project.up({ refresh: true })));
      await this.note(who, "destroy", count, () => stack.measure((project) => project.destroy()));
    } finally {
      stack.project.dispose();
    }
  }
}

async function main(): Promise<void> {
  buildPackage();
  const machine = await Machine.start();
  const rows: Row[] = [];
  const states: string[] = [];
  try {
    const base = await setUp(machine);
    const peers = [shellLoop(machine), sshEach(machine), ansible(machine, console.error)];
    for (const roundTrip of roundTrips) {
      const proxy = await TroubleProxy.start(machine.port, roundTrip);
      const bench = new Bench(machine, proxy, roundTrip, base);
      for (const count of counts.filter((count) => roundTrip === 0 || count <= mostFar)) {
        const jails = wanted(count);
        await bench.ours(jails);
        // What doesn't go to a host is as long at any distance.
        if (roundTrip === roundTrips[0]) await bench.floor(jails);
        for (const peer of peers) if (peer === peers[0] || count <= mostAnsible) await bench.peer(peer, jails);
      }
      await proxy.stop();
      rows.push(...bench.report.rows);
      states.push(...bench.report.states);
    }
  } finally {
    await machine.stop();
  }
  for (const line of states) console.log(line);
  for (const line of judge(rows)) console.log(line);
}

void main();
