import * as fc from "fast-check";
import { InvalidValue } from "../../../provider/freebsd/escape";
import {
  authorizedKey,
  parseGroups,
  parseUsers,
  passwordHash,
  renderGroup,
  renderUser,
  type User,
} from "../../../provider/freebsd/passwd";
import { recorded } from "./recorded";

const bob: User = { name: "bob", uid: 1001, gid: 1001, home: "/home/bob" };

describe("a line of master.passwd", () => {
  it("has what pw(8) would write where nothing is said", () => {
    const pw = recorded("04-jails.txt").find(({ command }) => command.endsWith("usershow bob"));
    expect(renderUser({ ...bob, gecos: "User &" })).toBe(pw?.stdout);
  });

  it("has a 1 for a password that must be changed", () => {
    const user = { ...bob, password: "$6$salt$hash", mustChangePassword: true, gecos: "Bob", shell: "/bin/tcsh" };
    expect(renderUser(user)).toBe("bob:$6$salt$hash:1001:1001::1:0:Bob:/home/bob:/bin/tcsh");
  });

  const bad: [Partial<User>, string][] = [
    [{ name: "b:b" }, "is not the name of a user or a group"],
    [{ name: "" }, "is not the name of a user or a group"],
    [{ password: "a:b" }, "The password of bob is not the hash of one"],
    [{ password: "$6$x\ny" }, "no colons and no white space."],
    [{ uid: -1 }, "whole numbers from 0 to 4294967293."],
    [{ gid: 1.5 }, "whole numbers from 0"],
    [{ uid: 4294967295 }, "whole numbers from 0"],
    [{ gecos: "a:b" }, "is not the full name of a user: write it on one line, without colons."],
    [{ gecos: "a\nb" }, "is not the full name of a user"],
    [{ class: "a:b" }, "is not the class of a user"],
    [{ home: "home/bob" }, "is not the path of a file in a jail"],
    [{ home: "/home/../root" }, "is not the path of a file in a jail"],
    [{ home: "/home/b:b" }, "is not the home of a user"],
    [{ shell: "sh" }, "is not the path of a file in a jail"],
    [{ shell: "/bin/sh\nroot::0:0" }, "is not the path of a file in a jail"],
  ];
  it.each(bad)("can't be made of %j", (change, sentence) => {
    expect(() => renderUser({ ...bob, ...change })).toThrow(InvalidValue);
    expect(() => renderUser({ ...bob, ...change })).toThrow(sentence);
  });

  it("doesn't show a hash that is refused", () => {
    expect(() => renderUser({ ...bob, password: "se:cret" })).not.toThrow(/cret/);
    expect(() => parseUsers("bob:secret:1001")).toThrow('The line of "bob" has 3 fields instead of 10.');
    expect(() => parseUsers("bob:secret:1001")).not.toThrow(/secret/);
  });

  it("is read back as it was given", () => {
    const user = fc.record({
      name: fc.stringMatching(/^[a-z][a-z0-9._-]{0,31}$/),
      password: fc.constantFrom("*", "$6$abc$def./x"),
      uid: fc.integer({ min: 0, max: 65533 }),
      gid: fc.integer({ min: 0, max: 65533 }),
      class: fc.constantFrom("", "staff"),
      mustChangePassword: fc.boolean(),
      expire: fc.integer({ min: 0, max: 2 ** 31 }),
      gecos: fc.stringMatching(/^[a-zäöü &,.'"-]{0,20}$/),
      home: fc.stringMatching(/^(\/[a-z][a-z0-9 ]{0,8}){1,3}$/),
      shell: fc.constantFrom("/bin/sh", "/usr/sbin/nologin"),
    });
    fc.assert(
      fc.property(fc.array(user), (users) => {
        const text = `# $FreeBSD$\n#\n${users.map((one) => `${renderUser(one)}\n`).join("")}`;
        expect(parseUsers(text)).toEqual(users);
      }),
    );
  });
});

describe("a line of group", () => {
  it.each([
    [{ name: "bob", gid: 1001, members: [] }, "bob:*:1001:"],
    [{ name: "wheel", gid: 0, members: ["root", "bob"] }, "wheel:*:0:root,bob"],
  ])("of %j is %s", (group, line) => {
    expect(renderGroup(group)).toBe(line);
    expect(parseGroups(`# comment\n${line}\n`)).toEqual([group]);
  });

  it.each([
    { name: "b b", gid: 1, members: [] },
    { name: "b", gid: -1, members: [] },
    { name: "b", gid: 1, members: ["a,b"] },
  ])("can't be made of %j", (group) => {
    expect(() => renderGroup(group)).toThrow(InvalidValue);
  });
});

describe("the hash of a password", () => {
  it.each([
    "*",
    "$6$mV0AxQ1x$3VjK0J/W.",
    "$6$rounds=5000$salt$hash",
    "$5$salt$hash",
    "$1$salt$hash",
    "$2b$10$abcdefghijklmnopqrstuv",
    "$2a$10$abcdefghijklmnopqrstuv",
  ])("can be %s", (hash) => {
    expect(passwordHash(hash)).toBe(hash);
  });

  it.each(["", "secret", "$6$", "$6$a b", "$6$a:b", "$7$salt$hash", "**", "$6$x\n", "!"])("can't be %j", (hash) => {
    expect(() => passwordHash(hash)).toThrow(/^This is not the hash of a password: .*openssl passwd -6/);
  });

  it("that other systems write as $2y$ has to be renamed", () => {
    expect(() => passwordHash("$2y$10$abcdefghijklmnopqrstuv")).toThrow("write $2b$ instead");
  });
});

describe("a line of authorized_keys", () => {
  const key = (type: string) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(type.length);
    return Buffer.concat([length, Buffer.from(type), Buffer.alloc(36, 7)]).toString("base64");
  };
  const ed25519 = `ssh-ed25519 ${key("ssh-ed25519")}`;

  it.each([
    ed25519,
    `${ed25519} bob@example.org`,
    `${ed25519} two words`,
    `ecdsa-sha2-nistp256 ${key("ecdsa-sha2-nistp256")} x`,
    `sk-ssh-ed25519@openssh.com ${key("sk-ssh-ed25519@openssh.com")}`,
    `no-pty ${ed25519}`,
    `restrict,from="10.0.0.0/8, ::1",command="echo \\"hi there\\"" ${ed25519} bob`,
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 short",
  ])("can be %s", (line) => {
    expect(authorizedKey(line)).toBe(line);
  });

  it.each([
    "",
    "# comment",
    "ssh-ed25519",
    "ssh-ed25519 bob@example.org",
    `ssh-rsa ${key("ssh-ed25519")}`,
    `ssh-dss ${key("ssh-dss")}`,
    `${ed25519}\nssh-rsa x`,
    key("ssh-ed25519"),
    "/home/bob/.ssh/id_ed25519.pub",
    `from="unclosed ${ed25519}`,
  ])("can't be %j", (line) => {
    expect(() => authorizedKey(line)).toThrow(/^This is not a line of authorized_keys: a type \(ssh-ed25519, /);
  });

  it("can't be a private key, which isn't shown", () => {
    const secret = "-----BEGIN OPENSSH PRIVATE KEY-----\nabcdef\n";
    expect(() => authorizedKey(secret)).toThrow(
      "This is a private key: give the line of the file whose name ends with .pub.",
    );
    expect(() => authorizedKey(secret)).not.toThrow(/abcdef/);
  });
});
