import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

/** A package of a repository (pkg-create(8)): its files, and what it needs. */
export interface Package {
  readonly name: string;
  readonly version?: string;
  readonly deps?: readonly string[];
  /** Path → content, or content and mode. */
  readonly files: Readonly<Record<string, string | { content: string; mode: number }>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** pkg(8) itself, as a package: the stand-in's own. */
const pkg: Package = {
  name: "pkg",
  version: "1.20.8",
  files: { "/usr/local/sbin/pkg": { content: "#!/sbin/init\n", mode: 0o755 } },
};

/** Makes a repository of packages (pkg-repository(5)) in a folder of the workstation; its files by their paths below it. */
export async function makeRepository(folder: string, packages: readonly Package[]): Promise<Record<string, string>> {
  const made: Record<string, string> = {};
  const put = (path: string, data: Buffer) => {
    const place = join(folder, path);
    mkdirSync(join(place, ".."), { recursive: true });
    writeFileSync(place, data);
    made[path] = place;
  };
  const manifests: string[] = [];
  for (const one of packages) {
    const path = `All/${one.name}-${one.version ?? "1.0"}.pkg`;
    put(path, await archiveOf(one));
    manifests.push(JSON.stringify({ ...manifestOf(one), repopath: path }));
  }
  put(
    "packagesite.pkg",
    await tarOf([{ name: "packagesite.yaml", content: `${manifests.join("\n")}\n`, mode: 0o644 }]),
  );
  put("Latest/pkg.pkg", await archiveOf(pkg));
  return made;
}

function manifestOf({ name, version = "1.0", deps = [], files, scripts = {} }: Package): Record<string, unknown> {
  return {
    ...{ name, version, origin: `misc/${name}`, comment: `The package ${name}`, scripts },
    deps: Object.fromEntries(deps.map((other) => [other, { origin: `misc/${other}`, version: "1.0" }])),
    files: Object.fromEntries(Object.keys(files).map((path) => [path, "-"])),
  };
}

function archiveOf(one: Package): Promise<Buffer> {
  const files = Object.entries(one.files).map(([name, file]) =>
    typeof file === "string" ? { name, content: file, mode: 0o644 } : { name, ...file },
  );
  return tarOf([{ name: "+MANIFEST", content: JSON.stringify(manifestOf(one)), mode: 0o644 }, ...files]);
}

async function tarOf(files: readonly { name: string; content: string; mode: number }[]): Promise<Buffer> {
  const tar = pack();
  const chunks: Buffer[] = [];
  const ended = (async () => {
    for await (const chunk of tar) chunks.push(chunk as Buffer);
  })();
  for (const { name, content, mode } of files) tar.entry({ name, mode }, content);
  tar.finalize();
  await ended;
  return gzipSync(Buffer.concat(chunks));
}
