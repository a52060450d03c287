import { readFileSync } from "node:fs";
import * as path from "node:path";

/** A command line that was run on FreeBSD 13.2, and what it wrote. */
export interface Block {
  readonly command: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** The blocks of a recording, in their order. */
export function recorded(file: string): Block[] {
  const all = readFileSync(path.join(__dirname, "../../recordings", file), "utf8");
  return all
    .split(/^\$ /m)
    .slice(1)
    .map((block) => {
      const lines = block.split("\n");
      const end = lines.findIndex((line) => /^([12]\| |=> )/.test(line));
      const of = (stream: string) => lines.flatMap((line) => (line.startsWith(`${stream}| `) ? [line.slice(3)] : []));
      return { command: lines.slice(0, end).join("\n"), stdout: of("1").join("\n"), stderr: of("2").join("\n") };
    });
}

/** What one command wrote to standard output, each time that it was run. */
export function outputsOf(file: string, command: string): string[] {
  return recorded(file).flatMap((block) => (block.command === command ? [block.stdout] : []));
}
