import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConnectionInput } from "../../provider/host/connection";
import { fingerprint } from "../../provider/host/host-key";
import { linuxServer } from "./linux";
import { leftHere } from "./process";
import { errorOf, eventually, probe, Rig } from "./rig";

jest.setTimeout(120_000);

let rig: Rig;
let folder: string;
const file = (name: string) => join(folder, name);
const password = "correct horse\\ battery";
const passphrase = " $taple ü";
const run = (program: string, args: string[], input = "") => execFileSync(program, args, { input, encoding: "utf8" });
const text = (name: string) => readFileSync(file(name), "utf8");

beforeAll(async () => {
  rig = await Rig.start();
  folder = mkdtempSync(join(tmpdir(), "auth-"));
  for (const name of ["good", "other"]) run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file(name)]);
  run("ssh-keygen", ["-q", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", passphrase, "-f", file("locked")]);
  const keys = text("good.pub") + text("locked.pub") + run("ssh-keygen", ["-y", "-f", rig.machine.privateKeyFile]);
  await rig.machine.sh("cat >/root/.ssh/authorized_keys", keys);
  const hash = run("openssl", ["passwd", "-6", "-stdin"], password).trim();
  await rig.machine.sh("cat >>/etc/passwd", `alice:${hash}:1001:1001:Alice:/home/alice:/bin/csh\n`);
  await rig.machine.sh("cat >>/etc/passwd", `mute:*:1002:1002:Mute:/home/mute:/usr/sbin/nologin\n`);
  await rig.sh("mkdir -p /home/alice /home/mute /usr/local/bin /usr/local/etc");
  await rig.sh("cp -R /root/.ssh /home/alice; cp -R /root/.ssh /home/mute");
  await rig.sh("chown -R 1001:1001 /home/alice; chown -R 1002:1002 /home/mute");
});
afterAll(async () => {
  await rig.stop();
  rmSync(folder, { recursive: true });
});
/** Nothing stays here either: no folder for secrets, no agent. */
afterEach(async () => {
  await rig.settle();
  await eventually(() => leftHere(rig).length === 0);
});

const login = (more: Partial<ConnectionInput>) => probe(rig.connect({ privateKey: undefined, ...more }), "echo");

function config(name: string, lines: string): { sshConfig: string } {
  writeFileSync(file(name), lines);
  return { sshConfig: file(name) };
}

async function agent<T>(keyFile: string, body: (socket: string) => Promise<T>): Promise<T> {
  const process = spawn("ssh-agent", ["-D", "-a", file("agent")], { stdio: ["ignore", "pipe", "ignore"] });
  await once(process.stdout, "data");
  run("env", [`SSH_AUTH_SOCK=${file("agent")}`, "ssh-add", "-q", keyFile]);
  return body(file("agent")).finally(() => process.kill());
}

test("a key as a value", () => login({ privateKey: text("good") }));

test("a key as a value, with a passphrase", () =>
  login({ privateKey: text("locked"), privateKeyPassword: passphrase }));

test("a key of an agent that is named", () => agent(file("good"), (agentSocketPath) => login({ agentSocketPath })));

test("a key of the user's agent", async () => {
  const before = process.env.SSH_AUTH_SOCK;
  await agent(file("good"), (socket) => {
    process.env.SSH_AUTH_SOCK = socket;
    return login({});
  }).finally(() => {
    if (before === undefined) delete process.env.SSH_AUTH_SOCK;
    else process.env.SSH_AUTH_SOCK = before;
  });
});

test("a key file of the user's configuration", () => login(config("file", `IdentityFile ${file("good")}\n`)));

test("a key file with a passphrase", () =>
  login({ ...config("locked-file", `IdentityFile ${file("locked")}\n`), privateKeyPassword: passphrase }));

test("a password, and then root by doas or sudo", async () => {
  await installBecome();
  await rig.machine.sh("cat >/usr/local/etc/become.conf", "permit nopass alice\n");
  for (const become of ["doas", "sudo"] as const) {
    const { facts } = await login({ user: "alice", password, become });
    expect(facts.other).toEqual(["unset"]);
  }
});

test("through a proxy, each with its own credentials", async () => {
  const { machine } = rig;
  const proxy = { host: "127.0.0.1", port: machine.port, user: "alice", password, hostKey: machine.hostKey };
  await login({ host: "10.0.2.15", port: 22, privateKey: text("locked"), privateKeyPassword: passphrase, proxy });
});

test("through a jump host of the user's configuration", async () => {
  writeFileSync(file("hosts"), `inside,outside ${rig.machine.hostKey}\n`);
  const known = `UserKnownHostsFile ${file("hosts")}\nIdentityFile ${file("good")}\n`;
  const inside = `Host inside\nHostName 10.0.2.15\nPort 22\nHostKeyAlias inside\nProxyJump outside\n${known}`;
  const outside = `Host outside\nHostName 127.0.0.1\nPort ${rig.machine.port}\nUser root\nHostKeyAlias outside\n${known}`;
  await login({ ...config("jump", inside + outside), host: "inside", port: undefined, hostKey: undefined });
});

test("a host key of the user's known_hosts", async () => {
  writeFileSync(file("known"), `[127.0.0.1]:${rig.machine.port} ${rig.machine.hostKey}\n`);
  await login({
    ...config("known-config", `UserKnownHostsFile ${file("known")}\nIdentityFile ${file("good")}\n`),
    hostKey: undefined,
  });
});

test("an unknown host key is taken, and remembered, only where that was asked for", async () => {
  const options = {
    ...config("first", `UserKnownHostsFile ${file("fresh")}\nIdentityFile ${file("good")}\n`),
    hostKey: undefined,
  };
  const error = await errorOf(login(options));
  expect(error.code).toBe("host_key_unknown");
  expect(error.message).toContain(fingerprint(rig.machine.hostKey));
  await login({ ...options, trustOnFirstUse: true });
  expect(text("fresh")).toContain(rig.machine.hostKey.split(" ")[1]);
});

test("another host key than the pinned one is an error with both fingerprints", async () => {
  const error = await errorOf(login({ privateKey: text("good"), hostKey: text("other.pub") }));
  expect(error.code).toBe("host_key_changed");
  expect(error.message).toContain(fingerprint(text("other.pub")));
  expect(error.message).toContain(fingerprint(rig.machine.hostKey));
});

test("another host key than the known one is an error with both fingerprints", async () => {
  writeFileSync(file("wrong"), `[127.0.0.1]:${rig.machine.port} ${text("other.pub")}`);
  const error = await errorOf(
    login({ ...config("wrong-config", `UserKnownHostsFile ${file("wrong")}\n`), hostKey: undefined }),
  );
  expect(error.code).toBe("host_key_changed");
  expect(error.message).toContain(fingerprint(text("other.pub")));
  expect(error.message).toContain(fingerprint(rig.machine.hostKey));
});

test("a key of another type than the pinned one is an error that says so", async () => {
  const error = await errorOf(login({ privateKey: text("good"), hostKey: text("locked.pub") }));
  expect(error).toMatchObject({ code: "host_key_changed", message: expect.stringContaining("another type") });
});

test.each<[string, string, RegExp, () => Partial<ConnectionInput>]>([
  ["a key that isn't there", "key_refused", /private key was refused for root/, () => ({ privateKey: text("other") })],
  ["no key at all", "key_refused", /no key of ssh's agent or configuration/, () => ({})],
  [
    "a wrong password",
    "password_refused",
    /password of alice was refused/,
    () => ({ user: "alice", password: "wrong" }),
  ],
  ["a missing passphrase", "passphrase_missing", /set `privateKeyPassword`/, () => ({ privateKey: text("locked") })],
  [
    "a wrong passphrase",
    "passphrase_wrong",
    /is not the passphrase/,
    () => ({ privateKey: text("locked"), privateKeyPassword: "wrong" }),
  ],
  ["a key that is none", "key_invalid", /no private key/, () => ({ privateKey: "hunter22" })],
  ["an agent that isn't there", "key_refused", /no key of ssh's agent/, () => ({ agentSocketPath: "/nosuch/agent" })],
  ["a user who isn't root", "not_root", /log in as root, or set `become/, () => ({ user: "alice", password })],
  ["a user without a shell", "no_shell", /no shell/, () => ({ user: "mute", privateKey: text("good") })],
  ["doas that isn't there", "become", /no doas on the host/, () => ({ user: "alice", password, become: "doas" })],
  ["a name that isn't there", "dns", /no host of the name nosuch.invalid/, () => ({ host: "nosuch.invalid" })],
  ["a port where nobody listens", "refused", /is sshd running/, () => ({ port: 1, dialErrorLimit: 0 })],
  ["a configuration that ssh refuses", "ssh_config", /nosuchoption/i, () => config("bad", "NoSuchOption yes\n")],
])("%s is an error of its own, and tried once", async (_, code, message, options) => {
  await rig.sh("rm -f /usr/local/bin/doas /usr/local/bin/sudo");
  await rig.machine.counters(true);
  const errors = await Promise.all([1, 2, 3].map(() => errorOf(login(options()))));
  expect(errors.map((error) => error.code)).toEqual([code, code, code]);
  expect(errors[0]?.message).toMatch(message);
  expect(errors[0]?.message).toMatch(/^Probe echo: \S+@\S+:\d+: /);
  // So a create that came this far is not in the state, and a destroy doesn't need this host.
  expect(errors.map((error) => error.mayHaveRun)).toEqual([false, false, false]);
  expect((await rig.machine.counters()).connections).toBeLessThanOrEqual(1);
});

test.each([
  ["doas", "permit alice\n", /doas: Authentication required.*permit nopass alice/],
  ["doas", "", /doas: Operation not permitted.*permit nopass alice/],
  ["sudo", "permit alice\n", /sudo: a password is required.*NOPASSWD/],
  ["sudo", "", /alice is not in the sudoers file.*NOPASSWD/],
] as const)("%s with %j says what to allow", async (become, rules, message) => {
  await installBecome();
  await rig.machine.sh("cat >/usr/local/etc/become.conf", rules);
  const error = await errorOf(login({ user: "alice", password, become }));
  expect(error).toMatchObject({ code: "become", message: expect.stringMatching(message) });
});

test("a host that isn't FreeBSD is left alone, with an error that says what it is", async () => {
  const linux = await linuxServer(text("good.pub"));
  const error = await errorOf(login({ port: linux.port, hostKey: linux.hostKey, privateKey: text("good") }));
  linux.stop();
  expect(error).toMatchObject({ code: "not_freebsd", message: expect.stringContaining("no FreeBSD host, but Linux") });
});

let built: string | undefined;
async function installBecome(): Promise<void> {
  if (!built) {
    const env = { ...process.env, CGO_ENABLED: "0" };
    execFileSync("go", ["build", "-ldflags", "-s -w", "-o", file("become"), "."], {
      cwd: join(__dirname, "become"),
      env,
    });
    built = readFileSync(file("become")).toString("base64").replace(/.{76}/g, "$&\n");
  }
  for (const name of ["doas", "sudo"])
    await rig.machine.sh(`b64decode -r >/usr/local/bin/${name} && chmod 4755 /usr/local/bin/${name}`, `${built}\n`);
}
