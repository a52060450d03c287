import { isIP } from "node:net";
import * as fc from "fast-check";
import {
  bareAddress,
  canonicalAddress,
  canonicalCidr,
  contains,
  formatIp,
  formatJailAddress,
  hostCount,
  interfaceName,
  isHostAddress,
  loopback,
  networkOf,
  nthAddress,
  parseInterfaceAddress,
  parseIp,
  parseJailAddress,
  sameAddress,
} from "../../../provider/freebsd/addresses";
import { InvalidValue } from "../../../provider/freebsd/escape";
import { interfaceVariable } from "../../../provider/freebsd/interfaces";

describe("an address", () => {
  it.each([
    ["192.168.1.3", "192.168.1.3"],
    ["0.0.0.0", "0.0.0.0"],
    ["0:0::1", "::1"],
    ["0:0:0:0:0:0:0:0", "::"],
    ["FD00:0:0:1::A", "fd00:0:0:1::a"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
    ["1::", "1::"],
    ["::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"],
    ["::ffff:c000:201", "::ffff:192.0.2.1"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ])("%s is written %s", (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical);
  });

  it.each([
    "",
    " 192.168.1.3",
    "192.168.1",
    "192.168.1.3.4",
    "300.1.1.1",
    "192.168.01.3",
    "0x7f.0.0.1",
    "1.2.3.-4",
    "1.2.3.4\n",
    "localhost",
    ":",
    ":::",
    "::1::2",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7::8:9",
    "1::2:3:4:5:6:7:8",
    "12345::",
    "g::1",
    "::1.2.3.256",
    "1.2.3.4::",
    "::1.2.3.4:5",
    "fe80::1%lo0",
    "::1/128",
  ])("%j is not one", (text) => {
    expect(() => canonicalAddress(text)).toThrow(InvalidValue);
    expect(() => canonicalAddress(text)).toThrow(/is not an address: write an IPv4 address such as/);
  });

  it("is accepted exactly where Node takes it (zones apart), and its canonical text stays as it is", () => {
    const near = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.string({ unit: fc.constantFrom(..."0123456789abcdef:.".split("")), maxLength: 24 }),
    );
    fc.assert(
      fc.property(near, (text) => {
        if (isIP(text) === 0) {
          expect(() => parseIp(text)).toThrow(InvalidValue);
          return;
        }
        const canonical = canonicalAddress(text);
        expect(isIP(canonical)).toBe(isIP(text));
        expect(parseIp(canonical)).toEqual(parseIp(text));
        expect(canonicalAddress(canonical)).toBe(canonical);
      }),
      { numRuns: 20_000 },
    );
  });

  it("of any value is read back from its text", () => {
    const ip = fc.oneof(
      fc.bigInt(0n, (1n << 32n) - 1n).map((value) => ({ family: "inet" as const, value })),
      fc.bigInt(0n, (1n << 128n) - 1n).map((value) => ({ family: "inet6" as const, value })),
      fc.array(fc.constantFrom(0n, 0n, 1n, 0xffffn), { minLength: 8, maxLength: 8 }).map((groups) => ({
        family: "inet6" as const,
        value: groups.reduce<bigint>((sum, group) => (sum << 16n) + group, 0n),
      })),
    );
    fc.assert(
      fc.property(ip, (one) => {
        expect(parseIp(formatIp(one))).toEqual(one);
      }),
    );
  });

  it.each([
    ["lo1|192.168.1.3/32", "192.168.1.3", true],
    ["lo1|fd00:0::3/128", "fd00::3/64", true],
    ["::1", "0:0::1", true],
    ["192.168.1.3", "192.168.1.4", false],
    ["192.168.1.3", "::ffff:192.168.1.3", false],
  ])("%s and %s are the same: %s", (one, other, same) => {
    expect(sameAddress(one, other)).toBe(same);
  });

  it("stands alone without its interface and prefix length", () => {
    expect(bareAddress("lo1|FD00::3/64")).toBe("fd00::3");
  });
});

describe("an address of an interface", () => {
  it.each([
    ["192.168.1.1/28", { address: "192.168.1.1", prefix: 28, family: "inet" }],
    ["127.0.1.1/8", { address: "127.0.1.1", prefix: 8, family: "inet" }],
    ["192.168.1.0/31", { address: "192.168.1.0", prefix: 31, family: "inet" }],
    ["192.168.1.0/32", { address: "192.168.1.0", prefix: 32, family: "inet" }],
    ["fd00:0::1/64", { address: "fd00::1", prefix: 64, family: "inet6" }],
    ["fd00::/128", { address: "fd00::", prefix: 128, family: "inet6" }],
  ])("%s", (text, cidr) => {
    expect(parseInterfaceAddress(text)).toEqual(cidr);
    expect(canonicalCidr(text)).toBe(`${cidr.address}/${cidr.prefix}`);
  });

  it.each([
    ["192.168.1.1", "is not an address with its prefix length: write it as 192.168.1.1/28 or fd00::1/64."],
    ["192.168.1.1/", "the prefix length is a number from 0 to 32."],
    ["192.168.1.1/33", "the prefix length is a number from 0 to 32."],
    ["192.168.1.1/08", "the prefix length is a number from 0 to 32."],
    ["fd00::1/129", "the prefix length is a number from 0 to 128."],
    ["192.168.1.1/28/1", "write it as"],
    ["192.168.1.1/0", "the prefix length has to be 1 or more."],
    ["192.168.1.0/28", "it is the number or the broadcast address of 192.168.1.0/28."],
    ["192.168.1.15/28", "it is the number or the broadcast address of 192.168.1.0/28."],
    ["fd00::/64", "it is the number or the broadcast address of fd00::/64."],
    ["0.1.2.3/24", "mean “this network”."],
    ["224.0.0.1/24", "multicast, reserved or broadcast."],
    ["255.255.255.255/32", "multicast, reserved or broadcast."],
    ["::/128", ":: means “any address”."],
    ["ff02::1/64", "multicast."],
    ["fe80::1/64", "come from the kernel."],
    ["::ffff:1.2.3.4/128", "write the IPv4 address itself."],
  ])("is not %s", (text, sentence) => {
    expect(() => parseInterfaceAddress(text)).toThrow(sentence);
  });
});

describe("an address of a jail", () => {
  it.each([
    ["lo1|192.168.1.3/32", { interface: "lo1", address: "192.168.1.3", prefix: 32, family: "inet" }, undefined],
    ["lo1|192.168.1.3", { interface: "lo1", address: "192.168.1.3", prefix: 32, family: "inet" }, "lo1|192.168.1.3/32"],
    ["192.168.1.3", { address: "192.168.1.3", prefix: 32, family: "inet" }, undefined],
    ["192.168.1.3/32", { address: "192.168.1.3", prefix: 32, family: "inet" }, "192.168.1.3"],
    ["192.168.1.3/24", { address: "192.168.1.3", prefix: 24, family: "inet" }, undefined],
    ["em0.5|FD00::5", { interface: "em0.5", address: "fd00::5", prefix: 128, family: "inet6" }, "em0.5|fd00::5/128"],
  ])("%s is read, and written again", (text, address, canonical) => {
    expect(parseJailAddress(text)).toEqual(address);
    expect(formatJailAddress(parseJailAddress(text))).toBe(canonical ?? text);
  });

  it.each([
    "",
    "|",
    "lo1|",
    "|192.168.1.3",
    "lo1|lo2|192.168.1.3",
    "lo 1|192.168.1.3",
    "lo1|192.168.1.3 netmask 1",
    "any",
  ])("%j is none", (text) => {
    expect(() => parseJailAddress(text)).toThrow(InvalidValue);
  });
});

describe("a network", () => {
  it.each([
    ["192.168.1.1/28", "192.168.1.0/28", 14, "192.168.1.1", "192.168.1.14"],
    ["10.0.0.7/31", "10.0.0.6/31", 2, "10.0.0.6", "10.0.0.7"],
    ["10.0.0.7/32", "10.0.0.7/32", 1, "10.0.0.7", "10.0.0.7"],
    ["10.9.9.9/8", "10.0.0.0/8", 16777214, "10.0.0.1", "10.255.255.254"],
    ["fd00::5/126", "fd00::4/126", 3, "fd00::5", "fd00::7"],
    ["fd00::5/127", "fd00::4/127", 2, "fd00::4", "fd00::5"],
    ["fd00::5/64", "fd00::/64", Number.MAX_SAFE_INTEGER, "fd00::1", "fd00::1f:ffff:ffff:ffff"],
  ])("%s is %s, has %d addresses from %s to %s", (network, written, count, first, last) => {
    expect(networkOf(network)).toBe(written);
    expect(hostCount(network)).toBe(count);
    expect(nthAddress(network, 1)).toBe(first);
    expect(nthAddress(network, count)).toBe(last);
  });

  it.each([0, 15, -1, 1.5, Number.NaN])("of 14 addresses has no address %d", (n) => {
    expect(() => nthAddress("192.168.1.1/28", n)).toThrow(/this network has the addresses 1 to 14\.$/);
  });

  it.each([
    ["192.168.1.1/28", "192.168.1.14", true, true],
    ["192.168.1.1/28", "lo1|192.168.1.1/32", true, true],
    ["192.168.1.1/28", "192.168.1.15", true, false],
    ["192.168.1.1/28", "192.168.1.0", true, false],
    ["192.168.1.1/28", "192.168.1.16", false, false],
    ["192.168.1.1/28", "::1", false, false],
    ["0.0.0.0/0", "8.8.8.8", true, true],
    ["fd00::1/64", "fd00::ffff:1", true, true],
    ["fd00::1/64", "fd00:0:0:1::1", false, false],
  ])("%s and %s: inside %s, for a host %s", (network, address, inside, forHost) => {
    expect(contains(network, address)).toBe(inside);
    expect(isHostAddress(network, address)).toBe(forHost);
  });
});

describe("the name of an interface", () => {
  it.each(["lo1", "vtnet0", "jailnet", "em0.5", "web_a", "a-b", "abcdefghijklmno"])("can be %s", (name) => {
    expect(interfaceName(name)).toBe(name);
  });

  it.each(["", "averyverylongname", "1lo", "lo 1", "lo/1", "lo$1", "é", "lo1\n", "-a"])("can't be %j", (name) => {
    expect(() => interfaceName(name)).toThrow(/is not the name of a network interface: at most 15 letters/);
  });

  it.each([
    ["lo1", { name: "lo1", unit: 1 }],
    ["lo32767", { name: "lo32767", unit: 32767 }],
    ["jailnet", { name: "jailnet" }],
    ["web0", { name: "web0" }],
  ])("%s is one for a loopback interface", (name, expected) => {
    expect(loopback(name)).toEqual(expected);
  });

  it.each(["lo0", "lo", "lo01", "lo32768", "bridge0", "epair0a", "vtnet0", "egress", "all"])(
    "%s is none for a loopback interface",
    (name) => {
      expect(() => loopback(name)).toThrow(InvalidValue);
    },
  );

  it("loses its punctuation in a variable of rc.conf", () => {
    expect(interfaceVariable("my-net.5")).toBe("my_net_5");
  });
});
