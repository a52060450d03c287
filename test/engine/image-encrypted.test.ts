import type { PulumiFn } from "@pulumi/pulumi/automation";
import { BaseInstall, type EncryptionArgs, ImageJail, type ImageJailArgs, JailArchive } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { openTarget, stackConfig, type Target } from "./harness/target";

const file = "/usr/jails/images/vault.img";
const first = "correct horse battery staple";
const second = "another passphrase altogether";

let target: Target;
let before: readonly string[];
/** Where geli(8) would keep a copy of the key's metadata. */
let backups: string;
let project: Project;

function vault(encryption: EncryptionArgs, more: Partial<ImageJailArgs> = {}, size = "8m"): PulumiFn {
  return async () => {
    const base = new BaseInstall("base", { release: "host", source: target.base });
    new ImageJail("vault", { base, image: { size, encryption: { iterations: 10, ...encryption } }, ...more });
  };
}

async function out(command: string): Promise<string> {
  const { stdout, stderr } = await target.sh(command);
  return (stdout + stderr).trim();
}

async function failure(next: PulumiFn): Promise<string> {
  project.program = next;
  const error = await project.up().catch((problem: unknown) => problem as Error);
  expect(error).toBeInstanceOf(Error);
  return (error as Error).message;
}

/** What of the disk is left beside its file. */
const attached = () => out("mdconfig -l; geli status; mount -p | grep vault");

beforeAll(async () => {
  target = await openTarget();
  before = await takePicture(target);
  backups = await out("ls /var/backups");
  project = await Project.create(vault({ passphrase: first }), { config: stackConfig(target) });
});

afterAll(async () => {
  await project?.destroy();
  project?.dispose();
  await out("rm -rf /root/key /root/other /usr/jails");
  expect(
    difference(before, await takePicture(target)).filter((line) => !/:usr:jails|pulumi-freebsd-jails$/.test(line)),
  ).toEqual([]);
  await target?.close();
});

test("an encrypted jail runs, and its passphrase is nowhere to be read", async () => {
  if (target.machine) await target.machine.commands(true);
  await project.up();
  expect(await out("jls name")).toBe("vault");
  expect(await out("mount -p | grep -c 'md[0-9]*.eli[[:space:]]*/usr/jails/vault[[:space:]]'")).toBe("1");
  expect(await out("ls /var/backups")).toBe(backups);
  expect(project.stateText()).not.toContain(first);
  const commands = (await target.machine?.commands()) ?? [];
  expect(commands.map(({ argv }) => argv.join(" ")).filter((line) => line.includes(first))).toEqual([]);
  expect(commands.map(({ argv }) => argv.join(" ")).filter((line) => /^(\S*\/)?geli attach .*-d/.test(line))).toEqual(
    [],
  );
  expect(await out(`grep -rls '${first}' /etc /var/db /var/backups /var/log /usr/jails/images /root`)).toBe("");
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
});

test("its text in the preview says no secret", async () => {
  project.program = vault({ passphrase: first }, { sysvipc: "new" });
  const preview = await project.preview({ diff: true });
  expect(preview.output).not.toContain(first);
  expect(preview.output).toContain("sysvipc");
});

test("a shutdown closes its disk in order, the boot doesn't wait for it, and `up --refresh` starts it again", async () => {
  project.program = vault({ passphrase: first });
  await out("jexec vault sh -c 'echo kept >/root/kept'");
  await out("service jail stop");
  expect(await out("jls name")).toBe("");
  expect(await attached()).toBe("");
  await project.up({ refresh: true });
  expect(await out("jexec vault cat /root/kept")).toBe("kept");
  if (!target.machine) return;
  await target.machine.reboot();
  expect(await out("jls name")).toBe("");
  expect(await attached()).toBe("");
  const run = await project.up({ refresh: true });
  expect(changed(run)).toEqual(["update ImageJail vault"]);
  expect(await out("jexec vault cat /root/kept")).toBe("kept");
});

test("`service jail` fails fast, and says why", async () => {
  await out("service jail onestop vault");
  expect(await out("service jail onestart vault")).toMatch(
    /vault\.img is encrypted: pulumi up starts vault with its passphrase/,
  );
  expect(await attached()).toBe("");
  await project.up({ refresh: true });
});

test("its passphrase is changed while it runs, and the old one is none any more", async () => {
  const jid = await out("jls -j vault jid");
  project.program = vault({ passphrase: second });
  const preview = await project.preview({ diff: true });
  expect(preview.output).not.toContain(second);
  await project.up();
  expect(await out("jls -j vault jid")).toBe(jid);
  await out("service jail onestop vault");
  expect(
    await out(
      `printf '%s' '${first}' | (md=$(mdconfig -a -t vnode -f ${file}); geli attach -j - /dev/$md; mdconfig -du $md)`,
    ),
  ).toMatch(/Wrong key/);
  await project.up({ refresh: true });
  expect(await out("jexec vault cat /root/kept")).toBe("kept");
});

test("its passphrase is changed while it is stopped", async () => {
  project.program = vault({ passphrase: second }, { running: false });
  await project.up();
  expect(await attached()).toBe("");
  project.program = vault({ passphrase: first }, { running: false });
  await project.up();
  expect(await attached()).toBe("");
  project.program = vault({ passphrase: first });
  await project.up();
  expect(await out("jexec vault cat /root/kept")).toBe("kept");
});

test("a wrong passphrase is a clear error, and nothing stays attached", async () => {
  await out("service jail onestop vault");
  await out(
    `md=$(mdconfig -a -t vnode -f ${file}); (printf '%s' '${first}' | geli attach -j - /dev/$md); (printf elsewhere | geli setkey -i 10 -J - /dev/$md); geli detach $md.eli; mdconfig -du $md`,
  );
  const error = (await project.up({ refresh: true }).catch((problem: unknown) => problem)) as Error;
  expect(error.message).toMatch(
    /the passphrase of the disk \/usr\/jails\/images\/vault\.img is wrong; correct image\.encryption/,
  );
  expect(await attached()).toBe("");
  project.program = vault({ passphrase: "elsewhere" });
  await project.up({ refresh: true });
  expect(await out("jexec vault cat /root/kept")).toBe("kept");
});

test("it grows while it runs, and while it is stopped", async () => {
  project.program = vault({ passphrase: "elsewhere" }, {}, "12m");
  await project.up();
  const size = async () => Number((await out("df -k /usr/jails/vault | tail -n 1")).split(/\s+/)[1]);
  expect(await size()).toBeGreaterThan(10000);
  project.program = vault({ passphrase: "elsewhere" }, { running: false }, "12m");
  await project.up();
  project.program = vault({ passphrase: "elsewhere" }, { running: false }, "16m");
  await project.up();
  expect(await attached()).toBe("");
  project.program = vault({ passphrase: "elsewhere" }, {}, "16m");
  await project.up();
  expect(await size()).toBeGreaterThan(14000);
  expect(await out("jexec vault cat /root/kept")).toBe("kept");
});

test("an archive of it stops it for that time, and starts it again", async () => {
  project.program = async () => {
    const base = new BaseInstall("base", { release: "host", source: target.base });
    const encryption = { passphrase: "elsewhere", iterations: 10 };
    const jail = new ImageJail("vault", { base, image: { size: "16m", encryption } });
    new JailArchive("vault", { jail, onDelete: "destroy" });
  };
  await project.up();
  expect(await out("jls name")).toBe("vault");
  expect(project.stateText()).not.toContain("elsewhere");
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
});

test("a key file on the host opens it as well", async () => {
  await out("dd if=/dev/random of=/root/key bs=64 count=1; dd if=/dev/random of=/root/other bs=64 count=1");
  project.program = vault({ passphrase: "elsewhere" }, {}, "16m");
  await project.up();
  const keyed =
    (keyfile: string, more: Partial<ImageJailArgs> = {}): PulumiFn =>
    async () => {
      const base = new BaseInstall("base", { release: "host", source: target.base });
      new ImageJail("vault", { base, image: { size: "16m", encryption: { keyfile } }, ...more });
    };
  project.program = keyed("/root/key");
  await project.up();
  project.program = keyed("/root/key", { running: false });
  await project.up();
  project.program = keyed("/root/key");
  await project.up();
  expect(await out("jexec vault cat /root/kept")).toBe("kept");
  expect(await failure(keyed("/root/none"))).toMatch(/keyfile: there is no key in \/root\/none on this host/);
  project.program = keyed("/root/other");
  await project.up();
  expect(await out("jexec vault cat /root/kept")).toBe("kept");
});
