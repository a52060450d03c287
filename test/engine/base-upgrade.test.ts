import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { BaseInstall, ImageJail, Jail } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { onRealHost, openTarget, stackConfig, type Target } from "./harness/target";

/** Two releases are needed, and a real host has at most the archive of its own. */
const onStandIn = onRealHost ? describe.skip : describe;

let target: Target;
let project: Project;
let before: readonly string[];
let folder: string;

/** The program: a base of a release, and on it jails that run, don't run, and lie on disks of their own. */
function program(release: string) {
  return async () => {
    const base = new BaseInstall("base", { release, source: path.join(folder, `${release}.base.txz`) });
    new Jail("web", { base, inherit: true });
    new Jail("db", { base, inherit: true, running: false, autostart: false });
    new ImageJail("shop", { base, inherit: true, image: { size: "64m" } });
    new ImageJail("vault", {
      base,
      inherit: true,
      image: { size: "64m", encryption: { passphrase: "a secret", iterations: 1 } },
    });
    return { path: base.path };
  };
}

async function said(command: string): Promise<string> {
  const { stdout, stderr } = await target.sh(command);
  return (stdout + stderr).trim();
}

/** What a jail's /etc consists of, by the jail itself; a stopped one is looked at on the host. */
async function etcOf(jail: string): Promise<string> {
  const look = "cd /etc && find . -type f ! -name '*.db' ! -name 'ssh_host_*' -exec sha256 -r {} + | sort -k 2";
  return said(jail === "db" ? look.replace("/etc", "/usr/jails/db/etc") : `jexec ${jail} /bin/sh -c "${look}"`);
}

beforeAll(async () => {
  if (onRealHost) return;
  target = await openTarget();
  folder = mkdtempSync(path.join(tmpdir(), "releases-"));
  for (const release of ["13.1-RELEASE", "13.2-RELEASE"]) {
    const base = await target.machine?.base(release);
    if (base) copyFileSync(base.archive, path.join(folder, `${release}.base.txz`));
  }
  before = await takePicture(target);
  project = await Project.create(program("13.1-RELEASE"), { config: stackConfig(target) });
  await project.up();
  for (const jail of ["web", "shop", "vault"])
    await target.sh(`jexec ${jail} /bin/sh -c 'echo mine > /etc/mine; echo "# changed" >> /etc/rc.subr'`);
});

afterAll(async () => {
  if (onRealHost) return;
  await project.destroy();
  project.dispose();
  rmSync(folder, { recursive: true });
  expect(difference(before, await takePicture(target))).toEqual([]);
  await target.close();
});

onStandIn("another release", () => {
  const all = ["web", "db", "shop", "vault"];
  let old: readonly string[];

  test("moves every jail, each as it was: running, stopped, on a disk of its own, encrypted", async () => {
    old = await Promise.all(all.map(etcOf));
    const order = await said("ls /etc/rc.conf.d/jail; cat /etc/rc.conf.d/jail/*");
    project.program = program("13.2-RELEASE");
    const preview = await project.preview();
    expect([...changed(preview)].sort()).toEqual(
      expect.arrayContaining(["update ImageJail shop", "update ImageJail vault", "update Jail db", "update Jail web"]),
    );
    expect([preview.output, ...preview.messages].join("\n")).toMatch(
      /Jail web is stopped for the time of the change, for: base/,
    );
    const run = await project.up();
    for (const jail of ["web", "shop", "vault"]) {
      expect(run.messages.join("\n")).toMatch(
        new RegExp(`Jail ${jail} on .*: moved from 13.1-RELEASE\\S* to 13.2-RELEASE\\S*; it was down for`),
      );
      expect(await said(`jexec ${jail} /bin/sh -c 'freebsd-version -u; cat /etc/mine; tail -n 1 /etc/rc.subr'`)).toBe(
        "13.2-RELEASE\nmine\n# changed",
      );
      expect(await said(`jexec ${jail} grep -c 'FreeBSD 13.2-RELEASE' /etc/netconfig`)).toBe("1");
    }
    expect(await said("grep -c 'FreeBSD 13.2-RELEASE' /usr/jails/db/etc/netconfig; jls -j db name")).toMatch(
      /^1\n.*not found/,
    );
    expect(await said("ls /etc/rc.conf.d/jail; cat /etc/rc.conf.d/jail/*")).toBe(order);
    expect(await said("ls /usr/jails/sharedfs /usr/jails/template")).not.toContain("13.1");
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });

  test("and the old value takes all of it back", async () => {
    project.program = program("13.1-RELEASE");
    await project.up();
    expect(await Promise.all(all.map(etcOf))).toEqual(old);
    expect(await said("jexec shop freebsd-version")).toBe("13.1-RELEASE");
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });
});
