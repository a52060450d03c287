import { anchorLines, placeAnchor } from "../../../provider/freebsd/pfConf";
import { pfStatements } from "../../../provider/freebsd/pfConfLexer";

/** The file with a mark where our lines go. */
function placed(text: string, others: Record<string, string> = {}): string | undefined {
  const place = placeAnchor(new Map([["/etc/pf.conf", text], ...Object.entries(others)]), "/etc/pf.conf");
  if (!place) return undefined;
  const lines = text.split("\n");
  return [...lines.slice(0, place.before - 1), "<here>", ...lines.slice(place.before - 1)].join("\n");
}

describe("the statements of a pf.conf", () => {
  it.each([
    ["pass all\n", ["1-1 pass all"]],
    ["", []],
    ["\n\n# nothing\n", []],
    ["pass all", ["1-1 pass all"]],
    ["pass in \\\n  quick\nblock all\n", ["1-2 pass in \\\n  quick", "3-3 block all"]],
    ["# a comment that goes on \\\npass all\nblock all\n", ["3-3 block all"]],
    ['ext = "vtnet0 # no comment"\npass on $ext # one\n', ['1-1 ext = "vtnet0 # no comment"', "2-2 pass on $ext"]],
    [
      "pass proto tcp to port { 80,\n 443 }\nblock all\n",
      ["1-2 pass proto tcp to port { 80,\n 443 }", "3-3 block all"],
    ],
    [
      'anchor "x" {\n pass all\n block all\n}\npass all\n',
      ['1-4 anchor "x" {\n pass all\n block all\n}', "5-5 pass all"],
    ],
    ["table <jails> { 10.0.0.1 \\\n 10.0.0.2 }\n", ["1-2 table <jails> { 10.0.0.1 \\\n 10.0.0.2 }"]],
    ["# windows\r\npass all\n", ["2-2 pass all"]],
    ['x = "a\nb"\npass all\n', ['1-2 x = "a\nb"', "3-3 pass all"]],
  ])("of %j", (text, statements) => {
    expect(pfStatements(text).map((one) => `${one.first}-${one.last} ${one.text}`)).toEqual(statements);
  });
});

describe("our anchor's lines go", () => {
  it.each([
    ["before the first filter rule", "pass all\n", "<here>\npass all\n"],
    ["to the end where there is none", "set skip on lo0\n", "set skip on lo0\n<here>\n"],
    ["to the end of a file that ends without a line break", "set skip on lo0", "set skip on lo0\n<here>"],
    ["into an empty file", "", "<here>\n"],
    [
      "behind translation rules, and before filter rules",
      'ext = "vtnet0"\nset skip on lo0\nscrub in all\nnat on $ext from 10.0.0.0/8 to any -> ($ext)\nblock all\npass out\n',
      'ext = "vtnet0"\nset skip on lo0\nscrub in all\nnat on $ext from 10.0.0.0/8 to any -> ($ext)\n<here>\nblock all\npass out\n',
    ],
    [
      "before the comment of a filter rule",
      "nat-anchor x\n\n# Filter\n# rules\npass all\n",
      "nat-anchor x\n\n<here>\n# Filter\n# rules\npass all\n",
    ],
    ["not into a comment that goes on", "# a \\\n# b\npass all\n", "# a \\\n# b\n<here>\npass all\n"],
    [
      "behind a macro that is used later",
      'pass_in = 1\nports = "{ 80\n 443 }"\nantispoof for lo0\n',
      'pass_in = 1\nports = "{ 80\n 443 }"\n<here>\nantispoof for lo0\n',
    ],
    [
      "before a rule that begins with a macro",
      'allow = "pass in quick"\n$allow from any\n',
      'allow = "pass in quick"\n<here>\n$allow from any\n',
    ],
    [
      "behind a rule that exempts",
      'no nat on lo0 from any to any\nno rdr on lo0\nanchor "x" {\n pass\n}\n',
      'no nat on lo0 from any to any\nno rdr on lo0\n<here>\nanchor "x" {\n pass\n}\n',
    ],
    [
      "behind all translation where the order is free",
      "set require-order no\npass all\nnat on em0 from any to any -> (em0)\nblock in\n",
      "set require-order no\npass all\nnat on em0 from any to any -> (em0)\n<here>\nblock in\n",
    ],
  ])("%s", (_, text, expected) => {
    expect(placed(text)).toBe(expected);
  });

  it("behind an included file with translation rules, before one with filter rules", () => {
    const files = { "/etc/pf.nat": "nat-anchor x\n", "/etc/pf.filter": "block all\n" };
    const text = 'include "/etc/pf.nat"\ninclude "/etc/pf.filter"\n';
    expect(placed(text, files)).toBe('include "/etc/pf.nat"\n<here>\ninclude "/etc/pf.filter"\n');
  });

  it("nowhere, if a file that is included has both: the error says which line is in the way", () => {
    const files = { "/etc/pf.both": "nat-anchor x\nblock all\n" };
    expect(() => placed('set skip on lo0\ninclude "/etc/pf.both"\n', files)).toThrow(
      'line 2 of /etc/pf.conf is in the way: include "/etc/pf.both" has translation rules and filter rules',
    );
  });

  it("nowhere, if they are there", () => {
    expect(placed(`${anchorLines.join("\n")}\npass all\n`)).toBeUndefined();
    expect(placed(`  ${anchorLines[0]}\n${anchorLines.slice(1).join("\n")} # moved\npass all\n`)).toBeUndefined();
  });

  it("where they belong, those that are missing", () => {
    const place = placeAnchor(new Map([["/etc/pf.conf", `${anchorLines[1]}\npass all\n`]]), "/etc/pf.conf");
    expect(place).toEqual({ lines: [anchorLines[0], anchorLines[2], anchorLines[3]], before: 2 });
  });
});
