/** One thing that the host said about a request (id 0: about the session itself). */
export interface Message {
  readonly id: number;
  /** fact, progress, warning, failure, waiting for a Lock, line of standard Error, Upload, end. */
  readonly type: "f" | "p" | "w" | "x" | "l" | "e" | "u" | "=";
  readonly key: string;
  readonly text: string;
}

const types = "fpwxleu=";

/** Takes the stream of a session's standard output apart: its own lines into messages, what else comes into noise. */
export class ReplyReader {
  #rest = "";
  readonly #pieces = new Map<string, string>();
  readonly #pattern: RegExp;

  constructor(
    nonce: string,
    private readonly onMessage: (message: Message) => void,
    private readonly onNoise: (line: string) => void = () => {},
  ) {
    this.#pattern = new RegExp(`^${nonce} (\\d+) ([${types}]) ([.+|]) (\\S+) (.*)$`, "s");
  }

  /** Bytes as they come; a line that is not whole yet waits for the rest. */
  push(data: Uint8Array): void {
    const lines = (this.#rest + Buffer.from(data).toString("latin1")).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    const [, id, type, mark, key, text] = this.#pattern.exec(line) ?? [];
    if (!id || !type || !key || text === undefined) {
      this.onNoise(utf8(line));
      return;
    }
    const name = `${id} ${type} ${key}`;
    const whole = (this.#pieces.get(name) ?? "") + text;
    if (mark === ".") {
      this.#pieces.delete(name);
      this.onMessage({ id: Number(id), type: type as Message["type"], key, text: utf8(whole) });
    } else {
      this.#pieces.set(name, mark === "|" ? `${whole}\n` : whole);
    }
  }
}

/** Lines are cut between bytes, so they are joined as bytes, and only then read as text. */
function utf8(latin1: string): string {
  return Buffer.from(latin1, "latin1").toString("utf8");
}
