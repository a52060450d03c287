import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What the front says of itself when the machine is up. */
export interface Ready {
  readonly port: number;
  readonly hostKey: string;
  readonly privateKeyFile: string;
  readonly console: string;
}

interface Answer {
  readonly ready?: Ready;
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** The process that owns a machine: orders go to it as lines of JSON, and it ends with us, whatever happens. */
export class Front {
  readonly ready: Promise<Ready>;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private last = 0;
  private said = "";

  constructor(binary: string, args: readonly string[]) {
    const child = spawn(binary, ["machine", ...args], { stdio: ["pipe", "pipe", "pipe"], detached: true });
    this.child = child;
    child.stderr.on("data", (data) => (this.said += data));
    child.stdin.on("error", () => {}); // it has ended; "close" tells those that wait
    this.ready = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", () => {
        const error = `The stand-in host has ended. ${this.said.trim()}`;
        reject(new Error(error));
        for (const answer of this.waiting.values()) answer({ error });
        this.waiting.clear();
      });
      createInterface(child.stdout).on("line", (line) => {
        const answer = JSON.parse(line) as Answer;
        if (answer.ready) {
          this.keepAlive(false);
          resolve(answer.ready);
        }
        if (answer.id !== undefined) this.answer(answer.id, answer);
      });
    });
  }

  /** Gives an order and waits for its result. */
  order<Result>(method: string, args: Readonly<Record<string, unknown>> = {}): Promise<Result> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.keepAlive(true);
      this.waiting.set(id, (answer) => {
        if (answer.error) reject(new Error(answer.error));
        else resolve(answer.result as Result);
      });
      if (this.child.exitCode !== null) this.answer(id, { error: `The stand-in host has ended. ${this.said.trim()}` });
      else this.child.stdin?.write(`${JSON.stringify({ ...args, id, method })}\n`);
    });
  }

  private answer(id: number, answer: Answer): void {
    this.waiting.get(id)?.(answer);
    this.waiting.delete(id);
    if (this.waiting.size === 0) this.keepAlive(false);
  }

  /** A machine that nobody waits for doesn't keep our process from ending. */
  private keepAlive(on: boolean): void {
    const { child } = this;
    for (const it of [child, child.stdin, child.stdout, child.stderr] as (ChildProcess | null)[]) {
      if (on) it?.ref?.();
      else it?.unref?.();
    }
  }
}
