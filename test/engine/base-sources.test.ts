import { BaseInstall, type BaseInstallArgs, Jail } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import type { RunFailed } from "./harness/run";
import { onRealHost, openTarget, stackConfig, type Target } from "./harness/target";

/** An update server, and a world that was built, are what a stand-in has at hand. */
const onStandIn = onRealHost ? describe.skip : describe;
const release = "13.2-RELEASE";
const server = `/usr/freebsd-dist/update/${release}`;

let target: Target;

beforeAll(async () => {
  if (onRealHost) return;
  target = await openTarget();
});

afterAll(() => (onRealHost ? undefined : target.close()));

async function said(command: string): Promise<string> {
  const { stdout, stderr } = await target.sh(command);
  return (stdout + stderr).trim();
}

/** A base with a jail on it: what the base says of itself, or how it failed; and that nothing of it stays on the host. */
async function made(
  properties: Partial<BaseInstallArgs>,
): Promise<{ level?: unknown; version?: string; error?: string }> {
  const before = await takePicture(target);
  const program = async () => {
    const base = new BaseInstall("base", { release, source: target.base, ...properties });
    new Jail("web", { base, inherit: true });
    return { level: base.patchLevel };
  };
  const project = await Project.create(program, { config: stackConfig(target) });
  try {
    const run = await project.up().catch((error) => error as RunFailed);
    if (run instanceof Error) {
      expect(await said("ls -A /usr/jails/sharedfs /usr/jails/template 2>&1 | grep -v 'No such'")).toBe("");
      return { error: run.message };
    }
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
    return { level: (await project.outputs())["level"], version: await said("jexec web freebsd-version -u") };
  } finally {
    await project.destroy();
    project.dispose();
    expect(difference(before, await takePicture(target))).toEqual([]);
  }
}

onStandIn("patches", () => {
  test("no server: freebsd-update's own words, and no base", async () => {
    expect((await made({ patch: "latest" })).error).toMatch(
      /freebsd-update failed for 13.2-RELEASE; no base was made[\s\S]*No mirrors remaining/,
    );
  });

  test("the latest are in the base, and its level is said", async () => {
    await target.sh(
      `mkdir -p ${server}/files/bin; sed 's/^USERLAND_VERSION=.*/USERLAND_VERSION="${release}-p11"/' /bin/freebsd-version > ${server}/files/bin/freebsd-version; chmod 555 ${server}/files/bin/freebsd-version`,
    );
    expect(await made({ patch: "latest" })).toEqual({ level: 11, version: `${release}-p11` });
  });

  test("also those of a release past its end of life, for which freebsd-update ends with a failure", async () => {
    await target.sh(`touch ${server}/eol`);
    expect(await made({ patch: 11 })).toEqual({ level: 11, version: `${release}-p11` });
  });

  test("a level that can't be had is an error that says which can", async () => {
    expect((await made({ patch: 3 })).error).toContain(
      "freebsd-update gives level 11 of 13.2-RELEASE, and 3 is asked for",
    );
  });
});

onStandIn("a world that was built on the host", () => {
  test("isn't there: the error says so", async () => {
    expect((await made({ source: { world: "/usr/src" } })).error).toContain(
      "there is no source tree of FreeBSD in /usr/src",
    );
  });

  test("isn't built: make's own words", async () => {
    await target.sh("mkdir -p /usr/src; touch /usr/src/Makefile.inc1");
    expect((await made({ source: { world: "/usr/src" } })).error).toMatch(
      /installworld` failed[\s\S]*Unable to locate the built world/,
    );
  });

  test("becomes the base", async () => {
    await target.sh(
      "mkdir -p /usr/obj/usr/src/amd64.amd64; tar -xpf /usr/freebsd-dist/base.txz -C /usr/obj/usr/src/amd64.amd64",
    );
    expect(await made({ source: { world: "/usr/src" } })).toEqual({ level: 0, version: release });
  });
});
