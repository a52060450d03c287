import zfsExample = require("../../examples/zfs/index");

import { BaseInstall, ImageJail, Jail, JailArchive, type JailArchiveArgs, type JailArgs } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { onRealHost, openTarget, stackConfig, type Target } from "./harness/target";

let target: Target;
let project: Project;
let before: readonly string[];
let emptyPool: string;

interface Wanted {
  /** The properties of each jail, by name. */
  readonly jails?: Readonly<Record<string, Partial<JailArgs>>>;
  readonly compression?: string;
  readonly dataset?: string;
  /** Another one is another base. */
  readonly trigger?: number;
  readonly archive?: string;
  /** Snapshots of a jail, by its name. */
  readonly snapshots?: Partial<JailArchiveArgs> & { readonly jail: string };
}

/** A base in data sets of "tank/jails", and jails on it. */
function program({ jails = {}, compression, dataset = "tank/jails", trigger = 1, archive, snapshots }: Wanted) {
  return async () => {
    const zfs = compression === undefined ? dataset : { dataset, compression };
    const base = new BaseInstall("base", { release: "host", source: target.base, storage: { zfs }, trigger });
    for (const [name, properties] of Object.entries(jails)) {
      const jail = new Jail(name, { base, inherit: true, ...properties });
      if (name === archive) new JailArchive("kept", { jail, compression: "none", onDelete: "destroy" });
    }
    // By the jail's name: so it doesn't wait for a jail that can't be made.
    const made = snapshots && new JailArchive("shots", { onDelete: "destroy", snapshot: true, ...snapshots });
    return { base: base.path, file: made?.file ?? "", files: made?.files ?? [], sha256: made?.sha256 ?? "" };
  };
}

/** What a command on the host prints, errors too. */
async function said(command: string): Promise<string> {
  return (await target.sh(`{ ${command}\n} 2>&1`)).stdout.trim();
}

/** Takes the host to what is wanted; what the preview said. A second run, with a refresh, finds nothing to do. */
async function up(wanted: Wanted): Promise<string> {
  project.program = program(wanted);
  const preview = await project.preview({ diff: true });
  await project.up();
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
  return [preview.output, ...preview.messages].join("\n");
}

/** Takes the host to what is wanted, and no more: where a test begins. */
async function take(wanted: Wanted): Promise<void> {
  project.program = program(wanted);
  await project.up();
}

/** What is wanted can't be; what the user was told. */
async function refused(wanted: Wanted): Promise<string> {
  project.program = program(wanted);
  const error = await project.up().catch((problem: unknown) => problem as Error);
  expect(error).toBeInstanceOf(Error);
  return (error as Error).message;
}

const sets = () => said("zfs list -H -r -o name,mountpoint tank; zfs list -H -t snapshot -o name");
const property = (name: string, of: string) => said(`zfs get -Hp -o value ${name} ${of}`);

beforeAll(async () => {
  target = await openTarget();
  project = await Project.create(program({}), { config: stackConfig(target) });
});

afterAll(async () => {
  project.dispose();
  await target.sh(
    "zpool destroy tank; rm /usr/pool.img; [ ! -f /etc/rc.conf.before ] || mv /etc/rc.conf.before /etc/rc.conf",
  );
  await target.close();
});

test("where a host has no ZFS, up says so before anything is made", async () => {
  if (!onRealHost) expect(await said("kldstat -qm zfs || echo none")).toBe("none");
  expect(await refused({ dataset: "nosuch/jails" })).toMatch(
    onRealHost ? /storage\.zfs: / : /storage\.zfs: this host has no ZFS at work: load it .*kldload zfs/,
  );
  expect(await said("ls -d /usr/jails /var/db/pulumi-freebsd-jails")).toMatch(
    /^(ls: .*No such file or directory\n?){2}$/,
  );
});

test("and so does a preview that asks the host", async () => {
  await project.configure({ "freebsd:preflight": { value: "true" } });
  const error = await project.preview().catch((problem: unknown) => problem as Error);
  expect(String(error)).toMatch(onRealHost ? /storage\.zfs/ : /storage\.zfs: .* has no ZFS at work/);
  await target.sh(
    "cp -p /etc/rc.conf /etc/rc.conf.before; kldload -n zfs; sysrc zfs_enable=YES; truncate -s 600m /usr/pool.img; zpool create -m none tank /usr/pool.img; sync",
  );
  const other = await project.preview().catch((problem: unknown) => problem as Error);
  expect(String(other)).toMatch(/storage\.zfs\.dataset: there is no pool nosuch on .*; it has .*tank/);
  expect(await refused({ dataset: "nosuch/jails" })).toMatch(/there is no pool nosuch/);
  await project.configure({ "freebsd:preflight": { value: "false" } });
  before = await takePicture(target);
  emptyPool = await sets();
});

test("a base, its template and a jail are data sets; the jail is a clone, and runs", async () => {
  await up({ jails: { web: {} } });
  const name = (await said("ls /usr/jails/sharedfs")).trim();
  const snapshot = await property("origin", "tank/jails/web");
  expect(snapshot).toMatch(new RegExp(`^tank/jails/template\\.${name}@pulumi-freebsd-jails\\.`));
  expect((await sets()).split("\n").sort()).toEqual(
    [
      "tank\tnone",
      "tank/jails\tnone",
      `tank/jails/sharedfs.${name}\t/usr/jails/sharedfs/${name}`,
      `tank/jails/template.${name}\t/usr/jails/template/${name}`,
      "tank/jails/web\t/usr/jails/web",
      snapshot,
    ].sort(),
  );
  expect(
    await said("jexec web cat /etc/passwd | head -n 1; mount -p | grep -c '[[:space:]]/usr/jails/web[[:space:]]*zfs'"),
  ).toMatch(/\n1$/);
});

test("a quota comes while the jail runs on; one below what the jail uses is an error, and nothing changes", async () => {
  const jid = await said("jls -j web jid");
  expect(await up({ jails: { web: { quota: "200m" } } })).toMatch(/Jail web changes live, for: quota/);
  expect(await refused({ jails: { web: { quota: "1m" } } })).toMatch(
    /quota: 1024 KB are less than the \d+ KB that jail web uses/,
  );
  expect(await property("refquota", "tank/jails/web")).toBe(String(200 * 2 ** 20));
  expect(await said("jls -j web jid")).toBe(jid);
});

test("compression changes live, for the base and for the jails on it", async () => {
  const jid = await said("jls -j web jid");
  expect(await up({ jails: { web: { quota: "200m" } }, compression: "lz4" })).toMatch(
    /BaseInstall base changes live, for: storage\.zfs\.compression/,
  );
  expect(await said("zfs get -H -o value -r -t filesystem compression tank/jails | sort | uniq -c | tr -s ' '")).toBe(
    "3 lz4\n 1 off",
  );
  expect(await said("jls -j web jid")).toBe(jid);
});

test("a refresh finds what was changed by hand, and up puts it right", async () => {
  await said(
    "zfs set refquota=300m tank/jails/web; zfs set compression=gzip tank/jails/template.$(ls /usr/jails/template)",
  );
  const run = await project.preview({ refresh: true, diff: true });
  expect(run.output).toMatch(/quota *: "200m" => "300m"/);
  expect(run.output).toMatch(/compression: "lz4" => "gzip"/);
  await project.up({ refresh: true });
  expect(await property("refquota", "tank/jails/web")).toBe(String(200 * 2 ** 20));
  expect(await said("zfs list -H -o compression -t filesystem -r tank/jails | grep -c lz4")).toBe("3");
});

test("a jail whose data set was destroyed by hand is made again", async () => {
  await said("service jail onestop web; zfs destroy tank/jails/web");
  expect(changed(await project.up({ refresh: true }))).toEqual(["create Jail web"]);
  expect(await said("jls -j web name")).toBe("web");
});

test("another's data set is in the way, or a quota is too small for a new jail: an error, and all is as it was", async () => {
  await said("zfs create -o mountpoint=/usr/theirs tank/jails/shop; echo theirs >/usr/theirs/file");
  const jails = { web: { quota: "200m" }, shop: {} };
  expect(await refused({ jails, compression: "lz4" })).toMatch(
    /the data set tank\/jails\/shop is there already, and is not ours/,
  );
  expect(
    await said(
      "cat /usr/theirs/file; ls -d /usr/jails/shop /etc/jail.conf.d/shop.conf; zfs get -H -o value mountpoint tank/jails/shop",
    ),
  ).toMatch(/^theirs\n(ls: .*No such file or directory\n){2}\/usr\/theirs$/);
  expect(await refused({ jails: { ...jails, tiny: { quota: "64k" } }, compression: "lz4" })).toMatch(
    /quota: 64 KB are less than the \d+ KB that jail tiny uses/,
  );
  expect(
    await said("zfs list -H -o name -r tank | grep -c tiny; ls -d /usr/jails/*tiny /etc/jail.conf.d/tiny.conf"),
  ).toMatch(/^0\n(ls: .*No such file or directory\n?){2}$/);
  await said("zfs destroy tank/jails/shop; rmdir /usr/theirs; sync");
});

test("a thick jail is a clone of the whole base; one that is made like another, or of an archive, has a data set of its own", async () => {
  await up({
    jails: { web: { quota: "200m" }, thick: { thick: true }, gold: { running: false } },
    compression: "lz4",
    archive: "gold",
  });
  expect(await property("origin", "tank/jails/thick")).toMatch(/^tank\/jails\/sharedfs\./);
  expect(await said("jexec thick ls -d /bin/sh /usr/share/misc; mount -p | grep -c /usr/jails/thick/sharedfs")).toBe(
    "/bin/sh\n/usr/share/misc\n0",
  );
  const archived = await said("ls /usr/jails/archive/*.tar");
  const rest = { web: { quota: "200m" }, gold: { running: false } };
  const made = { like: { template: "gold", quota: "50m" }, back: { template: archived } };
  await up({ jails: { ...rest, ...made }, compression: "lz4", archive: "gold" });
  expect(await said("zfs list -H -o name,origin,refquota -p tank/jails/like tank/jails/back")).toBe(
    `tank/jails/back\t-\t0\ntank/jails/like\t-\t${50 * 2 ** 20}`,
  );
  expect(await said("jls name | sort; zfs list -H tank/jails/thick")).toMatch(
    /back[\s\S]*like[\s\S]*dataset does not exist/,
  );
  await take({ jails: rest, compression: "lz4", archive: "gold" });
});

test("a jail gets another name, with its data set", async () => {
  await said("jexec web sh -c 'echo mine >/root/data'");
  await take({ jails: { web: { name: "shop", quota: "200m" } }, compression: "lz4" });
  expect(
    await said(
      "jexec shop cat /root/data; zfs list -H -o name,mountpoint | grep -e /web -e /shop; ls -d /usr/jails/web",
    ),
  ).toMatch(/^mine\ntank\/jails\/shop\t\/usr\/jails\/shop\nls: /);
});

test("a base that moves on takes its jails along with their data, and goes, though they are clones of its template", async () => {
  await take({ jails: { web: { quota: "200m" }, two: {} }, compression: "lz4" });
  await said("jexec web sh -c 'echo mine >/root/data'");
  const old = await said("ls /usr/jails/template");
  await up({ jails: { web: { quota: "200m" }, two: {} }, compression: "lz4", trigger: 2 });
  const now = await said("ls /usr/jails/template");
  expect(now).not.toContain(old);
  expect(await said("jexec web cat /root/data; jexec two ls -d /sharedfs/bin")).toBe("mine\n/sharedfs/bin");
  expect(await said("zfs list -H -o name | grep jails/ | sort")).toBe(
    [`tank/jails/sharedfs.${now}`, `tank/jails/template.${now}`, "tank/jails/two", "tank/jails/web"].join("\n"),
  );
});

test("a jail goes, and what others have of it stays: the snapshot that it has taken over, a clone that somebody made", async () => {
  await said(
    "jexec two sh -c 'echo copied >/root/data'; zfs snapshot tank/jails/two@theirs; zfs clone -o mountpoint=/usr/theirs tank/jails/two@theirs tank/theirs",
  );
  await up({ jails: { web: { quota: "200m" } }, compression: "lz4", trigger: 2 });
  expect(await said("jexec web cat /root/data; cat /usr/theirs/root/data; zfs list -H tank/jails/two")).toMatch(
    /^mine\ncopied\n.*does not exist/,
  );
  await said("zfs destroy -r tank/theirs; rmdir /usr/theirs; sync");
});

test("after a power loss the jails are there, and a second up changes nothing", async () => {
  const { machine } = target;
  if (machine === undefined) return;
  await machine.powerLoss();
  expect(await said("jls name; jexec web cat /root/data")).toBe("web\nmine");
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
});

test("a quota on a base that isn't on ZFS is an error in the preview, and so is another data set for the same zone", async () => {
  const ufs = async () => {
    const base = new BaseInstall("ufs", { root: "/usr/plain", release: "host", source: target.base });
    new Jail("limited", { base, quota: "1g" });
  };
  project.program = ufs;
  expect(String(await project.preview().catch((error: unknown) => error))).toMatch(
    /quota: the jail's base is not on ZFS/,
  );
  project.program = program({ jails: { web: { quota: "200m" } }, dataset: "tank/others", trigger: 2 });
  expect(String(await project.preview().catch((error: unknown) => error))).toMatch(
    /storage: the zone \/usr\/jails lies in tank\/jails, and stays there/,
  );
});

describe("an archive as a snapshot", () => {
  const rest = { compression: "lz4", trigger: 2 };
  const web = { quota: "200m" };
  const jails = { web };
  const archives = () => said("zfs list -H -o name | grep '/archive.'; ls /usr/jails/archive | sed 's/manifest/M/'");
  const ours = () => said("zfs list -H -t snapshot -o name | grep '@pulumi-freebsd-jails[.]20'");
  let file: string;

  async function newest(): Promise<string> {
    return String((await project.outputs())["file"]);
  }

  test("is a read-only clone in the jail's pool, made of a running jail, which runs again", async () => {
    await take({ ...rest, jails });
    await said("jexec web sh -c 'echo then >/root/data; mkdir -p /etc/ssh; echo key >/etc/ssh/ssh_host_ed25519_key'");
    await up({ ...rest, jails, snapshots: { jail: "web" } });
    file = await newest();
    expect(file).toMatch(/^\/usr\/jails\/archive\/web-\d{8}T\d{6}Z\.zfs$/);
    expect((await project.outputs())["sha256"]).toBe("");
    const dataset = `tank/jails/archive.${file.replace(/.*\//, "")}`;
    expect(await archives()).toBe(`${dataset}\n${file.replace(/.*\//, "")}.M`);
    expect(await property("readonly,canmount,mounted,mountpoint", dataset)).toBe(`on\nnoauto\nno\n${file}`);
    expect(await said(`grep -e ^jail= -e ^dataset= -e '^sha256=$' ${file}.manifest`)).toBe(
      `jail=web\nsha256=\ndataset=${dataset}`,
    );
    expect(await property("origin", dataset)).toBe(await ours());
    expect(await said("jexec web cat /root/data; mount -p | grep -c /usr/jails/archive")).toBe("then\n0");
  });

  test("comes anew with another trigger, of a jail that runs on, and goes by the rules with its snapshot", async () => {
    const jid = await said("jls -j web jid");
    await said("jexec web sh -c 'echo now >/root/data'; sleep 1");
    await up({ ...rest, jails, snapshots: { jail: "web", trigger: 1, stop: false, keep: 2 } });
    expect(await said("jls -j web jid")).toBe(jid);
    expect((await project.outputs())["files"]).toEqual([await newest(), file]);
    const second = await newest();
    await said("sleep 1");
    await up({ ...rest, jails, snapshots: { jail: "web", trigger: 2, stop: false, keep: 2 } });
    expect((await project.outputs())["files"]).toEqual([await newest(), second]);
    expect((await ours()).split("\n")).toHaveLength(2);
    expect(await archives()).not.toContain(file.replace(/.*\//, ""));
    file = second;
  });

  test("is made again where somebody destroyed its data set", async () => {
    await said(`zfs destroy tank/jails/archive.${(await newest()).replace(/.*\//, "")}`);
    expect(changed(await project.up({ refresh: true }))).toEqual(["create JailArchive shots"]);
    expect(await said(`ls ${await newest()}.manifest`)).not.toContain("No such");
    expect((await ours()).split("\n")).toHaveLength(2);
  });

  test("outlives its jail, which comes back from it without a copy", async () => {
    await said("jexec web sh -c 'echo later >/root/data'");
    const snapshots = { jail: "web", trigger: 2, stop: false, keep: 2 };
    await up({ ...rest, snapshots });
    expect(await said("zfs list -H tank/jails/web")).toMatch(/does not exist/);
    await up({ ...rest, jails: { web: { ...web, restore: file } }, snapshots });
    expect(await said("jexec web cat /root/data /etc/ssh/ssh_host_ed25519_key")).toBe("now\nkey");
    expect(await property("origin", "tank/jails/web")).toMatch(
      `tank/jails/archive.${file.replace(/.*\//, "")}@pulumi-freebsd-jails.`,
    );
    expect(await property("readonly,canmount", "tank/jails/web")).toBe("off\non");
  });

  test("is copied for a jail that is made like it, and for one on another disk", async () => {
    const base = () =>
      new BaseInstall("base", {
        release: "host",
        source: target.base,
        storage: { zfs: { dataset: "tank/jails", compression: "lz4" } },
        trigger: 2,
      });
    project.program = async () => {
      const shared = { base: base(), inherit: true };
      new Jail("web", { ...shared, ...web, restore: file });
      new Jail("like", { ...shared, template: file });
      new ImageJail("boxed", { ...shared, template: file, image: { size: "32m" } });
      new JailArchive("shots", { jail: "web", trigger: 2, stop: false, keep: 2, snapshot: true, onDelete: "destroy" });
    };
    await project.up();
    for (const name of ["like", "boxed"])
      expect(await said(`jexec ${name} cat /root/data /etc/ssh/ssh_host_ed25519_key`)).toMatch(
        /^now\n.*No such file or directory$/,
      );
    expect(await property("origin", "tank/jails/like")).toBe("-");
    expect(await said("mount -p | grep -c /usr/jails/archive; ls -d /usr/jails/archive/*.zfs")).toMatch(/^0\nls: /);
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });

  test("is not restored under another name, nor without its data set or its manifest", async () => {
    const snapshots = { jail: "web", trigger: 2, stop: false, keep: 2 };
    expect(await refused({ ...rest, jails: { web, shop: { restore: file } }, snapshots })).toMatch(
      /is of jail web, and is restored under that name/,
    );
    expect(
      await refused({
        ...rest,
        jails: { web, shop: { template: "/usr/jails/archive/web-20200101T000000Z.zfs" } },
        snapshots,
      }),
    ).toMatch(/there is no manifest .*web-20200101T000000Z\.zfs\.manifest/);
    await said(`sed 's/^dataset=.*/dataset=tank/' ${file}.manifest >/usr/jails/archive/x.zfs.manifest`);
    const other = { web, shop: { template: "/usr/jails/archive/x.zfs" } };
    expect(await refused({ ...rest, jails: other, snapshots })).toMatch(
      /the data set tank is not the archive \/usr\/jails\/archive\/x\.zfs/,
    );
    await said("rm /usr/jails/archive/x.zfs.manifest");
    expect(await said("ls -d /usr/jails/*shop; zfs list -H -o name | grep shop")).toMatch(/^ls: .*$/);
  });

  test("goes with its resource, although the jail was made of it", async () => {
    await take({ ...rest, jails, snapshots: { jail: "web", trigger: 2, stop: false, keep: 2 } });
    await take({ ...rest, jails });
    expect(
      await said("zfs list -H -o name | grep '/archive.'; ls /usr/jails/archive; jexec web cat /root/data"),
    ).toMatch(/^ls: .*\nnow$/);
    expect(await ours()).toBe("");
  });

  test("is for a jail on ZFS", async () => {
    project.program = async () => {
      const base = new BaseInstall("ufs", { root: "/usr/plain", release: "host", source: target.base });
      new JailArchive("shots", { jail: new Jail("plain", { base, inherit: true }), snapshot: true });
    };
    await expect(project.up()).rejects.toThrow(/snapshot: jail plain does not lie on ZFS/);
    expect(await said("ls -d /usr/plain/archive")).toMatch(/No such/);
    await take({ ...rest, jails });
  });
});

describe("data sets that are handed to a jail", () => {
  const rest = { compression: "lz4", trigger: 2 };
  const web = { quota: "200m", datasets: ["tank/data/web"] };
  const inside = (name: string) => said(`jexec ${name} zfs list -H -o name`);

  beforeAll(async () => {
    await said("zfs create -p -o mountpoint=/usr/data tank/data/web; echo mine >/usr/data/file; sync");
  });

  afterAll(async () => {
    await take({ ...rest, jails: { web: { quota: "200m" } } });
    await said("zfs destroy -r tank/data; rmdir /usr/data; sync");
  });

  test("are the jail's, from its start on, and not mounted by the host", async () => {
    expect(await up({ ...rest, jails: { web } })).toMatch(
      /Jail web warning: allow\.mount\.zfs lets its root mount ZFS/,
    );
    expect(await said("jls -j web enforce_statfs; grep -e mount.zfs -e 'zfs jail' /etc/jail.conf.d/web.conf")).toBe(
      '1\n\tallow.mount.zfs;\n\texec.created = "/sbin/zfs jail web tank/data/web";',
    );
    expect(await inside("web")).toBe("tank\ntank/data\ntank/data/web");
    expect(await property("jailed,mounted", "tank/data/web")).toBe("on\nno");
    await said("service jail onerestart web");
    expect(await inside("web")).toBe("tank\ntank/data\ntank/data/web");
  });

  test("are found where somebody took them back, and handed over again", async () => {
    await said("zfs set jailed=off tank/data/web");
    expect(changed(await project.up({ refresh: true }))).toEqual(["update Jail web"]);
    expect(await property("jailed", "tank/data/web")).toBe("on");
  });

  test.each([
    ["that isn't there", "tank/nosuch", /there is no data set tank\/nosuch on this host; make it first/],
    ["of a zone", "tank/jails/web", /tank\/jails\/web belongs to a zone of jails/],
    ["in which a zone lies", "tank", /tank\/jails belongs to a zone of jails/],
    ["in which another jail's lies", "tank/data", /tank\/data\/web is handed to jail web already/],
    ["that lies in a jail of somebody else's", "tank/theirs", /tank\/theirs lies in jail theirs already/],
  ])("but not one %s: an error, and nothing is changed", async (_what, name, reason) => {
    await said(
      "jail -c name=theirs path=/ persist allow.mount allow.mount.zfs enforce_statfs=1; zfs create -o jailed=on tank/theirs; zfs jail theirs tank/theirs",
    );
    expect(await refused({ ...rest, jails: { web, two: { datasets: [name] } } })).toMatch(reason);
    expect(await said("ls -d /usr/jails/two /etc/jail.conf.d/two.conf")).toMatch(/^(ls: .*No such.*\n?){2}$/);
    await said("jail -r theirs; zfs destroy tank/theirs; sync");
  });

  test("are what they were when they leave the program, with what is in them", async () => {
    expect(await up({ ...rest, jails: { web: { quota: "200m" } } })).toMatch(
      /Jail web restarts, for: enforceStatfs, datasets/,
    );
    expect(await property("jailed,mounted", "tank/data/web")).toBe("off\nyes");
    expect(await said("cat /usr/data/file; zfs get -H -o source jailed tank/data/web; jls -j web enforce_statfs")).toBe(
      "mine\ndefault\n2",
    );
  });

  test("are what they were when a new jail can't have them", async () => {
    const broken = { datasets: ["tank/data/web"], execPrestart: "/usr/bin/false" };
    expect(await refused({ ...rest, jails: { web: { quota: "200m" }, two: broken } })).toMatch(/two did not start/);
    expect(await refused({ ...rest, jails: { web: { ...web, execPrestart: "/usr/bin/false" } } })).toMatch(
      /web did not start/,
    );
    expect(await property("jailed,mounted", "tank/data/web")).toBe("off\nyes");
    expect(await said("grep -c ^dataset= /var/db/pulumi-freebsd-jails/jail.web; jls name")).toBe("0\nweb");
  });

  test("stay jailed where the jail changed where they are mounted: the host doesn't follow", async () => {
    await take({ ...rest, jails: { web } });
    await said("jexec web zfs set mountpoint=/etc tank/data/web");
    project.program = program({ ...rest, jails: { web: { quota: "200m" } } });
    const run = await project.up();
    expect(run.messages.join("\n")).toMatch(/tank\/data\/web stays jailed, so that the host doesn't mount it/);
    expect(await property("jailed,mounted", "tank/data/web")).toBe("on\nno");
    expect(await said("ls /etc/file")).toMatch(/No such/);
    // One that was jailed before is so afterwards.
    await take({ ...rest, jails: { web } });
    await take({ ...rest, jails: {} });
    expect(await property("jailed", "tank/data/web")).toBe("on");
    await said("zfs inherit jailed tank/data/web; zfs set mountpoint=/usr/data tank/data/web");
  });
});

test("destroy leaves the pool and the host as they were", async () => {
  await project.destroy();
  expect(await sets()).toBe(emptyPool);
  expect(difference(before, await takePicture(target))).toEqual([]);
});

test("the example: jails with quotas, and a thick one, as clones", async () => {
  const config = { ...stackConfig(target), base: { value: target.base }, dataset: { value: "tank/example" } };
  const other = await Project.create(zfsExample, { config });
  try {
    await other.up();
    expect(
      await said("zfs list -Hp -o name,refquota tank/example/build tank/example/db tank/example/web; jls name | sort"),
    ).toBe(`tank/example/build\t0\ntank/example/db\t${10 * 2 ** 30}\ntank/example/web\t${2 * 2 ** 30}\ndb\nweb`);
    expect(changed(await other.up({ refresh: true }))).toEqual([]);
  } finally {
    await other.destroy();
    other.dispose();
  }
  expect(await sets()).toBe(emptyPool);
  expect(difference(before, await takePicture(target))).toEqual([]);
});
