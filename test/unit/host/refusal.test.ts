import { connectionSchema } from "../../../provider/host/connection";
import { fingerprint } from "../../../provider/host/host-key";
import { refusalOf } from "../../../provider/host/refusal";

const pinned = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJYz";
const loggedIn = 'Authenticated to h ([10.0.0.1]:22) using "publickey".';
const serverKey = "debug1: Server host key: ssh-ed25519 SHA256:shown";

test.each([
  ["dns", false, {}, ["ssh: Could not resolve hostname h: Name or service not known"], /no host of the name h/],
  ["dns", true, {}, ["ssh: Could not resolve hostname h: Temporary failure in name resolution"], /name server/],
  ["refused", true, {}, ["ssh: connect to host h port 22: Connection refused"], /is sshd running there, on port 22/],
  ["no_route", true, {}, ["ssh: connect to host h port 22: No route to host"], /no route/],
  ["no_route", true, {}, ["ssh: connect to host h port 22: Network is unreachable"], /no route/],
  ["timeout", true, {}, ["ssh: connect to host h port 22: Connection timed out"], /within 15 s/],
  ["timeout", true, {}, ["Connection timed out during banner exchange"], /within 15 s/],
  ["closed", true, {}, ["kex_exchange_identification: Connection closed by remote host"], /was closed/],
  ["closed", true, {}, ["Connection reset by 10.0.0.1 port 22"], /was closed/],
  ["key_refused", false, {}, ["root@h: Permission denied (publickey)."], /no key of ssh's agent.*takes: publickey/],
  ["key_refused", false, { privateKey: "k" }, ["root@h: Permission denied (publickey)."], /private key was refused/],
  [
    "password_refused",
    false,
    { password: "k" },
    ["root@h: Permission denied (publickey,password)."],
    /the password of/,
  ],
  ["key_refused", false, {}, ["Received disconnect from h port 22:2: Too many authentication failures"], /no key/],
  ["host_key_unknown", false, {}, [serverKey, "Host key verification failed."], /SHA256:shown.*hostKey.*ssh-keyscan/],
  ["host_key_changed", false, { hostKey: pinned }, [serverKey, "Host key verification failed."], /SHA256:shown/],
  [
    "negotiation",
    false,
    {},
    ["Unable to negotiate with h port 22: no matching cipher found. Their offer: 3des"],
    /cipher/,
  ],
  ["ssh_config", false, {}, ["/home/u/.ssh/config: line 3: Bad configuration option: foo"], /foo/],
  ["become", false, { become: "doas" }, [loggedIn, "doas: Operation not permitted"], /permit nopass/],
  ["become", false, { become: "sudo" }, [loggedIn, "sudo: a password is required"], /NOPASSWD/],
  ["become", false, { become: "doas" }, [loggedIn, "sh: 1: exec: doas: not found"], /no doas on the host/],
  ["become", false, { become: "doas" }, [loggedIn, "doas: Command not found."], /no doas on the host/],
  ["become", false, { become: "sudo" }, [loggedIn, "root is not in the sudoers file."], /NOPASSWD/],
  ["no_shell", false, {}, [loggedIn, "This account is currently not available."], /no shell/],
])("%s (again: %s) for %j: %j", (code, again, input, stderr, message) => {
  const refusal = refusalOf(connectionSchema.parse({ host: "h", ...input }), { stderr, status: 255 });
  expect(refusal.error.code).toBe(code);
  expect(refusal.again).toBe(again);
  expect(refusal.error.message).toMatch(message);
  expect(refusal.error.message).toContain("root@h:22");
});

test("a wrong key is shown with both fingerprints", () => {
  const connection = connectionSchema.parse({ host: "h", hostKey: pinned });
  const { error } = refusalOf(connection, { stderr: [serverKey, "Host key verification failed."], status: 255 });
  expect(error.message).toContain(fingerprint(pinned));
  expect(error.message).toContain("SHA256:shown");
});

test("a refusal of the proxy is said of the proxy, until it has let us in", () => {
  const connection = connectionSchema.parse({ host: "h", proxy: { host: "p" } });
  const denied = "root@p: Permission denied (publickey).";
  const jumped = 'Authenticated to p ([10.0.0.2]:22) using "publickey".';
  const message = (...stderr: string[]) => refusalOf(connection, { stderr, status: 255 }).error.message;
  expect(message(denied)).toContain("root@p:22");
  expect(message(jumped, "root@h: Permission denied (publickey).")).toContain("root@h:22");
  expect(message(jumped, "channel 0: open failed: connect failed: Connection refused")).toContain("root@h:22");
});
