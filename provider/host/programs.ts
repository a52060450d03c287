import type { Options } from "execa" with { "resolution-mode": "import" };

/** Options of a program that lives as long as it wants, with all three streams in our hands. */
export const piped = {
  stdin: "pipe",
  stdout: "pipe",
  stderr: "pipe",
  buffer: false,
  reject: false,
  // In a session of its own: a Ctrl-C in the terminal is for us, and we end it in order.
  detached: true,
  cleanup: false,
  extendEnv: false,
} as const satisfies Options;

/** A program with all three streams in our hands. */
export type Program = Awaited<ReturnType<typeof start>>["program"];

/** Starts a program. execa is an ES module only, hence the import at the time of use. */
export async function start(file: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const { execa } = await import("execa");
  // In an object, or awaiting this function would await the program's end.
  return { program: execa(file, args, { ...piped, env }) };
}

/** What a program that ended said. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, with what it reads on standard input. */
export async function finish(
  file: string,
  args: readonly string[],
  input: string,
  env: NodeJS.ProcessEnv,
): Promise<Outcome> {
  const { execa } = await import("execa");
  const result = await execa(file, args, { input, env, extendEnv: false, reject: false, timeout: 20_000 });
  return { status: result.exitCode ?? 255, stdout: result.stdout, stderr: result.stderr };
}

/** The environment of our programs: the user's, without what is Pulumi's; messages in English, since we read them. */
export function environment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(([name]) => !name.startsWith("PULUMI_"));
  return { ...Object.fromEntries(ours), LC_ALL: "C", SHELL: "/bin/sh", ...extra };
}
