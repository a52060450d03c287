import { type Piece, syntaxError, type Token, tokens } from "./jailConfLexer";

/** One jail of a jail.conf(5), with what the blocks for all jails in front of it say; variables are filled in. */
export interface JailBlock {
  readonly name: string;
  readonly parameters: readonly (readonly [name: string, value: boolean | string | readonly string[]])[];
}

/** A parameter as it is written: without values it is a bare word. */
interface Statement {
  readonly at: number;
  readonly name: string;
  readonly adds: boolean;
  readonly values: readonly (readonly Piece[])[];
}

interface Block {
  readonly name: string;
  readonly statements: readonly Statement[];
}

/** Reads a jail.conf(5) as jail(8) does: later values replace, `+=` adds, `*` and what stands outside goes for all that follow. */
export function parseJailConf(text: string): JailBlock[] {
  const blocks = new Parser(text).blocks();
  const names = [...new Set(blocks.map(({ name }) => name))].filter((name) => name !== "*");
  return names.map((name) => {
    const own = blocks.filter((block) => block.name === name || block.name === "*");
    return {
      name,
      parameters: resolve(
        text,
        name,
        own.flatMap(({ statements }) => statements),
      ),
    };
  });
}

class Parser {
  private readonly tokens: readonly Token[];
  private next = 0;

  constructor(private readonly text: string) {
    this.tokens = tokens(text);
  }

  blocks(): Block[] {
    const result: Block[] = [];
    while (this.next < this.tokens.length) {
      if (this.tokens[this.next + 1]?.mark === "{") result.push(this.block());
      else result.push({ name: "*", statements: this.statement() });
    }
    return result;
  }

  private block(): Block {
    const name = this.word();
    this.next++;
    const statements: Statement[] = [];
    while (!this.skip("}")) statements.push(...this.statement());
    return { name, statements };
  }

  private statement(): Statement[] {
    if (this.skip(";")) return [];
    const at = this.tokens[this.next]?.at ?? 0;
    const name = this.word();
    const adds = this.skip("+=");
    const values: (readonly Piece[])[] = [];
    if (adds || this.skip("=")) {
      do values.push(this.string());
      while (this.skip(","));
    }
    if (!this.skip(";")) this.fail();
    return [{ at, name, adds, values }];
  }

  private string(): readonly Piece[] {
    const pieces = this.tokens[this.next]?.pieces;
    if (!pieces) this.fail();
    this.next++;
    return pieces;
  }

  /** The name of a jail or a parameter; a variable's own name is written with its dollar sign. */
  private word(): string {
    return this.string()
      .map((piece) => ("text" in piece ? piece.text : `$${piece.variable}`))
      .join("");
  }

  private skip(mark: string): boolean {
    const found = this.tokens[this.next]?.mark === mark;
    if (found) this.next++;
    return found;
  }

  private fail(): never {
    const token = this.tokens[this.next];
    if (!token) throw syntaxError(this.text, this.text.length, "unexpected EOF");
    throw syntaxError(
      this.text,
      token.at,
      `${token.mark ?? this.text.slice(token.at).split(/[\s;,={}]/)[0]}: syntax error`,
    );
  }
}

function resolve(text: string, jail: string, statements: readonly Statement[]): JailBlock["parameters"] {
  const merged = new Map<string, Statement>([
    ["name", { at: 0, name: "name", adds: false, values: [[{ text: jail }]] }],
  ]);
  for (const statement of statements) {
    const name = statement.values.length === 0 ? positive(statement.name) : statement.name;
    const before = statement.adds ? (merged.get(name)?.values ?? []) : [];
    merged.set(name, { ...statement, values: [...before, ...statement.values] });
  }
  const expand = (statement: Statement, depth: number): string[] =>
    statement.values.flatMap((pieces) => {
      const parts = pieces.map((piece) => ("text" in piece ? [piece.text] : lookUp(statement, piece.variable, depth)));
      const written = parts.filter(([part]) => part !== "");
      const [only] = written;
      if (only && written.length === 1) return only;
      if (written.some((part) => part.length > 1)) {
        throw syntaxError(text, statement.at, `${statement.name}: array cannot be substituted inline`);
      }
      return [written.join("")];
    });
  const lookUp = (from: Statement, variable: string, depth: number): string[] => {
    const found = merged.get(`$${variable}`) ?? merged.get(variable);
    if (!found || found.values.length === 0) {
      throw syntaxError(text, from.at, `${from.name}: variable "${variable}" not found`);
    }
    if (depth > merged.size) throw syntaxError(text, from.at, `${variable}: variable loop`);
    return expand(found, depth + 1);
  };
  return [...merged]
    .filter(([name]) => name !== "name" && !name.startsWith("$"))
    .map(([name, statement]) => {
      const values = expand(statement, 0);
      if (values.length > 1) return [name, values] as const;
      return [name, values[0] ?? statement.name === name] as const;
    });
}

/** `allow.noraw_sockets` is the false of `allow.raw_sockets`. */
function positive(name: string): string {
  return name.replace(/(^|\.)no([^.]+)$/, "$1$2");
}
