import { InvalidValue } from "../../../provider/freebsd/escape";
import {
  absolutePath,
  flavorName,
  hostName,
  isNewerThanKernel,
  jailName,
  pathInJail,
  releaseName,
  releaseOfKernel,
  userName,
} from "../../../provider/freebsd/names";

describe("a jail's name", () => {
  it.each(["web", "web-1", "web_1", "9web", "1abc", "W", "_x", "a-", "a".repeat(200)])("can be %s", (name) => {
    expect(jailName(name)).toBe(name);
  });

  it.each([
    ["", "letters, digits, “-” and “_” (at most 200), not beginning with “-”, not only digits."],
    [".", "is not the name of a jail: letters"],
    ["..", "is not the name of a jail"],
    ["a.b", "is not the name of a jail"],
    ["a/b", "is not the name of a jail"],
    ["a b", "is not the name of a jail"],
    ["a+b", "is not the name of a jail"],
    ["é", "is not the name of a jail"],
    ["*", "is not the name of a jail"],
    ["-a", "not beginning with “-”"],
    ["7", "not only digits."],
    ["007", "not only digits."],
    ["a\n", "is not the name of a jail"],
    ["a\0", "is not the name of a jail"],
    ["a".repeat(201), "at most 200"],
    ["sharedfs", "this name stands for something else among the jails."],
    ["template", "stands for something else"],
    ["flavors", "stands for something else"],
    ["archive", "stands for something else"],
    ["images", "stands for something else"],
    ["_ALL", "stands for something else"],
  ])("can't be %j", (name, sentence) => {
    expect(() => jailName(name)).toThrow(InvalidValue);
    expect(() => jailName(name)).toThrow(sentence);
  });
});

describe("a host name", () => {
  it.each(["web", "web.example.org", "web_1", "1.example.org", "a".repeat(255)])("can be %s", (name) => {
    expect(hostName(name)).toBe(name);
  });

  it.each(["", ".", "web.", ".web", "a..b", "a b", "-web", "a.-b", "a$b", "ünï", "a\n", "a".repeat(256)])(
    "can't be %j",
    (name) => {
      expect(() => hostName(name)).toThrow(/is not a host name: letters, digits/);
    },
  );
});

describe("the names of flavors, users and groups", () => {
  it.each(["default", "ssh-7.4", "_x"])("%s is one of a flavor", (name) => {
    expect(flavorName(name)).toBe(name);
  });

  it.each(["", ".", "..", ".x", "-x", "a/b", "a b", "x".repeat(201)])("%j is none of a flavor", (name) => {
    expect(() => flavorName(name)).toThrow(/is not the name of a flavor/);
  });

  it.each(["bob", "_www", "a.b-c", "Bob", "1bob", "u".repeat(32)])("%s is one of a user", (name) => {
    expect(userName(name)).toBe(name);
  });

  it.each(["", "-bob", "bob:x", "bob smith", "bob$", "7", "bób", "u".repeat(33), "a/b", "a\n"])(
    "%j is none of a user",
    (name) => {
      expect(() => userName(name)).toThrow(/is not the name of a user or a group/);
    },
  );
});

describe("a path on the host", () => {
  it.each([
    ["/usr/jails", "/usr/jails"],
    ["/usr/jails/", "/usr/jails"],
    ["/", "/"],
    ["/a.b/..c/d..", "/a.b/..c/d.."],
    ["/usr/jails/sharedfs/13.2-RELEASE", "/usr/jails/sharedfs/13.2-RELEASE"],
  ])("%s is %s", (path, canonical) => {
    expect(absolutePath(path)).toBe(canonical);
  });

  it.each([
    ["", "begin with “/”, without “..”, “.” and “//”."],
    ["usr/jails", "begin with"],
    ["/usr/../etc", "without “..”"],
    ["/usr/..", "without “..”"],
    ["/usr/./jails", "begin with"],
    ["/usr//jails", "begin with"],
    ["//", "begin with"],
    ["/usr/jails//", "begin with"],
    [`/${"a".repeat(256)}`, "begin with"],
    ["/a/b".repeat(300), "begin with"],
    ["/usr/my jails", "letters, digits and . _ / + @ % , = : ~ - only, no white space."],
    ["/usr/jails\n", "no white space"],
    ["/usr/j\0", "no white space"],
    ['/usr/"j"', "no white space"],
    ["/usr/$HOME", "no white space"],
    ["/usr/j\\040", "no white space"],
    ["/usr/#j", "no white space"],
    ["/usr/jé", "no white space"],
  ])("is not %j", (path, sentence) => {
    expect(() => absolutePath(path)).toThrow(InvalidValue);
    expect(() => absolutePath(path)).toThrow(sentence);
  });
});

describe("a path in a jail", () => {
  it.each(["/etc/motd", "/usr/local/my file", "/ü", "/...", "/a/.b"])("can be %s", (path) => {
    expect(pathInJail(path)).toBe(path);
  });

  it.each(["", "/", "etc/motd", "/etc/", "/etc/../../x", "/..", "/a//b", "/a/./b", "/a\nb", "/a\0", "/\ud800"])(
    "can't be %j",
    (path) => {
      expect(() => pathInJail(path)).toThrow(/is not the path of a file in a jail/);
    },
  );
});

describe("a release", () => {
  it.each([
    "13.2-RELEASE",
    "14.10-RELEASE",
    "14.0-RC1",
    "14.0-BETA5",
    "15.0-ALPHA2",
    "15.0-PRERELEASE",
    "13.2-STABLE",
    "16.0-CURRENT",
  ])("can be %s", (release) => {
    expect(releaseName(release)).toBe(release);
  });

  it.each([
    ["13.2", "write it as 13.2-RELEASE"],
    ["13.2-release", "write it as"],
    ["13-RELEASE", "write it as"],
    ["013.2-RELEASE", "write it as"],
    ["13.2-RELEASE/amd64", "write it as"],
    ["13.2-RC", "write it as"],
    ["", "write it as"],
    ["../13.2-RELEASE", "write it as"],
    ["14.1-RELEASE-p3", "leave the patch level (-p…) out."],
  ])("can't be %j", (release, sentence) => {
    expect(() => releaseName(release)).toThrow(sentence);
  });

  it.each([
    [1302001, "13.2"],
    [1400097, "14.0"],
    [1300139, "13.0"],
    [1402000, "14.2"],
    [1500068, "15.0"],
    [903000, "9.3"],
  ])("is read from kernel %d: %s", (osreldate, release) => {
    expect(releaseOfKernel(osreldate)).toBe(release);
  });

  it.each([0, 13.2, Number.NaN, 13_020_010])("can't be read from kernel %d", (osreldate) => {
    expect(() => releaseOfKernel(osreldate)).toThrow(/uname -K prints a number such as 1302001\.$/);
  });

  it.each([
    ["13.2-RELEASE", 1302001, false],
    ["13.1-RELEASE", 1302001, false],
    ["12.4-RELEASE", 1302001, false],
    ["13.3-RELEASE", 1302001, true],
    ["13.10-RELEASE", 1302001, true],
    ["14.0-RELEASE", 1302001, true],
    ["13.2-RC3", 1302001, false],
    ["13.2-STABLE", 1302001, true],
    ["13.2-STABLE", 1302507, false],
    ["13.3-RELEASE", 1302507, true],
    ["14.0-CURRENT", 1400097, false],
    ["13.5-RELEASE", 1400097, false],
  ])("%s is newer than kernel %d: %s", (release, osreldate, newer) => {
    expect(isNewerThanKernel(release, osreldate)).toBe(newer);
  });
});
