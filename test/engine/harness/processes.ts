import { readdirSync, readFileSync } from "node:fs";

/** Kills at once, as a power cut would, every process that has `NAME=value` in its environment, and what those started. */
export function killAll(name: string, value: string): void {
  const processes = readProcesses();
  const doomed = new Set(
    processes.filter(({ pid }) => pid !== process.pid && hasVariable(pid, name, value)).map((p) => p.pid),
  );
  for (let before = -1; before !== doomed.size; ) {
    before = doomed.size;
    for (const { pid, parent } of processes) if (doomed.has(parent)) doomed.add(pid);
  }
  for (const pid of doomed) kill(pid);
}

/** The most memory, in MB, that a program of these words had, among the processes with `NAME=value` in their environment. */
export function peakMegabytes(name: string, value: string, words: RegExp): number {
  const peaks = readProcesses()
    .filter(({ pid }) => words.test(read(`/proc/${pid}/cmdline`)) && hasVariable(pid, name, value))
    .map(({ pid }) => Number(/VmHWM:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024);
  return Math.max(0, ...peaks);
}

interface Process {
  readonly pid: number;
  readonly parent: number;
}

function readProcesses(): Process[] {
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  return pids.map((pid) => {
    const afterName = read(`/proc/${pid}/stat`).split(") ").at(-1) ?? "";
    return { pid: Number(pid), parent: Number(afterName.split(" ")[1]) };
  });
}

function hasVariable(pid: number, name: string, value: string): boolean {
  return read(`/proc/${pid}/environ`).split("\0").includes(`${name}=${value}`);
}

/** A process may end while we look. */
function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
