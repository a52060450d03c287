import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A file's text, or nothing if there is no such file. */
export function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** The folder of the recordings: REPLAY_RECORDINGS, or the ones kept here. */
export const recordingsFolder = process.env.REPLAY_RECORDINGS ?? join(__dirname, "..", "recordings");

/** The recordings in the folder, in order; their names begin with two digits. */
export function recordings(folder = recordingsFolder): string[] {
  const names = readdirSync(folder).filter((name) => /^\d\d.*\.txt$/.test(name));
  return names.sort().map((name) => join(folder, name));
}
