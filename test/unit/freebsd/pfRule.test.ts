import * as fc from "fast-check";
import { InvalidValue } from "../../../provider/freebsd/escape";
import { collide } from "../../../provider/freebsd/pfMeet";
import { portRanges } from "../../../provider/freebsd/pfPorts";
import { egress, type PfRule, parsePort, renderPfRule } from "../../../provider/freebsd/pfRule";
import { recorded } from "./recorded";

const web: PfRule = { kind: "rdr", interface: "vtnet0", protocol: "tcp", port: 80, address: "192.168.1.3" };

describe("a translation rule", () => {
  const rules: [Partial<PfRule>, string][] = [
    [{}, "rdr pass on vtnet0 inet proto tcp from any to (vtnet0) port 80 -> 192.168.1.3"],
    [
      { port: 8080, toPort: "http" },
      "rdr pass on vtnet0 inet proto tcp from any to (vtnet0) port 8080 -> 192.168.1.3 port 80",
    ],
    [
      { interface: "egress", address: "lo1|fd00:0::3/128" },
      "rdr pass on <egress> inet6 proto tcp from any to (<egress>) port 80 -> fd00::3",
    ],
    [
      { protocol: undefined, port: undefined, pass: false, log: true, from: "10.0.0.7/8", to: "any" },
      "rdr log on vtnet0 inet from 10.0.0.0/8 to any -> 192.168.1.3",
    ],
    [
      { kind: "nat", protocol: undefined, port: undefined, address: "192.168.1.1/28" },
      "nat pass on vtnet0 inet from 192.168.1.0/28 to any -> (vtnet0:0)",
    ],
    [
      { kind: "nat", protocol: ["tcp", "udp"], port: ["domain", "8000:8010"], to: "!10.0.0.0/8", outside: "10.0.2.9" },
      "nat pass on vtnet0 inet proto { tcp udp } from 192.168.1.3 to ! 10.0.0.0/8 port { 53 8000:8010 } -> 10.0.2.9",
    ],
    [
      { kind: "binat", protocol: undefined, port: undefined, outside: "10.0.2.99/32" },
      "binat pass on vtnet0 inet from 192.168.1.3 to any -> 10.0.2.99",
    ],
    [
      { kind: "nat", protocol: undefined, port: undefined, address: undefined, from: "lo1:network" },
      "nat pass on vtnet0 inet from (lo1:network) to any -> (vtnet0:0)",
    ],
    [
      { kind: "nat", protocol: undefined, port: undefined, address: "lo1:network", family: "inet6", to: "!fd00::/8" },
      "nat pass on vtnet0 inet6 from (lo1:network) to ! fd00::/8 -> (vtnet0:0)",
    ],
  ];
  it.each(rules)("of %j", (change, text) => {
    expect(renderPfRule({ ...web, ...change })).toBe(text);
  });

  const known: PfRule[] = [
    {
      kind: "binat",
      interface: "vtnet0",
      address: "192.168.1.3",
      outside: "10.0.2.99",
      pass: false,
    },
    { ...web, to: "any", address: "fd00::3", toPort: 80 },
    { ...web, to: "any", protocol: ["tcp", "udp"], port: [80, 443] },
    { ...web, to: "any", port: "8000:8010", toPort: 9000 },
    { kind: "nat", interface: "vtnet0", address: "192.168.1.3", pass: false },
    { ...web, from: "!10.0.0.0/8", port: "ssh", toPort: 22, log: true },
  ];
  it.each(known)("is one that pfctl took when it was recorded: %j", (rule) => {
    const block = recorded("10-vnet-limits-pf.txt").find(({ command }) => command.includes("binat on vtnet0"));
    const taken = [...(block?.stdout.matchAll(/^# (.*)\n(?:(?!# ).*\n)*?rc=0/gm) ?? [])].map(([, line]) => line);
    expect(taken).toHaveLength(10);
    expect(taken).toContain(renderPfRule(rule).replace("port 22 ->", "port ssh ->"));
  });

  const bad: [Partial<PfRule>, string][] = [
    [{ interface: "no such" }, "is not the name of a network interface"],
    [{ address: "web" }, "is not an address"],
    [{ address: "192.168.1.0/28" }, "is not a single address: write it as 192.168.1.3."],
    [{ address: "!192.168.1.3" }, "is not a single address"],
    [{ address: "any" }, "is not a single address"],
    [{ protocol: undefined }, "A rule with a port needs a protocol that has ports: tcp, udp or both."],
    [{ protocol: "icmp" }, "A rule with a port needs a protocol"],
    [{ protocol: "tpc" as "tcp" }, '"tpc" is not a protocol: tcp, udp, icmp'],
    [{ port: 0 }, "0 is not a port: a number from 1 to 65535"],
    [{ port: 70000 }, "70000 is not a port"],
    [{ port: "nosuch" }, "is not a port: a number from 1 to 65535, one of ftp-data"],
    [{ port: "90:80" }, "is not a port"],
    [{ port: "80:90:95" }, "is not a port"],
    [{ port: "80 keep state" }, "is not a port"],
    [{ port: [] }, "is not a list of ports: at least one."],
    [{ toPort: "90:95" }, "is not the port in a jail"],
    [{ port: "100:200", toPort: 65500 }, "up to 65535."],
    [{ toPort: 0 }, "0 is not a port"],
    [{ from: "fd00::/64" }, "is not of the family of 192.168.1.3"],
    [{ to: "any; pass all" }, "is not an address"],
    [{ outside: "10.0.0.1" }, "The address outside of a rdr rule is its to."],
    [{ kind: "nat", toPort: 80 }, "Only a rdr rule has a toPort."],
    [{ kind: "binat" }, "A binat rule has no port and no from, and needs the address outside"],
    [{ kind: "binat", port: undefined }, "needs the address outside"],
    [{ kind: "nat", outside: "10.0.0.0/8" }, "is not a single address"],
    [{ kind: "binat", port: undefined, outside: "10.0.2.9", protocol: ["tcp", "udp"] }, "has one protocol, or all."],
    [{ address: undefined }, "A rdr rule needs a jail, or an address."],
    [{ address: "lo1:network" }, "is not a single address"],
    [{ from: "lo 1:network" }, "is not the name of a network interface"],
    [{ family: "inet6" }, "is not of the family of 192.168.1.3"],
  ];
  it.each(bad)("can't be made of %j", (change, sentence) => {
    expect(() => renderPfRule({ ...web, ...change })).toThrow(InvalidValue);
    expect(() => renderPfRule({ ...web, ...change })).toThrow(sentence);
  });

  it("has one name for the interface that is found on the host", () => {
    expect(renderPfRule({ ...web, interface: "egress" }).split(egress)).toHaveLength(3);
  });
});

describe("a port", () => {
  it.each([
    [80, [80, 80]],
    ["80", [80, 80]],
    ["ssh", [22, 22]],
    ["8000:8010", [8000, 8010]],
    ["ftp:ssh", [21, 22]],
    ["65535:65535", [65535, 65535]],
  ])("%j is %j", (port, range) => {
    expect(parsePort(port)).toEqual(range);
  });

  it("that is a number is read back from a range", () => {
    const ends = fc.tuple(fc.integer({ min: 1, max: 65535 }), fc.integer({ min: 1, max: 65535 }));
    fc.assert(
      fc.property(ends, ([one, other]) => {
        const [first, last] = [Math.min(one, other), Math.max(one, other)];
        expect(portRanges([`${first}:${last}`, one])).toEqual([
          [first, last],
          [one, one],
        ]);
      }),
    );
  });
});

describe("two rules for one port", () => {
  const pairs: [Partial<PfRule>, boolean][] = [
    [{}, true],
    [{ address: "192.168.1.4" }, true],
    [{ port: 81 }, false],
    [{ port: ["79:82"] }, true],
    [{ protocol: "udp" }, false],
    [{ protocol: ["udp", "tcp"] }, true],
    [{ port: undefined, protocol: undefined }, true],
    [{ interface: "em1" }, false],
    [{ interface: "egress" }, true],
    [{ address: "fd00::3" }, false],
    [{ to: "10.0.2.15" }, true],
    [{ kind: "nat" }, false],
    [{ from: "10.0.0.0/8" }, true],
    [{ from: "lo1:network" }, true],
  ];
  it.each(pairs)("collide: the book's and %j: %s", (change, meet) => {
    expect(collide(web, { ...web, ...change })).toBe(meet);
    expect(collide({ ...web, ...change }, web)).toBe(meet);
  });

  it.each([
    ["10.0.2.15", "10.0.2.16", false],
    ["10.0.2.15", "10.0.2.15/32", true],
    ["10.0.2.0/24", "10.0.2.16", true],
    ["10.0.0.0/8", "10.0.2.0/24", true],
    ["10.0.0.0/24", "10.0.1.0/24", false],
    ["!10.0.0.0/24", "10.0.0.1", true],
  ])("to %s and %s collide: %s", (one, other, meet) => {
    expect(collide({ ...web, to: one }, { ...web, to: other })).toBe(meet);
  });
});

describe("two rules that go out", () => {
  const nat: PfRule = { kind: "nat", interface: "vtnet0", address: "192.168.1.0/28" };
  const both: PfRule = { kind: "binat", interface: "vtnet0", address: "192.168.1.3", outside: "10.0.2.99" };
  it.each<[PfRule, Partial<PfRule>, boolean]>([
    [nat, {}, true],
    [nat, { address: "192.168.1.3" }, false],
    [nat, { address: undefined, from: "192.168.1.7/28" }, true],
    [both, {}, true],
    [both, { address: "192.168.1.4" }, true],
    [both, { outside: "10.0.2.98" }, true],
    [both, { address: "192.168.1.4", outside: "10.0.2.98" }, false],
    [both, { protocol: "tcp" }, true],
  ])("collide: %j with %j: %s", (rule, change, meet) => {
    expect(collide(rule, { ...rule, ...change })).toBe(meet);
  });
});
