import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { sha256 } from "../../provider/host/frame";
import { errorOf, eventually, probe, Rig } from "./rig";

jest.setTimeout(120_000);

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
});
afterAll(() => rig.stop());

test.each([
  ["plain", "web"],
  ["empty", ""],
  ["with line breaks, also at its end", "a\n\nb\n\n"],
  ["with everything that a shell knows", "$x `y` $(z) \"q\" 'r' \\n * ? [a] ~ ; & | < > # ! %s"],
  ["in UTF-8, with bytes that FreeBSD's shell uses inside", "ü \u0081\u0085\u0088 日本 😀"],
  ["with control characters and escapes", "\x01\x02\x1b[31m\t\r\x7f"],
  ["with spaces around", "  a  "],
  ["that begins with a dash", "-n -e"],
  ["longer than a line of the protocol", "x".repeat(2_000)],
  ["of letters that are cut between their bytes", "ü".repeat(1_000)],
  ["as large as a file", "line of a file\n".repeat(10_000)],
])("a value %s arrives and comes back as it is", async (_, value) => {
  const { facts } = await probe(rig.connect(), "echo", { value });
  expect(facts.value).toEqual([value]);
});

test("any value arrives and comes back as it is", async () => {
  const text = fc.string({ unit: "binary", maxLength: 300 }).map((s) => s.replaceAll("\0", "").replaceAll("\x1e", ""));
  await fc.assert(
    fc.asyncProperty(text, async (value) => {
      expect((await probe(rig.connect(), "echo", { value })).facts.value).toEqual([value]);
    }),
    { numRuns: 100 },
  );
});

test("a value that is left out is unset, a list is its lines", async () => {
  const { facts } = await probe(rig.connect(), "echo", { value: ["a", "b"], other: undefined });
  expect(facts).toEqual({ value: ["a\nb"], other: ["unset"] });
});

test("each line of a text becomes a fact, empty ones and the last one too", async () => {
  const { facts } = await probe(rig.connect(), "lines", { text: "a\n\n  b\nc" });
  expect(facts.line).toEqual(["a", "", "  b", "c"]);
});

test("an operation's shell has what operations rely on", async () => {
  const { facts } = await probe(rig.connect(), "environment");
  expect(facts).toMatchObject({
    umask: ["0022"],
    path: ["/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"],
    locale: ["C"],
    stdin: [""],
  });
});

test("the reply says which host it is from", async () => {
  const { host } = await probe(rig.connect(), "echo");
  const uuid = (await rig.sh("sysctl -n kern.hostuuid")).trim();
  expect(host).toEqual({
    hostUuid: uuid,
    osreldate: 1302001,
    release: "13.2-RELEASE",
    machine: "amd64",
    cpus: 2,
    hostname: (await rig.sh("sysctl -n kern.hostname")).trim(),
  });
});

test("on another machine than the resource's, nothing runs", async () => {
  const args = { folder: "/tmp", name: "other", word: "a" };
  const error = await errorOf(
    probe(rig.connect(), "effect", args, { hostUuid: "11111111-0000-0000-0000-000000000000" }),
  );
  expect(error.code).toBe("wrong_host");
  expect(error.message).toMatch(/this is the host .* made on the host 11111111-.*nothing was done/);
  expect(await rig.sh("ls /tmp")).not.toContain("other");
  const { host } = await probe(rig.connect(), "echo");
  await probe(rig.connect(), "effect", args, { hostUuid: host.hostUuid });
  expect(await rig.sh("cat /tmp/other")).toBe("a\n");
});

test.each([
  ["what fail said", "fail", { code: "no_base", text: "there is\nno base" }, "no_base", /: there is\nno base$/],
  ["its last lines, if it ends without saying why", "crash", { value: "x" }, "failed", /status 7:\nwent wrong with x$/],
  ["a syntax error", "syntax", {}, "failed", /Syntax error/],
  ["that it was killed", "kill", {}, "failed", /status (137|70)/],
  ["that there is no such operation", "nosuch", {}, "failed", /op_nosuch/],
])("an error says %s, and the session lives on", async (_, name, args, code, message) => {
  const error = await errorOf(probe(rig.connect(), name, args));
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
  expect((await probe(rig.connect(), "echo", { value: 1 })).facts.value).toEqual(["1"]);
});

test("what an operation wrote on standard error is kept for its error, and warnings are shown", async () => {
  const error = await errorOf(probe(rig.connect(), "fail", { code: "odd", text: "no" }));
  expect(error.details).toEqual(["said on standard error"]);
  expect(rig.shown).toContain(`Probe fail on ${rig.machine.address}: warning: something is odd`);
});

test("an operation whose time is up is ended, with all that it runs, and its lock is free again", async () => {
  const started = Date.now();
  const error = await errorOf(probe(rig.connect(), "sleep", { seconds: 33 }, { timeout: 1, locks: ["time"] }));
  expect(error).toMatchObject({ code: "timeout", message: expect.stringContaining("not done within 1 s") });
  await probe(rig.connect(), "echo", {}, { locks: ["time"] });
  expect(Date.now() - started).toBeLessThan(8_000);
  expect(await rig.sh("ps -ax -o command=")).not.toContain("sleep 33");
});

test("operations that share nothing run at once, on one connection", async () => {
  await rig.machine.counters(true);
  const started = Date.now();
  const host = rig.connect({ lockTimeout: 599 });
  await Promise.all(Array.from({ length: 8 }, () => probe(host, "sleep", { seconds: 1 })));
  expect(Date.now() - started).toBeLessThan(3_500);
  expect((await rig.machine.counters()).connections).toBe(1);
});

test("no more than `parallel` operations run at once", async () => {
  const host = rig.connect({ parallel: 2 });
  const started = Date.now();
  await Promise.all(Array.from({ length: 4 }, () => probe(host, "sleep", { seconds: 1 })));
  expect(Date.now() - started).toBeGreaterThan(2_000);
});

test("replies of many operations at once never mix", async () => {
  const values = Array.from({ length: 60 }, (_, i) => `${i}`.repeat(900));
  const replies = await Promise.all(values.map((value) => probe(rig.connect(), "echo", { value })));
  expect(replies.map(({ facts }) => facts.value?.[0])).toEqual(values);
});

test("an upload arrives whole, in the folder it was meant for, and is gone afterwards", async () => {
  const folder = mkdtempSync(join(tmpdir(), "upload-"));
  const data = randomBytes(3_000_001);
  writeFileSync(join(folder, "file"), data);
  await rig.sh("mkdir -p /usr/jails");
  for (const upload of [{ path: join(folder, "file") }, { data }]) {
    const { facts } = await probe(rig.connect(), "upload", { uploadDir: "/usr/jails/nosuch/x" }, { upload });
    expect(facts.digest).toEqual([sha256(data)]);
    expect(facts.path?.[0]).toMatch(/^\/usr\/jails\/\.pulumi-freebsd-jails\./);
  }
  rmSync(folder, { recursive: true });
  expect(await rig.sh("ls -A /usr/jails")).toBe("");
});

test.each([
  ["nothing", { data: new Uint8Array() }],
  ["one byte", { data: Uint8Array.of(0) }],
])("an upload of %s arrives", async (_, upload) => {
  const { facts } = await probe(rig.connect(), "upload", {}, { upload });
  expect(facts.digest).toEqual([sha256(upload.data)]);
});

test("an upload of a file that isn't there is an error, and the session lives on", async () => {
  const error = await errorOf(probe(rig.connect(), "upload", {}, { upload: { path: "/nosuch/file" } }));
  expect(error.message).toContain("ENOENT");
  await probe(rig.connect(), "echo");
});

test("closing leaves nothing on the host", async () => {
  await probe(rig.connect(), "sleep", { seconds: 0 });
  await rig.settle();
  await eventually(async () => !/pulumi-freebsd-jails|sleep/.test(await rig.sh("ps -ax -o command=")));
});
