import { BaseInstall, type BaseInstallArgs, Flavor, Jail } from "pulumi-freebsd-jails";
import { type Member, packed } from "./harness/files";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { openTarget, stackConfig, type Target } from "./harness/target";

/** Base archives that somebody made to get at the host. What has to stay as it is lies in /canary, and in the host's own /etc. */
const canary = "/canary";
const tree = "/tmp/bad/tree";

let target: Target;
let before: readonly string[];
let watched: string;

async function said(command: string): Promise<string> {
  const { stdout, stderr } = await target.sh(command);
  return (stdout + stderr).trim();
}

/** Contents, modes and links of all that must not change. */
const watch = () =>
  said(
    `cd / && find canary etc -type f ! -path 'etc/jail.conf.d*' ! -path 'etc/rc.conf.d/*' -exec sha256 -r {} + | sort; ls -lR ${canary}; ls /tmp`,
  );

/** The stand-in's base, or the real one, with what a command leaves in it. */
async function changed(command: string): Promise<void> {
  const { status, stderr } = await target.sh(
    `chflags -R 0 ${tree} 2>/dev/null; rm -rf ${tree}; mkdir -p ${tree} && tar -xf ${target.base.slice("file://".length)} -C ${tree} && cd ${tree} && ${command} && tar -cf /tmp/bad/base.txz .`,
  );
  if (status !== 0) throw new Error(stderr);
}

/** The base with members behind it that no tar(1) makes. */
async function withMembers(...members: readonly Member[]): Promise<void> {
  const text = (await packed(members)).toString("base64");
  const file = target.base.slice("file://".length);
  await said(
    `mkdir -p /tmp/bad; printf %s ${text} | openssl base64 -d -A >/tmp/bad/evil.tar; tar -P -cf /tmp/bad/base.txz @${file} @/tmp/bad/evil.tar`,
  );
}

/** A base of that archive, with a jail and a flavor on it that write wherever we write: how it failed, or that it went well; all is destroyed. */
async function tried(properties: Partial<BaseInstallArgs> = {}): Promise<string> {
  const program = async () => {
    const base = new BaseInstall("base", { release: "host", source: "file:///tmp/bad/base.txz", ...properties });
    const flavor = new Flavor("all", {
      files: { "/etc/motd.template": "hi\n", "/etc/ssh/extra": "x\n", "/root/notes": "y\n" },
      users: [{ name: "alice" }],
      rcConf: { sendmail_enable: "NONE" },
      timezone: "UTC",
    });
    new Jail("thin", { base, flavors: [flavor], inherit: true, resolvConf: "nameserver 10.0.0.1\n" });
    new Jail("thick", { base, thick: true, flavors: [flavor], inherit: true, running: false, autostart: false });
  };
  const project = await Project.create(program, { config: stackConfig(target) });
  try {
    return await project.up().then(
      () => "it went well",
      (error: Error) => error.message,
    );
  } finally {
    await project.destroy();
    project.dispose();
    await target.sh("chflags -R 0 /tmp/bad; rm -rf /tmp/bad/*");
    expect((await watch()).split("\n")).toEqual(watched.split("\n"));
    expect(difference(before, await takePicture(target))).toEqual([]);
  }
}

beforeAll(async () => {
  target = await openTarget();
  await target.sh(
    `mkdir -p /tmp/bad ${canary}/etc ${canary}/db; echo canary >${canary}/file; echo canary >${canary}/etc/rc.conf; sync`,
  );
  before = await takePicture(target);
  watched = await watch();
});

afterAll(async () => {
  await target.sh(`chflags -R 0 /tmp/bad; rm -rf /tmp/bad ${canary}`);
  await target.close();
});

test("the base as it is gives all that is asked for", async () => {
  await changed("true");
  expect(await tried()).toBe("it went well");
});

test.each([
  ["etc", `rm -rf etc; ln -s ${canary}/etc etc`, /no FreeBSD base: etc is a link/],
  ["root", `rm -rf root; ln -s ${canary} root`, /no FreeBSD base: root is a link/],
  ["var", `chflags -R 0 var; rm -rf var; ln -s ${canary} var`, /no FreeBSD base: var is a link/],
  ["var/db", `rm -rf var/db; ln -s ${canary}/db var/db`, /no FreeBSD base: var\/db is a link/],
  ["usr, above itself", "mv usr u; ln -s ../../../canary usr", /no FreeBSD base: usr is a link/],
  ["bin/sh", "chflags 0 bin/sh; rm -f bin/sh; ln -s /bin/sh bin/sh", /no FreeBSD base: bin\/sh is no file/],
  [
    "a folder of the flavor's",
    `rm -rf etc/ssh; ln -s ${canary} etc/ssh`,
    /files in \/etc\/ssh, and in the base that is a link that leads out/,
  ],
  ["the table of users", "rm -f etc/master.passwd; ln -s /etc/master.passwd etc/master.passwd", /master\.passwd|users/],
])("where a folder or a file is a link out of it, it is refused: %s", async (_what, command, reason) => {
  await changed(command);
  expect(await tried()).toMatch(reason);
});

test("where we write a file, a link is replaced, and not followed", async () => {
  await changed(
    `rm -f etc/motd.template etc/rc.conf etc/resolv.conf etc/localtime etc/make.conf; for f in etc/motd.template etc/rc.conf etc/resolv.conf etc/localtime etc/make.conf root/notes; do ln -s ${canary}/file $f; done; mkdir -p usr/ports`,
  );
  expect(await tried()).toBe("it went well");
});

test("a link that stays in the tree is a place like any other", async () => {
  await changed("mv etc/ssh etc/elsewhere; ln -s elsewhere etc/ssh");
  expect(await tried()).toBe("it went well");
});

const file = (name: string): Member => ({ name, type: "file" });

test.each<[string, Member[]]>([
  ["a path that leaves it", [file("../../../../canary/evil")]],
  ["an absolute path", [file(`${canary}/evil`)]],
  ["a file behind a link", [{ name: "./mnt/out", type: "symlink", linkname: canary }, file("./mnt/out/evil")]],
  [
    "a hard link to a file of the host's",
    [{ name: "./mnt/out", type: "link", linkname: "../../../../canary/file" }, file("./mnt/out")],
  ],
])("a member with %s puts nothing outside", async (_what, members) => {
  await withMembers(...members);
  expect(await tried()).toMatch(/^it went well$|could not be unpacked/);
});
