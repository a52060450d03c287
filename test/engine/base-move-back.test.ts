import { BaseInstall, Jail, type JailArgs } from "pulumi-freebsd-jails";
import type { FailureMode } from "../host/machine";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import type { RunFailed } from "./harness/run";
import { onRealHost, openTarget, stackConfig, type Target } from "./harness/target";

let target: Target;
let project: Project;
let before: readonly string[];

/** The program with two bases and the jail on one of them. */
function program(on: 0 | 1, properties: Partial<JailArgs> = {}) {
  return async () => {
    const bases = [0, 1].map(
      (trigger) => new BaseInstall(`b${trigger}`, { release: "host", source: target.base, trigger }),
    );
    const base = bases[on];
    if (base) new Jail("web", { base, inherit: true, ...properties });
    return { templates: bases.map((one) => one.template), bases: bases.map((one) => one.path) };
  };
}

async function said(command: string): Promise<string> {
  const { stdout, stderr } = await target.sh(command);
  return (stdout + stderr).trim();
}

const etc = () =>
  said(
    "jexec web /bin/sh -c 'cd / && find etc root -type f ! -name \"ssh_host_*\" -exec sha256 -r {} + | sort -k 2; stat -f %p%u etc/shape*'",
  );
const base = () => said("mount -p | awk '$2 == \"/usr/jails/web/sharedfs\" { print $1 }'");

let bases: readonly string[];
let templates: readonly string[];

beforeAll(async () => {
  target = await openTarget();
  before = await takePicture(target);
  project = await Project.create(program(0), { config: stackConfig(target) });
  await project.up();
  ({ bases, templates } = (await project.outputs()) as unknown as { bases: string[]; templates: string[] });
  for (const [i, template] of templates.entries())
    await target.sh(
      `cd ${template} && i=0; while [ $i -lt 40 ]; do echo ${i} > etc/shape$i; i=$((i + 1)); done; mkdir etc/only${i}; echo x > etc/only${i}/a; ln -s ${i} etc/link`,
    );
  // The jail is made anew, of the template as it is now.
  await target.sh(
    `service jail stop web >/dev/null; cp -a ${templates[0]}/etc/. /usr/jails/web/etc; service jail start web`,
  );
  await target.sh("jexec web /bin/sh -c 'echo mine > /etc/shape7; echo mine > /etc/mine; chmod 600 /etc/shape8'");
});

afterAll(async () => {
  await project.destroy();
  project.dispose();
  expect(difference(before, await takePicture(target))).toEqual([]);
  await target.close();
});

test("a jail that doesn't start on the new base runs on the old one again, with its own /etc", async () => {
  const then = await etc();
  const rc = await said(`cat ${templates[1]}/etc/rc`);
  await target.sh(`printf '#!/bin/sh\\necho no way\\nexit 1\\n' > ${templates[1]}/etc/rc`);
  project.program = program(1);
  const failed = (await project.up().catch((error) => error)) as RunFailed;
  expect(failed.message).toMatch(/jail web did not start[\s\S]*no way/);
  expect(failed.run.messages.join("\n")).toContain("jail web runs on its old base again");
  expect(await base()).toBe(bases[0]);
  expect(await etc()).toBe(then);
  expect(await said("ls -A /usr/jails | grep '^\\.'")).toBe("");
  expect(
    changed(
      await (async () => {
        project.program = program(0);
        return project.up({ refresh: true });
      })(),
    ),
  ).toEqual([]);
  await target.sh(`cat > ${templates[1]}/etc/rc <<'END'\n${rc}\nEND`);
});

test("a file that can't be written leaves the jail on the old base", async () => {
  const then = await etc();
  await target.sh(`printf 'broken\\n' > ${templates[1]}/etc/master.passwd`);
  project.program = program(1);
  const failed = (await project.up().catch((error) => error)) as RunFailed;
  expect(failed.message).toMatch(/pwd_mkdb/);
  expect(await base()).toBe(bases[0]);
  expect(await etc()).toBe(then);
  await target.sh(`cp ${templates[0]}/etc/master.passwd ${templates[1]}/etc/master.passwd`);
});

test("a jail whose health check fails on the new base runs on the old one again", async () => {
  const then = await etc();
  project.program = program(1, { healthCheck: "test -d /etc/only0" });
  const failed = (await project.up().catch((error) => error)) as RunFailed;
  expect(failed.run.messages.join("\n")).toContain("jail web runs on its old base again");
  expect(await base()).toBe(bases[0]);
  expect(await etc()).toBe(then);
});

const onStandIn = onRealHost ? describe.skip : describe;

onStandIn("a move that is cut off and run again ends as if nothing had been", () => {
  const ends: string[] = [];
  let commands = 0;

  beforeAll(async () => {
    for (const on of [1, 0] as const) {
      project.program = program(on);
      await target.machine?.counters(true);
      await project.up();
      commands = (await target.machine?.counters())?.commands ?? 0;
      ends[on] = await etc();
    }
    expect(commands).toBeGreaterThan(60);
  });

  const cuts: readonly [mode: FailureMode, moment: number][] = [
    ["group", 0.3],
    ["process", 0.4],
    ["power", 0.5],
    ["group", 0.55],
    ["process", 0.65],
    ["group", 0.7],
    ["power", 0.75],
    ["group", 0.85],
  ];
  test.each(cuts.map(([mode, moment], i) => [mode, moment, i % 2 === 0 ? 1 : 0] as const))(
    "%s at %d of it, to base %d",
    async (mode, moment, on) => {
      project.program = program(on);
      await target.machine?.failAt(Math.round(commands * moment), "before", mode);
      const done = await project.up().then(
        () => true,
        () => false,
      );
      if (mode === "power" && !done) await target.machine?.up();
      else await target.machine?.failAt(0, "before", mode);
      await project.up({ refresh: true });
      expect(await base()).toBe(bases[on]);
      expect(await etc()).toBe(ends[on]);
      expect(await said("ls -A /usr/jails | grep '^\\.'")).toBe("");
    },
  );

  test("and nothing is left to do", async () => {
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });
});
