import { InvalidValue, isPlainText, octalEscape, refuse, shown, undoOctalEscapes } from "./escape";

/** A line of fstab(5). */
export interface FstabEntry {
  readonly special: string;
  readonly node: string;
  readonly type: string;
  readonly options: readonly string[];
  /** How often dump(8) takes it; 0 is never. */
  readonly dump?: number;
  /** When fsck(8) checks it at boot; 0 is never. */
  readonly pass?: number;
}

/** A line of fstab(5) without a line break, also what the parameter `mount` of jail(8) takes; spaces in names become `\040`. */
export function renderFstabEntry({ special, node, type, options, dump = 0, pass = 0 }: FstabEntry): string {
  if (!node.startsWith("/") && node !== "none") refuse(node, "a mount point", "begin with “/”");
  if (options.length === 0)
    throw new InvalidValue(`The mount of ${shown(node)} has no options: write at least ro or rw.`);
  const bad = [type, ...options].find((word) => !/^[A-Za-z0-9_.:/=@+%-]+$/.test(word));
  if (bad !== undefined) refuse(bad, "a type or an option of a mount", "letters, digits and _ . : / = @ + % - only");
  if (!isDigit(dump) || !isDigit(pass)) refuse([dump, pass], "dump and pass of a mount", "whole numbers from 0 to 9");
  return `${escaped(special)} ${escaped(node)} ${type} ${options.join(",")} ${dump} ${pass}`;
}

/** The text of a fstab(5). */
export function renderFstab(entries: readonly FstabEntry[]): string {
  return entries.map((entry) => `${renderFstabEntry(entry)}\n`).join("");
}

/** Reads a fstab(5); comments are passed over. */
export function parseFstab(text: string): FstabEntry[] {
  const lines = text.split("\n").filter((line) => !/^[ \t]*(#|$)/.test(line));
  return lines.map((line) => {
    const [special = "", node, type, options, dump = "0", pass = "0"] = line
      .replace(/^[ \t]+|[ \t]+$/g, "")
      .split(/[ \t]+/);
    if (node === undefined || type === undefined || options === undefined) {
      refuse(line, "a line of fstab", "what is mounted, where, the type and the options, with spaces between them");
    }
    return {
      special: undoOctalEscapes(special),
      node: undoOctalEscapes(node),
      type,
      options: options.split(","),
      dump: Number(dump),
      pass: Number(pass),
    };
  });
}

/** A name in which nothing ends the field, begins a comment or looks like an escape of vis(3). */
function escaped(name: string): string {
  if (name === "" || !isPlainText(name)) refuse(name, "a name in fstab", "any text without NUL characters");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they would end the field
  return name.replace(/[\u0001-\u0020"#'\\\u007f]/g, octalEscape);
}

function isDigit(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 9;
}
