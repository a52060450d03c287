import * as fc from "fast-check";
import { parseJailConf } from "../../../provider/freebsd/jailConf";
import { parseRcConf } from "../../../provider/freebsd/rcConf";
import * as base from "../../../provider/resources/baseInstall";
import { forgetClaims } from "../../../provider/resources/claims";
import * as flavor from "../../../provider/resources/flavor";
import * as image from "../../../provider/resources/imageJail";
import * as jail from "../../../provider/resources/jail";
import * as archive from "../../../provider/resources/jailArchive";
import * as loopback from "../../../provider/resources/loopbackInterface";
import * as rule from "../../../provider/resources/pfNatRule";
import type { Provider } from "../../../provider/resources/resource";
import type { Bag } from "../../../provider/resources/validate";

/** How many values each property gets: more than 100,000 in all. */
const each = 3000;

const pieces = [
  ..."'\"\\`$(){}[]<>|&;!*?~#%=+-./:,@ \t\r\n\0\x01\x1b\x1e\x7fé日😀aZ09_",
  "$(touch /tmp/hit)",
  "`id`",
  "${IFS}",
  "; rm -rf /",
  "\n}\nevil { exec.start = x; }",
  '"\nexec.prestart = "x',
  "..",
  "/../",
  "--",
  "-rf",
  "pass all",
  "\nrdr pass on lo0 all",
  "EOF",
  "lo1",
  "192.168.1.2",
  "web",
];
const hostile = fc.oneof(
  { weight: 6, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((words) => words.join("")) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  // What is allowed, with one thing in it that may not be.
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom("web", "lo1", "lo1|10.0.0.1/32", "/usr/jails/x", "www.example.org"),
        fc.constantFrom(...pieces),
        fc.nat(9),
      )
      .map(([good, piece, at]) => good.slice(0, at) + piece + good.slice(at)),
  },
);

type Checked = Pick<Provider, "check">;
const path = "/usr/jails/sharedfs/13.2-RELEASE";
const onBase = { name: "web", base: path };
const disk = { ...onBase, image: { size: "16m" } };
const rdr = { name: "web", kind: "rdr", interface: "egress", protocol: "tcp", port: 80, address: "10.0.0.1" };

/** Every property that takes a text: the resource, its name, and the properties with the value in them. */
const properties: readonly (readonly [
  kind: string,
  provider: Checked,
  property: string,
  make: (value: string) => Bag,
])[] = [
  ["a jail", jail, "name", (value) => ({ ...onBase, name: value })],
  ["a jail", jail, "base", (value) => ({ ...onBase, base: value })],
  ["a jail", jail, "base below a zone", (value) => ({ ...onBase, base: `/usr/jails/sharedfs/${value}` })],
  ["a jail", jail, "hostname", (value) => ({ ...onBase, hostname: value })],
  ["a jail", jail, "addresses", (value) => ({ ...onBase, addresses: [value] })],
  ["a jail", jail, "an address's interface", (value) => ({ ...onBase, addresses: [`${value}|10.0.0.1`] })],
  ["a jail", jail, "flavors", (value) => ({ ...onBase, flavors: [value] })],
  ["a jail", jail, "allow", (value) => ({ ...onBase, allow: [value] })],
  ["a jail", jail, "resolvConf", (value) => ({ ...onBase, resolvConf: value })],
  ["a jail", jail, "template", (value) => ({ ...onBase, template: value })],
  ["a jail", jail, "restore", (value) => ({ ...onBase, restore: `/${value}.tar.xz` })],
  ["a jail", jail, "archiveTo", (value) => ({ ...onBase, archiveTo: value })],
  ["a jail", jail, "archiveTo below a folder", (value) => ({ ...onBase, archiveTo: `/tmp/${value}` })],
  ["an image jail", image, "name", (value) => ({ ...disk, name: value })],
  [
    "an image jail",
    image,
    "image.path",
    (value) => ({ ...disk, image: { size: "16m", path: `/usr/jails/images/${value}` } }),
  ],
  [
    "an image jail",
    image,
    "passphrase",
    (value) => ({ ...disk, image: { size: "16m", encryption: { passphrase: value } } }),
  ],
  [
    "an image jail",
    image,
    "keyfile",
    (value) => ({ ...disk, image: { size: "16m", encryption: { keyfile: `/${value}` } } }),
  ],
  ["an interface", loopback, "name", (value) => ({ name: value })],
  ["an interface", loopback, "addresses", (value) => ({ name: "lo1", addresses: [value] })],
  ["a base", base, "release", (value) => ({ name: "base", release: value })],
  ["a base", base, "root", (value) => ({ name: "base", release: "host", root: `/${value}` })],
  ["a base", base, "source", (value) => ({ name: "base", release: "host", source: `file:///${value}` })],
  ["a flavor", flavor, "name", (value) => ({ name: value })],
  ["a flavor", flavor, "a file's path", (value) => ({ name: "ours", files: { [value]: "text" } })],
  ["a flavor", flavor, "a file's content", (value) => ({ name: "ours", files: { "/etc/motd": value } })],
  ["a flavor", flavor, "rcConf's value", (value) => ({ name: "ours", rcConf: { x: value } })],
  ["a flavor", flavor, "rcConf's name", (value) => ({ name: "ours", rcConf: { [value]: "x" } })],
  ["a flavor", flavor, "a user's name", (value) => ({ name: "ours", users: [{ name: value }] })],
  ["a flavor", flavor, "a user's gecos", (value) => ({ name: "ours", users: [{ name: "alice", gecos: value }] })],
  ["an archive", archive, "name", (value) => ({ name: value, jail: "web" })],
  ["an archive", archive, "path", (value) => ({ name: "nightly", jail: "web", path: `/${value}` })],
  ["a rule", rule, "name", (value) => ({ ...rdr, name: value })],
  ["a rule", rule, "interface", (value) => ({ ...rdr, interface: value })],
  ["a rule", rule, "from", (value) => ({ ...rdr, from: value })],
  ["a rule", rule, "to", (value) => ({ ...rdr, to: value })],
  ["a rule", rule, "port", (value) => ({ ...rdr, port: value })],
  ["a rule", rule, "address", (value) => ({ ...rdr, address: value })],
];

beforeEach(forgetClaims);

test.each(properties.map(([kind, provider, property, make]) => [kind, property, provider, make] as const))(
  "%s: whatever stands in %s is refused in the preview, or stays what it is",
  async (_kind, _property, provider, make) => {
    await fc.assert(
      fc.asyncProperty(hostile, async (value) => {
        forgetClaims();
        const { inputs, failures } = await provider.check({}, { owner: "project/stack/it", ...make(value) });
        if (failures.length > 0) return;
        expect(escapes(inputs)).toEqual([]);
      }),
      { numRuns: each },
    );
  },
  120_000,
);

/** Parameters that a jail's configuration may have, and nothing else. */
const known =
  /^(path|host\.hostname|ip[46](\.addr)?|devfs_ruleset|enforce_statfs|securelevel|children\.max|sysv\w+|allow\.[\w.]+|mount(\.devfs)?|persist|exec\.(clean|start|stop|timeout|consolelog|prepare|release|prestart|poststop)|stop\.timeout)$/;

/** What a text that goes to the host would say beside what was asked for. */
function escapes(inputs: Bag): string[] {
  const found: string[] = [];
  const { config, rc, rule: line } = inputs;
  if (typeof config === "string") {
    const blocks = parseJailConf(config);
    if (blocks.length !== 1 || blocks[0]?.name !== inputs["name"]) found.push(`blocks: ${config}`);
    for (const [name] of blocks[0]?.parameters ?? []) if (!known.test(name)) found.push(`parameter ${name}`);
  }
  if (typeof rc === "string") {
    const inside = rc.replace(/^if \[ -e [^\s;]+ \]; then\n/, "").replace(/^fi\n$/m, "");
    const { others, lines } = parseRcConf(inside);
    found.push(...others.map((other) => `line of rc: ${other}`));
    for (const { name } of lines)
      if (!/^(jail_enable|jail_list|cloned_interfaces|ifconfig_\w+)$/.test(name)) found.push(`variable ${name}`);
  }
  if (typeof line === "string" && !/^rdr pass on [A-Za-z0-9<>._-]+ [A-Za-z0-9 !.,:/<>(){}_-]+$/.test(line))
    found.push(`rule: ${line}`);
  for (const key of ["path", "rcFile", "imageFile"]) {
    const text = inputs[key];
    if (typeof text === "string" && (!text.startsWith("/") || /\s|\/\.\.?(\/|$)/.test(text)))
      found.push(`${key}: ${text}`);
  }
  return found;
}
