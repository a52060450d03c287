import { BaseInstall, ImageJail, Jail, LoopbackInterface, PfNatRule } from "pulumi-freebsd-jails";
import { Project } from "../engine/harness/project";
import { openTarget, stackConfig, type Target } from "../engine/harness/target";

let target: Target;
let project: Project;

const base = "/usr/jails/sharedfs/13.2-RELEASE";
const rule = { kind: "rdr", interface: "egress", protocol: "tcp", port: 80, address: "10.7.7.9" } as const;

/** What the host has against a resource: the engine ends a preview at the first one. */
const against: readonly (readonly [string, () => unknown, RegExp])[] = [
  [
    "an interface that is there",
    () => new LoopbackInterface("lo7", { network: "10.7.7.1/24" }),
    /lo7: name: there is an interface lo7 on .* already/,
  ],
  [
    "a release that the kernel can't run",
    () => new BaseInstall("newer", { release: "14.2-RELEASE", source: target.base }),
    /newer: release: 14\.2-RELEASE is newer than the kernel/,
  ],
  [
    "a name that a foreign jail has",
    () => new Jail("foreign", { base }),
    /foreign: name: a jail named foreign is on .* already, and is not ours/,
  ],
  [
    "an address that a jail has",
    () => new Jail("other", { base, addresses: ["lo7|10.7.7.9"] }),
    /other: addresses: 10\.7\.7\.9 is used by jail foreign/,
  ],
  [
    "an address of the host",
    () => new Jail("shared", { base, addresses: [`lo7|${outside}`] }),
    /shared: addresses: \S+ is \S+'s own, on \w+/,
  ],
  [
    "a disk without room",
    () => new ImageJail("huge", { base, image: { size: "900g", sparse: false } }),
    /huge: image\.size: 900g needs 921600 MB in .*, and .* has \d+ MB left/,
  ],
  ["a broken pf.conf", () => new PfNatRule("web", rule), /web: the pf\.conf of \S+ doesn't load.*syntax error/s],
];

let outside = "";

beforeAll(async () => {
  target = await openTarget();
  project = await Project.create(async () => {}, {
    config: { ...stackConfig(target), "freebsd:preflight": { value: "true" } },
  });
  const { stdout, stderr } = await target.sh(`
ifconfig lo7 create && mkdir -p /tmp/foreign && jail -c name=foreign path=/ persist ip4.addr=10.7.7.9 && echo 'nonsense here' >/etc/pf.conf
ifconfig $(route -n get default | awk '/interface:/ { print $2 }') | awk '$1 == "inet" { print $2 }' | head -n 1`);
  expect(stderr).toBe("");
  outside = stdout.trim().split("\n").at(-1) ?? "";
});

afterAll(async () => {
  await target?.sh("jail -r foreign; ifconfig lo7 destroy; rm -f /etc/pf.conf");
  project?.dispose();
  await target?.close();
});

test.each(against)("a preview with freebsd:preflight finds %s", async (_name, resource, problem) => {
  project.program = async () => {
    resource();
  };
  const error = await project.preview().catch((one: unknown) => one as Error);
  expect(String((error as Error).message)).toMatch(problem);
});

test("a program that fits is previewed and goes through, and a release with known ways out of a jail is warned about once", async () => {
  await target.sh("rm /etc/pf.conf");
  project.program = async () => {
    const lo1 = new LoopbackInterface("lo1", { network: "10.7.8.1/24" });
    const host = new BaseInstall("base", { release: "host", source: target.base });
    new Jail("web", { base: host, addresses: [lo1.address(2)] });
  };
  const before = (await target.machine?.counters())?.connections ?? 0;
  const { messages } = await project.preview();
  expect(((await target.machine?.counters())?.connections ?? 1) - before).toBe(1);
  const warnings = messages.filter((message) => message.includes("FreeBSD-SA-26:04.jail"));
  expect(warnings).toHaveLength(target.machine ? 1 : warnings.length);
  await project.up();
  const again = await project.up({ refresh: true });
  expect(again.changes.update ?? 0).toBe(0);
  await project.destroy();
});

test("without it, a preview opens no connection", async () => {
  await project.configure({ "freebsd:preflight": { value: "false" } });
  const before = (await target.machine?.counters())?.connections ?? 0;
  await project.preview();
  expect((await target.machine?.counters())?.connections ?? 0).toBe(before);
});
