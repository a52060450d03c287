import { InvalidValue } from "../../../provider/freebsd/escape";
import { type PkgRepo, renderPkgRepo } from "../../../provider/freebsd/pkgRepo";

describe("a repository of packages", () => {
  it("looks like FreeBSD's own file", () => {
    const text = renderPkgRepo({
      name: "FreeBSD",
      url: "pkg+http://pkg.FreeBSD.org/${ABI}/latest",
      mirrorType: "srv",
      signatureType: "fingerprints",
      fingerprints: "/usr/share/keys/pkg",
      enabled: true,
    });
    expect(text).toBe(
      [
        "FreeBSD: {",
        '  url: "pkg+http://pkg.FreeBSD.org/${ABI}/latest",',
        '  mirror_type: "srv",',
        '  signature_type: "fingerprints",',
        '  fingerprints: "/usr/share/keys/pkg",',
        "  enabled: yes",
        "}",
        "",
      ].join("\n"),
    );
  });

  it.each([
    [{ name: "FreeBSD", enabled: false }, "FreeBSD: {\n  enabled: no\n}\n"],
    [{ name: "mine", priority: -5 }, "mine: {\n  priority: -5\n}\n"],
    [{ name: "mine" }, "mine: {\n}\n"],
    [
      { name: "mine", url: "file:///packages", pubkey: '/a "b"\\c', signatureType: "pubkey" as const },
      'mine: {\n  url: "file:///packages",\n  signature_type: "pubkey",\n  pubkey: "/a \\"b\\"\\\\c"\n}\n',
    ],
  ])("of %j is %j", (repo, text) => {
    expect(renderPkgRepo(repo)).toBe(text);
  });

  const bad: [Partial<PkgRepo>, string][] = [
    [{ name: "" }, "is not the name of a repository"],
    [{ name: "../x" }, "is not the name of a repository"],
    [{ name: "a b" }, "is not the name of a repository"],
    [{ url: "pkg.FreeBSD.org" }, "is not the address of a repository: begin with http://"],
    [{ url: 'http://x/"y' }, "without spaces and quotes."],
    [{ url: "http://x/\ny" }, "without spaces and quotes."],
    [{ url: "http://x/", mirrorType: "srv" }, 'begin it with "pkg+", or take another mirrorType.'],
    [{ fingerprints: "a\nb" }, "is not a value of pkg.conf: one line"],
    [{ priority: 1.5 }, "whole numbers only."],
  ];
  it.each(bad)("can't be made of %j", (change, sentence) => {
    expect(() => renderPkgRepo({ name: "mine", ...change })).toThrow(InvalidValue);
    expect(() => renderPkgRepo({ name: "mine", ...change })).toThrow(sentence);
  });
});
