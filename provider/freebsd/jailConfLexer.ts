import { InvalidValue } from "./escape";

/** A piece of a value: text, or a variable that stands for the value of another parameter. */
export type Piece = { readonly text: string } | { readonly variable: string };

/** A token of jail.conf(5): a punctuation mark, or a string of the pieces that stand together without a space. */
export type Token = { readonly at: number } & (
  | { readonly mark: string; readonly pieces?: never }
  | { readonly pieces: readonly Piece[]; readonly mark?: never }
);

const space = /[ \t\r\n]+|#[^\n]*|\/\/[^\n]*|\/\*[^*]*\*+(?:[^*/][^*]*\*+)*\//y;
const punctuation = /\+=|[{}=,;]/y;
const single = /'([^'\\]*(?:\\[\s\S][^'\\]*)*)'/y;
const double = /"([^"\\]*(?:\\[\s\S][^"\\]*)*)"/y;
const variable = /\$(?:([A-Za-z_]\w*)|\{([^\n{}]*)\})/y;
const bare = /[\w!%&()\-.:<>?@[\]^`|~]+|\\(?:[0-7]{1,3}|x[0-9A-Fa-f]{1,2}|[\s\S])|[$*+/\\]/y;
const inDoubleQuotes = /\$(?:([A-Za-z_]\w*)|\{([^\n"{}]*)\})|(?:[^\\$]|\\[\s\S])+|\$/g;
const escapes = /\\([0-7]{1,3}|x[0-9A-Fa-f]{1,2}|[\s\S])/g;
const letters: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** Splits the text of a jail.conf(5) as jail(8) does: comments, bare words, both kinds of quotes, variables. */
export function tokens(text: string): Token[] {
  const result: Token[] = [];
  let pieces: Piece[] | undefined;
  for (let at = 0; at < text.length; ) {
    const match = (pattern: RegExp): RegExpExecArray | null => {
      pattern.lastIndex = at;
      return pattern.exec(text);
    };
    const mark = match(punctuation)?.[0];
    if (mark !== undefined) result.push({ at, mark });
    const between = mark ?? match(space)?.[0];
    if (between !== undefined) {
      pieces = undefined;
      at += between.length;
      continue;
    }
    const string = stringAt(match);
    if (!string) throw syntaxError(text, at, `${text.charAt(at)}: syntax error`);
    if (!pieces) {
      pieces = [];
      result.push({ at, pieces });
    }
    pieces.push(...string.pieces);
    at += string.length;
  }
  return result;
}

/** An error as jail(8) words it, with the line that it was found in. */
export function syntaxError(text: string, at: number, what: string): InvalidValue {
  return new InvalidValue(`jail.conf line ${text.slice(0, at).split("\n").length}: ${what}.`);
}

function stringAt(match: (pattern: RegExp) => RegExpExecArray | null): { pieces: Piece[]; length: number } | undefined {
  const quoted = match(double);
  if (quoted) return { pieces: expanding(quoted[1] ?? ""), length: quoted[0].length };
  const name = match(variable);
  if (name) return { pieces: [{ variable: name[1] ?? name[2] ?? "" }], length: name[0].length };
  const plain = match(single) ?? match(bare);
  return plain ? { pieces: [{ text: undoEscapes(plain[1] ?? plain[0]) }], length: plain[0].length } : undefined;
}

/** In double quotes a dollar sign begins a variable, as it does outside of quotes. */
function expanding(body: string): Piece[] {
  const pieces = [...body.matchAll(inDoubleQuotes)].map(([text, name, bracketed]): Piece => {
    const found = name ?? bracketed;
    return found === undefined ? { text: undoEscapes(text) } : { variable: found };
  });
  return pieces.length > 0 ? pieces : [{ text: "" }];
}

function undoEscapes(text: string): string {
  return text.replace(escapes, (_, code: string) => {
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
    if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (code === "\n") return "";
    return letters[code] ?? code;
  });
}
