import { createHash } from "node:crypto";
import * as fc from "fast-check";
import type { Host } from "../../provider/host/host";
import { addToLibrary } from "../../provider/host/library";
import { Rig } from "./rig";

/** Values that nobody expects travel through the frame, the worker and a real /bin/sh into arguments and files: as they are, or not at all. */
const perOperation = 40;
const operations = 60;

addToLibrary(
  "hostile.sh",
  `
op_bytes() {
  local i=1 value
  mark="$work/mark"
  while [ "$i" -le "$arg_count" ]; do
    eval "value=\\$arg_v$i"
    fact argument "$(printf '%s' "$value" | sha256 -q)"
    stage_file "$work/file$i" "$value"
    mv $staged "$work/file$i"
    staged=''
    fact file "$(sha256 -q "$work/file$i")"
    i=$((i + 1))
  done
}
`,
);

/** Words of the shell, of options, of the protocol itself, and any text at all. */
const pieces = [
  ..."'\"\\`$(){}[]<>|&;!*?~#%=+-./: \t\r\n\x01\x1b\x7f",
  ..."$(touch /tmp/hit) `touch /tmp/hit` ; touch /tmp/hit; | sh && ${IFS} $' -- -rf ../ E_ EOF } <<E !! \\\n %s %n é 日 😀 x".split(
    " ",
  ),
];
const value = fc.oneof(
  { weight: 8, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((words) => words.join("")) },
  { weight: 4, arbitrary: fc.string({ unit: "binary", maxLength: 80 }) },
  { weight: 1, arbitrary: fc.constantFrom(...pieces).map((piece) => piece.repeat(Math.floor(65_536 / piece.length))) },
);
const travels = (text: string) => !text.includes("\0") && !text.includes("\x1e") && !/\p{Surrogate}/u.test(text);

let rig: Rig;
let host: Host;

beforeAll(async () => {
  rig = await Rig.start();
  host = rig.connect();
  // The host gets the file that the operation is in.
  await host.run({ name: "hostile.bytes", label: "Hostile", args: { count: 0 } });
});

afterAll(() => rig.stop());

test(`${operations * perOperation} values arrive as exactly those bytes, and nothing of them is executed`, async () => {
  const samples = fc.sample(value.filter(travels), operations * perOperation);
  await rig.machine.commands(true);
  for (let i = 0; i < operations; i++) {
    const values = samples.slice(i * perOperation, (i + 1) * perOperation);
    const args = Object.fromEntries(values.map((one, n) => [`v${n + 1}`, one]));
    const { facts } = await host.run({
      name: "hostile.bytes",
      label: "Hostile",
      args: { ...args, count: perOperation },
    });
    expect(facts["argument"]).toEqual(values.map((one) => digest(one)));
    expect(facts["file"]).toEqual(values.map((one) => digest(`${one}\n`)));
  }
  const ours = ["lockf", "sleep", "b64decode", "sha256", "mv", "rm", "stat", "sh"];
  const commands = await rig.machine.commands();
  expect(commands.length).toBeGreaterThan(operations * perOperation * 2);
  expect(commands.filter(({ argv }) => !ours.includes(name(argv)))).toEqual([]);
  expect(await rig.sh("ls /tmp | grep -c hit || :")).toBe("0\n");
}, 120_000);

test.each([
  ["NUL", "a\0b"],
  ["the byte that separates values", "a\x1eb"],
])("%s is refused before anything is sent", async (_what, bad) => {
  await rig.machine.commands(true);
  await expect(host.run({ name: "hostile.bytes", label: "Hostile", args: { v1: bad, count: 1 } })).rejects.toThrow(
    /Hostile: v1 has the control character 0x/,
  );
  expect(await rig.machine.commands()).toEqual([]);
});

function name(argv: readonly string[]): string {
  return String(argv[0]).split("/").at(-1) ?? "";
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
