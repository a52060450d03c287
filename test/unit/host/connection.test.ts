import { addressOf, connectionKey, connectionSchema, secretsOf } from "../../../provider/host/connection";

const line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJYz";

test("a connection gets the defaults of @pulumi/command, and ours", () => {
  expect(connectionSchema.parse({ host: "10.0.0.1" })).toEqual({
    host: "10.0.0.1",
    user: "root",
    dialErrorLimit: 10,
    perDialTimeout: 15,
    become: "none",
    trustOnFirstUse: false,
    lockTimeout: 600,
  });
});

test("a connection of @pulumi/command with all its fields is taken", () => {
  const hop = {
    host: "10.0.0.1",
    port: 2222,
    user: "admin",
    password: "p",
    privateKey: "k",
    privateKeyPassword: "q",
    agentSocketPath: "/run/agent",
    hostKey: line,
    dialErrorLimit: 3,
    perDialTimeout: 4,
  };
  expect(connectionSchema.parse({ ...hop, proxy: hop })).toMatchObject({ ...hop, proxy: hop });
});

test.each([
  ["host", { host: "-oProxyCommand=x" }],
  ["host", { host: "a b" }],
  ["host", { host: "a;b" }],
  ["host", { host: "" }],
  ["user", { host: "a", user: "-l" }],
  ["user", { host: "a", user: "a$(b)" }],
  ["port", { host: "a", port: 0 }],
  ["port", { host: "a", port: 65536 }],
  ["hostKey", { host: "a", hostKey: "SHA256:abc" }],
  ["hostKey", { host: "a", hostKey: `${line}\n${line}` }],
  ["hostKey", { host: "a", hostKey: "ssh-ed25519 $(x)" }],
  ["become", { host: "a", become: "su" }],
  ["proxy", { host: "a", proxy: { host: "-b" } }],
  ["", { host: "a", hots: "b" }],
])("a bad %s is refused: %j", (path, input) => {
  const { error } = connectionSchema.safeParse(input);
  expect(error?.issues[0]?.path[0] ?? "").toBe(path);
});

test.each([
  [{ host: "h" }, "root@h:22"],
  [{ host: "h", port: 2222, user: "admin" }, "admin@h:2222"],
  [{ host: "fe80::1%em0" }, "root@[fe80::1%em0]:22"],
])("%j is shown as %s", (input, address) => {
  expect(addressOf(connectionSchema.parse(input))).toBe(address);
});

test("the key of a connection depends on what it says, not on the order, and shows no secret", () => {
  const one = connectionSchema.parse({ host: "h", password: "hunter22", proxy: { host: "p", user: "u" } });
  const other = connectionSchema.parse({ proxy: { user: "u", host: "p" }, password: "hunter22", host: "h" });
  expect(connectionKey(one)).toBe(connectionKey(other));
  expect(connectionKey(one)).not.toContain("hunter22");
  expect(connectionKey({ ...one, password: "hunter23" })).not.toBe(connectionKey(one));
});

test("the secrets are those of both hops", () => {
  const proxy = { host: "p", password: "b" };
  const connection = connectionSchema.parse({
    host: "h",
    password: "a",
    privateKey: "k",
    privateKeyPassword: "w",
    proxy,
  });
  expect(secretsOf(connection).sort()).toEqual(["a", "b", "k", "w"]);
});
