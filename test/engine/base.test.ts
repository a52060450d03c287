import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { BaseInstall, type BaseInstallArgs, Jail } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { openTarget, stackConfig, type Target } from "./harness/target";

let target: Target;
let folder: string;

beforeAll(async () => {
  target = await openTarget();
  folder = mkdtempSync(path.join(tmpdir(), "base-"));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await target.close();
});

async function said(command: string): Promise<string> {
  return (await target.sh(command)).stdout.trim();
}

/** Makes a base with a jail on it, looks, and takes it all away again. */
async function withBase(
  properties: Partial<BaseInstallArgs>,
  look: (project: Project, base: string) => Promise<void>,
): Promise<void> {
  const before = await takePicture(target);
  const program = (more: Partial<BaseInstallArgs>) => async () => {
    const base = new BaseInstall("base", { release: "host", source: target.base, ...properties, ...more });
    new Jail("web", { base, inherit: true });
    return { path: base.path, version: base.installedRelease };
  };
  const project = await Project.create(program({}), { config: stackConfig(target) });
  try {
    await project.up();
    const outputs = await project.outputs();
    expect(outputs["version"]).toBe(await said("freebsd-version -u | sed 's/-p[0-9]*$//'"));
    expect(await said("jls -j web name")).toBe("web");
    expect(await said("jexec web /bin/sh -c 'echo it runs'")).toBe("it runs");
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
    await look(project, String(outputs["path"]));
  } finally {
    await project.destroy();
    project.dispose();
  }
  expect(difference(before, await takePicture(target))).toEqual([]);
}

test("a base is made of a file on the host, checked by its digest", async () => {
  const sha256 = await said(`sha256 -q ${target.base.slice("file://".length)}`);
  await withBase({ sha256 }, async (_project, base) => {
    expect(await said(`ls ${base}/bin/sh`)).toBe(`${base}/bin/sh`);
  });
});

test("a zone is closed to the users of the host, and none the less open to those of its jails", async () => {
  await withBase({}, async () => {
    expect(await said("stat -f %Lp /usr/jails")).toBe("700");
    expect(await said("jexec -U nobody web /bin/sh -c 'cd /usr/bin/ && pwd -P && ls /sharedfs/bin/sh'")).toBe(
      "/sharedfs/usr/bin\n/sharedfs/bin/sh",
    );
  });
});

test("a base is made of a file on the workstation", async () => {
  const file = path.join(folder, "base.txz");
  const archive = target.base.slice("file://".length);
  writeFileSync(file, Buffer.from(await said(`b64encode -r x < ${archive}`), "base64"));
  await withBase({ source: file }, async () => {
    expect(await said("ls -A /usr/jails /var/tmp | grep pulumi")).toBe("");
  });
});

test("a base is made of the running host, without what makes it that host", async () => {
  await target.sh("echo secret > /etc/ssh/ssh_host_test_key");
  await withBase({ source: "host" }, async (_project, base) => {
    expect(await said(`ls ${base}/etc/rc.conf ${base}/etc/ssh | grep -e rc.conf -e ssh_host_`)).toBe("");
    expect(await said(`awk -F: '$2 != "*" && $2 != "" && !/^#/' ${base}/etc/master.passwd`)).toBe("");
  });
  await target.sh("rm /etc/ssh/ssh_host_test_key");
});

test("a manifest is checked by its own digest, and the archive by the manifest", async () => {
  const archive = target.base.slice("file://".length);
  const text = `base.txz\t${await said(`sha256 -q ${archive}`)}\t5084\tbase\t"Base system (MANDATORY)"\ton\n`;
  const sha256 = createHash("sha256").update(text).digest("hex");
  await withBase({ manifest: { text, sha256 } }, async () => {});
});

test("a trigger makes the base anew beside the old one, and the jail moves over", async () => {
  const before = await takePicture(target);
  const program = (trigger: string) => async () => {
    const base = new BaseInstall("base", { release: "host", source: target.base, trigger });
    new Jail("web", { base, inherit: true });
    return { path: base.path };
  };
  const project = await Project.create(program("one"), { config: stackConfig(target) });
  await project.up();
  const first = String((await project.outputs())["path"]);
  await target.sh("jexec web sh -c 'echo kept > /root/data'");
  project.program = program("two");
  await project.up();
  const second = String((await project.outputs())["path"]);
  expect(second).not.toBe(first);
  expect(await said("mount -p | grep -c sharedfs; jexec web cat /root/data; ls /usr/jails/sharedfs")).toBe(
    `1\nkept\n${path.basename(second)}`,
  );
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
  await project.destroy();
  project.dispose();
  expect(difference(before, await takePicture(target))).toEqual([]);
});
