import { recordings } from "./files";
import { leftOutTable } from "./left-out";
import { normalise } from "./normalise";
import { load } from "./play";
import { readRecording, readSetUp } from "./recording";
import { diff } from "./report";
import { others } from "./substitute";

const text = `## first

$ jail -r nosuch
2| jail: "nosuch" not found
=> 1

$ printf "[%s]" x
1| [x]=> 0

$ echo "one
two"
1| one
1| two
=> 0

## second

$ rm -rf /
2| rm: a
... (cut)
=> 0
`;

test("a recording is read block by block", () => {
  const blocks = readRecording(text);
  expect(blocks.map((block) => block.command)).toEqual([
    "jail -r nosuch",
    'printf "[%s]" x',
    'echo "one\ntwo"',
    "rm -rf /",
  ]);
  expect(blocks[0]).toMatchObject({ section: "first", stderr: 'jail: "nosuch" not found\n', stdout: "", status: 1 });
  expect(blocks[1]).toMatchObject({ stdout: "[x]", status: 0 });
  expect(blocks[2]).toMatchObject({ stdout: "one\ntwo\n" });
  expect(blocks[3]).toMatchObject({ section: "second", stderr: "rm: a\n", cut: true });
});

test("a set-up step must name the block that it stands before", () => {
  const blocks = readRecording(text);
  expect(readSetUp("# why\n\n>> before 2: printf\ncd /\n", blocks)).toEqual(new Map([[2, "cd /\n"]]));
  expect(() => readSetUp(">> before 1: printf\ncd /\n", blocks)).toThrow("the recording says");
});

test("every recording can be read, with its set-up, and there are more than 700 blocks", () => {
  const blocks = recordings().flatMap((file) => load(file).blocks);
  expect(blocks.length).toBeGreaterThan(700);
});

test("everything that is left out is a recorded block", () => {
  const loaded = recordings().map(load);
  for (const entry of leftOutTable) {
    const blocks = loaded.find(({ name }) => name === entry.recording)?.blocks ?? [];
    expect(blocks.some((block) => block.command.startsWith(entry.begins))).toBe(true);
  }
});

test("a normaliser takes out what is one moment's and nothing else", () => {
  expect(normalise("ls -l", "-rw-r--r--  1 root  wheel  2 Nov 22 05:00 /x")).toBe(
    "-rw-r--r--  1 root  wheel  2 DATE /x",
  );
  expect(normalise("mktemp", "/tmp/tmp.qGZ0l6zv\n")).toBe("/tmp/tmp.********\n");
  expect(normalise("jls jid name", "8 a1\n")).toBe("8 a1\n");
});

test("other names are put in everywhere at once", () => {
  expect(others("04-jails", "ifconfig lo1 create; ls /usr/jails/t1 | grep t10")).toBe(
    "ifconfig lo7 create; ls /srv/cells/u4 | grep t10",
  );
  expect(others("07-jail-conf", 'printf "\\nq { }"; stat -f %q; jls -q q')).toBe(
    'printf "\\ny { }"; stat -f %q; jls -q y',
  );
});

test("a diff keeps what both have", () => {
  expect(diff(["a", "b", "c"], ["a", "x", "c"])).toEqual(["    | a", "    - b", "    + x", "    | c"]);
});
