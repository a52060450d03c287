import type { Reply } from "../../../provider/host/host";
import { type PfChange, planChanges } from "../../../provider/resources/pfPlan";
import { pfShape } from "../../../provider/resources/pfSchema";
import { type PfView, viewOf } from "../../../provider/resources/pfView";
import { validate } from "../../../provider/resources/validate";
import { recorded } from "../freebsd/recorded";

const ifconfig = recorded("02-interfaces-and-pf.txt").find(({ command }) => command === "ifconfig")?.stdout ?? "";
const lo1 =
  "lo1: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> metric 0 mtu 16384\n\tinet 192.168.1.1 netmask 0xfffffff0\n";

function view(facts: Record<string, readonly string[]> = {}): PfView {
  const all = {
    ssh: ["10.0.2.2 50123 10.0.2.15 22"],
    fingerprint: ["f"],
    ifconfig: `${ifconfig.trimEnd()}\n${lo1}`.trimEnd().split("\n"),
    egress4: ["vtnet0"],
    way: ["vtnet0"],
    conf_path: ["/etc/pf.conf"],
    ...facts,
  };
  return viewOf({ facts: all, host: { hostUuid: "uuid" } } as unknown as Reply, 22);
}

const properties = { kind: "rdr", interface: "egress", protocol: "tcp", port: 80, address: "192.168.1.3" };

function change(name: string, given: Record<string, unknown> = {}, more: Partial<PfChange> = {}): PfChange {
  const owner = `project/stack/${name}`;
  const { values, problems } = validate(pfShape, { name, owner, ...properties, ...given });
  expect(problems).toEqual([]);
  return { name, token: `token-${name}`, owner, values: values as never, ...more };
}

/** Why a change alone is refused. */
function reason(given: Record<string, unknown>, facts: Record<string, readonly string[]> = {}): string | undefined {
  const one = change("web", given);
  return planChanges(view(facts), [one]).refused.get(one);
}

/** The marks of rules that are on the host. */
function marks(...changes: PfChange[]): { marks: string[] } {
  const { args } = planChanges(view(), changes);
  return {
    marks: changes.flatMap((one, i) => [
      `=${one.name}`,
      ...String(args[`mark${i + 1}`])
        .split("\n")
        .map((line) => `+${line}`),
    ]),
  };
}

describe("on the host", () => {
  test("egress is the interface of the default route", () => {
    const one = change("web");
    const plan = planChanges(view(), [one]);
    expect(plan.installed.get(one)).toBe(
      "rdr pass on vtnet0 inet proto tcp from any to (vtnet0) port 80 -> 192.168.1.3",
    );
    expect(plan.args["mark1"]).toContain(`rule=${plan.installed.get(one)}`);
    expect(plan.args).toMatchObject({ count: 1, before: 1, fingerprint: "f", removed: [] });
  });

  test("nothing is written down but the rule", () => {
    const connection = { host: "10.0.2.15", password: "secret word" };
    const { args } = planChanges(view(), [change("web", { connection })]);
    expect(JSON.stringify(args)).not.toContain("secret word");
    expect(JSON.stringify(args)).not.toContain("connection");
  });

  test.each<[string, Record<string, unknown>, Record<string, readonly string[]>, RegExp | undefined]>([
    ["a rule of another port is taken", {}, {}, undefined],
    [
      "a rule of ssh's port is refused",
      { port: 22 },
      {},
      /lock you out: new SSH connections to 10\.0\.2\.15, port 22 would go to/,
    ],
    ["by its service's name", { port: "ssh" }, {}, /lock you out/],
    ["in a range", { port: "20:30" }, {}, /lock you out/],
    ["of all ports", { port: undefined, protocol: undefined }, {}, /lock you out/],
    ["whatever the port is", { port: 2222 }, { ssh: ["10.0.2.2 50123 10.0.2.15 2222"] }, /port 2222 would go/],
    ["where another port is ssh's, 22 is free", { port: 22 }, { ssh: ["10.0.2.2 50123 10.0.2.15 2222"] }, undefined],
    ["to another address of the host", { port: 22, to: "10.0.2.99" }, {}, undefined],
    ["to an address given as the interface's network", { port: 22, to: "vtnet0:network" }, {}, /lock you out/],
    ["from elsewhere", { port: 22, from: "172.16.0.0/12" }, {}, undefined],
    ["on an interface that ssh doesn't come by", { port: 22, interface: "lo1" }, {}, undefined],
    [
      "on the one that leads back to the client",
      { port: 22, interface: "lo1", to: "any" },
      { way: ["lo1"] },
      /lock you out/,
    ],
    ["where nobody knows the connection", { port: 22 }, { ssh: [""] }, /lock you out/],
    [
      "answers of sshd",
      { kind: "nat", from: "any", protocol: undefined, port: undefined },
      {},
      /answers would be translated/,
    ],
    [
      "an interface that isn't there",
      { interface: "em7" },
      {},
      /interface: the host has no interface em7; it has vtnet0, lo0, lo1/,
    ],
    ["egress without a default route", {}, { egress4: [] }, /none for IPv4/],
    ["egress of IPv6", { address: "fd00::3" }, {}, /none for IPv6/],
    [
      "a network of an interface without one",
      {
        from: "lo0:network",
        kind: "nat",
        address: undefined,
        family: "inet6",
        interface: "vtnet0",
        protocol: undefined,
        port: undefined,
      },
      {},
      undefined,
    ],
    ["… of an interface that isn't there", { from: "lo9:network" }, {}, /lo9:network: the host has no interface lo9/],
    [
      "… of one without an address",
      { from: "lo1:network", address: "fd00::3", interface: "vtnet0" },
      {},
      /lo1 has no IPv6 address, and so no network/,
    ],
  ])("%s", (_, given, facts, expected) => {
    if (expected === undefined) expect(reason(given, facts)).toBeUndefined();
    else expect(reason(given, facts)).toMatch(expected);
  });

  test("one that is refused doesn't keep the others from being loaded", () => {
    const [good, bad] = [change("web"), change("ssh", { port: 22 })];
    const plan = planChanges(view(), [bad, good]);
    expect([...plan.refused.keys()]).toEqual([bad]);
    expect(plan.accepted).toEqual([good]);
    expect(plan.args).toMatchObject({ count: 1, name1: "web" });
  });
});

describe("rules of other stacks", () => {
  const others = () => marks(change("shop", {}, { owner: "shop/prod/shop", token: "theirs" }));

  test("that meet are an error that names both", () => {
    expect(reason({ port: "70:90" }, others())).toMatch(
      /same connections as the rule shop of shop\/prod\/shop \("rdr pass on vtnet0/,
    );
  });

  test("that don't are none of ours", () => {
    expect(reason({ port: 81 }, others())).toBeUndefined();
    expect(reason({ protocol: "udp" }, others())).toBeUndefined();
  });

  test("keep their names", () => {
    const one = change("shop", { port: 81 });
    expect(planChanges(view(others()), [one]).refused.get(one)).toMatch(/a rule shop belongs to shop\/prod\/shop/);
  });

  test("of a create that was killed are gone on with", () => {
    const again = change("web", { port: 81 }, { token: "new" });
    const plan = planChanges(view(marks(change("web"))), [again]);
    expect(plan.refused.size).toBe(0);
    expect(plan.args["mark1"]).toContain("token=new");
  });
});

describe("changes together", () => {
  test("a port may go from one rule to another", () => {
    const gone = change("old", {}, { values: undefined });
    const come = change("new");
    const plan = planChanges(view(marks(change("old"))), [come, gone]);
    expect(plan.refused.size).toBe(0);
    expect(plan.args).toMatchObject({ count: 1, removed: ["old token-old"] });
  });

  test("a rule that was renamed leaves its old name", () => {
    const plan = planChanges(view(marks(change("web"))), [change("www", {}, { token: "token-web", oldName: "web" })]);
    expect(plan.refused.size).toBe(0);
    expect(plan.args).toMatchObject({ name1: "www", removed: ["web token-web"] });
  });

  test("the last one that goes takes our lines with it", () => {
    const plan = planChanges(view({ ...marks(change("web")), conf: ["=/etc/pf.conf", "+pass all"] }), [
      change("web", {}, { values: undefined }),
    ]);
    expect(plan.args).toMatchObject({ count: 0, before: 0, removed: ["web token-web"] });
  });

  test("our lines go where pf.conf takes them", () => {
    const conf = ["=/etc/pf.conf", "+set skip on lo0", "+nat-anchor x", "+", "+# filter", "+pass all"];
    expect(planChanges(view({ conf }), [change("web")]).args).toMatchObject({ before: 4 });
  });
});
