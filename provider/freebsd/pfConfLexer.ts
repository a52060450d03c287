/** One statement of a pf.conf(5): the words and quoted texts that it begins with, and the lines that it stands on. */
export interface PfStatement {
  /** At most the first three words, without quotes. */
  readonly words: readonly string[];
  /** Lines of the file, from 1. */
  readonly first: number;
  readonly last: number;
  readonly text: string;
}

/**
 * Takes a pf.conf(5) apart into its statements, as pfctl's scanner does: a backslash joins two lines, comments too; a comment ends with its
 * line; quotes hold anything, line breaks too; a list or an anchor's rules in braces go over several lines.
 */
export function pfStatements(text: string): PfStatement[] {
  const found: PfStatement[] = [];
  const scanner = new Scanner(text);
  for (let statement = scanner.next(); statement; statement = scanner.next())
    if (statement.words.length > 0) found.push(statement);
  return found;
}

class Scanner {
  #at = 0;
  #line = 1;

  constructor(private readonly text: string) {}

  /** The next statement, which may be an empty line; undefined at the end. */
  next(): PfStatement | undefined {
    if (this.#at >= this.text.length) return undefined;
    const words: string[] = [];
    let first = 0;
    let [start, end, depth] = [this.#at, this.#at, 0];
    let last = this.#line;
    for (;;) {
      const token = this.#token();
      if (token === undefined || (token === "\n" && depth === 0)) break;
      if (token === "\n") continue;
      if (first === 0) [first, start] = [this.#line, this.#start];
      if (token === "{") depth += 1;
      if (token === "}") depth -= 1;
      if (words.length < 3) words.push(token);
      end = this.#at;
      last = this.#line;
    }
    return { words, first, last, text: this.text.slice(start, end) };
  }

  #start = 0;

  /** A word, a mark, a quoted text, "\n" for a line's end, or undefined at the end of all. */
  #token(): string | undefined {
    this.#skip();
    this.#start = this.#at;
    const c = this.text[this.#at];
    if (c === undefined) return undefined;
    if (c === "\n") return this.#take();
    if (c === '"' || c === "'") return this.#quoted(c);
    if (/[{}=,!<>()]/.test(c)) return this.#take();
    let word = "";
    for (let one = this.text[this.#at]; one !== undefined && !/[\s{}=,!<>()"'#\\]/.test(one); one = this.text[this.#at])
      word += this.#take();
    return word === "" ? this.#take() : word;
  }

  #take(): string {
    const c = this.text[this.#at] ?? "";
    this.#at += 1;
    if (c === "\n") this.#line += 1;
    return c;
  }

  /** Spaces, comments, and line breaks behind a backslash. */
  #skip(): void {
    for (;;) {
      const c = this.text[this.#at];
      if (c === "\\" && this.text[this.#at + 1] === "\n") this.#joined();
      else if (c === "#") this.#comment();
      else if (c !== undefined && c !== "\n" && /\s/.test(c)) this.#at += 1;
      else return;
    }
  }

  #joined(): void {
    this.#take();
    this.#take();
  }

  #comment(): void {
    while (this.#at < this.text.length && this.text[this.#at] !== "\n") {
      if (this.text[this.#at] === "\\" && this.text[this.#at + 1] === "\n") this.#joined();
      else this.#at += 1;
    }
  }

  #quoted(quote: string): string {
    let value = "";
    this.#at += 1;
    for (let c = this.text[this.#at]; c !== undefined && c !== quote; c = this.text[this.#at]) {
      if (c === "\\" && this.text[this.#at + 1] !== undefined) this.#at += 1;
      value += this.#take();
    }
    this.#at += 1;
    return value;
  }
}
