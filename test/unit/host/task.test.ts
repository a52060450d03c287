import type { HostInfo, Operation } from "../../../provider/host/host";
import { mask, setReporter } from "../../../provider/host/log";
import type { Message } from "../../../provider/host/reply";
import { Task } from "../../../provider/host/task";

const host = {} as HostInfo;
const operation: Operation = { name: "jail.create", args: {}, label: "Jail web", timeout: 5 };
const says = (type: Message["type"], text: string, key = "-"): Message => ({ id: 1, type, key, text });

let shown: string[];
let before: ReturnType<typeof setReporter>;
beforeEach(() => {
  shown = [];
  before = setReporter((line) => shown.push(line));
});
afterEach(() => void setReporter(before));

function run(...messages: Message[]): Task {
  const task = new Task(1, operation, "root@h:22", ["hunter22"]);
  for (const message of messages) task.take(message, host);
  return task;
}

test("facts come by key, in order", async () => {
  const task = run(says("f", "1", "a"), says("f", "x", "b"), says("f", "2", "a"), says("=", "0"));
  await expect(task.promise).resolves.toEqual({ facts: { a: ["1", "2"], b: ["x"] }, host });
});

test("progress and warnings are shown at once, secrets are not", () => {
  run(says("p", "unpacking", "40"), says("p", "starting"), says("w", "hunter22 is odd"));
  expect(shown).toEqual([
    "Jail web on root@h:22: unpacking (40%)",
    "Jail web on root@h:22: starting",
    "Jail web on root@h:22: warning: [secret] is odd",
  ]);
});

test.each([
  [
    "what fail said",
    [says("x", "no base there", "no_base"), says("=", "1")],
    "no_base",
    "Jail web on root@h:22: no base there",
  ],
  [
    "the last lines of standard error",
    [says("e", "one"), says("e", "two"), says("=", "7")],
    "failed",
    /status 7:\none\ntwo$/,
  ],
  [
    "who holds the lock",
    [says("x", "pf (held by me)", "busy"), says("=", "75")],
    "busy",
    /gave up waiting for pf \(held by me\)/,
  ],
])("an error says %s", async (_, messages, code, message) => {
  const error = await run(...messages).promise.catch((one) => one);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
});

test("an operation whose time was up has failed, whatever it says", async () => {
  const task = run();
  task.timedOut = true;
  task.take(says("=", "0"), host);
  await expect(task.promise).rejects.toMatchObject({ code: "timeout" });
});

test("what was heard before a cut does not count", async () => {
  const task = run(says("f", "1", "a"), says("x", "no", "no"));
  task.begin();
  for (const message of [says("f", "1", "a"), says("=", "0")]) task.take(message, host);
  await expect(task.promise).resolves.toMatchObject({ facts: { a: ["1"] } });
});

test("waiting for a lock is said once, not with every line from the host", () => {
  run(says("l", "pf (held by me)"), says("l", "pf (held by me)"), says("l", "pf (held by you)"));
  expect(shown.length).toBe(2);
  expect(shown[0]).toBe("Jail web on root@h:22: waiting for pf (held by me)");
});

test.each([
  ["a hunter22 b", ["hunter22"], "a [secret] b"],
  ["a\nkey2\nb", ["key1\nkey2"], "a\n[secret]\nb"],
  ["a b c", ["b"], "a b c"],
])("%j without %j is %j", (text, secrets, masked) => {
  expect(mask(text, secrets)).toBe(masked);
});
