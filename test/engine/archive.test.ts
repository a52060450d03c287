import { gzipSync } from "node:zlib";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { BaseInstall, ImageJail, Jail, JailArchive, type JailArchiveArgs, type JailArgs } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { type Member, packed } from "./harness/files";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { expectSmallProviders } from "./harness/state";
import { openTarget, stackConfig, type Target } from "./harness/target";

const folder = "/usr/jails/archive";

let target: Target;
let before: readonly string[];
let project: Project;

/** A program on a base of its own. */
function program(rest: (base: BaseInstall) => Record<string, unknown> | undefined): PulumiFn {
  return async () => rest(new BaseInstall("base", { release: "host", source: target.base })) ?? {};
}

/** The program with one jail and its archives. */
function archived(more: Partial<JailArchiveArgs> = {}, jail: Partial<JailArgs> = {}): PulumiFn {
  return program((base) => {
    const web = new Jail("web", { base, ...jail });
    const archive = new JailArchive("nightly", { jail: web, ...more });
    return { file: archive.file, files: archive.files, sha256: archive.sha256 };
  });
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

beforeAll(async () => {
  target = await openTarget();
  before = await takePicture(target);
  project = await Project.create(
    program(() => undefined),
    { config: stackConfig(target) },
  );
});

afterAll(async () => {
  await project?.destroy();
  project?.dispose();
  await out(`rm -rf ${folder} /tmp/archives`);
  await target?.close();
});

describe("archives of a jail", () => {
  test("are made of a running one, which runs again afterwards", async () => {
    project.program = program((base) => void new Jail("web", { base }));
    await project.up();
    await out(
      "jexec web sh -c 'echo kept >/root/kept; mkdir -p /etc/ssh; echo key >/etc/ssh/ssh_host_ed25519_key; echo id >/etc/hostid; ln /root/kept /root/twice'",
    );
    project.program = archived();
    await project.up();
    const { file, files, sha256 } = await project.outputs();
    expect(file).toMatch(/^\/usr\/jails\/archive\/web-\d{8}T\d{6}Z\.tar\.xz$/);
    expect(files).toEqual([file]);
    expect(await out(`sha256 -q ${file}`)).toBe(sha256);
    expect(await out(`cat ${file}.manifest`)).toMatch(
      /jail=web\nrelease=13\.2-RELEASE\narchitecture=amd64\ncreated=\d+\nkilobytes=\d+\nsha256=[0-9a-f]{64}\n[\s\S]*conf=web \{/,
    );
    expect(await out(`ls -A ${folder} | wc -l`)).toBe("2");
    expect(await out("jls name")).toBe("web");
    expectSmallProviders(await project.resources());
  });

  test("are found as they were made", async () => {
    expect(changed(await project.up())).toEqual([]);
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });

  test("are not made of a running jail that is not to be stopped", async () => {
    expect(await failure(archived({ stop: false, trigger: 1 }))).toMatch(/jail web runs, and is not to be stopped/);
    expect(await out("jls name")).toBe("web");
  });

  test("come anew with another trigger, and the rules say which of them stay", async () => {
    const first = (await project.outputs())["file"];
    await out("sleep 1");
    project.program = archived({ trigger: 1 });
    await project.up();
    expect((await project.outputs())["files"]).toHaveLength(2);
    await out(`sleep 1; touch ${folder}/web-20200101T000000Z.tar.xz`);
    project.program = archived({ trigger: 2, keep: 2, compression: "gzip" });
    await project.up();
    const { files, file } = await project.outputs();
    expect(files).toHaveLength(2);
    expect(file).toMatch(/\.tar\.gz$/);
    expect(await out(`ls ${first} ${first}.manifest`)).toContain("No such file");
    expect(await out(`ls ${folder}/web-20200101T000000Z.tar.xz`)).not.toContain("No such file");
    await out(`rm ${folder}/web-20200101T000000Z.tar.xz`);
  });

  test("are made again where somebody removed the newest", async () => {
    await out(`rm ${(await project.outputs())["file"]}`);
    const run = await project.up({ refresh: true });
    expect(changed(run)).toEqual(["create JailArchive nightly"]);
  });
});

describe("a jail made of an archive", () => {
  let file: unknown;

  beforeAll(async () => {
    project.program = archived({ trigger: 2, keep: 2, compression: "gzip" });
    await project.up();
    file = (await project.outputs())["file"];
  });

  test("like a template has another name, and neither host keys nor ids", async () => {
    project.program = program((base) => {
      const web = new Jail("web", { base });
      const archive = new JailArchive("nightly", { jail: web, trigger: 2, keep: 2, compression: "gzip" });
      new Jail("copy", { base, template: archive, resolvConf: "nameserver 10.0.0.9\n" });
      new ImageJail("boxed", { base, template: archive, image: { size: "6m" } });
    });
    await project.up();
    expect(await out("jls name | sort")).toBe("boxed\ncopy\nweb");
    for (const name of ["copy", "boxed"]) {
      expect(await out(`jexec ${name} cat /root/kept /root/twice`)).toBe("kept\nkept");
      expect(await out(`jexec ${name} hostname`)).toBe(name);
      expect(await out(`jexec ${name} ls /etc/ssh/ssh_host_ed25519_key`)).toContain("No such file");
    }
    expect(await out("jexec copy cat /etc/resolv.conf")).toBe("nameserver 10.0.0.9");
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });

  test("is one of the reasons for which an archive stays", async () => {
    project.program = program((base) => {
      const web = new Jail("web", { base });
      new JailArchive("nightly", { jail: web, trigger: 3, keep: 1, compression: "gzip" });
      new Jail("copy", { base, template: String(file), resolvConf: "nameserver 10.0.0.9\n" });
    });
    await project.up();
    expect(await out(`ls ${file}`)).toBe(file);
  });

  test("is restored as the jail that it was", async () => {
    project.program = program((base) => void new Jail("other", { base, running: false }));
    await project.up();
    project.program = program((base) => void new Jail("web", { base, restore: String(file) }));
    await project.up();
    expect(await out("jexec web cat /root/kept /etc/hostid /etc/ssh/ssh_host_ed25519_key")).toBe("kept\nid\nkey");
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });

  test("is not restored under another name", async () => {
    expect(await failure(program((base) => void new Jail("store", { base, restore: String(file) })))).toMatch(
      /is of jail web, and is restored under that name; for a jail with another name, give it as `template`/,
    );
    expect(await out("ls /usr/jails/store")).toContain("No such file");
  });
});

describe("a jail made like another", () => {
  test("is its copy, but only of one that doesn't run", async () => {
    const withCopies = (running: boolean) =>
      program((base) => {
        const golden = new ImageJail("golden", { base, image: { size: "6m" }, running });
        for (const name of ["first", "second"]) new Jail(name, { base, template: golden });
      });
    project.program = program((base) => void new ImageJail("golden", { base, image: { size: "6m" } }));
    await project.up();
    await out("jexec golden sh -c 'echo gold >/root/gold'");
    expect(await failure(withCopies(true))).toMatch(/template: jail golden runs; stop it/);
    project.program = withCopies(false);
    await project.up();
    expect(await out("jls name | sort")).toBe("first\nsecond");
    expect(await out("jexec second cat /root/gold")).toBe("gold");
    expect(await out("mdconfig -l; mount -p | grep golden")).toBe("");
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });
});

describe("what stays of a jail", () => {
  const end = (onDelete: "archive" | "keep", more: Partial<JailArgs> = {}) =>
    program((base) => void new Jail("gone", { base, onDelete, ...more }));
  const nothing = program(() => undefined);

  test("that is archived first is its archive", async () => {
    project.program = end("archive", { archiveTo: "/tmp/archives" });
    await project.up();
    await out("jexec gone sh -c 'echo last >/root/last'");
    project.program = nothing;
    await project.up();
    expect(await out("jls name; ls /etc/jail.conf.d/gone.conf /usr/jails/gone")).toMatch(/^ls: .*\nls: /);
    const [file] = (await out("ls /tmp/archives/gone-*.tar.xz")).split("\n");
    project.program = program((base) => void new Jail("gone", { base, restore: String(file) }));
    await project.up();
    expect(await out("jexec gone cat /root/last")).toBe("last");
  });

  test("is all of it where it couldn't be archived", async () => {
    await out("rm -rf /tmp/archives; touch /tmp/archives");
    project.program = end("archive", { archiveTo: "/tmp/archives" });
    await project.up();
    expect(await failure(nothing)).toMatch(/\/tmp\/archives is a file, and has to be a folder/);
    expect(await out("jexec gone cat /root/last")).toBe("last");
    await out("rm /tmp/archives");
  });

  test("that is kept runs on, for the same resource to go on with", async () => {
    project.program = end("keep");
    await project.up();
    const jid = await out("jls -j gone jid");
    project.program = nothing;
    await project.up();
    expect(await out("jls -j gone jid; ls /etc/jail.conf.d/gone.conf /etc/rc.conf.d/jail/50-gone")).toBe(
      `${jid}\n/etc/jail.conf.d/gone.conf\n/etc/rc.conf.d/jail/50-gone`,
    );
    const elsewhere = program((base) => void new Jail("mine", { base, name: "gone" }));
    expect(await failure(elsewhere)).toMatch(/a jail named gone is there already, and is not ours/);
    project.program = end("keep");
    await project.up();
    expect(await out("jls -j gone jid; jexec gone cat /root/last")).toBe(`${jid}\nlast`);
    project.program = program((base) => void new Jail("gone", { base }));
    await project.up();
  });
});

describe("what stays of a jail that is replaced", () => {
  const replaced = (onDelete: "archive" | "keep" | "destroy", securelevel: number) =>
    program((base) => {
      const options = { replaceOnChanges: ["securelevel"] };
      new Jail("folder", { base, onDelete, securelevel }, options);
      new ImageJail("disk", { base, onDelete, securelevel, image: { size: "6m" } }, options);
    });
  const read = () => out("for jail in folder disk; do jexec $jail cat /root/data 2>/dev/null; done");

  test.each<["archive" | "keep" | "destroy", string]>([
    ["destroy", ""],
    ["archive", ""],
    ["keep", "kept\nkept"],
  ])("is what onDelete: %s says", async (onDelete, left) => {
    await out(`rm -rf ${folder}/folder-* ${folder}/disk-*`);
    project.program = replaced(onDelete, 0);
    await project.up();
    await out("for jail in folder disk; do jexec $jail sh -c 'echo kept >/root/data'; done");
    project.program = replaced(onDelete, 1);
    const run = await project.up();
    expect(run.changes).toMatchObject({ replace: 2 });
    expect(await out("jls name | sort")).toBe("disk\nfolder");
    expect(await read()).toBe(left);
    expect(await out(`ls ${folder} | grep -c '^\\(disk\\|folder\\)-.*xz$'`)).toBe(onDelete === "archive" ? "2" : "0");
    project.program = program(() => undefined);
    await project.up();
    if (onDelete === "keep")
      expect(await out("ls /usr/jails/images/disk.img /usr/jails/folder/root/data")).not.toMatch(/No such/);
    project.program = replaced("destroy", 1);
    await project.up();
    project.program = program(() => undefined);
    await project.up();
  });
});

describe("an archive is refused whole", () => {
  let file: string;
  const use = () => program((base) => void new Jail("bad", { base, template: file }));

  /** An archive of what a command leaves in a folder of its own, with a manifest that fits. */
  async function make(command: string): Promise<void> {
    await out(`rm -rf /tmp/tree; mkdir /tmp/tree; cd /tmp/tree; ${command}; tar -cf ${file} .`);
    await manifest();
  }

  /** An archive of such members, whatever tar itself thinks of them. */
  async function put(entries: readonly Member[]): Promise<void> {
    const text = gzipSync(await packed(entries)).toString("base64");
    await out(`printf %s ${text} | openssl base64 -d -A >${file}`);
    await manifest();
  }

  async function manifest(more: Record<string, string> = {}): Promise<void> {
    const values = { jail: "web", release: "13.2-RELEASE", architecture: "amd64", created: "1", kilobytes: "10" };
    const text = Object.entries({ ...values, ...more }).map(([key, value]) => `${key}=${value}`);
    await out(`(echo '${text.join("\n")}'; echo sha256=$(sha256 -q ${file})) >${file}.manifest`);
  }

  beforeAll(async () => {
    project.program = program(() => undefined);
    await project.up();
    await out(`mkdir -p /tmp/archives`);
    file = "/tmp/archives/bad.tar";
  });

  afterEach(async () => {
    expect(await out("ls -d /usr/jails/bad /usr/jails/.new-bad /etc/jail.conf.d/bad.conf 2>/dev/null")).toBe("");
  });

  test("if it was changed", async () => {
    await make("echo x >x");
    await out(`echo y >>${file}`);
    expect(await failure(use())).toMatch(/was changed or cut short after it was made: its SHA-256 is/);
  });

  test("if it is cut short", async () => {
    await make("dd if=/dev/zero of=big bs=64k count=4");
    await out(`truncate -s 100000 ${file}`);
    await manifest();
    expect(await failure(use())).toMatch(/bad\.tar cannot be read|could not be unpacked/);
  });

  test("without a manifest", async () => {
    await make("echo x >x");
    await out(`rm ${file}.manifest`);
    expect(await failure(use())).toMatch(/no manifest .*bad\.tar\.manifest/);
  });

  test("of another release or architecture", async () => {
    await make("echo x >x");
    await manifest({ release: "12.4-RELEASE" });
    expect(await failure(use())).toMatch(/is of a jail of 12\.4-RELEASE, and the base is 13\.2-RELEASE/);
    await manifest({ architecture: "aarch64" });
    expect(await failure(use())).toMatch(/is of a jail for aarch64, and this host is amd64/);
  });

  const plain = (name: string): Member => ({ name, type: "file" });
  const link = (name: string, linkname: string): Member => ({ name, type: "link", linkname });
  const symlink = (name: string, linkname: string): Member => ({ name, type: "symlink", linkname });

  test.each<[string, Member[], RegExp]>([
    [
      "a path that leaves it",
      [plain("a/../../x")],
      /has a path that leaves it: a\/\.\.\/\.\.\/x; nothing was unpacked/,
    ],
    ["an absolute path", [plain("/tmp/x")], /has a path that leaves it: \/tmp\/x; nothing/],
    [
      "a character device",
      [{ name: "null", type: "character-device", devmajor: 1, devminor: 3 }],
      /has a device: null/,
    ],
    ["a block device", [{ name: "disk", type: "block-device", devmajor: 8, devminor: 0 }], /has a device: disk/],
    ["a hard link to a file outside", [link("shadow", "../../../etc/master.passwd")], /has a hard link that leaves it/],
    ["a hard link to an absolute path", [link("shadow", "/etc/master.passwd")], /has a hard link that leaves it/],
    [
      "a hard link by a link",
      [symlink("a", "/etc"), link("shadow", "a/master.passwd")],
      /has a hard link that leaves it/,
    ],
    ["a file behind a link", [symlink("a", "/etc"), plain("a/evil")], /could not be unpacked/],
  ])("with %s", async (_name, entries, reason) => {
    await put(entries);
    expect(await failure(use())).toMatch(reason);
    expect(await out("ls /etc/evil /tmp/x 2>/dev/null")).toBe("");
  });
});

test("a Jail and an ImageJail of one name replace each other only by archive and restore", async () => {
  project.program = program((base) => void new Jail("web", { base }));
  await project.up();
  const message = await failure(program((base) => void new ImageJail("web", { base, image: { size: "6m" } })));
  expect(message).toMatch(/an ImageJail takes its place only by archive and restore/);
  expect(await out("jls name")).toBe("web");
  await out("jexec web sh -c 'echo moved >/root/moved'");
  project.program = program((base) => void new Jail("web", { base, onDelete: "archive", archiveTo: "/tmp/moved" }));
  await project.up();
  project.program = program(() => undefined);
  await project.up();
  const restore = await out("ls /tmp/moved/*.tar.xz");
  project.program = program((base) => void new ImageJail("web", { base, restore, image: { size: "6m" } }));
  await project.up();
  expect(await out("jexec web cat /root/moved")).toBe("moved");
});

test("nothing else is left of all that", async () => {
  await project.destroy();
  await out("rm -rf /tmp/archives /tmp/tree /tmp/moved");
  const left = difference(before, await takePicture(target));
  expect(
    left.filter((line) => !/\/usr\/jails(\/archive|$)|:usr:jails|\/var\/db\/pulumi-freebsd-jails$/.test(line)),
  ).toEqual([]);
});
