import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { parseInterfaceAddress } from "../../../provider/freebsd/addresses";
import { InvalidValue } from "../../../provider/freebsd/escape";
import { parseRcConf, rcName, renderNetifRc, renderRcConf } from "../../../provider/freebsd/rcConf";

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/);
const value = fc.string({
  unit: fc.constantFrom(...("ab \\\"$`'!#;&|<>(){}*?[]~=ü日\t".replace("\t", "").match(/./gu) ?? [])),
  maxLength: 24,
});

describe("a line of rc.conf", () => {
  it.each([
    ["sshd_enable", "YES", 'sshd_enable="YES"'],
    ["q", 'it\'s "x" $HOME `id` a\\b', 'q="it\'s \\"x\\" \\$HOME \\`id\\` a\\\\b"'],
    ["empty", "", 'empty=""'],
  ])("%s with %j is %s", (one, text, line) => {
    expect(renderRcConf([{ name: one, value: text }])).toBe(`${line}\n`);
    expect(parseRcConf(line)).toEqual({ lines: [{ name: one, value: text }], others: [] });
  });

  it("can go behind what there is already", () => {
    const lines = [
      { name: "jail_enable", value: "YES" },
      { name: "jail_list", value: "web", append: true },
    ];
    expect(renderRcConf(lines)).toBe('jail_enable="YES"\njail_list="$jail_list web"\n');
    expect(parseRcConf(renderRcConf(lines))).toEqual({ lines, others: [] });
  });

  it("can be a setting: true is YES, false is NO", () => {
    const text = 'sshd_enable="YES"\nsendmail_enable="NO"\nsyslogd_flags="-ss"\nkern_securelevel="1"\n';
    const settings = { sshd_enable: true, sendmail_enable: false, syslogd_flags: "-ss", kern_securelevel: 1 };
    expect(renderRcConf(settings)).toBe(text);
    expect(renderRcConf({})).toBe("");
  });

  it.each(["two\nlines", "a\0", "a\x07", "\ud800"])("can't have the value %j", (text) => {
    expect(() => renderRcConf([{ name: "x", value: text }])).toThrow(
      /is not a value of x in rc.conf: write it on one line/,
    );
  });

  it.each(["", "bad-name", "1x", "a b", "x=", "PATH", "IFS", "é", "x\n"])("can't have the name %j", (text) => {
    expect(() => rcName(text)).toThrow(InvalidValue);
    expect(() => renderRcConf([{ name: text, value: "" }])).toThrow(/is not the name of a variable in rc.conf/);
  });

  it("means to a shell what was given, and to us, too", () => {
    const lines = fc.array(fc.record({ name, value, append: fc.boolean() }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(lines, (given) => {
        const text = renderRcConf(given);
        const expected = given.map(({ append, ...line }) => (append ? { ...line, append } : line));
        expect(parseRcConf(text)).toEqual({ lines: expected, others: [] });
        // Names that the shell has for itself (it may be bash) stay out of its way behind a prefix.
        const own = given.map((line) => ({ ...line, name: `v_${line.name}` }));
        const values = new Map<string, string>();
        for (const line of own) {
          values.set(line.name, line.append ? `${values.get(line.name) ?? ""} ${line.value}` : line.value);
        }
        const prints = [...values.keys()].map((one) => `printf '%s\\0' "$${one}"`).join("\n");
        const read = execFileSync("/bin/sh", { input: `${renderRcConf(own)}${prints}\n`, encoding: "utf8" });
        expect(read.split("\0").slice(0, -1)).toEqual([...values.values()]);
      }),
      { numRuns: 300 },
    );
  });
});

describe("reading a rc.conf that others wrote", () => {
  it("takes plain assignments, and hands the rest back", () => {
    const text = [
      "# comment",
      "",
      'hostname="fbsd" # here',
      "  sshd_enable=YES",
      "sendmail_enable='NONE'",
      'cloned_interfaces="$cloned_interfaces lo1"',
      'syslogd_flags="-ss -b $address"',
      "a=$b",
      "a=b#c",
      'x="1"; y="2"',
      "if true; then",
      'z="a\\$b\\c"',
      "w=a\\ b",
      'many="one',
    ].join("\n");
    expect(parseRcConf(text)).toEqual({
      lines: [
        { name: "hostname", value: "fbsd" },
        { name: "sshd_enable", value: "YES" },
        { name: "sendmail_enable", value: "NONE" },
        { name: "cloned_interfaces", value: "lo1", append: true },
        { name: "z", value: "a$b\\c" },
      ],
      others: [
        'syslogd_flags="-ss -b $address"',
        "a=$b",
        "a=b#c",
        'x="1"; y="2"',
        "if true; then",
        "w=a\\ b",
        'many="one',
      ],
    });
  });
});

describe("the file for a loopback interface", () => {
  it.each([
    ["without an address", "lo1", "lo1", [], ['cloned_interfaces="$cloned_interfaces lo1"', 'ifconfig_lo1="up"']],
    [
      "with the book's network",
      "lo1",
      "lo1",
      ["192.168.1.1/28"],
      ['cloned_interfaces="$cloned_interfaces lo1"', 'ifconfig_lo1="up"', 'ifconfig_lo1_aliases="inet 192.168.1.1/28"'],
    ],
    [
      "with both families",
      "lo1",
      "lo1",
      ["192.168.1.1/28", "fd00::1/64", "10.0.0.1/8", "fd00::2/128"],
      [
        'cloned_interfaces="$cloned_interfaces lo1"',
        'ifconfig_lo1="up"',
        'ifconfig_lo1_aliases="inet 192.168.1.1/28 inet 10.0.0.1/8 inet6 fd00::2/128"',
        'ifconfig_lo1_ipv6="inet6 fd00::1/64"',
      ],
    ],
    [
      "with a name of its own",
      "jail-net",
      "lo7",
      ["192.168.1.1/28"],
      [
        'cloned_interfaces="$cloned_interfaces lo7"',
        'ifconfig_lo7_name="jail-net"',
        'ifconfig_jail_net="up"',
        'ifconfig_jail_net_aliases="inet 192.168.1.1/28"',
      ],
    ],
  ])("%s", (_, own, unit, addresses, lines) => {
    expect(renderNetifRc(own, unit, addresses.map(parseInterfaceAddress))).toBe(`${lines.join("\n")}\n`);
  });
});
