import { errorOf, eventually, pause, probe, Rig } from "./rig";

jest.setTimeout(120_000);

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start();
});
afterAll(() => rig.stop());
afterEach(async () => {
  rig.shown.length = 0;
  await rig.settle();
});

const locks = ["pf"];
const lockFile = "/var/run/pulumi-freebsd-jails.lock/pf";

/** Two clients: what differs in their connections makes two sessions. */
const two = () => [rig.connect(), rig.connect({ dialErrorLimit: 4 })] as const;

test("two clients that need the same lock go one after the other, and the second says who it waits for", async () => {
  const [one, other] = two();
  await Promise.all([probe(one, "echo"), probe(other, "echo")]);
  rig.shown.length = 0;
  const started = Date.now();
  const first = probe(one, "sleep", { seconds: 2 }, { locks, label: "Jail web" });
  await pause(300);
  await Promise.all([first, probe(other, "echo", {}, { locks, label: "Jail db" })]);
  expect(Date.now() - started).toBeGreaterThan(1_900);
  expect(rig.shown).toEqual([
    expect.stringMatching(
      /^Jail db on root@127.*: waiting for pf \(held by .*@.* for Jail web since .* UTC, pid \d+\)$/,
    ),
  ]);
});

test("different locks don't wait for each other", async () => {
  const [one, other] = two();
  const started = Date.now();
  await Promise.all([
    probe(one, "sleep", { seconds: 1 }, { locks: ["jail.a"] }),
    probe(other, "sleep", { seconds: 1 }, { locks: ["jail.b"] }),
  ]);
  expect(Date.now() - started).toBeLessThan(2_500);
});

test("a lock that is held for too long is an error that says who holds it", async () => {
  const [one, other] = [rig.connect(), rig.connect({ lockTimeout: 1 })];
  const first = probe(one, "sleep", { seconds: 4 }, { locks, label: "Jail web" });
  await pause(500);
  const error = await errorOf(probe(other, "echo", {}, { locks: ["jail.b", "pf"] }));
  expect(error.code).toBe("busy");
  expect(error.message).toMatch(/gave up waiting for .*pf \(held by .* for Jail web since/s);
  await first;
});

test("an operation with two locks holds both", async () => {
  const run = probe(rig.connect(), "sleep", { seconds: 1 }, { locks: ["a", "b"] });
  await eventually(async () => (await rig.sh("ls /var/run/pulumi-freebsd-jails.lock")).includes("\nb.by\n"));
  for (const name of ["a", "b"])
    expect((await rig.machine.sh(`lockf -k -s -t 0 /var/run/pulumi-freebsd-jails.lock/${name} true`)).status).toBe(75);
  await run;
  expect((await rig.machine.sh(`lockf -k -s -t 0 ${lockFile} true`)).status).toBe(0);
});

test("operations of one client that need the same lock are sent one after the other", async () => {
  const host = rig.connect();
  rig.shown.length = 0;
  const folder = "/tmp";
  const words = Array.from({ length: 12 }, (_, i) => `w${i}`);
  await Promise.all(words.map((word) => probe(host, "effect", { folder, name: "own", word }, { locks })));
  expect((await rig.sh("cat /tmp/own")).split("\n").filter(Boolean).sort()).toEqual([...words].sort());
  expect(rig.shown.filter((line) => line.includes("waiting"))).toEqual([]);
});

test("two clients that change one file at the same time lose nothing", async () => {
  const words = Array.from({ length: 20 }, (_, i) => `w${i}`);
  const args = { folder: "/tmp", name: "shared" };
  const clients = two();
  await Promise.all(words.map((word, i) => probe(clients[i % 2 ? 1 : 0], "effect", { ...args, word }, { locks })));
  expect((await rig.sh("cat /tmp/shared")).split("\n").filter(Boolean).sort()).toEqual([...words].sort());
});

test("a holder that is killed frees its lock", async () => {
  const [one, other] = two();
  const first = errorOf(probe(one, "sleep", { seconds: 60 }, { locks }));
  await eventually(async () => (await rig.machine.sh(`lockf -k -s -t 0 ${lockFile} true`)).status === 75);
  // Until it has written down who it is: the one before has ended.
  await eventually(async () => (await rig.machine.sh(`kill -0 $(sed 's/.* pid //' ${lockFile}.by)`)).status === 0);
  await rig.sh(`kill -9 $(sed 's/.* pid //' ${lockFile}.by)`);
  await probe(other, "echo", {}, { locks });
  expect((await first).code).toBe("failed");
});

test("a daemon that an operation started holds neither the lock nor the session", async () => {
  const [one, other] = two();
  await probe(one, "daemon", { seconds: 47 }, { locks });
  expect(await rig.sh("ps -ax -o command=")).toContain("sleep 47");
  await probe(other, "echo", {}, { locks });
  await rig.settle();
  await rig.sh("kill $(ps -ax -o pid= -o command= | awk '/[s]leep 47/ { print $1 }')");
});

test("an operation whose client is gone goes on to its end, with its lock, and the next client waits for it", async () => {
  const args = { folder: "/tmp", name: "orphan", word: "a", seconds: 2 };
  const lost = rig.connect({ dialErrorLimit: 0 });
  const first = errorOf(probe(lost, "effect", args, { locks }));
  await eventually(async () => (await rig.machine.sh(`lockf -k -s -t 0 ${lockFile} true`)).status === 75);
  await rig.machine.cut();
  expect((await first).code).toMatch(/lost|closed/);
  const { facts } = await probe(rig.connect(), "effect", args, { locks });
  expect(facts.word).toEqual(["a"]);
  expect(rig.shown.some((line) => /waiting for pf \(held by/.test(line))).toBe(true);
});

test("an operation that waits for a lock when its client goes away never starts", async () => {
  const holder = probe(rig.connect(), "sleep", { seconds: 8 }, { locks });
  await eventually(async () => (await rig.machine.sh(`lockf -k -s -t 0 ${lockFile} true`)).status === 75);
  const lost = rig.connect({ dialErrorLimit: 0 });
  const args = { folder: "/tmp", name: "never", word: "a" };
  const waiting = errorOf(probe(lost, "effect", args, { locks }));
  await eventually(() => rig.shown.some((line) => line.startsWith("Probe effect") && line.includes("waiting")));
  await rig.machine.cut();
  await waiting;
  await holder.catch(() => {});
  await rig.settle();
  expect((await rig.machine.sh("ls /tmp/never")).status).not.toBe(0);
});
