import { lockOut, type SshConnection } from "../../../provider/freebsd/pfLockOut";
import type { PfRule } from "../../../provider/freebsd/pfRule";

const web: PfRule = { kind: "rdr", interface: "vtnet0", protocol: "tcp", port: 80, address: "192.168.1.3" };
const ssh: SshConnection = {
  server: "10.0.2.15",
  port: 22,
  client: "10.0.2.2",
  clientPort: 40000,
  devices: ["vtnet0"],
};
const has: Record<string, readonly string[]> = {
  vtnet0: ["10.0.2.15/24", "fd00:2::15/64"],
  em1: ["203.0.113.5/24"],
  lo1: ["192.168.1.1/28"],
};
const addressesOf = (device: string) => has[device] ?? [];

describe("a rule that would lock out", () => {
  const rules: [Partial<PfRule>, boolean][] = [
    [{}, false],
    [{ port: 22 }, true],
    [{ port: "ssh" }, true],
    [{ port: [80, "20:25"] }, true],
    [{ port: ["http", "https"] }, false],
    [{ port: 22, protocol: "udp" }, false],
    [{ port: 22, protocol: ["udp", "tcp"] }, true],
    [{ port: undefined, protocol: undefined }, true],
    [{ port: undefined, protocol: undefined, to: "any" }, true],
    [{ port: undefined, protocol: "icmp" }, false],
    [{ port: 22, to: "any" }, true],
    [{ port: 22, to: "10.0.2.15" }, true],
    [{ port: 22, to: "10.0.0.0/8" }, true],
    [{ port: 22, to: "10.0.2.99" }, false],
    [{ port: 22, to: "!10.0.2.99" }, true],
    [{ port: 22, to: "!10.0.2.15" }, false],
    [{ port: 22, to: "vtnet0:network" }, true],
    [{ port: 22, to: "lo1:network" }, false],
    [{ port: 22, from: "10.0.2.0/24" }, true],
    [{ port: 22, from: "172.16.0.0/12" }, false],
    [{ port: 22, from: "!10.0.2.2" }, false],
    [{ port: 22, interface: "em1" }, false],
    [{ port: 22, address: "fd00::3" }, false],
    [{ kind: "binat", port: undefined, protocol: undefined, outside: "10.0.2.15" }, true],
    [{ kind: "binat", port: undefined, protocol: undefined, outside: "10.0.2.99" }, false],
    [{ kind: "binat", port: undefined, protocol: "udp", outside: "10.0.2.15" }, false],
    [{ kind: "binat", port: undefined, protocol: undefined, outside: "10.0.2.15", to: "172.16.0.0/12" }, false],
    [{ kind: "nat", port: undefined, protocol: undefined }, false],
    [{ kind: "nat", port: undefined, protocol: undefined, from: "any" }, true],
    [{ kind: "nat", port: undefined, protocol: undefined, from: "!192.168.1.0/28" }, true],
    [{ kind: "nat", port: undefined, protocol: undefined, from: "10.0.2.0/24" }, true],
    [{ kind: "nat", port: undefined, protocol: undefined, from: "vtnet0:network" }, true],
    [{ kind: "nat", port: undefined, protocol: undefined, from: "lo1:network" }, false],
    [{ kind: "nat", port: undefined, protocol: undefined, from: "any", to: "!10.0.2.2" }, false],
    [{ kind: "nat", port: 80, from: "any" }, false],
  ];
  it.each(rules)("is found on the host: %j: %s", (change, found) => {
    expect(lockOut({ ...web, ...change }, ssh, addressesOf) !== undefined).toBe(found);
  });

  it("is one on the interface that the connection comes by, or on another that it may come by", () => {
    const rule = { ...web, port: 22, to: "any" };
    expect(lockOut(rule, { ...ssh, devices: ["em1"] }, addressesOf)).toBeUndefined();
    expect(lockOut(rule, { ...ssh, devices: ["em1", "vtnet0"] }, addressesOf)).toBeDefined();
    expect(lockOut(rule, { ...ssh, devices: undefined }, addressesOf)).toBeDefined();
  });

  it("takes IPv6 from IPv6 alone", () => {
    const six: SshConnection = { server: "fd00:2::15", port: 22, client: "fd00:2::2", devices: ["vtnet0"] };
    expect(lockOut({ ...web, port: 22 }, six, addressesOf)).toBeUndefined();
    expect(lockOut({ ...web, port: 22, address: "fd00::3" }, six, addressesOf)).toBeDefined();
  });

  it("is told with what would have happened", () => {
    expect(lockOut({ ...web, port: "20:25" }, ssh, addressesOf)).toBe(
      "new SSH connections to 10.0.2.15, port 22 would go to 192.168.1.3, and nobody could reach the host any more",
    );
  });
});

describe("a rule that would lock out, in a preview, which knows the connection's settings alone", () => {
  it.each<[Partial<PfRule>, SshConnection, boolean]>([
    [{ port: 22 }, { port: 22 }, true],
    [{ port: 22, interface: "egress" }, { port: 22 }, true],
    [{ port: 22 }, { server: "10.0.2.15", port: 22 }, true],
    [{ port: 22 }, { server: "10.0.2.15", port: 2222 }, false],
    [{ port: "2000:3000" }, { server: "10.0.2.15", port: 2222 }, true],
    [{ port: 22, to: "10.0.2.99" }, { server: "10.0.2.15", port: 22 }, false],
    [{ port: 22, to: "10.0.2.99" }, { port: 22 }, false],
    [{ port: undefined, protocol: undefined }, { port: 22 }, true],
    [{ kind: "binat", port: undefined, protocol: undefined, outside: "10.0.2.15" }, { port: 22 }, false],
    [
      { kind: "binat", port: undefined, protocol: undefined, outside: "10.0.2.15" },
      { server: "10.0.2.15", port: 22 },
      true,
    ],
    [{ kind: "nat", port: undefined, protocol: undefined, from: "any" }, { port: 22 }, true],
    [
      { kind: "nat", port: undefined, protocol: undefined, from: "lo1:network" },
      { server: "10.0.2.15", port: 22 },
      false,
    ],
  ])("is found: %j on %j: %s", (change, connection, found) => {
    expect(lockOut({ ...web, ...change }, connection) !== undefined).toBe(found);
  });
});
