import { PfNatRule } from "pulumi-freebsd-jails";
import { write } from "./harness/files";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { openTarget, stackConfig, type Target } from "./harness/target";

const web = { kind: "rdr", interface: "egress", protocol: "tcp", port: 80, address: "192.168.1.3" } as const;

let target: Target;
let project: Project;

async function lines(command: string): Promise<string[]> {
  const { stdout } = await target.sh(command);
  return stdout.split("\n").filter(Boolean);
}

async function reason(of: Promise<unknown>): Promise<string> {
  const error = await of.catch((one: unknown) => one);
  return error instanceof Error ? error.message : "";
}

async function digest(): Promise<string[]> {
  return lines("sha256 -r /etc/pf.conf; stat -f '%Sp %u:%g' /etc/pf.conf");
}

beforeAll(async () => {
  target = await openTarget();
  project = await Project.create(async () => void new PfNatRule("web", web), { config: stackConfig(target) });
});

afterEach(async () => {
  await project.destroy();
  await target.sh(
    "pfctl -d; pfctl -F rules; pfctl -F nat; rm -f /etc/pf.conf /etc/pf.more*; sed -i '' /pf_/d /etc/rc.conf",
  );
});

afterAll(async () => {
  project?.dispose();
  await target?.close();
});

/** A file as administrators write them: nothing in it is where a template would have it. */
const odd = `# pf.conf of the shop, \u00e4\u00f6\u00fc, saved on Windows\r
#\tnat on em0 from any to any -> (em0)\r
   ext_if  =  "vtnet0"   # not em0
jails = "{ 192.168.1.2,
           192.168.1.3 }"
table <office> const { 172.16.0.0/12, \\
  10.0.0.0/8 }
set skip on lo0
scrub in all
nat on $ext_if inet from 10.9.0.0/16 \\
   to any -> ($ext_if)
rdr pass on vtnet0 inet proto tcp from any to any port 8443 -> 192.168.1.9
include "/etc/pf.more"


# And now what may pass
pass quick proto tcp from <office> to any port { 22
  80 }
block in log proto udp from any to port 161
pass`;

describe("the administrator's pf.conf", () => {
  test.each<[string, string]>([
    ["as odd as they come", `${odd}\n`],
    ["with nothing but a comment", "# later\n"],
    ["that is empty", ""],
    ["with all sorts of spaces at its end", "set skip on lo0\n\n\t\n  pass  all  \n\n\n"],
  ])("%s: keeps every line, and is byte for byte the same after the last rule", async (_, text) => {
    await write(target, "/etc/pf.more", "rdr-anchor more\n");
    await write(target, "/etc/pf.conf", text);
    await target.sh("chmod 640 /etc/pf.conf; chgrp operator /etc/pf.conf; touch -t 202001010000 /etc/pf.conf");
    await target.sh("sysrc pf_enable=YES; service pf start");
    expect(await lines("pfctl -nf /etc/pf.conf 2>&1")).toEqual([]);
    const [before, picture] = [await digest(), await takePicture(target)];
    await project.up();
    const kept = text.split("\n").filter(Boolean);
    const now = (await target.sh("cat /etc/pf.conf")).stdout.split("\n");
    expect(now.filter((line) => kept.includes(line))).toEqual(kept);
    expect(now.filter((line) => !text.split("\n").includes(line))).toHaveLength(5);
    expect((await digest())[1]).toBe(before[1]);
    expect(await lines("pfctl -nf /etc/pf.conf 2>&1")).toEqual([]);
    expect(await lines("ls /etc/rc.conf.d/pf 2>/dev/null")).toEqual([]);
    await target.sh("service pf restart");
    expect(await lines("pfctl -a pulumi-freebsd-jails -s nat")).toEqual([expect.stringContaining("port = http ->")]);
    await project.destroy();
    expect(difference(picture, await takePicture(target))).toEqual([]);
    expect(await lines("pfctl -s Running; stat -f %Sm -t %Y /etc/pf.conf")).toEqual(["Enabled", "2020"]);
  });

  test("has ours behind its own translation rules, and before its filter rules", async () => {
    await write(target, "/etc/pf.more", "rdr-anchor more\n");
    await write(target, "/etc/pf.conf", `${odd}\n`);
    await project.up();
    const all = await lines("pfctl -s nat");
    expect(all.map((line) => line.replace(/ on .*/, ""))).toEqual([
      "nat",
      'nat-anchor "pulumi-freebsd-jails" all',
      "rdr pass",
      'rdr-anchor "more" all',
      'rdr-anchor "pulumi-freebsd-jails" all',
      'binat-anchor "pulumi-freebsd-jails" all',
    ]);
  });

  test("that somebody changes meanwhile loses our lines alone", async () => {
    await write(target, "/etc/pf.conf", "set skip on lo0\npass all\n");
    await project.up();
    await target.sh("echo 'block in proto udp' >>/etc/pf.conf; sed -i '' '1s/^/# mine\\\n/' /etc/pf.conf");
    await project.destroy();
    expect((await target.sh("cat /etc/pf.conf")).stdout).toBe(
      "# mine\nset skip on lo0\npass all\nblock in proto udp\n",
    );
  });

  test("that was none, and that somebody has extended, stays without our lines", async () => {
    await project.up();
    await target.sh("echo 'block in proto udp' >>/etc/pf.conf");
    await project.destroy();
    expect(await lines("grep -v '^#' /etc/pf.conf")).toEqual(["pass all", "block in proto udp"]);
  });

  test("with another path in rc.conf is that one", async () => {
    await write(target, "/etc/pf.more", "pass all\n");
    await target.sh("sysrc pf_rules=/etc/pf.more pf_enable=YES; service pf start");
    await project.up();
    expect(await lines("grep -c pulumi /etc/pf.more; ls /etc/pf.conf 2>&1 | grep -c 'No such'")).toEqual(["5", "1"]);
    await project.destroy();
    expect(await lines("cat /etc/pf.more")).toEqual(["pass all"]);
  });
});

describe("an error, before anything changes, is", () => {
  const cases: [string, string, RegExp][] = [
    [
      "a pf.conf that does not load",
      "printf 'pass all\\ngarbage here\\n' >/etc/pf.conf",
      /\/etc\/pf.conf does not load as it is.*\/etc\/pf\.conf:2: syntax error/,
    ],
    [
      "one in which ours have no place",
      "printf 'rdr-anchor more\\npass all\\n' >/etc/pf.more; echo 'include \"/etc/pf.more\"' >/etc/pf.conf",
      /line 1 of \/etc\/pf\.conf is in the way: include/,
    ],
    [
      "one that is a link",
      "echo 'pass all' >/etc/pf.more; ln -s pf.more /etc/pf.conf",
      /\/etc\/pf\.conf is a symbolic link.*pf_rules="\/etc\/pf\.more"/,
    ],
    [
      "one that can't be replaced",
      "echo 'pass all' >/etc/pf.conf; chflags schg /etc/pf.conf",
      /has a flag that keeps it from being replaced/,
    ],
    [
      "rules that run without a pf.conf",
      "kldload -n pf; echo 'pass all' | pfctl -f -; pfctl -e",
      /pf has rules that no \/etc\/pf\.conf says/,
    ],
    [
      "a file where rc's folder has to be",
      "mkdir -p /etc/rc.conf.d; echo 'pf_flags=\"\"' >/etc/rc.conf.d/pf",
      /\/etc\/rc\.conf\.d\/pf is a file, and has to be a folder.*mv /,
    ],
  ];
  test.each(cases)("%s", async (_, command, expected) => {
    await target.sh(command);
    const before = await takePicture(target);
    try {
      expect(await reason(project.up())).toMatch(expected);
      expect(difference(before, await takePicture(target))).toEqual([]);
    } finally {
      await target.sh("chflags 0 /etc/pf.conf; [ -d /etc/rc.conf.d/pf ] || rm -f /etc/rc.conf.d/pf");
    }
  });

  test("a kernel that does not load pf", async () => {
    if (!target.machine) return;
    await target.machine.reboot();
    await target.sh("sysctl kern.securelevel=1");
    const before = await takePicture(target);
    expect(await reason(project.up())).toMatch(/pf can't be loaded into the kernel/);
    expect(difference(before, await takePicture(target))).toEqual([]);
    await target.machine.reboot();
  });
});

describe("a rule with enable: false", () => {
  test("waits in its files while pf is off, and is loaded while it is on", async () => {
    const waiting = await Project.create(async () => void new PfNatRule("web", { ...web, enable: false }), {
      config: stackConfig(target),
    });
    await waiting.up();
    expect(await lines("pfctl -s Running 2>/dev/null; ls /etc/rc.conf.d/pf 2>/dev/null")).not.toContain("Enabled");
    expect(await lines("grep -c pulumi /etc/pf.conf; grep -c ^rdr /etc/pf.pulumi-freebsd-jails.conf")).toEqual([
      "6",
      "1",
    ]);
    expect((await waiting.up({ refresh: true })).changes).not.toHaveProperty("update");
    await target.sh("service pf onestart");
    expect(await lines("pfctl -a pulumi-freebsd-jails -s nat")).toHaveLength(1);
    await waiting.destroy();
    waiting.dispose();
    expect(await lines("pfctl -s Running; pfctl -s nat; ls /etc/pf.conf 2>/dev/null")).toEqual(["Enabled"]);
  });
});
