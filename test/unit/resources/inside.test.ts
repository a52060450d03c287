import { forgetClaims } from "../../../provider/resources/claims";
import * as jail from "../../../provider/resources/jail";

beforeEach(forgetClaims);

const known = { owner: "project/stack/web", name: "web", base: "/usr/jails/sharedfs/13.2-RELEASE" };
const hash = "$6$saltsaltsalt$NOTAHASHOFANYPASSWORDTHATSOMEBODYHAS";

async function check(properties: Record<string, unknown>) {
  const { inputs, failures } = await jail.check({}, { ...known, ...properties });
  return { inside: inputs["inside"], reasons: failures.map((failure) => failure.reason).join("\n") };
}

test("the preview has a line for each thing, in the order in which it is done", async () => {
  const { inside, reasons } = await check({
    services: ["nginx", { name: "php-fpm", restart: { a: 1 } }],
    run: ["initdb"],
    rcConf: { nginx_flags: 'a "b"', sshd_enable: true },
    packages: ["nginx", "curl", "nginx"],
    files: { "/etc/b": "b", "/etc/a": { content: "", mode: "4755", owner: "www" } },
    users: [{ name: "alice", groups: ["wheel", "ops"] }],
  });
  expect(reasons).toBe("");
  expect(
    String(inside).replace(/[0-9a-f]{16,}/g, "…"),
  ).toBe(`user alice uid=- groups=ops,wheel shell=/bin/sh home=/home/alice gecos=
package curl
package nginx
file 4755 www 0 sha256:… /etc/a
file 0644 root:wheel 1 sha256:… /etc/b
rc.conf nginx_flags="a \\"b\\""
rc.conf sshd_enable="YES"
run sha256:…
service nginx
service php-fpm sha256:…
`);
});

test("no secret stands in it", async () => {
  const { inside } = await check({
    users: [{ name: "alice", passwordHash: hash }],
    files: { "/etc/secret": "hunter2" },
    run: ["login --password hunter2"],
    services: [{ name: "x", restart: "hunter2" }],
  });
  expect(inside).not.toMatch(/hunter2|NOTAHASH/);
});

test("a user's keys are a file of the user's own", async () => {
  const line = `ssh-ed25519 ${Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from("ssh-ed25519"), Buffer.alloc(36)]).toString("base64")}`;
  const { inside } = await check({ users: [{ name: "alice", home: "/home/a", sshKeys: [line] }] });
  expect(inside).toMatch(/^file 0600 alice \d+ sha256:\S+ \/home\/a\/\.ssh\/authorized_keys$/m);
});

describe("bad input is refused in the preview", () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ["a user twice", { users: [{ name: "a" }, { name: "a" }] }, /users: a stands there twice/],
    [
      "a user id twice",
      {
        users: [
          { name: "a", uid: 2000 },
          { name: "b", uid: 2000 },
        ],
      },
      /users: two users have the user id 2000/,
    ],
    ["a user's name with a colon", { users: [{ name: "a:b" }] }, /users\[0\]\.name: /],
    ["a service twice", { services: ["sshd", { name: "sshd" }] }, /services: sshd stands there twice/],
    ["a service's path", { services: ["/etc/rc.d/sshd"] }, /services\[0\]/],
    [
      "a service that rcConf turns off",
      { services: ["sshd"], rcConf: { sshd_enable: false } },
      /services: sshd is to run, but rcConf says sshd_enable="NO"/,
    ],
    ["a command twice", { run: ["x", "y", "x"] }, /run: the same command stands there twice/],
    ["an empty command", { run: [" "] }, /run\[0\]: is empty/],
    ["a NUL in a command", { run: ["a\0b"] }, /run\[0\]: has a NUL/],
    ["an option as a package", { packages: ["-f"] }, /packages\[0\]: has to be the name of a package/],
    ["a pattern as a package", { packages: ["py*"] }, /packages\[0\]/],
    ["a file outside of the jail", { files: { "/../etc/passwd": "x" } }, /files/],
    ["a file in the shared base", { files: { "/usr/bin/x": "x" } }, /files: \/usr\/bin\/x is the shared base's/],
    [
      "a file below a file",
      { files: { "/etc/a": "", "/etc/a/b": "" } },
      /files: \/etc\/a\/b lies below \/etc\/a, which is a file/,
    ],
    ["a large file", { files: { "/etc/a": "x".repeat(1024 * 1024 + 1) } }, /files: \/etc\/a has 1048577 bytes/],
    [
      "a local file that there isn't",
      { files: { "/etc/a": { source: "/nonexistent" } } },
      /the source of \/etc\/a, \/nonexistent, is no file/,
    ],
    ["the password file", { files: { "/etc/master.passwd": "x" } }, /files: \/etc\/master\.passwd is made of users/],
    ["rc.conf twice", { files: { "/etc/rc.conf": "x" }, rcConf: { a: 1 } }, /put its lines into rcConf/],
    ["a variable that is none", { rcConf: { "a-b": 1 } }, /rcConf/],
    ["a value of two lines", { rcConf: { a: "b\nc" } }, /rc\.conf/],
    ["a health check of no time", { healthCheck: { command: "true", timeout: 0 } }, /healthCheck/],
    [
      "a flavor to follow that is only a name",
      { followFlavor: true, flavors: ["own"] },
      /followFlavor: give the Flavor own itself/,
    ],
    ["no flavor to follow", { followFlavor: true }, /followFlavor: there is no flavor to follow/],
  ])("%s", async (_name, properties, reason) => {
    expect((await check(properties)).reasons).toMatch(reason);
  });
});
