import { OneJail, type Properties } from "./harness/oneJail";
import { onRealHost } from "./harness/target";

let jail: OneJail;

beforeAll(async () => {
  jail = await OneJail.open();
  await jail.said("mkdir -p /data/www; echo hello > /data/www/index.html");
});

afterAll(async () => {
  await jail.said("rm -rf /data");
  await jail.close();
});

describe("parameters", () => {
  test("of jail(8) that no property says are set, by a restart", async () => {
    const { preview, wentOn } = await jail.change({
      parameters: { "host.domainname": "example.org", "allow.reserved_ports": false },
      osrelease: "12.4-RELEASE",
    });
    expect(preview).toMatch(/Jail web restarts, for: parameters, osrelease/);
    expect(wentOn).toBe(false);
    expect(await jail.said("jls -j web host.domainname allow.reserved_ports; jexec web uname -r")).toBe(
      "example.org false\n12.4-RELEASE",
    );
  });

  test.each<[string, Properties, RegExp]>([
    [
      "that the kernel doesn't know",
      { parameters: { "allow.such_thing": true } },
      /knows no parameter allow\.such_thing/,
    ],
    [
      "with a typo",
      { parameters: { "host.domainnam": "x" } },
      /knows no parameter host\.domainnam of a jail.*jail web is as it was/,
    ],
    ["that a property says", { parameters: { devfs_ruleset: 5 } }, /parameters\.devfs_ruleset: .*`devfsRuleset`/],
    ["that the kernel alone sets", { parameters: { jid: 7 } }, /parameters\.jid: /],
    ["of a permission that this kernel hasn't", { allow: ["vmm"] }, /knows no parameter allow\.vmm/],
  ])("%s are refused", async (_name, properties, message) => {
    expect(await jail.refused(properties)).toMatch(message);
  });

  test("that are dangerous come with a warning, once", async () => {
    jail.declare({ allow: ["mount", "mount.nullfs"], rawSockets: true, childrenMax: 1 });
    const { messages } = await jail.project.up();
    const text = messages.join("\n");
    expect(text).toMatch(/warning: allow\.mount\.nullfs .*CVE-2025-15547/);
    expect(text).toMatch(/warning: allow\.raw_sockets /);
    expect(text).toMatch(/warning: childrenMax: .*CVE-2020-25581/);
    expect((await jail.project.up()).messages.join("\n")).not.toMatch(/warning:/);
  });
});

describe("hooks", () => {
  const line = `echo 'one two' "three" $HOME \`id -un\` \\\\ > /tmp/hook; printf '%s\\n' "$((1 + 1))" >> /tmp/hook`;

  test("arrive exactly as they are written", async () => {
    const { wentOn } = await jail.change({ execPoststart: line });
    expect(wentOn).toBe(false);
    expect(await jail.said("cat /tmp/hook")).toBe("one two three /root root \\\n2");
  });

  test("run in jail(8)'s order, on the host and in the jail", async () => {
    const say = (word: string) => `echo ${word} >> /tmp/hooks`;
    await jail.said("rm -f /tmp/hooks");
    await jail.change({
      execPrestart: [say("prestart"), say("prestart2")],
      execCreated: say("created"),
      execStart: ["/bin/sh /etc/rc", "echo inside > /root/started"],
      execPoststart: say("poststart"),
      execPrestop: say("prestop"),
      execStop: "/bin/sh /etc/rc.shutdown jail",
      execPoststop: say("poststop"),
    });
    expect(await jail.said("cat /tmp/hooks; jexec web cat /root/started")).toBe(
      "prestart\nprestart2\ncreated\npoststart\ninside",
    );
    await jail.said("service jail onerestart web");
    expect(await jail.said("cat /tmp/hooks | tail -n 6")).toBe(
      "prestop\npoststop\nprestart\nprestart2\ncreated\npoststart",
    );
  });

  test("for its stop change live", async () => {
    const { wentOn } = await jail.change({ execPrestop: "echo bye > /tmp/hooks" });
    expect(wentOn).toBe(false);
    expect((await jail.change({ execPrestop: "echo bye2 > /tmp/hooks" })).wentOn).toBe(true);
    await jail.change({ running: false });
    await jail.change({});
    await jail.said("rm -f /tmp/hook /tmp/hooks");
  });

  test.each<[string, Properties, RegExp]>([
    ["a NUL", { execStart: "echo a\0b" }, /execStart: .*without NUL/],
    ["a line break", { execPoststart: ["echo a\necho b"] }, /execPoststart.*one line/],
    ["nothing", { execStop: " " }, /execStop: /],
  ])("with %s are refused in the preview", async (_name, properties, message) => {
    expect(await jail.refused(properties)).toMatch(message);
  });

  test("that fail leave the jail running as before", async () => {
    await jail.change({});
    jail.declare({ execPrestart: "/usr/bin/false" });
    await expect(jail.project.up()).rejects.toThrow(/did not start: [\s\S]*\/usr\/bin\/false: failed/);
    expect(await jail.said("jls -j web name; grep -c prestart /etc/jail.conf.d/web.conf")).toBe("web\n0");
    await jail.change({});
  });
});

describe("mounts", () => {
  test("of every kind are there, each at its place", async () => {
    const { preview, wentOn } = await jail.change({
      mounts: [
        { type: "nullfs", source: "/data/www", target: "/usr/local/www/data", readOnly: true },
        { type: "tmpfs", target: "/var/cache/scratch", size: "8m", mode: "1777" },
        "fdescfs",
        "procfs",
        "linprocfs",
      ],
    });
    expect(preview).toMatch(/Jail web restarts, for: mounts/);
    expect(wentOn).toBe(false);
    expect(await jail.said("jexec web cat /usr/local/www/data/index.html")).toBe("hello");
    expect(await jail.said("jexec web touch /usr/local/www/data/x")).toMatch(/Read-only file system/);
    expect(await jail.said("mount -p | grep /usr/jails/web/ | awk '{ print $2, $3, $4 }' | sort")).toBe(
      [
        "/usr/jails/web/compat/linux/proc linprocfs rw",
        "/usr/jails/web/dev devfs rw",
        "/usr/jails/web/dev/fd fdescfs rw",
        "/usr/jails/web/proc procfs rw",
        "/usr/jails/web/sharedfs nullfs ro",
        "/usr/jails/web/usr/local/www/data nullfs ro",
        "/usr/jails/web/var/cache/scratch tmpfs rw",
      ].join("\n"),
    );
    expect(await jail.said("jexec web df -k /var/cache/scratch | awk 'NR == 2 { print $2 }'")).toBe("8192");
  });

  test("go when they are taken out, and the folder of the host keeps what is in it", async () => {
    await jail.change({});
    expect(await jail.said("mount -p | grep -c -e www -e scratch -e proc; cat /data/www/index.html")).toBe("0\nhello");
  });

  test.each<[string, Properties, RegExp]>([
    [
      "from nowhere",
      { mounts: [{ type: "nullfs", source: "/data/none", target: "/mnt/a" }] },
      /no folder \/data\/none/,
    ],
    [
      "outside the jail",
      { mounts: [{ type: "nullfs", source: "/data", target: "/mnt/../../etc" }] },
      /mounts\[0\]\.target: /,
    ],
    ["over the base", { mounts: [{ type: "tmpfs", target: "/sharedfs" }] }, /mounts\[0\]\.target: /],
    [
      "twice at one place",
      { mounts: ["procfs", { type: "tmpfs", target: "/proc" }] },
      /mounts\[1\]\.target: \/proc stands there twice/,
    ],
    [
      "that hides another",
      {
        mounts: [
          { type: "tmpfs", target: "/mnt/a" },
          { type: "tmpfs", target: "/mnt" },
        ],
      },
      /would hide \/mnt\/a/,
    ],
    [
      "of another jail's tree",
      { mounts: [{ type: "nullfs", source: "/usr/jails/db/var", target: "/mnt/a" }] },
      /mounts\[0\]\.source: .*plant links/,
    ],
    ["of the whole host", { mounts: [{ type: "nullfs", source: "/", target: "/mnt/a" }] }, /mounts\[0\]\.source: /],
    [
      "with a size that is none",
      { mounts: [{ type: "tmpfs", target: "/mnt/a", size: "many" }] },
      /mounts\[0\]\.size: /,
    ],
    ["of a kind that there isn't", { mounts: ["nfs" as "procfs"] }, /mounts\[0\]: /],
    [
      "at a place where the base's link is",
      { mounts: [{ type: "tmpfs", target: "/usr/bin" }] },
      /\/usr\/bin is a symbolic link/,
    ],
    [
      "at a place where a file is",
      { mounts: [{ type: "tmpfs", target: "/etc/fstab" }] },
      /\/etc\/\w+ is a file|mounts: /,
    ],
    ["of ports that the base hasn't", { ports: true }, /ports: the base \S+ has no \/usr\/ports; .*components/],
  ])("%s are refused", async (_name, properties, message) => {
    await jail.said("jexec web touch /etc/fstab");
    expect(await jail.refused(properties)).toMatch(message);
  });

  test("at a place where the jail's root planted a link are refused, and nothing is mounted through it", async () => {
    await jail.said("jexec web sh -c 'mkdir -p /mnt/trap; ln -s /../../../../etc /mnt/trap/out'");
    expect(await jail.refused({ mounts: [{ type: "nullfs", source: "/data", target: "/mnt/trap/out/deep" }] })).toMatch(
      /\/mnt\/trap\/out is a symbolic link/,
    );
  });
});

describe("limits", () => {
  test("of processors are set now and at every start", async () => {
    const { wentOn } = await jail.change({ cpuset: "1" });
    expect(wentOn).toBe(true);
    expect(await jail.said("cpuset -g -j web | head -n 1 | sed 's/.*: //'")).toBe("1");
    await jail.said("service jail onerestart web");
    expect(await jail.said("cpuset -g -j web | head -n 1 | sed 's/.*: //'")).toBe("1");
    expect((await jail.change({})).wentOn).toBe(true);
    expect(await jail.said("cpuset -g -j web | head -n 1 | sed 's/.*: //'")).toBe("0, 1");
  });

  test.each<[string, Properties, RegExp]>([
    ["a processor that the host hasn't", { cpuset: "0-9" }, /cpuset: this host has 2 processors \(0 to 1\), and no 9/],
    ["processors that are none", { cpuset: "one" }, /cpuset: /],
    ["a routing table that the host hasn't", { fib: 1 }, /fib: this host has 1 routing tables.*net\.fibs=2/],
    ["a limit of nothing known", { limits: { memory: "1g" } }, /limits\.memory: .*memoryuse/],
    ["a limit that is no amount", { limits: { maxproc: "many" } }, /limits\.maxproc: /],
    ["a limit that can't be denied", { limits: { cputime: 5 } }, /limits\.cputime: .*sigkill=5/],
  ])("%s is refused", async (_name, properties, message) => {
    expect(await jail.refused(properties)).toMatch(message);
  });

  // A real host may count (kern.racct.enable=1).
  (onRealHost ? test.skip : test)("where nothing is counted are refused", async () => {
    expect(await jail.refused({ limits: { maxproc: 20 } })).toMatch(/kern\.racct\.enable=1 into \/boot\/loader\.conf/);
  });
});

(onRealHost ? describe.skip : describe)("a daemon of the host that listens on a jail's address", () => {
  test("comes with a warning, when the jail gets the address", async () => {
    await jail.change({});
    await jail.said(
      "cp -p /etc/ssh/sshd_config /tmp/sshd_config; echo 'ListenAddress 192.168.1.6' >> /etc/ssh/sshd_config",
    );
    jail.declare({ addresses: ["lo1|192.168.1.6"] });
    expect((await jail.project.up()).messages.join("\n")).toMatch(
      /daemons of the host listen on jail web's addresses \(192\.168\.1\.6\).*sshd \(192\.168\.1\.6:22\)/,
    );
    await jail.said("cp -p /tmp/sshd_config /etc/ssh/sshd_config; rm /tmp/sshd_config");
    jail.declare({ addresses: ["lo1|192.168.1.7"] });
    expect((await jail.project.up()).messages.join("\n")).not.toMatch(/daemons of the host/);
  });
});
