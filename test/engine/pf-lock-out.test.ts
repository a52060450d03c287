import { randomBytes } from "node:crypto";
import { PfNatRule } from "pulumi-freebsd-jails";
import { Confirmation } from "../../provider/host/confirm";
import { type Connection, connectionSchema } from "../../provider/host/connection";
import { connect, type Host, type HostError, type Reply } from "../../provider/host/host";
import { setReporter } from "../../provider/host/log";
import { closeAll } from "../../provider/host/pool";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { onRealHost, openTarget, stackConfig, type Target } from "./harness/target";

const rdr = { kind: "rdr", interface: "egress", address: "192.168.1.3" } as const;

let target: Target;
let project: Project;
let program: () => Promise<void> = async () => {};

async function lines(command: string): Promise<string[]> {
  const { stdout } = await target.sh(command);
  return stdout.split("\n").filter(Boolean);
}

/** What is loaded, enabled and written. */
const state = () =>
  lines(
    "pfctl -s Running; pfctl -s rules; pfctl -s nat; pfctl -a pulumi-freebsd-jails -s nat; cat /etc/pf.* /etc/rc.conf.d/pf/*",
  );

async function reason(of: Promise<unknown>): Promise<string> {
  const error = await of.catch((one: unknown) => one);
  return error instanceof Error ? error.message : "";
}

beforeAll(async () => {
  target = await openTarget();
  project = await Project.create(() => program(), { config: stackConfig(target) });
});

afterAll(async () => {
  await project?.destroy();
  project?.dispose();
  await closeAll();
  await target?.close();
});

describe("a rule that would take the port of the connection in use", () => {
  // On the stand-in, the connection's port is one that the host doesn't know: a preview can't tell.
  const ssh = onRealHost ? 0 : 22;

  const web = () => new PfNatRule("web", { ...rdr, protocol: "tcp", port: 80 });

  test.each<[string, () => void]>([
    ["by its name", () => new PfNatRule("bad", { ...rdr, protocol: "tcp", port: "ssh" })],
    ["in a list and a range", () => new PfNatRule("bad", { ...rdr, protocol: "tcp", port: [443, "20:30"], to: "any" })],
    [
      "in a network",
      () => new PfNatRule("bad", { ...rdr, protocol: "tcp", port: ssh, to: "10.0.0.0/8", from: "10.0.2.2" }),
    ],
    [
      "both ways",
      () => new PfNatRule("bad", { kind: "binat", interface: "egress", address: "192.168.1.4", outside: "10.0.2.15" }),
    ],
    ["by what it answers", () => new PfNatRule("bad", { kind: "nat", interface: "egress", from: "10.0.2.0/24" })],
  ])(
    "is refused before anything is loaded, and says what would have happened; others are loaded: %s",
    async (_, bad) => {
      if (ssh === 0) return;
      program = async () => {
        web();
        bad();
      };
      expect(await reason(project.up())).toMatch(
        /PfNatRule bad: this rule would lock you out: .* 10\.0\.2\.15, port 22 (would go to 192\.168\.1\.[34]|answers would be translated).*nothing was loaded/,
      );
      expect(await lines("pfctl -a pulumi-freebsd-jails -s nat")).toEqual([
        "rdr pass on vtnet0 inet proto tcp from any to (vtnet0) port = http -> 192.168.1.3",
      ]);
    },
  );

  test("is none, if it is about another address of the host, or about another client", async () => {
    if (ssh === 0) return;
    program = async () => {
      new PfNatRule("web", { ...rdr, protocol: "tcp", port: 80 });
      new PfNatRule("other", { ...rdr, protocol: "tcp", port: ssh, to: "10.0.2.99" });
      new PfNatRule("client", { ...rdr, protocol: "tcp", port: ssh, from: "172.16.0.0/12", to: "10.0.2.15" });
    };
    await project.up();
    expect(await lines("pfctl -a pulumi-freebsd-jails -s nat")).toHaveLength(3);
  });

  test.each<[string, () => void, RegExp]>([
    [
      "an interface that isn't there",
      () => new PfNatRule("bad", { ...rdr, interface: "em7", protocol: "tcp", port: 90 }),
      /the host has no interface em7; it has .*lo0/,
    ],
    [
      "a network before there is one",
      () => new PfNatRule("bad", { kind: "nat", interface: "egress", from: "lo1:network" }),
      /lo1:network: the host has no interface lo1/,
    ],
    [
      "no default route for IPv6",
      () => new PfNatRule("bad", { ...rdr, address: "fd00::3", protocol: "tcp", port: 90 }),
      /none for IPv6/,
    ],
  ])("as is one that the host can't have: %s: nothing changes", async (_, add, expected) => {
    const [before, rules] = [await state(), program];
    program = async () => {
      await rules();
      add();
    };
    expect(await reason(project.up())).toMatch(expected);
    expect(await state()).toEqual(before);
    program = rules;
  });
});

describe("an administrator's pf.conf that would lock out once pf is on", () => {
  beforeAll(() => project.destroy());

  test("is loaded for a moment, and put back by the host, which is off again", async () => {
    if (!target.machine) return;
    await target.sh("echo 'block in all' >/etc/pf.conf");
    const before = await takePicture(target);
    program = async () => {
      new PfNatRule("web", { ...rdr, protocol: "tcp", port: 80, pass: false, confirmTimeout: 6 });
    };
    const message = await reason(project.up());
    expect(message).toMatch(
      /no new SSH connection came through within 6 s, so the host has put back what was loaded before/,
    );
    expect(difference(before, await takePicture(target))).toEqual([]);
    expect(await lines("pfctl -s Running")).toEqual(["Disabled"]);
    await target.sh("rm /etc/pf.conf");
  });
});

/** The host as a test's back door: what it is asked to load is not looked at before. */
class BackDoor {
  readonly connection: Connection;
  readonly host: Host;

  constructor(lockTimeout: number) {
    this.connection = connectionSchema.parse({ ...target.connection, sshConfig: "none", lockTimeout });
    this.host = connect(this.connection);
  }

  async load(name: string, rule: string, onLoaded?: (nonce: string) => void): Promise<Reply> {
    const look = await this.host.run({ name: "pf.look", args: {}, label: "look", readOnly: true });
    const nonce = randomBytes(16).toString("hex");
    const mark = [`token=${name}`, `owner=${name}`, "order=1", "enable=true", `rule=${rule}`, "spec={}"].join("\n");
    const fingerprint = look.facts.fingerprint?.[0];
    return this.host.run({
      name: "pf.apply",
      label: name,
      locks: ["pf"],
      args: {
        nonce,
        confirmTimeout: 6,
        count: 1,
        name1: name,
        mark1: mark,
        before: 0,
        lines: "",
        removed: "",
        fingerprint,
      },
      onFact: (key) => key === "loaded" && onLoaded?.(nonce),
    });
  }
}

const lockingOut = "rdr pass on vtnet0 inet proto tcp from any to any port 22 -> 192.168.1.3";
const harmless = "rdr pass on vtnet0 inet proto tcp from any to any port 8080 -> 192.168.1.3";

/** Whether a new connection gets through to the host. */
async function reachable(): Promise<boolean> {
  // Settings that no other connection has: a new one is opened.
  const lockTimeout = 1000 + Math.floor(Math.random() * 1e6);
  const connection = connectionSchema.parse({
    ...target.connection,
    sshConfig: "none",
    dialErrorLimit: 0,
    lockTimeout,
  });
  const look = connect(connection).run({ name: "pf.look", args: {}, label: "reachable", readOnly: true });
  return look.then(
    () => true,
    () => false,
  );
}

describe("a load that locks out all the same", () => {
  let restore: ReturnType<typeof setReporter>;

  beforeAll(async () => {
    restore = setReporter(() => {});
    program = async () => {
      new PfNatRule("web", { ...rdr, protocol: "tcp", port: 80 });
    };
    await project.up();
  });

  afterAll(() => setReporter(restore));

  test("is undone by the host, with the old rules, and the host can be reached again", async () => {
    if (!target.machine) return;
    const before = await state();
    const door = new BackDoor(60);
    let [locked, confirmation]: [Promise<boolean> | undefined, Confirmation | undefined] = [undefined, undefined];
    const load = door.load("bad", lockingOut, (nonce) => {
      locked = reachable().then((yes) => !yes);
      confirmation = new Confirmation(door.connection, { name: "pf.confirm", label: "confirm", args: { nonce } });
    });
    const error = await load.catch((one: unknown) => one);
    confirmation = confirmation as Confirmation | undefined;
    confirmation?.abandon();
    expect((error as HostError).code).toBe("undone");
    expect(await locked).toBe(true);
    expect(confirmation?.failure?.message).toMatch(/closed|reset|refused|no answer/);
    expect(await state()).toEqual(before);
    expect(await reachable()).toBe(true);
  });

  test("is undone, too, if nobody is there any more who could ask for it", async () => {
    if (!target.machine) return;
    const before = await state();
    const door = new BackDoor(61);
    const loaded = new Promise<void>((resolve) => {
      door.load("bad", lockingOut, () => resolve()).catch(() => {});
    });
    await loaded;
    await target.machine.cut();
    expect(await lines("pfctl -a pulumi-freebsd-jails -s nat")).toContainEqual(expect.stringContaining("port = ssh"));
    await lines("for i in 1 2 3 4 5 6 7 8 9; do [ -e /var/run/pulumi-freebsd-pf ] || break; sleep 1; done");
    expect(await state()).toEqual(before);
    expect(await reachable()).toBe(true);
  });

  test("is undone by a reboot", async () => {
    if (!target.machine) return;
    const before = await state();
    const door = new BackDoor(62);
    await new Promise<void>((resolve) => {
      door.load("bad", lockingOut, () => resolve()).catch(() => {});
    });
    await target.machine.powerLoss();
    expect(await state()).toEqual(before);
    expect(await reachable()).toBe(true);
  });

  test("is undone even if its operation was killed, by the next one if the timer was killed too", async () => {
    if (!target.machine) return;
    const before = await state();
    const door = new BackDoor(63);
    await new Promise<void>((resolve) => {
      door.load("bad", lockingOut, () => resolve()).catch(() => {});
    });
    await target.sh(
      "kill -9 $(cat /var/run/pulumi-freebsd-pf/timer) $(ps -ax -o pid= -o command= | awk '/operation.sh/ && !/awk/ { print $1 }')",
    );
    expect(await reachable()).toBe(false);
    await target.sh("pfctl -d"); // or nobody would come in any more, as on any host whose timer was killed
    program = async () => {
      new PfNatRule("web", { ...rdr, protocol: "tcp", port: 80, order: 7 });
    };
    await project.up();
    expect((await state()).filter((line) => !line.startsWith("#"))).toEqual(
      before.filter((line) => !line.startsWith("#")),
    );
  });

  test("does not undo what somebody else loads behind it", async () => {
    if (!target.machine) return;
    const door = new BackDoor(64);
    const bad = door.load("bad", lockingOut).catch((one: unknown) => one);
    await lines("for i in 1 2 3 4 5 6 7 8 9; do [ ! -e /var/run/pulumi-freebsd-pf/timer ] || break; sleep 0.3; done");
    const second = new BackDoor(65);
    // Its session stood before; its rule waits for the lock, and is loaded when the other is undone.
    const good = second
      .load("good", harmless, (nonce) => {
        new Confirmation(second.connection, { name: "pf.confirm", label: "confirm", args: { nonce } });
      })
      .catch((one: unknown) => one);
    expect(await bad).toMatchObject({ code: "undone" });
    expect(await good).not.toBeInstanceOf(Error);
    const inForce = await lines("pfctl -a pulumi-freebsd-jails -s nat");
    expect(inForce).toEqual(
      expect.arrayContaining([expect.stringContaining("= http-alt "), expect.stringContaining("= http ")]),
    );
    expect(inForce.join()).not.toContain("ssh");
  });
});
