import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { extract } from "tar-stream";
import { ustar } from "../../../provider/freebsd/ustar";

async function contents(archive: Buffer): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const reader = extract();
  reader.end(archive);
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    found[entry.header.name] = Buffer.concat(chunks).toString("hex");
  }
  return found;
}

test("an archive gives back the files that were put in, whatever is in them", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 1500 }), { maxLength: 5 }), async (files) => {
      const archive = ustar(files.map((content, i) => ({ name: String(i + 1), content })));
      const expected = files.map((content, i) => [String(i + 1), Buffer.from(content).toString("hex")]);
      expect(await contents(archive)).toEqual(Object.fromEntries(expected));
    }),
    { numRuns: 50 },
  );
});

test("tar(1) takes it", () => {
  const archive = ustar([{ name: "1", content: Buffer.from("hello\n") }]);
  const { stdout, status } = spawnSync("tar", ["-tvf", "-"], { input: archive, encoding: "utf8" });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^-rw------- .*root.*6 .* 1\n$/);
});
