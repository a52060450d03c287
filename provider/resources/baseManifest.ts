import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { BaseValues } from "./baseSchema";

/** What a MANIFEST says of an archive. */
export interface Listed {
  readonly sha256: string;
  readonly entries: number;
}

/** The digests that a distribution's MANIFEST gives. One that isn't there, or is another, or doesn't list an archive, is an error. */
export async function digestsOf(values: BaseValues): Promise<ReadonlyMap<string, Listed>> {
  const manifest = values.manifest;
  if (!manifest) return new Map();
  const text = manifest.text ?? (await readManifest(manifest.path ?? ""));
  const digest = createHash("sha256").update(text).digest("hex");
  if (digest !== manifest.sha256)
    throw new Error(`manifest: its SHA-256 is ${digest}, and has to be ${manifest.sha256}`);
  const listed = parseManifest(text);
  const missing = ["base", ...values.components].find((name) => !listed.has(`${name}.txz`));
  if (missing !== undefined) throw new Error(`manifest: it doesn't list ${missing}.txz`);
  return listed;
}

async function readManifest(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    throw new Error(`manifest: there is no file ${path} on this workstation`);
  }
}

/** Reads a MANIFEST: archive, SHA-256, number of entries, and more, between tabs (release(7)). */
export function parseManifest(text: string): Map<string, Listed> {
  const lines = text.split("\n").map((line) => line.split("\t"));
  return new Map(
    lines
      .filter(([name]) => name?.endsWith(".txz"))
      .map(([name = "", sha256 = "", entries = "0"]) => [name, { sha256, entries: Number(entries) }]),
  );
}
