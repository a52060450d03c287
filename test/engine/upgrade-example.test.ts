import upgrade = require("../../examples/upgrade/index");

import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { onRealHost, openTarget, stackConfig, type Target } from "./harness/target";

/** Two releases are needed, and a real host has at most the archive of its own. */
const onStandIn = onRealHost ? test.skip : test;

let target: Target | undefined;
let folder: string | undefined;

afterAll(async () => {
  if (folder) rmSync(folder, { recursive: true });
  await target?.close();
});

onStandIn("upgrade: two jails move from 13.1 to 13.2, and back", async () => {
  target = await openTarget();
  const { machine, sh } = target;
  folder = mkdtempSync(path.join(tmpdir(), "releases-"));
  for (const release of ["13.1-RELEASE", "13.2-RELEASE"]) {
    const base = await machine?.base(release);
    if (base) copyFileSync(base.archive, path.join(folder, `${release}.txz`));
  }
  const before = await takePicture(target);
  const version = async () => (await sh("jexec web freebsd-version -u; jexec db freebsd-version -u")).stdout;
  const settings = { ...stackConfig(target), bases: { value: folder }, release: { value: "13.1-RELEASE" } };
  const project = await Project.create(upgrade, { config: settings });
  await project.up();
  for (const release of ["13.2-RELEASE", "13.1-RELEASE"]) {
    await project.configure({ release: { value: release } });
    const run = await project.up();
    expect(run.messages.filter((message) => /moved from .*; it was down for/.test(message))).toHaveLength(2);
    expect(await version()).toBe(`${release}\n${release}\n`);
  }
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
  await project.destroy();
  project.dispose();
  expect(difference(before, await takePicture(target))).toEqual([]);
});
