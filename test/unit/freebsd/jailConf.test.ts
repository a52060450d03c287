import { readFileSync } from "node:fs";
import * as path from "node:path";
import * as fc from "fast-check";
import { InvalidValue } from "../../../provider/freebsd/escape";
import {
  type JailValue,
  parameterName,
  parseJailConf,
  quote,
  renderJailConf,
} from "../../../provider/freebsd/jailConf";
import { valueAsJailReadsIt } from "./jailLexer";

/** Letters that mean something to jail(8), and some that don't. */
const tricky = fc.string({
  unit: fc.constantFrom(...("$${}\\\"'`;,=+#/* \t\n\r\x01\x7f|&!()<>~%@[].:-_aZ09xnü日😀".match(/./gsu) ?? [])),
  maxLength: 30,
});
const text = fc.oneof(
  tricky,
  fc.string({ unit: "binary" }).filter((value) => !/[\0\p{Surrogate}]/u.test(value)),
);

describe("quoting a value for jail.conf", () => {
  it.each([
    ["web", "web"],
    ["bare-word.example.org", "bare-word.example.org"],
    ["192.168.1.1/32", "192.168.1.1/32"],
    ["-1", "-1"],
    ["", '""'],
    ["/usr/jails/p", '"/usr/jails/p"'],
    ["lo1|192.168.1.3/32", '"lo1|192.168.1.3/32"'],
    ["fd00::5", '"fd00::5"'],
    ["a$b", '"a\\$b"'],
    ["a${x}b", '"a\\${x}b"'],
    ['a"b\\c\td', '"a\\"b\\\\c\\td"'],
    ["it's", '"it\'s"'],
    ["a//b", '"a//b"'],
    ["a/*b", '"a/*b"'],
    ["ünï", '"ünï"'],
    ["multi\nline", '"multi\nline"'],
    ["a\rb\x7f", '"a\\015b\\177"'],
    ["\x011", '"\\0011"'],
  ])("%j is %s", (value, quoted) => {
    expect(quote(value)).toBe(quoted);
  });

  it.each(["a\0b", "\ud800"])("%j can't be written at all", (value) => {
    expect(() => quote(value)).toThrow(/is not a value of a jail's parameter: any text without NUL characters\.$/);
  });

  it("survives jail(8)'s reading, and ours, for 100,000 values", () => {
    fc.assert(
      fc.property(text, (value) => {
        const quoted = quote(value);
        if (valueAsJailReadsIt(quoted) !== value) throw new Error(`jail(8) would read ${valueAsJailReadsIt(quoted)}`);
        const read = parseJailConf(`q { x = ${quoted}; y = z${quoted}z; }`)[0]?.parameters;
        expect(read).toEqual([
          ["x", value],
          ["y", `z${value}z`],
        ]);
      }),
      { numRuns: 100_000 },
    );
  }, 120_000);
});

describe("a jail's jail.conf", () => {
  it("has the parameters in the order given, one a line", () => {
    const rendered = renderJailConf("web", [
      ["path", "/usr/jails/web"],
      ["host.hostname", "web"],
      ["ip4.addr", ["lo1|192.168.1.2/32", "192.168.1.1"]],
      ["ip6.addr", []],
      ["mount.devfs", true],
      ["devfs_ruleset", 4],
      ["securelevel", -1],
      ["osrelease", undefined],
      ["allow.raw_sockets", false],
      ["persist", false],
      ["exec.start", "/bin/sh /etc/rc"],
    ]);
    expect(rendered).toBe(
      [
        "web {",
        '\tpath = "/usr/jails/web";',
        "\thost.hostname = web;",
        '\tip4.addr = "lo1|192.168.1.2/32";',
        "\tip4.addr += 192.168.1.1;",
        "\tmount.devfs;",
        "\tdevfs_ruleset = 4;",
        "\tsecurelevel = -1;",
        "\tallow.noraw_sockets;",
        "\tnopersist;",
        '\texec.start = "/bin/sh /etc/rc";',
        "}",
        "",
      ].join("\n"),
    );
  });

  const refused: [string, readonly [string, JailValue][], string][] = [
    ["a.b", [], "is not the name of a jail"],
    ["web", [["bad name", true]], "is not the name of a jail's parameter: words of letters"],
    ["web", [["allow.", true]], "is not the name of a jail's parameter"],
    ["web", [["$x", "1"]], "is not the name of a jail's parameter"],
    ["web", [["allow.noraw_sockets", true]], "leave the “no” out and give it the value false."],
    ["web", [["securelevel", 1.5]], "is not a value of securelevel: whole numbers only."],
    ["web", [["path", "/a\0"]], "without NUL characters"],
    [
      "web",
      [
        ["persist", true],
        ["persist", false],
      ],
      'The parameter "persist" stands there twice.',
    ],
  ];
  it.each(refused)("of %s with %j is refused", (name, parameters, sentence) => {
    expect(() => renderJailConf(name, parameters)).toThrow(InvalidValue);
    expect(() => renderJailConf(name, parameters)).toThrow(sentence);
  });

  it("is read back as it was given, whatever the parameters", () => {
    const name = fc
      .stringMatching(/^[a-z][a-z0-9_]{0,8}(\.[a-z0-9_]{1,8}){0,2}$/)
      .filter((one) => !/(^|\.)no[^.]*$/.test(one) && one !== "name");
    const value = fc.oneof(fc.boolean(), fc.maxSafeInteger(), text, fc.array(text, { minLength: 2, maxLength: 4 }));
    const parameters = fc.uniqueArray(fc.tuple(name, value), { selector: ([one]) => one, maxLength: 8 });
    fc.assert(
      fc.property(parameters, (given) => {
        const read = parseJailConf(renderJailConf("web-1", given));
        const expected = given.map(([one, it]) => [one, typeof it === "number" ? String(it) : it]);
        expect(read).toEqual([{ name: "web-1", parameters: expected }]);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("the name of a parameter", () => {
  it.each(["path", "allow.raw_sockets", "ip4.addr", "linux.oss_version", "env.LANG"])("can be %s", (name) => {
    expect(parameterName(name)).toBe(name);
  });
});

describe("reading a jail.conf that others wrote", () => {
  it("fills in variables and what goes for all jails", () => {
    const conf = [
      "# all of them",
      'exec.start = "/bin/sh /etc/rc"; $root = /usr/jails;',
      "* { mount.devfs; allow.raw_sockets; }",
      'web { path = "$root/$name"; host.hostname = "${name}.example.org"; $more = 10.0.0.1, 10.0.0.2; ip4.addr = "$more";',
      "  ip4.addr += 10.0.0.3; // more",
      "  allow.noraw_sockets; path += /x; /* a ** b */ exec.start += $name/run; }",
      '"db" { nopersist; }',
      "db { persist; exec.clean; }",
    ].join("\n");
    expect(parseJailConf(conf)).toEqual([
      {
        name: "web",
        parameters: [
          ["exec.start", ["/bin/sh /etc/rc", "web/run"]],
          ["mount.devfs", true],
          ["allow.raw_sockets", false],
          ["path", ["/usr/jails/web", "/x"]],
          ["host.hostname", "web.example.org"],
          ["ip4.addr", ["10.0.0.1", "10.0.0.2", "10.0.0.3"]],
        ],
      },
      {
        name: "db",
        parameters: [
          ["exec.start", "/bin/sh /etc/rc"],
          ["mount.devfs", true],
          ["allow.raw_sockets", true],
          ["persist", true],
          ["exec.clean", true],
        ],
      },
    ]);
  });

  it.each([
    ["t5 { path = ", "jail.conf line 1: unexpected EOF."],
    ["t5 { path = x }", "jail.conf line 1: }: syntax error."],
    ["t5 { persist; ", "jail.conf line 1: unexpected EOF."],
    ["q {\n a = 'x;\n}", "jail.conf line 2: ': syntax error."],
    ["q { path = x y; }", "jail.conf line 1: y: syntax error."],
    ["q { é = x; }", "jail.conf line 1: é: syntax error."],
    ["q { = x; }", "jail.conf line 1: =: syntax error."],
    ["q {\n path = $nosuch; }", 'jail.conf line 2: path: variable "nosuch" not found.'],
    ["q { $a = $b; $b = $a; path = $a; }", "variable loop"],
    ["q { $a = x, y; path = z$a; }", "path: array cannot be substituted inline"],
    ["q { persist; path = $persist; }", 'variable "persist" not found'],
  ])("%j is an error", (conf, sentence) => {
    expect(() => parseJailConf(conf)).toThrow(InvalidValue);
    expect(() => parseJailConf(conf)).toThrow(sentence);
  });

  describe("agrees with the recorded jail -e", () => {
    const blocks = recorded("07-jail-conf.txt");
    const confs = blocks.flatMap(({ command, output }, i) => {
      const next = blocks[i + 1];
      if (command !== "cat /tmp/q.conf" || !next?.command.startsWith('jail -f /tmp/q.conf -e "|"')) return [];
      return [[output, next.output] as const];
    });

    it("in all 19 blocks", () => {
      expect(confs).toHaveLength(19);
    });

    it.each(confs)("%s", (conf, exported) => {
      const missing = /variable ".*" not found/.exec(exported)?.[0];
      if (missing !== undefined) expect(() => parseJailConf(conf)).toThrow(missing);
      else expect(parseJailConf(conf)[0]?.parameters.map(asExported).join("|")).toBe(withoutQuotes(exported));
    });
  });
});

/** The blocks of a recording: a command, and what it wrote to standard output and standard error. */
function recorded(file: string): { command: string; output: string }[] {
  const all = readFileSync(path.join(__dirname, "../../recordings", file), "utf8");
  return all.split(/^\$ /m).map((block) => {
    const [command = "", ...lines] = block.split("\n");
    const output = lines.filter((line) => /^[12]\| /.test(line)).map((line) => line.slice(3));
    return { command, output: output.join("\n") };
  });
}

/** A parameter as `jail -e` prints it, less its quotes. */
function asExported([name, value]: readonly [string, boolean | string | readonly string[]]): string {
  if (value === true) return name;
  if (value === false) return name.replace(/[^.]*$/, "no$&");
  return `${name}=${typeof value === "string" ? value : value.join(",")}`;
}

/** What `jail -e` printed, less the name and the quotes that it puts around words. */
function withoutQuotes(exported: string): string {
  const quoted = /(?<==|,)(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')(?=[|,]|$)/gs;
  const bare = exported.replace(quoted, (_, double?: string, one?: string) =>
    (double ?? one ?? "").replace(/\\(.)/gs, "$1"),
  );
  return bare.replace(/^name=[^|]*\|/, "");
}
