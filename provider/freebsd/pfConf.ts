import { InvalidValue } from "./escape";
import { type PfStatement, pfStatements } from "./pfConfLexer";

/** The anchor that all our rules are in, and the file that it is loaded from at boot. */
export const anchor = { name: "pulumi-freebsd-jails", file: "/etc/pf.pulumi-freebsd-jails.conf" } as const;

/** What a pf.conf needs for our anchor, a line each. */
export const anchorLines: readonly string[] = [
  `nat-anchor "${anchor.name}"`,
  `rdr-anchor "${anchor.name}"`,
  `binat-anchor "${anchor.name}"`,
  `load anchor "${anchor.name}" from "${anchor.file}"`,
];

/** What stands above them. */
export const anchorComment = "# Of pulumi-freebsd-jails: these lines go when its last rule goes.";

/** Files by their paths: a pf.conf and what it includes. */
export type PfFiles = ReadonlyMap<string, string>;

/** What is to be put into a pf.conf, and where. */
export interface Placement {
  readonly lines: readonly string[];
  /** The line of the file before which they go; one more than it has for its end. */
  readonly before: number;
}

/**
 * Where our lines go: behind the administrator's own translation rules (the first match wins), before the first filter rule, since pf.conf
 * wants translation before filtering. Undefined if they are all there.
 */
export function placeAnchor(files: PfFiles, path: string): Placement | undefined {
  const text = files.get(path) ?? "";
  const present = new Set(pfStatements(text).map((one) => one.text.replace(/\s+/g, " ")));
  const missing = anchorLines.filter((line) => !present.has(line));
  if (missing.length === 0) return undefined;
  const parts = classified(files, path, new Map());
  const end = lineCount(text) + 1;
  const filter = parts.findIndex((part) => part.kinds.has("filter"));
  const translation = parts.map((part) => part.kinds.has("translation")).lastIndexOf(true);
  const before = filter < 0 ? end : startOf(text, parts, filter);
  if (filter < 0 || translation < filter) return { lines: missing, before };
  const last = parts[translation];
  if (!last || parts.some((part) => part.kinds.has("unordered")))
    return { lines: missing, before: (last?.last ?? 0) + 1 };
  const both = parts[filter];
  throw new InvalidValue(
    `line ${both?.first} of ${path} is in the way: ${both?.text} has translation rules and filter rules, and ours belong between them; include them as two files`,
  );
}

type Kind = "translation" | "filter" | "unordered";

interface Part extends PfStatement {
  readonly kinds: ReadonlySet<Kind>;
}

const filters = new Set(["pass", "block", "match", "anchor", "antispoof"]);
const translations = new Set(["nat", "rdr", "binat", "nat-anchor", "rdr-anchor", "binat-anchor"]);

/** The statements of a file, each with what it and the file that it includes have. */
function classified(files: PfFiles, path: string, macros: Map<string, string>, depth = 0): Part[] {
  return pfStatements(files.get(path) ?? "").map((statement) => {
    const [first = "", second, third = ""] = statement.words;
    if (second === "=") macros.set(first, third);
    const included = first === "include" && depth < 16 ? classified(files, second ?? "", macros, depth + 1) : [];
    const kinds = new Set(included.flatMap((part) => [...part.kinds]));
    for (const kind of kindsOf(statement.words, macros)) kinds.add(kind);
    return { ...statement, kinds };
  });
}

function kindsOf(words: readonly string[], macros: ReadonlyMap<string, string>): Kind[] {
  const [first = "", second = "", third] = words.flatMap((word) => expand(word, macros));
  if (second === "=") return [];
  const word = first === "no" ? second : first;
  if (first === "set" && second === "require-order" && third === "no") return ["unordered"];
  if (translations.has(word)) return ["translation"];
  return filters.has(word) ? ["filter"] : [];
}

/** A rule may begin with a macro. */
function expand(word: string, macros: ReadonlyMap<string, string>): string[] {
  return word.startsWith("$") ? (macros.get(word.slice(1)) ?? "").split(/\s+/) : [word];
}

/** The first line of a statement, or of the comment that stands right above it. */
function startOf(text: string, parts: readonly Part[], index: number): number {
  const lines = text.split("\n");
  const after = parts[index - 1]?.last ?? 0;
  let line = parts[index]?.first ?? 1;
  // A comment whose line ends with a backslash goes on in the next one.
  while (line - 1 > after && /^[ \t]*#/.test(lines[line - 2] ?? "") && !/\\\r?$/.test(lines[line - 3] ?? "")) line -= 1;
  return line;
}

/** Lines of a text, the last one with or without a line break. */
function lineCount(text: string): number {
  return text === "" ? 0 : text.replace(/\n$/, "").split("\n").length;
}
