import type { ConfigMap } from "@pulumi/pulumi/automation";

import qjailBook = require("../../examples/qjail-book/index");

import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { expectSmallProviders } from "./harness/state";
import { openTarget, stackConfig, type Target } from "./harness/target";

const passwordHash = "$6$saltsaltsalt$NOTAHASHOFANYPASSWORDTHATSOMEBODYHAS";
const running = ["db", "dns", "lab", "www"];

let target: Target;
let before: readonly string[];

async function configFor(host: Target): Promise<ConfigMap> {
  const { stdout } = await host.sh(`sha256 -q ${host.base.replace("file://", "")}`);
  return {
    ...stackConfig(host),
    base: { value: host.base },
    sha256: { value: stdout.trim() },
    passwordHash: { value: passwordHash, secret: true },
  };
}

/** Names of the jails that run. */
async function jailNames(): Promise<string[]> {
  const { stdout } = await target.sh("jls name");
  return stdout.split("\n").filter(Boolean).sort();
}

/** How many connections the stand-in has seen. */
async function connections(): Promise<number> {
  return (await target.machine?.counters())?.connections ?? 0;
}

async function expectUntouched(): Promise<void> {
  expect(difference(before, await takePicture(target))).toEqual([]);
}

beforeAll(async () => {
  target = await openTarget();
  before = await takePicture(target);
});

afterAll(() => target?.close());

describe("the book's host", () => {
  let project: Project;

  beforeAll(async () => {
    project = await Project.create(qjailBook, { name: "qjail-book", config: await configFor(target) });
  });

  afterAll(async () => {
    await project.destroy();
    project.dispose();
  });

  test("is previewed without a connection to the host", async () => {
    const earlier = await connections();
    const preview = await project.preview();
    expect(changed(preview)).toHaveLength(8);
    expect(await connections()).toEqual(earlier);
    await expectUntouched();
  });

  test("is built by one up", async () => {
    const earlier = await connections();
    await project.up();
    if (target.machine) expect(await connections()).toBe(earlier + 1);
    expect(await jailNames()).toEqual(running);
  });

  test("has the files that the preview showed", async () => {
    const jails = (await project.resources()).filter((resource) => resource.type.endsWith(":Jail"));
    expect(jails).toHaveLength(5);
    for (const { inputs } of jails) {
      const { stdout } = await target.sh(`cat /etc/jail.conf.d/${inputs.name}.conf`);
      expect(stdout).toContain(inputs.config);
    }
  });

  test("keeps rc.conf as the administrator wrote it", async () => {
    const { stdout } = await target.sh("sha256 -r /etc/rc.conf");
    expect(before).toContain(stdout.trim());
  });

  test("is left alone by a second up, and by one that refreshes first", async () => {
    expect(changed(await project.up())).toEqual([]);
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });

  test("is found by a refresh as it was made", async () => {
    expect(changed(await project.refresh())).toEqual([]);
  });

  test("has in the state small providers, and no secret that can be read", async () => {
    expectSmallProviders(await project.resources());
    const state = project.stateText();
    expect(state).not.toContain(passwordHash);
    expect(state).not.toContain("PRIVATE KEY");
  });

  test("moves a running jail to another address", async () => {
    await project.configure({ www: { value: "6" } });
    const preview = await project.preview({ diff: true });
    expect(changed(preview)).toEqual(["update Jail www"]);
    expect(preview.output).toContain("192.168.1.6");
    const jid = await target.sh("jls -j www jid");
    await project.up();
    expect((await target.sh("jls -j www jid ip4.addr")).stdout).toBe(`${jid.stdout.trim()} 192.168.1.6\n`);
  });

  test("is gone after a destroy", async () => {
    await project.destroy();
    await expectUntouched();
  });
});

describe("the book's host, killed while it is built", () => {
  test.each([
    /LoopbackInterface lo1 creating/,
    /unpacking base.txz: \d+ files/,
    /making the template/,
    /Jail \w+ .*copying the template/,
    /Jail \w+ .*starting/,
    /Jail \w+ created/,
  ])("at %p, is complete after one more up", async (moment) => {
    const project = await Project.create(qjailBook, { name: "qjail-book", config: await configFor(target) });
    try {
      await project.upKilledAt(moment);
      await project.up();
      expect(await jailNames()).toEqual(running);
      expect(changed(await project.up({ refresh: true }))).toEqual([]);
    } finally {
      await project.destroy();
      project.dispose();
    }
    await expectUntouched();
  });
});
