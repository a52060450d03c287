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
