import { InvalidValue } from "../../../provider/freebsd/escape";
import { checkResolvConf, type ResolvConf, renderResolvConf } from "../../../provider/freebsd/resolvConf";

describe("a resolv.conf", () => {
  const good: [ResolvConf, string][] = [
    [{}, ""],
    [{ nameservers: ["10.0.2.3", "FD00:0::53"] }, "nameserver 10.0.2.3\nnameserver fd00::53\n"],
    [{ nameservers: ["fe80::1%em0"] }, "nameserver fe80::1%em0\n"],
    [
      { nameservers: ["10.0.2.3"], search: ["example.org", "local"], options: ["edns0", "ndots:2"] },
      "search example.org local\nnameserver 10.0.2.3\noptions edns0 ndots:2\n",
    ],
    [{ search: ["."] }, "search .\n"],
    [{ search: ["example.org."] }, "search example.org.\n"],
  ];
  it.each(good)("of %j is %j, which is taken as it is", (settings, text) => {
    expect(renderResolvConf(settings)).toBe(text);
    expect(checkResolvConf(text)).toBe(text);
  });

  const bad: [ResolvConf, string][] = [
    [{ nameservers: ["ns.example.org"] }, "is not an address"],
    [{ nameservers: ["10.0.0.1 10.0.0.2"] }, "is not an address"],
    [{ nameservers: ["10.0.0.1%em0"] }, "is not an address"],
    [{ nameservers: ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"] }, "at most 3 of them."],
    [{ search: ["a b"] }, "is not a host name"],
    [{ search: [""] }, "is not a host name"],
    [{ search: ["a", "b", "c", "d", "e", "f", "g"] }, "at most 6 of them"],
    [{ search: ["a".repeat(200), "b".repeat(200)] }, "at most 256 letters in all."],
    [{ options: ["ndots"] }, "is not an option of resolv.conf: debug, edns0"],
    [{ options: ["ndots:x"] }, "ndots:n"],
    [{ options: ["edns0\nnameserver 1.2.3.4"] }, "is not an option"],
  ];
  it.each(bad)("can't be made of %j", (settings, sentence) => {
    expect(() => renderResolvConf(settings)).toThrow(InvalidValue);
    expect(() => renderResolvConf(settings)).toThrow(sentence);
  });

  it("that was written by hand keeps its comments, and ends with a line break", () => {
    const text = "# ours\n; too\nnameserver\t10.0.2.3 # first\n\ndomain example.org";
    expect(checkResolvConf(text)).toBe(`${text}\n`);
  });

  it.each([
    ["nameservers 10.0.2.3", "a line begins with nameserver, search, domain, options or sortlist"],
    ["nameserver", "and words follow."],
    ["nameserver 10.0.2.300", "is not an address"],
    ["nameserver 10.0.2.3\0", "no control characters."],
    ["10.0.2.3", "a line begins with"],
  ])("that was written by hand can't have the line %j", (text, sentence) => {
    expect(() => checkResolvConf(text)).toThrow(sentence);
  });
});
