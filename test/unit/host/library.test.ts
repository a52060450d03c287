import { neededBy, readLibrary } from "../../../provider/host/library";

const files = new Map(readLibrary().files);

test("an operation's file needs the files that it sources, and those that they source", () => {
  expect(neededBy("pf-load.sh")).toContain("pf-undo.sh");
  expect(neededBy("inside.sh")).toEqual(
    expect.arrayContaining(["inside.sh", "insideJail.sh", "insideFiles.sh", "insideUsers.sh", "insideServices.sh"]),
  );
  expect(neededBy("jail.sh")).not.toContain("base.sh");
});

test.each([...files])("what %s asks for is there", (_name, text) => {
  const wanted = [...text.matchAll(/\$\{?library\}?\/([^\s"]+)/g)].map(([, name]) => name);
  expect(wanted.filter((name) => !files.has(name ?? ""))).toEqual([]);
});

test("a file that isn't there needs nothing", () => {
  expect(neededBy("nothing.sh")).toEqual([]);
});

describe("FreeBSD's sh makes the assignments of one command all at once, so that none may need another", () => {
  const value = String.raw`(?:"[^"]*"|'[^']*'|\$\{[^}]*\}|[^\s"';&|)])*`;
  const several = new RegExp(String.raw`\b\w+=${value}(?: \w+=${value})+`, "g");

  /** Assignments whose value has the name of one before them in the same command. */
  function dependent(text: string): string[] {
    const runs = [...text.matchAll(several)].map(([run]) => run);
    return runs.filter((run) => {
      const names = [...run.matchAll(/(?:^| )(\w+)=/g)].map(([, name]) => name);
      return names.some((name) =>
        new RegExp(String.raw`^.* \w+=.*\$\{?${name}\b`).test(run.slice(run.indexOf(`${name}=`))),
      );
    });
  }

  test("such a one is found", () => {
    expect(dependent(["a=$1 b=$", "{a%% *}; x=1 y=$z"].join(""))).toEqual([["a=$1 b=$", "{a%% *}"].join("")]);
  });

  test.each([...files])("in %s", (_name, text) => {
    expect(dependent(text)).toEqual([]);
  });
});
