import { refuse } from "./escape";

/** The longest name of a data set that leaves room for those in it. */
const longest = 200;

/** Checks the name of a data set (zfs(8)): a pool's, which begins with a letter, and words below it. */
export function datasetName(value: string): string {
  const words = value.split("/");
  const isWord = (word: string) => /^[A-Za-z0-9_.:-]+$/.test(word) && word !== "." && word !== "..";
  if (/^[A-Za-z]/.test(value) && words.every(isWord) && value.length <= longest) return value;
  const allowed = `a pool, or POOL/NAME/…, of letters, digits, “-”, “_”, “.” and “:” (at most ${longest}), as “zroot/jails”`;
  return refuse(value, "the name of a data set", allowed);
}

/** Two of them of which one lies in the other, or both are the same; the outer one first. */
export function overlapping(names: readonly string[]): readonly [string, string] | undefined {
  for (const [i, inner] of names.entries())
    for (const [k, outer] of names.entries()) if (i !== k && `${inner}/`.startsWith(`${outer}/`)) return [outer, inner];
  return undefined;
}

/** Words of `compression` (zfsprops(7)), as `zfs get` prints them: gzip-6 is gzip. */
export function compression(value: string): string {
  const level = (name: string, most: number) => Array.from({ length: most }, (_, i) => `${name}-${i + 1}`);
  const words = [
    "on",
    "off",
    "lz4",
    "lzjb",
    "zle",
    "gzip",
    "zstd",
    "zstd-fast",
    ...level("gzip", 9),
    ...level("zstd", 19),
  ];
  if (words.includes(value)) return value === "gzip-6" ? "gzip" : value;
  return refuse(
    value,
    "a compression",
    "on, off, lz4, zstd, zstd-1 … zstd-19, zstd-fast, gzip, gzip-1 … gzip-9, lzjb or zle",
  );
}

/** A data set as `zfs get` says it: NAME → its properties with their sources. */
export type Datasets = ReadonlyMap<string, Readonly<Record<string, { value: string; source: string }>>>;

/** Reads `zfs get -Hp -o name,property,value,source`. */
export function parseDatasets(lines: readonly string[]): Datasets {
  const found = new Map<string, Record<string, { value: string; source: string }>>();
  for (const line of lines) {
    const [name, property, value, source] = line.split("\t");
    if (name === undefined || property === undefined || value === undefined || source === undefined) continue;
    found.set(name, { ...found.get(name), [property]: { value, source } });
  }
  return found;
}
