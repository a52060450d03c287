import { LoopbackInterface, PfNatRule } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { expectSmallProviders } from "./harness/state";
import { openTarget, stackConfig, type Target } from "./harness/target";

/** What the program says: the address of the second rule, and whether there is a third. */
const settings = { address: "192.168.1.3", more: true };

/** The book's rules: all jails go out, and one is reached from outside. */
async function program() {
  const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
  const opts = { dependsOn: lo1 };
  new PfNatRule("out", { kind: "nat", interface: "egress", from: "lo1:network", order: 10 }, opts);
  const web = { kind: "rdr", interface: "egress", protocol: "tcp" } as const;
  new PfNatRule("web", { ...web, port: [80, "https"], jail: [`lo1|${settings.address}/32`] }, opts);
  if (settings.more) new PfNatRule("db", { ...web, port: "5432:5433", toPort: 5432, address: "192.168.1.4" }, opts);
}

const anchors = ["nat", "rdr", "binat"].map((kind) => `${kind}-anchor "pulumi-freebsd-jails" all`);
const rules = [
  "nat pass on vtnet0 inet from (lo1:network) to any -> (vtnet0:0)",
  "rdr pass on vtnet0 inet proto tcp from any to (vtnet0) port 5432:5433 -> 192.168.1.4 port 5432:5433",
  "rdr pass on vtnet0 inet proto tcp from any to (vtnet0) port = http -> 192.168.1.3",
  "rdr pass on vtnet0 inet proto tcp from any to (vtnet0) port = https -> 192.168.1.3",
];

let target: Target;
let project: Project;
let before: readonly string[];

async function lines(command: string): Promise<string[]> {
  const { stdout } = await target.sh(command);
  return stdout.split("\n").filter(Boolean);
}

/** The outside interface is another one on another host. */
const outside = async () => (await lines("route -n get default | awk '/interface:/ { print $2 }'"))[0] ?? "";

async function inForce(): Promise<string[]> {
  const name = await outside();
  return (await lines("pfctl -a pulumi-freebsd-jails -s nat")).map((line) => line.replaceAll(name, "vtnet0"));
}

async function expectInForce(): Promise<void> {
  expect(await lines("pfctl -s Running")).toEqual(["Enabled"]);
  expect(await lines("pfctl -s nat")).toEqual(anchors);
  expect((await inForce()).sort()).toEqual(rules);
}

beforeAll(async () => {
  target = await openTarget();
  before = await takePicture(target);
  project = await Project.create(program, { config: stackConfig(target) });
});

afterAll(async () => {
  await project?.destroy();
  project?.dispose();
  await target?.close();
});

describe("the book's rules", () => {
  test("are previewed as they will stand in pf's file, without a connection", async () => {
    const earlier = (await target.machine?.counters())?.connections;
    const preview = await project.preview({ diff: true });
    expect(changed(preview)).toHaveLength(4);
    expect(preview.output).toContain("nat pass on <egress> inet from (lo1:network) to any -> (<egress>:0)");
    expect(preview.output).toContain(
      "rdr pass on <egress> inet proto tcp from any to (<egress>) port { 80 443 } -> 192.168.1.3",
    );
    expect((await target.machine?.counters())?.connections).toEqual(earlier);
    expect(difference(before, await takePicture(target))).toEqual([]);
  });

  test("are loaded together, once, and confirmed by one new connection", async () => {
    const earlier = await target.machine?.counters();
    await target.machine?.commands(true);
    await project.up();
    await expectInForce();
    if (!target.machine || !earlier) return;
    const loads = (await target.machine.commands()).filter(
      ({ argv }) =>
        argv[0]?.endsWith("/pfctl") && argv.some((word) => /^-f$|^-[a-z]*f$/.test(word) && !word.includes("n")),
    );
    expect(loads.map(({ argv }) => argv.join(" "))).toEqual([expect.stringContaining("-f")]);
    expect((await target.machine.counters()).connections).toBe(earlier.connections + 2);
  });

  test("stand in the host's files as previewed", async () => {
    const name = await outside();
    const file = await lines("cat /etc/pf.pulumi-freebsd-jails.conf");
    for (const { type, inputs } of await project.resources()) {
      if (type.endsWith(":PfNatRule")) expect(file).toContain(String(inputs.rule).replaceAll("<egress>", name));
    }
    expect(await lines("cat /etc/rc.conf.d/pf/*")).toEqual(['pf_enable="YES"']);
    expect(before).toEqual(expect.arrayContaining(await lines("sha256 -r /etc/rc.conf")));
  });

  test("have an order: by number, then by name", async () => {
    const file = await lines("grep '^#' /etc/pf.pulumi-freebsd-jails.conf");
    expect(file.slice(1).map((line) => line.split(":")[0])).toEqual(["# out", "# db", "# web"]);
  });

  test("are left alone by a second up and found by a refresh as they are", async () => {
    expect(changed(await project.up())).toEqual([]);
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
    expectSmallProviders(await project.resources());
  });

  test.each([
    "service pf reload",
    "service pf restart",
    "pfctl -f /etc/pf.conf",
    "pfctl -F all; pfctl -f /etc/pf.conf",
  ])("are in force after `%s`", async (command) => {
    await target.sh(command);
    await expectInForce();
  });

  test("are in force after a reboot", async () => {
    if (!target.machine) return;
    await target.machine.reboot();
    await expectInForce();
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });

  test.each([
    ["flushed", "pfctl -a pulumi-freebsd-jails -F nat", "pf's rules were flushed"],
    [
      "loaded anew by hand",
      "echo 'nat on lo0 inet from 10.9.9.9 to any -> 10.9.9.8' | pfctl -a pulumi-freebsd-jails -f -",
      "10.9.9.9",
    ],
    ["of a pf that was switched off", "pfctl -d", "pf is disabled"],
    ["taken out of the main rules", "echo 'pass all' | pfctl -f -", "pf's rules do not lead to it"],
    ["gone from their file", "sed -i '' /rdr/d /etc/pf.pulumi-freebsd-jails.conf", "lacks it"],
    ["no longer loaded at boot", "rm /etc/rc.conf.d/pf/*", "pf_enable is not set"],
    ["no longer called by pf.conf", "sed -i '' /rdr-anchor/d /etc/pf.conf", "pf.conf does not lead to it"],
  ])("are found to be %s, and come back", async (_, command, shown) => {
    const { status, stderr } = await target.sh(command);
    expect(status === 0 ? "" : stderr).toBe("");
    const preview = await project.preview({ refresh: true, diff: true });
    expect(changed(preview)).toContain("update PfNatRule web");
    expect(preview.output).toContain(shown);
    await project.up({ refresh: true });
    await expectInForce();
  });

  test("are then found as they are", async () => {
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });

  test("change as one line, while connections stand", async () => {
    settings.address = "192.168.1.5";
    const preview = await project.preview({ diff: true });
    expect(changed(preview)).toEqual(["update PfNatRule web"]);
    expect(preview.output).toMatch(
      /- rdr pass .* -> 192\.168\.1\.3\n.*\+ rdr pass .* -> 192\.168\.1\.5|192\.168\.1\.3.*=>.*192\.168\.1\.5/s,
    );
    await project.up();
    expect(await inForce()).toEqual(expect.arrayContaining([expect.stringMatching(/https -> 192\.168\.1\.5$/)]));
    settings.address = "192.168.1.3";
    await project.up();
    await expectInForce();
  });

  test("go one by one", async () => {
    settings.more = false;
    expect(changed(await project.up())).toEqual(["delete PfNatRule db"]);
    expect((await inForce()).sort()).toEqual(rules.filter((rule) => !rule.includes("5432")));
  });

  test("leave the host as it was when the last one goes", async () => {
    await project.destroy();
    expect(difference(before, await takePicture(target))).toEqual([]);
    expect(await lines("pfctl -s Running")).toEqual(["Disabled"]);
  });
});
