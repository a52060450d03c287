import { createHash } from "node:crypto";
import { bodyOf, snakeCase } from "../../../provider/host/body";
import { Frames, lockFile } from "../../../provider/host/frame";
import type { Operation } from "../../../provider/host/host";

const frames = new Frames("0123456789abcdef");
const operation: Operation = { name: "jail.create", args: {}, label: "Jail web" };

test("an operation's frame stands in braces, and holds digits, names of locks and base64 only", () => {
  const frame = frames.operation({
    id: 7,
    place: 3,
    timeout: 60,
    lockTimeout: 5,
    locks: ["jail.web", "pf"],
    body: "a b",
  });
  const sum = createHash("sha256").update("a b").digest("hex");
  expect(frame).toBe(
    `{ op 7 3 60 5 ${sum} jail.web pf 4<<'E_0123456789abcdef'\n${btoa("a b")}\nE_0123456789abcdef\n}\n`,
  );
});

test("base64 comes in lines that b64decode takes", () => {
  const lines = frames.chunk(1, Buffer.alloc(1000)).split("\n").slice(1, -3);
  expect(lines.every((line) => line.length <= 76)).toBe(true);
  expect(Buffer.from(lines.join(""), "base64")).toEqual(Buffer.alloc(1000));
});

test("the worker's own text stands in braces too", () => {
  const text = frames.bootstrap("fedcba", 8);
  expect(text.startsWith('{ set -- 0123456789abcdef fedcba 8 "${1:-}"\n')).toBe(true);
  expect(text.endsWith("\nE_0123456789abcdef\n}\n")).toBe(true);
});

test.each(["relative", "/with\nline"])("%j is no folder for an upload", (folder) => {
  expect(() => frames.upload({ id: 1, place: 1 }, folder)).toThrow("is no folder");
});

test.each([
  ["jail.web", "jail.web"],
  ["base./usr/jails 13.2-RELEASE", "base.%2fusr%2fjails%2013.2-RELEASE"],
  ["a;b$(c)", "a%3bb%24%28c%29"],
  ["..", "%2e."],
  ["ä", "%c3a4"],
])("the lock %j is the file %s", (name, file) => {
  expect(lockFile(name)).toBe(file);
});

test("a lock with a very long name has a file's name all the same, and its own", () => {
  const [one, other] = ["a", "b"].map((end) => lockFile("x".repeat(500) + end));
  expect(one?.length).toBeLessThan(255);
  expect(one).not.toBe(other);
});

const parts = (op: Partial<Operation>, digest?: string): string[] =>
  bodyOf({ ...operation, ...op }, { client: "me", ...(digest ? { digest } : {}) }).split("\x1e");

test("a body says the file, the function, the host, the client, the upload, and the arguments", () => {
  expect(parts({ hostUuid: "u", args: { enforceStatfs: 2 } }, "d")).toEqual([
    "jail",
    "create",
    "u",
    "me",
    "d",
    "enforce_statfs=2",
    "",
  ]);
});

test.each([
  [{ a: "x\ny\n" }, ["a=x\ny\n"]],
  [{ a: true, b: false, c: 0 }, ["a=true", "b=false", "c=0"]],
  [{ a: ["x", "y"] }, ["a=x\ny"]],
  [{ a: [] }, ["a="]],
  [{ a: undefined, b: "" }, ["b="]],
  [{ a: "b=c" }, ["a=b=c"]],
])("the arguments %j travel as %j", (args, fields) => {
  expect(parts({ args }).slice(5, -1)).toEqual(fields);
});

test.each([
  ["a NUL", { args: { hostname: "a\0b" } }],
  ["the separator", { args: { hostname: "a\x1eb" } }],
  ["a name that is none", { args: { "a-b": "x" } }],
  ["a name with a semicolon", { name: "jail.create;x" }],
  ["a name without a file", { name: "create" }],
])("%s is refused", (_, op) => {
  expect(() => parts(op as Partial<Operation>)).toThrow();
});

test("names become what shell variables are called", () => {
  expect(["path", "enforceStatfs", "ip4Addr"].map(snakeCase)).toEqual(["path", "enforce_statfs", "ip4_addr"]);
});

test("a session begins with what every operation needs, and no more", () => {
  const text = frames.bootstrap(undefined, 8);
  expect(text).toMatch(/\n\{ library [0-9a-f]{64} operation\.sh protocol\.sh lib\.sh 4<</);
  expect(text).not.toContain("op_create");
});
