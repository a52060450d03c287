import { BaseInstall, Jail, type JailArgs, LoopbackInterface } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { openTarget, stackConfig, type Target } from "./harness/target";

let target: Target;
let project: Project;
let blank: readonly string[];
let before: readonly string[];

const tree = "/usr/local/jails/old";
const said = async (command: string) => (await target.sh(`{ ${command}\n} 2>&1`)).stdout.trim();
const jid = (name = "old") => said(`jls -j ${name} jid`);

/** An administrator's jail, as the handbook has them, with a comment and odd spacing. */
const byHand = `# my jails
exec.start = "/bin/sh /etc/rc"; exec.stop = "/bin/sh /etc/rc.shutdown jail";
mount.devfs; exec.clean; persist;

old   {
  path = ${tree}; // its tree
  host.hostname = "old.example.org";
  devfs_ruleset = 4;
  ip4 = disable; ip6 = disable;
}`;

function program(args: JailArgs) {
  return async () => void new Jail("old", { path: tree, hostname: "old.example.org", ...args });
}

async function up(args: JailArgs): Promise<void> {
  project.program = program(args);
  await project.up();
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
}

async function gone(): Promise<void> {
  project.program = async () => {};
  await project.up();
}

/** Everything that was said in a preview of the jail with these properties. */
async function previewed(args: JailArgs): Promise<string> {
  project.program = program(args);
  const run = await project.preview();
  return [run.output, ...run.messages].join("\n");
}

async function failed(args: JailArgs): Promise<string> {
  project.program = program(args);
  const error = await project.up().catch((problem: unknown) => problem as Error);
  expect(error).toBeInstanceOf(Error);
  return (error as Error).message;
}

beforeAll(async () => {
  target = await openTarget();
  blank = await takePicture(target);
  project = await Project.create(async () => {}, { config: stackConfig(target) });
  const archive = target.base.replace(/^file:\/\//, "");
  await target.sh(
    `mkdir -p ${tree}; tar -xpf ${archive} -C ${tree}; printf '%s' '${byHand}' >/etc/jail.conf; sysrc jail_enable=YES; service jail start old; echo mine >${tree}/root/mine`,
  );
  before = await takePicture(target);
});

afterAll(async () => {
  await project.destroy();
  project.dispose();
  await said(
    `jail -f /etc/jail.conf -r old; rm -rf /var/db/pulumi-freebsd-jails /etc/jail.conf /var/run/jail_old.id /var/log/jail_old_console.log; sysrc -x jail_enable; chflags -R 0 ${tree}; rm -rf ${tree}; rmdir /usr/local/jails`,
  );
  expect(difference(blank, await takePicture(target))).toEqual([]);
  await target.close();
});

describe("a jail that was made by hand", () => {
  test("is not ours, and the error says how it becomes ours", async () => {
    expect(await failed({})).toMatch(
      /a jail named old is there already, and is not ours; .*set `adopt: true` to take it over/,
    );
    expect(difference(before, await takePicture(target))).toEqual([]);
  });

  test("is taken over without a restart, and a preview says so", async () => {
    const number = await jid();
    expect(await previewed({ adopt: true })).toMatch(
      /Jail old: adopts the jail that runs on root@\S+, without a restart/,
    );
    await up({ adopt: true });
    expect(await jid()).toBe(number);
    expect(await said("cat /etc/jail.conf")).toBe(byHand);
    expect(await said("grep -c host.hostname /etc/jail.conf.d/old.conf")).toBe("1");
  });

  test("is changed from then on as any other", async () => {
    const number = await jid();
    await up({ adopt: true, hostname: "new.example.org" });
    expect(await said("jls -j old jid host.hostname")).toBe(`${number} new.example.org`);
  });

  test("starts once at boot, with our configuration", async () => {
    expect(
      await said("service jail stop; jls -j old jid; service jail start; jls host.hostname | grep -c new.example"),
    ).toMatch(/not found[\s\S]*\n1$/);
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });

  test("is handed back when it leaves the program: it runs on, and starts at boot", async () => {
    const number = await jid();
    await gone();
    expect(await jid()).toBe(number);
    expect(await said(`ls /var/db/pulumi-freebsd-jails | grep old; cat ${tree}/root/mine`)).toBe("kept.jail.old\nmine");
    expect(await said("service jail stop; service jail start; jls -j old host.hostname")).toMatch(/new\.example\.org$/);
  });

  test("is taken again by the same resource, which needs no word for it", async () => {
    const number = await jid();
    await up({ adopt: true, hostname: "new.example.org" });
    expect(await jid()).toBe(number);
  });

  test("goes for good where the program says so; its tree, which was there, stays", async () => {
    await up({ adopt: true, hostname: "new.example.org", onDelete: "destroy" });
    await gone();
    expect(await said("jls -j old jid; ls /var/db/pulumi-freebsd-jails")).toMatch(/not found\nls: .*No such/);
    expect(await said("service jail start; jls -j old host.hostname")).toMatch(/old\.example\.org$/);
    expect(difference(before, await takePicture(target)).filter((line) => !line.includes("console.log"))).toEqual([]);
  });
});

describe("a jail of a file of its own", () => {
  const file = "/etc/jail.conf.d/old.conf";
  const own = `old { path = ${tree}; host.hostname = h; exec.start = "/bin/sh /etc/rc"; exec.stop = "/bin/true"; persist; mount.devfs; sysvshm = new; }`;

  beforeAll(async () => {
    await said(`jail -r old; echo '${own}' >${file}; service jail start old`);
  });

  afterAll(() => said(`jail -r old; rm -rf ${file}; service jail start old`));

  test("restarts where it has to, and the preview says what for", async () => {
    const number = await jid();
    const text = await previewed({ adopt: true });
    expect(text).toMatch(/adopts the jail that runs on root@\S+, and restarts it/);
    expect(text).toMatch(/will differ: hostname: "h" → "old.example.org"/);
    expect(text).toMatch(/will differ: sysvipc: "new"/);
    expect(await jid()).toBe(number);
  });

  test("is as it was where it doesn't come up with its new configuration", async () => {
    expect(await failed({ adopt: true, execStart: "/bin/sh -c 'echo no such thing; exit 1'" })).toMatch(
      /did not start/,
    );
    expect(await said(`cat ${file}; jls -j old host.hostname sysvshm; ls /var/db/pulumi-freebsd-jails`)).toMatch(
      /^old \{ path = [^\n]*\nh new\nls: .*No such/,
    );
  });

  test("is in another tree than the program says", async () => {
    expect(await failed({ adopt: true, path: "/usr/local/jails" })).toMatch(
      /has its tree in \/usr\/local\/jails\/old, and not in \/usr\/local\/jails; give path: "\/usr\/local\/jails\/old"/,
    );
  });

  test("is ours after a restart", async () => {
    await up({ adopt: true });
    expect(await said("jls -j old host.hostname sysvshm")).toBe("old.example.org disable");
    await up({ adopt: true, onDelete: "destroy" });
    await gone();
    await said(`echo '${own}' >${file}; service jail start old`);
  });
});

test("what a jail that is handed back stands on stays with it, and all of it is taken again", async () => {
  const all = (onDelete: "keep" | "destroy") => async () => {
    const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
    const base = new BaseInstall("base", { release: "host", source: target.base });
    new Jail("web", { base, addresses: [lo1.address(2)], onDelete, files: { "/etc/shop": "open\n" } });
  };
  const picture = await takePicture(target);
  project.program = all("keep");
  await project.up();
  const number = await jid("web");
  await project.destroy();
  expect(await said("jls -j web jid; jexec web cat /etc/shop; ifconfig lo1 | grep -c 192.168.1.2")).toBe(
    `${number}\nopen\n1`,
  );
  expect(await said("jexec web ls /var/db/pulumi-freebsd-jails")).toMatch(/No such/);
  expect(await said("service jail restart web; jls -j web jid")).toMatch(/\d$/);
  project.program = all("keep");
  await project.up();
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
  project.program = all("destroy");
  await project.up();
  await project.destroy();
  expect(difference(picture, await takePicture(target))).toEqual([]);
});
