import { refuse } from "./escape";

/**
 * Checks a command line of jail(8)'s exec.*, which goes to the host exactly as it is. A line break is none: jail(8) gives a line to sh(1) only if
 * something of the shell's is in it, and a line break is not, so two lines would be one command.
 */
export function commandLine(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (value.trim() !== "" && !/[\u0000-\u0008\u000a-\u001f\u007f]|\p{Surrogate}/u.test(value)) return value;
  return refuse(
    value,
    "a command line",
    "one line that isn't empty, without NUL and line breaks; join commands by “;”",
  );
}
