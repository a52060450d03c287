import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type * as Programs from "../../provider/host/programs";
import { eventually, type Rig } from "./rig";

/** What happens at a byte: the line is cut there, or one of the three processes dies that it leads through. */
export type Moment = "cut" | "half-close" | "kill-ssh" | "kill-worker";

interface Fuse {
  left: number;
  readonly direction: "up" | "down";
  readonly moment: Moment;
}

/** Stands between a session and its worker: takes the place of ssh's streams, and counts what goes through in clear. */
export class Cutter {
  /** Bytes since the last reset. */
  readonly passed = { up: 0, down: 0 };
  /** Kills the worker on the host. */
  killWorker: () => Promise<void> = async () => {};
  #fuse: Fuse | undefined;

  /** What happens so many bytes from now. */
  at(bytes: number, direction: "up" | "down", moment: Moment): void {
    this.#fuse = { left: bytes, direction, moment };
  }

  reset(): void {
    this.#fuse = undefined;
    Object.assign(this.passed, { up: 0, down: 0 });
  }

  /** Puts itself into a program that was just started. */
  into(program: Programs.Program): Programs.Program {
    const line = { open: true };
    const { stdin, stdout } = program;
    const [near, far] = [new PassThrough(), new PassThrough()];
    near.on("data", (data: Buffer) => {
      const { allowed, moment } = line.open ? this.#burn(data, "up") : { allowed: Buffer.alloc(0), moment: undefined };
      if (stdin.writable) stdin.write(allowed);
      if (moment) this.#happen(moment, program, line);
    });
    near.on("end", () => stdin.end());
    stdin.on("error", () => near.destroy(new Error("EPIPE")));
    stdin.on("close", () => near.destroy());
    stdout.on("data", (data: Buffer) => {
      const { allowed, moment } = line.open
        ? this.#burn(data, "down")
        : { allowed: Buffer.alloc(0), moment: undefined };
      far.write(allowed);
      if (moment) this.#happen(moment, program, line);
    });
    stdout.on("end", () => far.end());
    for (const stream of [near, far] as (PassThrough & { ref?(): void; unref?(): void })[]) {
      stream.ref = () => {};
      stream.unref = () => {};
    }
    return new Proxy(program, {
      get: (target, name) => {
        if (name === "stdin") return near;
        if (name === "stdout") return far;
        const value = Reflect.get(target, name, target) as unknown;
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  #burn(data: Buffer, direction: "up" | "down"): { allowed: Buffer; moment?: Moment | undefined } {
    this.passed[direction] += data.length;
    const fuse = this.#fuse;
    if (!fuse || fuse.direction !== direction) return { allowed: data };
    if (data.length < fuse.left) {
      fuse.left -= data.length;
      return { allowed: data };
    }
    this.#fuse = undefined;
    const allowed = fuse.moment === "cut" ? data.subarray(0, fuse.left) : data;
    return { allowed, moment: fuse.moment };
  }

  #happen(moment: Moment, program: Programs.Program, line: { open: boolean }): void {
    if (moment === "kill-worker") void this.killWorker();
    if (moment === "kill-ssh") program.kill("SIGKILL");
    if (moment === "half-close") program.stdin.end();
    if (moment !== "cut") return;
    line.open = false;
    // All that was let through still arrives; nothing comes back any more.
    program.stdin.end();
    program.stdout.destroy();
  }
}

/** One login for many sessions: what is tried here begins behind it. */
export async function startMaster(rig: Rig, folder: string): Promise<{ socket: string; process: ChildProcess }> {
  const socket = join(folder, "master");
  const { port, privateKeyFile } = rig.machine;
  const options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"].flatMap((o) => [
    "-o",
    o,
  ]);
  const words = ["-F", "none", ...options, "-i", privateKeyFile, "-p", String(port), "-N", "-M", "-S", socket];
  const process = spawn("ssh", [...words, "root@127.0.0.1"], { stdio: "ignore" });
  await eventually(async () => (await run("ssh", ["-S", socket, "-O", "check", "root@127.0.0.1"])) === 0);
  return { socket, process };
}

function run(program: string, args: string[]): Promise<number> {
  return new Promise((resolve) => {
    spawn(program, args, { stdio: "ignore" }).once("close", (status) => resolve(status ?? 1));
  });
}
