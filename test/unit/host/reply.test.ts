import fc from "fast-check";
import { type Message, ReplyReader } from "../../../provider/host/reply";

const nonce = "0123456789abcdef";

function read(...pieces: (string | Uint8Array)[]): { messages: Message[]; noise: string[] } {
  const messages: Message[] = [];
  const noise: string[] = [];
  const reader = new ReplyReader(
    nonce,
    (message) => messages.push(message),
    (line) => noise.push(line),
  );
  for (const piece of pieces) reader.push(Buffer.from(piece));
  return { messages, noise };
}

test.each([
  ["a fact", "7 f . ip 10.0.0.1", { id: 7, type: "f", key: "ip", text: "10.0.0.1" }],
  ["an empty fact", "7 f . ip ", { id: 7, type: "f", key: "ip", text: "" }],
  ["a fact with spaces", "7 f . ip  a  b ", { id: 7, type: "f", key: "ip", text: " a  b " }],
  ["progress", "7 p . 40 unpacking", { id: 7, type: "p", key: "40", text: "unpacking" }],
  ["the end", "7 = . - 0", { id: 7, type: "=", key: "-", text: "0" }],
])("%s is read", (_, line, message) => {
  expect(read(`${nonce} ${line}\n`).messages).toEqual([message]);
});

test("long values and values of several lines are joined, also where lines of two operations mix", () => {
  const lines = ["1 f + a x", "2 f + a X", "1 f | a y", "2 f . a Y", "1 f . a z"];
  const { messages } = read(lines.map((line) => `${nonce} ${line}\n`).join(""));
  expect(messages.map(({ id, text }) => [id, text])).toEqual([
    [2, "XY"],
    [1, "xy\nz"],
  ]);
});

test("a letter that was cut into pieces between its bytes is whole again", () => {
  const [first, second] = Buffer.from("ü");
  const { messages } = read(
    Buffer.concat([Buffer.from(`${nonce} 1 f + a `), Buffer.of(first ?? 0), Buffer.from(`\n${nonce} 1 f . a `)]),
    Buffer.concat([Buffer.of(second ?? 0), Buffer.from("\n")]),
  );
  expect(messages[0]?.text).toBe("ü");
});

test("what others write is noise: greetings, other nonces, broken lines", () => {
  const lines = [
    "Welcome to FreeBSD",
    "ffff 1 f . a b",
    `${nonce} x f . a b`,
    `${nonce} 1 ? . a b`,
    ` ${nonce} 1 f . a b`,
  ];
  expect(read(`${lines.join("\n")}\n`)).toEqual({ messages: [], noise: lines });
});

test("a line that is not whole counts for nothing", () => {
  expect(read(`${nonce} 1 = . - 0`).messages).toEqual([]);
});

test("however the stream is cut into pieces, the messages are the same", () => {
  const stream = Buffer.from(`noise\n${nonce} 1 f + a ü\n${nonce} 1 f | a b\n${nonce} 1 f . a c\n${nonce} 1 = . - 0\n`);
  const whole = read(stream);
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const pieces = at.slice(1).map((end, index) => stream.subarray(at[index], end));
      expect(read(...pieces)).toEqual(whole);
    }),
  );
});
