import { BaseInstall, Jail, type JailArgs, LoopbackInterface } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { openTarget, stackConfig, type Target } from "./harness/target";

let target: Target;
let project: Project;
let before: readonly string[];

type Properties = Partial<Omit<JailArgs, "base">>;

/** A service that does nothing but run, as a port would bring it. */
const ticking = (program = "/bin/sleep 100000") => ({
  mode: 0o755,
  content: `#!/bin/sh
# PROVIDE: ticking
# REQUIRE: LOGIN
. /etc/rc.subr
name=ticking
rcvar=ticking_enable
pidfile=/var/run/ticking.pid
procname=/bin/sleep
command=/usr/sbin/daemon
command_args="-f -p $pidfile ${program}"
load_rc_config $name
: \${ticking_enable:=NO}
run_rc_command "$1"
`,
});

/** The same under another name. */
function called(name: string, { content, mode }: ReturnType<typeof ticking>) {
  return { mode, content: content.replaceAll("ticking", name) };
}

const hash = "$6$saltsaltsalt$NOTAHASHOFANYPASSWORDTHATSOMEBODYHAS";
const key = `ssh-ed25519 ${Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from("ssh-ed25519"), Buffer.alloc(36, 7)]).toString("base64")} me@here`;

/** All of it at once. */
const whole: Properties = {
  users: [{ name: "alice", groups: ["wheel", "ops"], sshKeys: [key], passwordHash: hash, gecos: "Alice B." }],
  files: {
    "/etc/motd.template": "Welcome\n",
    "/etc/shop/settings with spaces.conf": { content: "password=unseen4711\n", mode: "0640", owner: "alice" },
    "/usr/local/etc/rc.d/ticking": ticking(),
  },
  rcConf: { syslogd_flags: "-ss", greeting: 'a "quoted" $HOME `x` \\' },
  run: ["echo one >>/root/log", "echo two >>/root/log\necho three >>/root/log"],
  services: ["ticking"],
  healthCheck: { command: "service ticking status", timeout: 3 },
};

function program(properties: Properties) {
  return async () => {
    const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
    const base = new BaseInstall("base", { release: "host", source: target.base });
    new Jail("web", { base, addresses: [lo1.address(2)], ...properties });
  };
}

async function inside(command: string): Promise<string> {
  const { stdout } = await target.sh(`jexec web sh -c '${command}' 2>&1`);
  return stdout.trim();
}

/** Takes the jail to other properties; a second up, with a refresh, has nothing to do. */
async function change(properties: Properties): Promise<readonly string[]> {
  project.program = program(properties);
  const run = await project.up();
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
  return changed(run);
}

beforeAll(async () => {
  target = await openTarget();
  before = await takePicture(target);
  project = await Project.create(program(whole), { config: stackConfig(target) });
});

afterAll(async () => {
  await project.destroy();
  project.dispose();
  expect(difference(before, await takePicture(target))).toEqual([]);
  await target.close();
});

describe("a new jail", () => {
  test("shows in the preview what will be inside", async () => {
    const { output } = await project.preview({ diff: true });
    expect(output).toMatch(/user alice uid=- groups=ops,wheel shell=\/bin\/sh home=\/home\/alice gecos=Alice B\./);
  });

  test("has all of it", async () => {
    expect(await change(whole)).toContain("create Jail web");
    expect(await inside("cat /etc/motd.template /root/log")).toBe("Welcome\none\ntwo\nthree");
    expect(await inside('stat -f "%Sp %Su %Sg" "/etc/shop/settings with spaces.conf"')).toBe("-rw-r----- alice alice");
    expect(await inside("id -Gn alice; stat -f %Su:%Sp /home/alice/.ssh/authorized_keys")).toBe(
      "alice wheel ops\nalice:-rw-------",
    );
    expect(await inside("grep -c NOTAHASH /etc/master.passwd; service ticking status")).toMatch(
      /^1\nticking is running/,
    );
    expect(await inside(". /etc/rc.conf; echo $greeting $syslogd_flags; ps ax | grep -c [s]yslogd.-ss")).toBe(
      'a "quoted" $HOME `x` \\ -ss\n1',
    );
  });

  test("keeps its secrets out of the host's files", async () => {
    const { stdout } = await target.sh(
      "grep -rl -e unseen4711 -e NOTAHASH /var/db/pulumi-freebsd-jails /etc /var/run; true",
    );
    expect(stdout).toBe("");
  });
});

describe("what somebody changed in the jail by hand is found by a refresh, and put right by an up:", () => {
  test.each<[string, string, RegExp, string, RegExp]>([
    ["a file's content", "echo other >/etc/motd.template", /motd\.template/, "cat /etc/motd.template", /^Welcome$/],
    [
      "a file's mode",
      "chmod 777 /etc/motd.template",
      /0777 root:wheel/,
      "stat -f %Sp /etc/motd.template",
      /^-rw-r--r--$/,
    ],
    ["a file that is gone", "rm /etc/motd.template", /is not there/, "cat /etc/motd.template", /^Welcome$/],
    [
      "a service that was stopped",
      "service ticking stop",
      /ticking does not run/,
      "service ticking status",
      /is running/,
    ],
    [
      "a line of rc.conf",
      "echo syslogd_flags=-s >>/etc/rc.conf",
      /syslogd_flags/,
      ". /etc/rc.conf; echo $syslogd_flags",
      /^-ss$/,
    ],
    ["a user's groups", "pw groupmod operator -m alice", /operator/, "id -Gn alice", /^alice wheel ops$/],
    ["a user that is gone", "pw userdel alice", /user alice is not there/, "id -un alice", /^alice$/],
  ])("%s", async (_name, command, property, question, answer) => {
    await inside(command);
    await project.refresh();
    expect((await project.preview({ diff: true })).output).toMatch(property);
    await project.up();
    expect(await inside(question)).toMatch(answer);
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });
});

test("a command that changed runs again, and the others don't", async () => {
  await change({ ...whole, run: ["echo one >>/root/log", "echo four >>/root/log"] });
  expect(await inside("cat /root/log")).toBe("one\ntwo\nthree\nfour");
  await change(whole);
});

test("a value of a service restarts it, and nothing else", async () => {
  const pid = await inside("cat /var/run/ticking.pid");
  const jid = (await target.sh("jls -j web jid")).stdout;
  await change({ ...whole, services: [{ name: "ticking", restart: "again" }] });
  expect(await inside("cat /var/run/ticking.pid")).not.toBe(pid);
  expect((await target.sh("jls -j web jid")).stdout).toBe(jid);
});

describe("what doesn't come up leaves the jail as it was:", () => {
  const ending = { "/usr/local/etc/rc.d/ending": called("ending", ticking("/bin/sleep 0.1")) };
  const refusing = {
    "/usr/local/etc/rc.d/refusing": called("refusing", {
      ...ticking(),
      content: ticking().content.replace("load_rc", 'start_cmd="echo port 80 is taken; return 1"\nload_rc'),
    }),
  };
  test.each<[string, Properties, RegExp]>([
    [
      "a service that doesn't start",
      { files: { ...whole.files, ...refusing }, services: ["ticking", "refusing"] },
      /in jail web: services: service refusing start ended with 1: .*port 80 is taken/s,
    ],
    [
      "a service that ends as soon as it is started",
      { files: { ...whole.files, ...ending }, services: ["ticking", "ending"] },
      /in jail web: services: ending ended as soon as it was started: Starting ending\./,
    ],
    [
      "a service that there isn't",
      { services: ["ticking", "nosuch"] },
      /services: nosuch does not exist in \/etc\/rc\.d/,
    ],
    ["a command that fails", { run: ["echo the reason; exit 3"] }, /run\[0\] ended with 3: the reason/],
    [
      "a health check that fails",
      { healthCheck: { command: "echo unwell; false", timeout: 2 } },
      /healthCheck: it ended with 1, for 2 seconds; the last time it said: unwell/,
    ],
    [
      "a file's owner who isn't there",
      { files: { "/etc/x": { content: "", owner: "nobodyatall" } } },
      /there is no user nobodyatall in the jail/,
    ],
    [
      "a user with another one's number",
      { users: [{ name: "bob", uid: 1 }] },
      /users: pw useradd bob ended with 65: .*uid/,
    ],
    ["a file where a folder is", { files: { "/etc/ssh": "x" } }, /\/etc\/ssh is a folder in the jail/],
  ])("%s", async (_name, properties, message) => {
    await change(whole);
    const look =
      "find /etc /usr/local /root /home -type f -exec sha256 -r {} + | grep -v -e pwd.db -e /etc/passwd | sort -k 2; service ticking status";
    const was = await inside(look);
    project.program = program({
      ...whole,
      files: { ...whole.files, "/etc/new/file": "new" },
      rcConf: { another: "line" },
      ...properties,
    });
    await expect(project.up()).rejects.toThrow(message);
    expect(await inside(look)).toBe(was);
    await change(whole);
  });

  test("the jail itself, which then runs with its old configuration again", async () => {
    project.program = program({ ...whole, sysvipc: "new", healthCheck: { command: "echo unwell; false", timeout: 1 } });
    await expect(project.up()).rejects.toThrow(/unwell/);
    expect((await target.sh("jls -j web sysvmsg")).stdout.trim()).toBe("disable");
    expect(await inside("service ticking status")).toMatch(/is running/);
    await change(whole);
  });
});

test("a stopped jail gets it too, and starts with it", async () => {
  await change({ ...whole, running: false });
  await change({
    ...whole,
    running: false,
    files: { ...whole.files, "/etc/late": "late\n" },
    run: ["id -un >/root/late"],
  });
  expect(
    (await target.sh("mount -p | grep web; ifconfig lo1 | grep 192.168.1.2; cat /usr/jails/web/etc/late")).stdout,
  ).toBe("late\n");
  await change({ ...whole, files: { ...whole.files, "/etc/late": "late\n" } });
  expect(await inside("cat /etc/late /root/late; service ticking status")).toMatch(/^late\nroot\nticking is running/);
});

describe("what somebody changed in a stopped jail is found by a refresh:", () => {
  const stopped = { ...whole, running: false, files: { ...whole.files, "/etc/late": "late\n" } };
  const mountsOf = async () => (await target.sh("mount | grep /usr/jails/web; true")).stdout;

  test.each<[string, string, RegExp, string]>([
    ["a file", "echo other >etc/late", /\+ *file 0644 root:wheel 5 sha256:\S+ \/etc\/late/, "grep -x late etc/late"],
    [
      "a service",
      "echo ticking_enable=NO >>etc/rc.conf",
      /- *service ticking is not enabled/,
      "sh -c '. etc/rc.conf; echo $ticking_enable' | grep YES",
    ],
  ])("%s, and put right by an up, without a start", async (_name, command, property, question) => {
    await change(stopped);
    await target.sh(`cd /usr/jails/web && ${command}`);
    await project.refresh();
    expect(await mountsOf()).toBe("");
    expect((await project.preview({ diff: true })).output).toMatch(property);
    await project.up();
    expect((await target.sh(`cd /usr/jails/web && ${question}; jls -j web jid 2>/dev/null`)).stdout.trim()).toMatch(
      /^[^\n]+$/,
    );
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });

  test("not while somebody works in it; what he has mounted there stays", async () => {
    await target.sh("mount -t devfs -o ruleset=4 devfs /usr/jails/web/dev; echo other >/usr/jails/web/etc/late");
    await project.refresh();
    expect(await mountsOf()).toMatch(/^devfs on \/usr\/jails\/web\/dev/);
    await target.sh("umount /usr/jails/web/dev");
    expect(changed(await project.up({ refresh: true }))).toContain("update Jail web");
    await change({ ...whole, files: { ...whole.files, "/etc/late": "late\n" } });
  });

  test("not while it runs under another name", async () => {
    await target.sh("jail -m jid=$(jls -j web jid) name=other");
    await project.refresh();
    expect((await target.sh("mount | grep -c /usr/jails/web/")).stdout.trim()).toBe("2");
    await target.sh("jail -m jid=$(jls -j other jid) name=web");
    await change({ ...whole, files: { ...whole.files, "/etc/late": "late\n" } });
  });
});

test("what is taken out of the program is put back, or gone", async () => {
  await change(whole);
  await target.sh("jexec web sh -c 'echo mine >/etc/mine'");
  await change({ files: { "/etc/mine": "ours\n" } });
  expect(
    await inside(
      "cat /etc/mine; id alice; ls /etc/shop; service ticking status; pgrep sleep; cat /etc/rc.conf 2>/dev/null | grep -c pulumi",
    ),
  ).toMatch(
    /^ours\nid: alice: no such user\nls: \/etc\/shop: No such file or directory\nticking does not exist[^\n]*\n[^\n]*\n0$/,
  );
  await change({});
  expect(await inside("cat /etc/mine; ls /var/db/pulumi-freebsd-jails")).toMatch(/^mine\n.*No such file/);
});
