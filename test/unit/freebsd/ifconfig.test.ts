import { InvalidValue } from "../../../provider/freebsd/escape";
import { parseIfconfig } from "../../../provider/freebsd/ifconfig";
import { outputsOf, recorded } from "./recorded";

const recording = "02-interfaces-and-pf.txt";

describe("ifconfig", () => {
  it("shows the recorded host", () => {
    expect(parseIfconfig(outputsOf(recording, "ifconfig")[0] ?? "")).toEqual([
      {
        name: "vtnet0",
        flags: ["UP", "BROADCAST", "RUNNING", "SIMPLEX", "MULTICAST"],
        up: true,
        mtu: 1500,
        ether: "52:54:00:12:34:56",
        inet: [{ address: "10.0.2.15", prefix: 24 }],
        inet6: [],
        groups: [],
        members: [],
      },
      {
        name: "lo0",
        flags: ["UP", "LOOPBACK", "RUNNING", "MULTICAST"],
        up: true,
        mtu: 16384,
        inet: [{ address: "127.0.0.1", prefix: 8 }],
        inet6: [
          { address: "::1", prefix: 128 },
          { address: "fe80::1", prefix: 64, zone: "lo0" },
        ],
        groups: ["lo"],
        members: [],
      },
    ]);
  });

  it("shows lo1 as it was made, got addresses, and was renamed", () => {
    const shown = outputsOf(recording, "ifconfig lo1").map((text) => parseIfconfig(text)[0]);
    expect(shown.map((one) => one && [one.up, one.inet, one.inet6.map((address) => address.address)])).toContainEqual([
      true,
      [{ address: "192.168.7.1", prefix: 24 }],
      ["fe80::1", "fd00::1"],
    ]);
    expect(shown[1]).toMatchObject({ name: "lo1", up: false, inet: [], inet6: [], groups: ["lo"] });
    const [jailnet] = parseIfconfig(outputsOf(recording, "ifconfig jailnet")[0] ?? "");
    expect(jailnet).toMatchObject({ name: "jailnet", inet6: [{ zone: "jailnet" }, { address: "fd00::1" }] });
  });

  it("reads addresses with their prefix length, too", () => {
    const [lo1] = parseIfconfig(outputsOf(recording, "ifconfig -f inet:cidr lo1")[0] ?? "");
    expect(lo1?.inet).toEqual([{ address: "192.168.7.1", prefix: 24 }]);
  });

  it("shows the members of a bridge", () => {
    const [bridge] = parseIfconfig(outputsOf(recording, "ifconfig bridge0")[0] ?? "");
    expect(bridge).toMatchObject({
      name: "bridge0",
      ether: "58:9c:fc:10:ff:96",
      members: ["epair0a"],
      groups: ["bridge"],
    });
  });

  it("reads all that was recorded of it", () => {
    const all = ["02-interfaces-and-pf.txt", "04-jails.txt", "10-vnet-limits-pf.txt"].flatMap(recorded);
    const shown = all.filter(({ command, stdout }) => /^ifconfig( [a-z]+[0-9a-z]*)?$/.test(command) && stdout !== "");
    expect(shown).toHaveLength(13);
    for (const { stdout } of shown) expect(parseIfconfig(stdout)).toHaveLength(stdout.match(/^\S/gm)?.length ?? 0);
  });

  it("reads what newer releases add", () => {
    const text = [
      "em0: flags=1008843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST,LOWER_UP> metric 0 mtu 1500",
      "\tdescription: up link",
      "\tinet 10.0.0.1 --> 10.0.0.2 netmask 255.255.255.252 vhid 1",
      "\tinet6 2001:db8::1 prefixlen 64 tentative deprecated autoconf pltime 100 vltime 200",
      "\tgroups: egress lan",
      "gif0: flags=0 metric 0 mtu 1280",
    ].join("\n");
    expect(parseIfconfig(text)).toMatchObject([
      {
        description: "up link",
        inet: [{ address: "10.0.0.1", prefix: 30 }],
        inet6: [{ address: "2001:db8::1", prefix: 64 }],
        groups: ["egress", "lan"],
      },
      { name: "gif0", flags: [], up: false, mtu: 1280 },
    ]);
  });

  it.each([
    "ifconfig: interface lo1 does not exist",
    "\tinet 1.2.3.4",
    "lo1: flags=1<UP> mtu 1\n\tinet 1.2.3 netmask 0xff000000",
  ])("%j is an error", (text) => {
    expect(() => parseIfconfig(text)).toThrow(InvalidValue);
  });

  it("with a netmask that has holes is an error", () => {
    const text = "lo1: flags=1<UP> metric 0 mtu 1\n\tinet 1.2.3.4 netmask 0xff00ff00";
    expect(() => parseIfconfig(text)).toThrow("ifconfig printed the netmask 0xff00ff00, which has no prefix length.");
  });
});
