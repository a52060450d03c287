import { connectionSchema } from "../../../provider/host/connection";
import { sshCommand } from "../../../provider/host/ssh-command";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJYz";

function options(input: object, credentials = [{}, {}]): Record<string, string> {
  const { args } = sshCommand(connectionSchema.parse({ host: "h", ...input }), credentials);
  const pairs = args.flatMap((word, index) => (word === "-o" ? [(args[index + 1] ?? "").split(/=(.*)/s)] : []));
  return Object.fromEntries(pairs.map(([name, value]) => [name, value ?? ""]));
}

test("what runs there is plain enough for csh", () => {
  const last = (become: string) => sshCommand(connectionSchema.parse({ host: "h", become }), []).args.slice(-3);
  expect(last("none")).toEqual(["--", "h", "exec /bin/sh"]);
  expect(last("doas")).toEqual(["--", "h", 'exec doas -n /bin/sh -s "$SSH_CONNECTION"']);
  expect(last("sudo")).toEqual(["--", "h", 'exec sudo -n /bin/sh -s "$SSH_CONNECTION"']);
});

test("the user's own configuration holds, unless another is named", () => {
  const words = (input: object) => sshCommand(connectionSchema.parse({ host: "h", ...input }), []).args;
  expect(words({})).not.toContain("-F");
  expect(words({ sshConfig: "none" }).slice(0, 2)).toEqual(["-F", "none"]);
  expect(words({})).not.toContain("-p");
  expect(words({ port: 2222 })).toEqual(expect.arrayContaining(["-p", "2222"]));
});

test.each([
  ["shares no connection of the user's", { ControlMaster: "no", ControlPath: "none" }],
  ["forwards nothing", { ForwardAgent: "no", ClearAllForwardings: "yes", ForwardX11: "no" }],
  ["asks nobody", { BatchMode: "yes", StrictHostKeyChecking: "yes", RequestTTY: "no" }],
  ["notices a dead line", { ServerAliveInterval: "15", ServerAliveCountMax: "3", ConnectTimeout: "15" }],
])("ssh %s", (_, expected) => {
  expect(options({})).toMatchObject(expected);
});

test("a pinned key is the only one that counts", () => {
  expect(options({ hostKey: `${key} comment` })).toMatchObject({
    StrictHostKeyChecking: "yes",
    UserKnownHostsFile: "/dev/null",
    GlobalKnownHostsFile: "/dev/null",
    HostKeyAlgorithms: "ssh-ed25519",
    KnownHostsCommand: `/bin/echo pulumi-freebsd-jails ${key}`,
    HostKeyAlias: "pulumi-freebsd-jails",
  });
  expect(options({ hostKey: key, trustOnFirstUse: true }).StrictHostKeyChecking).toBe("yes");
});

test("an unknown key is taken only where that was asked for", () => {
  expect(options({}).StrictHostKeyChecking).toBe("yes");
  expect(options({ trustOnFirstUse: true }).StrictHostKeyChecking).toBe("accept-new");
});

test.each([
  [{ privateKey: "k" }, { PreferredAuthentications: "publickey" }],
  [{ password: "p" }, { PreferredAuthentications: "password,keyboard-interactive" }],
  [{ privateKey: "k", password: "p" }, { PreferredAuthentications: "publickey,password,keyboard-interactive" }],
])("%j is tried, once, and nothing else", (input, expected) => {
  expect(options(input, [{ askpass: "/a" }])).toMatchObject({ ...expected, NumberOfPasswordPrompts: "1" });
});

test("a key as a value comes from its own agent", () => {
  const credentials = [{ agent: "/tmp/x/agent.0", askpass: "/tmp/x/askpass.0" }];
  expect(options({ privateKey: "k" }, credentials)).toMatchObject({
    IdentityAgent: "/tmp/x/agent.0",
    IdentityFile: "none",
  });
  expect(options({ agentSocketPath: "/run/a" })).toMatchObject({ IdentityAgent: "/run/a" });
});

test("no secret is in the arguments or the environment", () => {
  const hop = { host: "h", password: "hunter1", privateKey: "hunter2", privateKeyPassword: "hunter3" };
  const connection = connectionSchema.parse({ ...hop, proxy: { ...hop, password: "hunter4" } });
  const command = sshCommand(connection, [
    { agent: "/a", askpass: "/b" },
    { agent: "/c", askpass: "/d" },
  ]);
  expect(JSON.stringify(command)).not.toMatch(/hunter/);
});

test("a proxy has its own options and credentials, with percent signs that ssh leaves alone", () => {
  const { ProxyCommand = "" } = options({ proxy: { host: "p", user: "u", port: 23, hostKey: key } }, [
    {},
    { askpass: "/d" },
  ]);
  expect(ProxyCommand).toMatch(/^env SSH_ASKPASS='\/d' SSH_ASKPASS_REQUIRE='force' DISPLAY='[^']*' 'ssh' /);
  expect(ProxyCommand).toContain(`'KnownHostsCommand=/bin/echo pulumi-freebsd-jails ${key}'`);
  expect(ProxyCommand).toMatch(/'-l' 'u' '-p' '23' '-W' '\[%h\]:%p' -- 'p'$/);
});
