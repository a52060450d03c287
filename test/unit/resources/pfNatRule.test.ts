import { forgetClaims } from "../../../provider/resources/claims";
import { configure } from "../../../provider/resources/configuration";
import { check, diff } from "../../../provider/resources/pfNatRule";
import { UNKNOWN } from "../../../provider/resources/unknown";

const owner = "project/stack/web";
const web = { owner, name: "web", kind: "rdr", interface: "egress", protocol: "tcp", port: 80, address: "192.168.1.3" };

beforeEach(() => {
  forgetClaims();
  configure({
    config: { get: (key) => ({ "freebsd:host": "10.0.2.15", "freebsd:hostKey": "ssh-ed25519 AAAA" })[key] },
  });
});

async function checked(properties: Record<string, unknown>) {
  const { inputs, failures } = await check({}, { ...web, ...properties });
  return { rule: inputs["rule"], inputs, reasons: failures.map((failure) => failure.reason).join("\n") };
}

describe("a rule's text is an input that a preview shows", () => {
  test.each<[string, Record<string, unknown>, string]>([
    ["the book's", {}, "rdr pass on <egress> inet proto tcp from any to (<egress>) port 80 -> 192.168.1.3"],
    [
      "with an interface, and a port of the jail",
      { interface: "vtnet0", port: 8080, toPort: "http" },
      "rdr pass on vtnet0 inet proto tcp from any to (vtnet0) port 8080 -> 192.168.1.3 port 80",
    ],
    [
      "with a list, a name and a range",
      { port: ["https", "8000:8010"], protocol: ["tcp", "udp"] },
      "rdr pass on <egress> inet proto { tcp udp } from any to (<egress>) port { 443 8000:8010 } -> 192.168.1.3",
    ],
    [
      "of a jail with both families",
      { address: undefined, jail: ["lo1|192.168.1.3/32", "lo1|fd00::3/128"] },
      "rdr pass on <egress> inet proto tcp from any to (<egress>) port 80 -> 192.168.1.3",
    ],
    [
      "of its IPv6 address",
      { address: undefined, jail: ["lo1|192.168.1.3/32", "lo1|fd00::3/128"], family: "inet6" },
      "rdr pass on <egress> inet6 proto tcp from any to (<egress>) port 80 -> fd00::3",
    ],
    [
      "of the family of where it goes",
      { address: undefined, jail: ["lo1|192.168.1.3/32", "fd00::3"], to: "fd00:2::15" },
      "rdr pass on <egress> inet6 proto tcp from any to fd00:2::15 port 80 -> fd00::3",
    ],
    [
      "of a jail with IPv6 alone",
      { address: undefined, jail: ["lo1|fd00::3/128"] },
      "rdr pass on <egress> inet6 proto tcp from any to (<egress>) port 80 -> fd00::3",
    ],
    [
      "for the way out",
      { kind: "nat", protocol: undefined, port: undefined, address: undefined, from: "lo1:network" },
      "nat pass on <egress> inet from (lo1:network) to any -> (<egress>:0)",
    ],
    [
      "both ways",
      { kind: "binat", protocol: undefined, port: undefined, outside: "10.0.2.99" },
      "binat pass on <egress> inet from 192.168.1.3 to any -> 10.0.2.99",
    ],
  ])("%s", async (_, properties, text) => {
    expect(await checked(properties)).toMatchObject({ rule: text, reasons: "" });
  });

  test("is open while the jail's addresses are", async () => {
    expect(await checked({ address: undefined, jail: UNKNOWN })).toMatchObject({ rule: UNKNOWN, reasons: "" });
    expect(await checked({ address: undefined, jail: [UNKNOWN] })).toMatchObject({ rule: UNKNOWN, reasons: "" });
  });

  test("changes with the jail's address, and that is an update", async () => {
    const before = await checked({ address: undefined, jail: ["lo1|192.168.1.3/32"] });
    const after = await checked({ address: undefined, jail: ["lo1|192.168.1.4/32"] });
    expect(before.rule).not.toBe(after.rule);
    expect(await diff("web-1", before.inputs, after.inputs)).toMatchObject({ replaces: [] });
  });

  test("is the same for the same rule", async () => {
    const { inputs } = await checked({});
    const again = await checked({});
    expect(await diff("web-1", inputs, again.inputs)).toMatchObject({ changes: false });
  });
});

describe("bad input is refused in the preview", () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ["no kind", { kind: undefined }, /kind: /],
    ["a kind that there isn't", { kind: "rdrr" }, /kind: has to be nat, rdr or binat/],
    ["no interface", { interface: undefined }, /interface: is required/],
    ["a name that no interface can have", { interface: "no such" }, /interface: .*network interface/],
    ["port 0", { port: 0 }, /port: 0 is not a port/],
    ["port 70000", { port: 70000 }, /port: 70000 is not a port/],
    ["port 70000 in a list", { port: [80, 70000] }, /port.*70000 is not a port/],
    ["a service that nobody knows", { port: "nosuch" }, /"nosuch" is not a port/],
    ["a range upside down", { port: "90:80" }, /"90:80" is not a port/],
    ["port 0 in the jail", { toPort: 0 }, /toPort: 0 is not a port/],
    ["an empty list of ports", { port: [] }, /port: has to be at least one/],
    ["a port without a protocol", { protocol: undefined }, /needs a protocol that has ports/],
    ["a protocol that there isn't", { protocol: "tpc" }, /protocol: /],
    ["`from` that is no address", { from: "office" }, /from: "office" is not an address/],
    ["`to` that is no address", { to: "10.0.0" }, /to: "10.0.0" is not an address/],
    ["more than one statement", { from: "any\npass all" }, /from: /],
    ["an address that is none", { address: "web" }, /address: "web" is not an address/],
    ["two families", { from: "fd00::/64" }, /not of the family of 192\.168\.1\.3/],
    ["neither jail nor address", { address: undefined }, /A rdr rule needs a jail, or an address/],
    ["jail and address", { jail: ["192.168.1.3"] }, /a jail or an address, not both/],
    ["a jail without an address", { address: undefined, jail: [] }, /jail: the jail has no address .*none at all/],
    [
      "a jail without an address of that family",
      { address: undefined, jail: ["lo1|192.168.1.3/32"], family: "inet6" },
      /jail: the jail has no IPv6 address of its own \(it has 192\.168\.1\.3\)/,
    ],
    [
      "binat without an address outside",
      { kind: "binat", protocol: undefined, port: undefined },
      /needs the address outside/,
    ],
    ["an order that is no number", { order: 1.5 }, /order: has to be a whole number/],
    ["no time to confirm", { confirmTimeout: 1 }, /confirmTimeout: has to be at least 5 s/],
    ["a name that is no file's", { name: "../web" }, /name: .*is not a name of a rule/],
    ["a misspelt property", { prot: "tcp" }, /prot: there is no such property/],
  ])("%s", async (_, properties, reason) => {
    const { reasons } = await checked(properties);
    expect(reasons).toMatch(/^PfNatRule /);
    expect(reasons).toMatch(reason);
  });
});

describe("a rule that would lock out is refused in the preview, as far as it knows", () => {
  test.each<[string, Record<string, unknown>]>([
    ["the book's own, of port 22", { port: 22 }],
    ["by its name", { port: "ssh" }],
    ["in a range", { port: "1:1024" }],
    ["in a list", { port: [80, "ftp:telnet"] }],
    ["of all ports", { protocol: undefined, port: undefined }],
    ["to any", { port: 22, to: "any" }],
    ["to a network", { port: 22, to: "10.0.0.0/8" }],
    ["both ways", { kind: "binat", protocol: undefined, port: undefined, outside: "10.0.2.15" }],
    ["of what sshd answers", { kind: "nat", protocol: undefined, port: undefined, from: "any" }],
  ])("%s", async (_, properties) => {
    const { reasons } = await checked(properties);
    expect(reasons).toMatch(/this rule would lock you out: .* port 22 .*nobody could reach/);
  });

  test("and not, where another address of the host is named, or another port is ssh's", async () => {
    expect((await checked({ port: 22, to: "10.0.2.99" })).reasons).toBe("");
    expect((await checked({ port: 22, connection: { host: "10.0.2.15", port: 2222 } })).reasons).toBe("");
    expect((await checked({ port: 2222, connection: { host: "10.0.2.15", port: 2222 } })).reasons).toMatch(
      /lock you out/,
    );
  });
});

describe("two rules of one program", () => {
  const other = { ...web, owner: "project/stack/other", name: "other", address: "192.168.1.4" };
  test.each<[string, Record<string, unknown>]>([
    ["for one port", {}],
    ["one in the other's range", { port: "79:81" }],
    ["one for all ports", { port: undefined, protocol: undefined }],
    ["one for both protocols", { protocol: ["udp", "tcp"] }],
  ])("%s are an error that names both", async (_, properties) => {
    await check({}, web);
    const { failures } = await check({}, { ...other, ...properties });
    expect(failures.map((one) => one.reason).join()).toMatch(
      /^PfNatRule other: .* is taken by PfNatRule project\/stack\/web/,
    );
  });

  test.each<[string, Record<string, unknown>]>([
    ["for two ports", { port: 81 }],
    ["for two protocols", { protocol: "udp" }],
    ["for two clients", { from: "10.0.0.0/8", to: "10.0.2.99" }],
    ["of two families", { address: "fd00::3" }],
    ["on two hosts", { connection: { host: "10.0.2.16" } }],
  ])("%s are none", async (_, properties) => {
    await check({}, { ...web, from: "172.16.0.0/12", to: "10.0.2.15" });
    const { failures } = await check({}, { ...other, ...properties });
    expect(failures).toEqual([]);
  });

  test("of one name are an error", async () => {
    await check({}, web);
    const { failures } = await check({}, { ...other, name: "web", port: 81 });
    expect(failures.map((one) => one.reason).join()).toMatch(
      /the pf rule web is taken by PfNatRule project\/stack\/web/,
    );
  });
});
