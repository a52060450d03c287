import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../provider/host/frame";
import { errorOf, pause, probe, Rig } from "./rig";
import { formsOf, found, processes } from "./secrets";

jest.setTimeout(120_000);

let rig: Rig;
const folder = mkdtempSync(join(tmpdir(), "secrets-"));
const word = (name: string) => `${name} $x'"\\ ${randomBytes(9).toString("base64")}`;
const secrets = {
  password: word("pw"),
  passphrase: word("pass"),
  argument: word("geli"),
  // The middle of the private key: enough to know it by.
  key: "",
};
let privateKey = "";

beforeAll(async () => {
  rig = await Rig.start();
  const file = join(folder, "key");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", secrets.passphrase, "-f", file]);
  privateKey = readFileSync(file, "utf8");
  secrets.key = privateKey.split("\n")[3] ?? "";
  await rig.machine.sh("cat >>/root/.ssh/authorized_keys", readFileSync(`${file}.pub`, "utf8"));
  const hash = execFileSync("openssl", ["passwd", "-6", "-stdin"], {
    input: secrets.password,
    encoding: "utf8",
  }).trim();
  await rig.machine.sh("cat >>/etc/passwd", `toor2:${hash}:0:0:Root:/root:/bin/csh\n`);
});
afterAll(async () => {
  await rig.stop();
  rmSync(folder, { recursive: true });
});

/** Looks at all processes, again and again, while something runs. */
async function watch(run: Promise<unknown>): Promise<{ leaks: string[]; looks: number }> {
  const leaks = new Set<string>();
  const state = { over: false, looks: 0 };
  const ended = run.finally(() => {
    state.over = true;
  });
  while (!state.over) {
    for (const leak of found(processes(), secrets)) leaks.add(leak);
    state.looks += 1;
    await pause(5);
  }
  await ended;
  return { leaks: [...leaks], looks: state.looks };
}

/** Files of the host, /var/run first of all, and of this machine's folder for logins. */
async function files(): Promise<string[]> {
  const forms = Object.values(secrets).flatMap(formsOf);
  const { stdout } = await rig.machine.sh(
    "cat >/tmp/forms; find /var /tmp /root /etc /usr/local -type f -exec grep -lF -f /tmp/forms {} +",
    forms.join("\n"),
  );
  await rig.sh("rm /tmp/forms");
  return stdout.split("\n").filter((name) => name && name !== "/tmp/forms");
}

test("the tests would see a secret in each of its forms", () => {
  for (const form of formsOf(secrets.argument)) expect(found(`x${form}y`, secrets)).toEqual(["argument"]);
  const inside = Buffer.from(`before ${secrets.argument} behind`).toString("base64");
  expect(found(inside, secrets)).toEqual(["argument"]);
  expect(found("nothing", secrets)).toEqual([]);
});

test.each([
  ["a key with a passphrase", () => ({ privateKey, privateKeyPassword: secrets.passphrase })],
  ["a password", () => ({ privateKey: undefined, user: "toor2", password: secrets.password })],
] as const)("with %s, no secret is in any process's arguments or environment, or in a file", async (_, login) => {
  const args = { secret: secrets.argument, seconds: 1 };
  const host = rig.connect(login());
  const run = probe(host, "secret", args, { locks: ["secret"], label: "Secret" });
  const during = pause(700).then(files);
  const { leaks, looks } = await watch(run);
  expect(leaks).toEqual([]);
  expect(looks).toBeGreaterThan(10);
  expect((await run).facts.digest).toEqual([sha256(secrets.argument)]);
  expect(await during).toEqual([]);
  await rig.settle();
  expect(await files()).toEqual([]);
});

test("no secret is in what the user sees, and those that an operation names are hidden in its errors", async () => {
  const connection = { privateKey, privateKeyPassword: secrets.passphrase };
  const args = { secret: secrets.argument, seconds: 0, leak: true };
  const error = await errorOf(probe(rig.connect(connection), "secret", args, { secrets: [secrets.argument] }));
  expect(error.message).toContain("it is [secret]");
  const wrong = await errorOf(probe(rig.connect({ ...connection, privateKeyPassword: secrets.password }), "echo"));
  const seen = [error, wrong].map(({ message, stack, details }) => `${message}\n${stack}\n${details}`);
  expect(found([...seen, ...rig.shown].join("\n"), secrets)).toEqual([]);
});
