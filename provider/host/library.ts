import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The shell that goes to a host: the worker's own text, and the files that operations are made of. */
export interface Library {
  readonly worker: string;
  readonly files: readonly (readonly [name: string, text: string])[];
}

const folder = join(__dirname, "..", "remote");
let library: Library | undefined;

/** Reads provider/remote, once a process. */
export function readLibrary(): Library {
  library ??= read();
  return library;
}

/** Adds a file of operations, as tests do with theirs; sessions that are open don't have it. */
export function addToLibrary(name: string, text: string): void {
  const { worker, files } = readLibrary();
  library = { worker, files: [...files.filter(([known]) => known !== name), [name, text]] };
}

/** Files that every operation needs. */
export const core: readonly string[] = ["operation.sh", "protocol.sh", "lib.sh"];

/** A file of operations, and the files that it sources, and those that they source. */
export function neededBy(file: string): readonly string[] {
  const texts = new Map(readLibrary().files);
  const needed = new Set<string>();
  const add = (name: string): void => {
    const text = texts.get(name);
    if (text === undefined || needed.has(name)) return;
    needed.add(name);
    for (const [, sourced] of text.matchAll(/\$library\/([\w-]+\.sh)/g)) add(sourced ?? "");
  };
  add(file);
  return [...needed];
}

function read(): Library {
  const names = readdirSync(folder).filter((name) => name.endsWith(".sh") && name !== "worker.sh");
  const text = (name: string) => readFileSync(join(folder, name), "utf8");
  return {
    worker: text("protocol.sh") + text("worker.sh"),
    files: names.sort().map((name) => [name, text(name)] as const),
  };
}
