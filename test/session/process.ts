import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Connection } from "../../provider/host/connection";
import type { Operation } from "../../provider/host/host";
import { eventually, type Rig } from "./rig";

/** What a provider process is to do. */
export interface Orders {
  readonly connection: Connection;
  readonly operations: readonly Operation[];
  /** When all is done: end by itself, call process.exit, or stay. */
  readonly afterwards?: "idle" | "exit" | "stay";
}

/** A provider in a process, and a process group, of its own. */
export class ProviderProcess {
  readonly ended: Promise<number | string>;
  said = "";
  readonly #child: ChildProcess;

  constructor(orders: Orders) {
    const stdio: ("pipe" | "inherit")[] = ["pipe", "pipe", "pipe"];
    this.#child = spawn(process.execPath, [join(__dirname, "client.js")], { stdio, detached: true, env: process.env });
    this.#child.stdin?.end(JSON.stringify(orders));
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.on("data", (data) => (this.said += data));
    this.ended = once(this.#child, "close").then(([code, signal]) => code ?? signal);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** To the process alone, or to its whole group, as a terminal does. */
  kill(signal: NodeJS.Signals, group = false): void {
    process.kill(group ? -this.pid : this.pid, signal);
  }

  /** Waits until it has said something. */
  async says(text: string): Promise<void> {
    await eventually(() => this.said.includes(text));
  }
}

/** Processes and files of this machine that belong to the rig's sessions. */
export function leftHere({ machine, temporary }: Rig): string[] {
  const lines = execFileSync("ps", ["-ax", "-o", "stat=,args="], { encoding: "utf8" }).split("\n");
  const mine = lines.filter((line) => line.includes(`-p ${machine.port} `) || line.includes(temporary));
  return [...mine.filter((line) => !line.startsWith("Z")), ...readdirSync(temporary)];
}
