import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Machine } from "../host/machine";

const run = promisify(execFile);

describe("a machine of the stand-in host", () => {
  let machine: Machine;

  beforeAll(async () => {
    machine = await Machine.start({ cpus: 3, disk: 400 * 2 ** 20 });
  }, 120_000);

  afterAll(async () => {
    await machine.stop();
  });

  const out = async (command: string) => (await machine.sh(command)).stdout.trim();

  const ssh = (...command: string[]) =>
    run("ssh", [
      ...["-i", machine.privateKeyFile, "-p", String(machine.port)],
      ...["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"],
      ...["root@127.0.0.1", ...command],
    ]);

  test("has a real SSH server, whose client is at the gateway, and csh for root", async () => {
    const { stdout } = await ssh("echo $shell $SSH_CONNECTION:q");
    expect(stdout).toMatch(/^\/bin\/csh 10\.0\.2\.2 \d+ 10\.0\.2\.15 22\n$/);
    expect(await out("cat /etc/ssh/ssh_host_ed25519_key.pub")).toContain(machine.hostKey);
  });

  test("is what it was asked to be", async () => {
    expect(await out("sysctl -n hw.ncpu; uname -r")).toBe("3\n13.2-RELEASE");
    expect(Number(await out("df -k / | tail -1 | awk '{ print $2 }'"))).toBeLessThan(400 * 1024);
  });

  test("refuses jail(8)'s options of the command line where the jail is in a file, as jail.c does", async () => {
    await machine.sh("printf 'x { path = /; persist; }\\n' >/root/x.conf");
    for (const option of ["-l", "-U root", "-u root", "-h", "-n x", "-s 1"]) {
      const { stderr, status } = await machine.sh(`jail ${option} -f /root/x.conf -c x`);
      expect({ option, status, usage: stderr.startsWith("usage: jail ") }).toEqual({ option, status: 1, usage: true });
    }
    expect(await out("jail -i -f /root/x.conf -c x && jail -R x && echo ended")).toMatch(/^\d+\nended$/);
  });

  test("counts connections, bytes and programs", async () => {
    await machine.counters(true);
    await machine.commands(true);
    await ssh("ls /etc/fstab");
    const counters = await machine.counters();
    expect(counters.connections).toBe(1);
    expect(counters.bytesSent).toBeGreaterThan(1000);
    expect((await machine.commands()).map((command) => command.argv)).toEqual([["/bin/ls", "/etc/fstab"]]);
  });

  test("forgets at a power loss what was not synced", async () => {
    await machine.sh("echo kept >/root/kept; fsync /root/kept; echo lost >/root/lost");
    await machine.powerLoss();
    expect(await out("cat /root/kept /root/lost 2>&1")).not.toContain("lost\n");
    expect(await out("cat /root/kept")).toBe("kept");
  });

  test("is the same machine after a power loss in its first minute", async () => {
    const other = await Machine.start({ disk: 400 * 2 ** 20 });
    try {
      const uuid = async () => (await other.sh("sysctl -n kern.hostuuid")).stdout;
      const before = await uuid();
      await other.powerLoss();
      expect(await uuid()).toBe(before);
      expect(before).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\n$/);
    } finally {
      await other.stop();
    }
  }, 120_000);

  test("keeps all at a reboot in order, but its volatile state", async () => {
    await machine.sh("echo kept >/root/calm; ifconfig lo7 create; jail -c name=j path=/ persist");
    await machine.reboot();
    expect(await out("cat /root/calm; jls name; ifconfig lo7 2>&1")).toBe(
      "kept\nifconfig: interface lo7 does not exist",
    );
  });

  test("goes back to a snapshot", async () => {
    const snapshot = await machine.snapshot();
    const uuid = await out("sysctl -n kern.hostuuid");
    await machine.sh("rm /etc/fstab; sync");
    await machine.restore(snapshot);
    expect(await out("ls /etc/fstab; sysctl -n kern.hostuuid")).toBe(`/etc/fstab\n${uuid}`);
  });

  test("kills who calls the n-th program, before or after it ran", async () => {
    await machine.failAt(2, "before", "process");
    expect(await machine.sh("touch /tmp/1; touch /tmp/2; touch /tmp/3")).toMatchObject({ status: 137 });
    expect(await out("ls /tmp/1 /tmp/2 2>/dev/null")).toBe("/tmp/1");
    await machine.failAt(2, "after", "process");
    await machine.sh("touch /tmp/4; touch /tmp/5; touch /tmp/6");
    expect(await out("ls /tmp/4 /tmp/5 /tmp/6 2>/dev/null")).toBe("/tmp/4\n/tmp/5");
  });

  test("loses power at the n-th program and comes back", async () => {
    await machine.failAt(2, "after", "power");
    await expect(machine.sh("echo x >/root/x; fsync /root/x; sync; touch /root/y")).rejects.toThrow();
    await machine.up();
    expect(await out("ls /root/x /root/y 2>/dev/null")).toBe("/root/x");
  });

  test("drops connections, at once or behind the n-th byte", async () => {
    const cut = ssh("sleep 30");
    await new Promise((resolve) => setTimeout(resolve, 500));
    await machine.cut();
    await expect(cut).rejects.toThrow();
    await machine.cutAfter(500);
    await expect(ssh("true")).rejects.toThrow();
    await ssh("true");
  });

  test("runs a jail's processes where only the jail sees them, and ends them with it", async () => {
    await machine.sh("jail -c name=j path=/ persist; (jexec j sleep 100 &)");
    expect(await out("jexec j ps -axo command | grep -c sleep")).toBe("1");
    expect(await out("ps -axo jid,command -J j | grep -c 'sleep 100'")).toBe("1");
    await machine.sh("jail -r j");
    expect(await out("ps -axo command | grep 'sleep 100' | grep -v grep")).toBe("");
  });
});
