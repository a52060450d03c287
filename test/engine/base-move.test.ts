import { BaseInstall, Jail, type JailArgs } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import type { Run } from "./harness/run";
import { openTarget, stackConfig, type Target } from "./harness/target";
import { cases } from "./moving";

let target: Target;
let project: Project;
let before: readonly string[];
let moved: Run;

/** The program with two bases, each with a template of its own, and the jail on one of them. */
function program(on: "old" | "new", properties: Partial<JailArgs> = {}) {
  return async () => {
    const bases = (["old", "new"] as const).map(
      (trigger) => new BaseInstall(trigger, { release: "host", source: target.base, trigger }),
    );
    const base = on === "old" ? bases[0] : bases[1];
    if (base && properties.running !== undefined) new Jail("web", { base, inherit: true, ...properties });
    return { old: bases[0]?.template, new: bases[1]?.template };
  };
}

async function said(command: string): Promise<string> {
  const { stdout, stderr } = await target.sh(command);
  return (stdout + stderr).trim();
}

/** Runs lines of shell in a folder, each a case's own. */
async function inFolder(folder: string, lines: readonly (string | undefined)[]): Promise<void> {
  const { stderr, status } = await target.sh(["set -e", `cd ${folder}`, ...lines.filter(Boolean)].join("\n"));
  if (status !== 0) throw new Error(stderr);
}

beforeAll(async () => {
  target = await openTarget();
  before = await takePicture(target);
  project = await Project.create(program("old"), { config: stackConfig(target) });
  await project.up();
  const templates = await project.outputs();
  await inFolder(String(templates["old"]), [...cases.map((one) => one.old), "pwd_mkdb -p -d etc etc/master.passwd"]);
  await inFolder(
    String(templates["new"]),
    cases.map((one) => one.new),
  );
  project.program = program("old", { running: true });
  await project.up();
  await target.sh("echo 'the host' > /root/motd-before && cat /etc/motd* >> /root/motd-before");
  const script = ["set -e", "cd /", ...cases.map((one) => one.jail).filter(Boolean)].join("\n");
  const outcome = await target.sh(`jexec web /bin/sh -s <<'END'\n${script}\nEND`);
  if (outcome.status !== 0) throw new Error(outcome.stderr);
  project.program = program("new", { running: true });
  moved = await project.up();
});

afterAll(async () => {
  await target.sh("rm /root/motd-before");
  await project.destroy();
  project.dispose();
  expect(difference(before, await takePicture(target))).toEqual([]);
  await target.close();
});

describe("a jail that moves to another base", () => {
  test.each(cases)("$name", async ({ look, says, kept }) => {
    expect(await said(`jexec web /bin/sh -s <<'END'\ncd /\n${look}\nEND`)).toBe(says);
    const reported = moved.messages.filter((message) => message.includes(`jail web keeps its own ${kept}:`));
    expect(reported).toHaveLength(kept === undefined ? 0 : 1);
  });

  test("nothing else is reported", () => {
    const reported = moved.messages.filter((message) => message.includes("keeps its own"));
    expect(reported).toHaveLength(cases.filter((one) => one.kept !== undefined).length);
  });

  test("its databases are made anew", async () => {
    expect(await said("jexec web grep -l newsys /etc/pwd.db /etc/spwd.db /etc/passwd")).toBe(
      "/etc/pwd.db\n/etc/spwd.db\n/etc/passwd",
    );
  });

  test("the time that it was down is said", () => {
    expect(moved.messages.join("\n")).toMatch(/Jail web on .*: moved from \S+ to \S+; it was down for \d+\.\d s/);
  });

  test("it runs on the new base, and a second `up` with a refresh changes nothing", async () => {
    const base = String((await project.outputs())["new"]).replace("/template/", "/sharedfs/");
    expect(await said("mount -p | grep /usr/jails/web/sharedfs | cut -f1 | cut -d' ' -f1")).toBe(base);
    expect(await said("ls -A /usr/jails | grep '^\\.'")).toBe("");
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });

  test("a folder that is a link to the host's /etc was not followed", async () => {
    expect(await said("{ echo 'the host'; cat /etc/motd*; } | cmp - /root/motd-before")).toBe("");
  });
});
