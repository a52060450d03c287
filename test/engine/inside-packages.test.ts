import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BaseInstall, Flavor, type FlavorArgs, Jail, type JailArgs, LoopbackInterface } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { makeRepository } from "./harness/packages";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { onRealHost, openTarget, stackConfig, type Target } from "./harness/target";

let target: Target;
let project: Project;
let before: readonly string[];
let folder: string;
let repository: Record<string, string>;

const where = "/usr/local/share/repository";

/** A flavor whose repository lies in the jail itself. */
function flavorOf(more: FlavorArgs = {}): FlavorArgs {
  const files = Object.fromEntries(
    Object.entries(repository).map(([path, source]) => [`${where}/${path}`, { source }]),
  );
  return { pkgRepository: { url: `file://${where}`, mirrorType: "none", signatureType: "none" }, files, ...more };
}

type Properties = Partial<Omit<JailArgs, "base" | "flavors">>;

function program(properties: Properties, flavor: FlavorArgs = flavorOf()) {
  return async () => {
    const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
    const base = new BaseInstall("base", { release: "host", source: target.base });
    const own = new Flavor("own", flavor);
    new Jail("web", { base, flavors: [own], addresses: [lo1.address(2)], ...properties });
  };
}

async function inside(command: string): Promise<string> {
  const { stdout } = await target.sh(`jexec web sh -c '${command}' 2>&1`);
  return stdout.trim();
}

async function change(properties: Properties, flavor?: FlavorArgs): Promise<readonly string[]> {
  project.program = program(properties, flavor);
  const run = await project.up();
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
  return changed(run);
}

// What a repository has here is for the stand-in's pkg.
(onRealHost ? describe.skip : describe)("packages", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "packages-"));
    repository = await makeRepository(folder, [
      { name: "libtock", files: { "/usr/local/lib/libtock.so": "lib\n" } },
      {
        name: "tock",
        deps: ["libtock"],
        files: {
          "/usr/local/etc/tock.conf.sample": "sample\n",
          "/usr/local/etc/rc.d/tock": {
            mode: 0o755,
            content:
              '#!/bin/sh\n. /etc/rc.subr\nname=tock\nrcvar=tock_enable\npidfile=/var/run/tock.pid\nprocname=/bin/sleep\ncommand=/usr/sbin/daemon\ncommand_args="-f -p $pidfile /bin/sleep 100000"\nload_rc_config $name\n: ${tock_enable:=NO}\nrun_rc_command "$1"\n',
          },
        },
        scripts: {
          "pre-install":
            "pw usershow tock >/dev/null 2>&1 && exit 0; pw groupadd tock -g 800; pw useradd tock -u 800 -g tock -d /nonexistent -s /usr/sbin/nologin",
          "post-install":
            "[ -e /usr/local/etc/tock.conf ] || cp /usr/local/etc/tock.conf.sample /usr/local/etc/tock.conf",
        },
      },
      { name: "hello", files: { "/usr/local/share/hello": "hello\n" } },
    ]);
    target = await openTarget();
    before = await takePicture(target);
    project = await Project.create(program({}), { config: stackConfig(target) });
  });

  afterAll(async () => {
    await project.destroy();
    project.dispose();
    rmSync(folder, { recursive: true });
    expect(difference(before, await takePicture(target))).toEqual([]);
    await target.close();
  });

  test("come from the flavor's repository, then files and services that are theirs", async () => {
    await change({
      packages: ["tock"],
      files: { "/usr/local/etc/tock.conf": { content: "ours\n", owner: "tock" } },
      services: ["tock"],
    });
    expect(await inside("pkg query %n; stat -f %Su:%Sg /usr/local/etc/tock.conf; service tock status")).toMatch(
      /^libtock\npkg\ntock\ntock:tock\ntock is running/,
    );
  });

  test("that were deleted by hand are found by a refresh, and come back", async () => {
    await inside("pkg delete -y tock");
    await project.refresh();
    expect((await project.preview({ diff: true })).output).toMatch(/package tock is not there/);
    await project.up();
    expect(await inside("pkg info -e tock; echo $?")).toBe("0");
  });

  test("that there aren't are an error in pkg's own words, and the jail is as before", async () => {
    const was = await inside("pkg query %n; cat /usr/local/etc/tock.conf");
    project.program = program({ packages: ["tock", "hello", "nosuch"], services: ["tock"] });
    await expect(project.up()).rejects.toThrow(
      /in jail web: packages: pkg install hello nosuch ended with 1: [\s\S]*No packages available to install matching 'nosuch'/,
    );
    expect(await inside("pkg query %n; cat /usr/local/etc/tock.conf")).toBe(was);
  });

  test("go when they are taken out, with what came with them; a file of theirs is as they brought it", async () => {
    await change({ packages: ["tock"] });
    expect(await inside("cat /usr/local/etc/tock.conf")).toBe("sample");
    await change({});
    expect(await inside("pkg query %n; ls /usr/local/lib/libtock.so")).toMatch(/^pkg\n.*No such file/);
  });

  test("without a network are an error in pkg's own words", async () => {
    const flavor = flavorOf({ pkgRepository: {} });
    project.program = program({ packages: ["nginx"], name: "other" }, { ...flavor, name: "fresh" });
    await project.destroy();
    await expect(project.up()).rejects.toThrow(
      /packages: pkg bootstrap ended with 1: [\s\S]*Address resolution failed for http:/,
    );
    expect((await target.sh("jls name; ls /usr/jails")).stdout).not.toContain("other");
  });

  test("of a flavor come to a new jail; a jail that follows its flavor gets what changes there", async () => {
    await project.destroy();
    const first = flavorOf({ packages: ["hello"], rcConf: { one: "1" } });
    await change({ followFlavor: true }, first);
    expect(await inside("pkg query %n")).toBe("hello\npkg");
    const second = {
      ...first,
      packages: ["libtock"],
      rcConf: { two: "2" },
      files: { ...first.files, "/etc/followed": "yes\n" },
      users: [{ name: "carol" }],
    };
    expect(await change({ followFlavor: true }, second)).toEqual(["update Flavor own", "update Jail web"]);
    expect(await inside("pkg query %n; cat /etc/followed; id -un carol; . /etc/rc.conf; echo $two")).toBe(
      "libtock\npkg\nyes\ncarol\n2",
    );
    expect(await change({ followFlavor: true }, first)).toEqual(["update Flavor own", "update Jail web"]);
    expect(await inside("cat /etc/followed; id carol")).toMatch(/No such file.*\n.*no such user/s);
  });
});
