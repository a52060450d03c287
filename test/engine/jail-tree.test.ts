import { BaseInstall, Jail } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { onRealHost, openTarget, stackConfig, type Target } from "./harness/target";

let target: Target;
let project: Project;
let before: readonly string[];

const said = async (command: string) => (await target.sh(`{ ${command}\n} 2>&1`)).stdout.trim();
const base = () => new BaseInstall("base", { release: "host", source: target.base });

async function up(program: () => void): Promise<void> {
  project.program = async () => program();
  await project.up();
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
}

beforeAll(async () => {
  target = await openTarget();
  before = await takePicture(target);
  project = await Project.create(async () => {}, { config: stackConfig(target) });
});

afterAll(async () => {
  await project.destroy();
  project.dispose();
  await said("rm -f /tmp/order");
  expect(difference(before, await takePicture(target))).toEqual([]);
  await target.close();
});

test("a thick jail has a whole tree of its own, and shares nothing", async () => {
  await up(
    () => void new Jail("fat", { base: base(), thick: true, mounts: [{ type: "tmpfs", target: "/mnt/scratch" }] }),
  );
  expect(
    await said(
      "mount -p | grep -c sharedfs; jexec fat sh -c 'echo x > /bin/own; ls -ld /bin | cut -c 1; cat /bin/own'",
    ),
  ).toBe("0\nd\nx");
});

test("another base is not its business; it goes with all that is in it", async () => {
  const jid = await said("jls -j fat jid");
  const picture = await said("cat /etc/jail.conf.d/fat.conf");
  await up(() => {
    const other = new BaseInstall("base", { release: "host", source: target.base, trigger: "again" });
    new Jail("fat", { base: other, thick: true, mounts: [{ type: "tmpfs", target: "/mnt/scratch" }] });
  });
  expect(await said("jls -j fat jid; cat /bin/sh > /dev/null; jexec fat cat /bin/own")).toBe(`${jid}\nx`);
  expect(await said("cat /etc/jail.conf.d/fat.conf")).toBe(picture);
});

test("what somebody has mounted in the tree is unmounted with the jail, whatever its name, and its source stays", async () => {
  const point = "/usr/jails/fat/mnt/a (b) on c";
  await said(`mkdir -p "${point}" /tmp/theirs; echo theirs >/tmp/theirs/file; mount -t nullfs /tmp/theirs "${point}"`);
  expect(await said(`cat "${point}/file"`)).toBe("theirs");
  await up(() => void base());
  expect(await said("mount | grep -c theirs; cat /tmp/theirs/file; ls -d /usr/jails/fat")).toMatch(
    /^0\ntheirs\nls: .*No such file/,
  );
  await said("rm -rf /tmp/theirs");
});

test("jails are started in their order, now and at boot, and stopped the other way round", async () => {
  const note = (name: string) => ({
    execPoststart: `echo +${name} >> /tmp/order`,
    execPrestop: `echo -${name} >> /tmp/order`,
  });
  await up(() => {
    const tree = base();
    const db = new Jail("zdb", { base: tree, ...note("zdb") });
    const app = new Jail("mapp", { base: tree, after: [db], ...note("mapp") });
    new Jail("aweb", { base: tree, after: [app, "zdb"], ...note("aweb") });
  });
  expect(await said("cat /tmp/order; ls /etc/rc.conf.d/jail")).toBe(
    "+zdb\n+mapp\n+aweb\n00-jail.conf\n50-zdb\n51-mapp\n52-aweb",
  );
  await said("rm /tmp/order; service jail stop; service jail start");
  expect(await said("cat /tmp/order")).toBe("-aweb\n-mapp\n-zdb\n+zdb\n+mapp\n+aweb");
});

(onRealHost ? test.skip : test)("also where the host starts its jails all at once", async () => {
  await said("rm /tmp/order; sysrc jail_parallel_start=YES");
  await target.machine?.reboot();
  expect(await said("cat /tmp/order | grep '^+'")).toBe("+zdb\n+mapp\n+aweb");
  await said("sysrc -x jail_parallel_start; rm /tmp/order");
});

test("a circle is found in the preview", async () => {
  project.program = async () => {
    const tree = base();
    new Jail("one", { base: tree, after: ["two"] });
    new Jail("two", { base: tree, after: ["one"] });
  };
  await expect(project.preview()).rejects.toThrow(
    /after: (one|two) is after (two|one) is after (one|two), and none of them could start first/,
  );
});

test("a tree that is there becomes a jail, and is there as before when the jail is gone", async () => {
  await up(() => {});
  await said("mkdir -p /srv/old; tar -xpf /usr/freebsd-dist/base.txz -C /srv/old; echo mine > /srv/old/root/data");
  const picture = await takePicture(target);
  await up(() => void new Jail("old", { path: "/srv/old", hostname: "old.example.org" }));
  expect(await said("jls -j old path host.hostname; jexec old cat /root/data")).toBe("/srv/old old.example.org\nmine");
  await up(() => void new Jail("old", { path: "/srv/old", name: "older" }));
  expect(await said("jls name path")).toBe("older /srv/old");
  await up(() => {});
  const left = difference(picture, await takePicture(target));
  // What the jail itself wrote in its tree stays.
  expect(left.filter((line) => !line.includes("/srv/old/"))).toEqual([]);
  expect(await said("cat /srv/old/root/data; mount -p | grep -c /srv/old")).toBe("mine\n0");
});

test.each<[string, () => void, RegExp]>([
  [
    "a tree that is not there",
    () => void new Jail("no", { path: "/srv/none" }),
    /path: there is no folder \/srv\/none/,
  ],
  ["the host's own", () => void new Jail("no", { path: "/" }), /path: the host's whole file system/],
  ["a tree for which flavors are given", () => void new Jail("no", { path: "/srv/old", flavors: ["x"] }), /flavors: /],
  ["no base, and no tree", () => void new Jail("no", {}), /base: is required, unless `path`/],
])("%s is refused, and stays as it is", async (_name, program, message) => {
  project.program = async () => program();
  await expect(project.up()).rejects.toThrow(message);
  expect(await said("cat /srv/old/root/data; ls /etc/jail.conf.d/no.conf")).toMatch(/^mine\nls: /);
});

test("a start that fails leaves the tree, and nothing else", async () => {
  project.program = async () => void new Jail("old", { path: "/srv/old", execStart: "/usr/bin/false" });
  await expect(project.up()).rejects.toThrow(/did not start/);
  expect(
    await said("cat /srv/old/root/data; ls /etc/jail.conf.d /var/db/pulumi-freebsd-jails; mount -p | grep -c /srv/old"),
  ).toMatch(/^mine\n[\s\S]*\n0$/);
  await up(() => {});
  await said("chflags -R 0 /srv; rm -rf /srv");
});
